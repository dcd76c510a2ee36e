//! Keeps the tool definitions in `template.yaml` in step with the Rust types.

mod keep;
mod print;

use std::error::Error;
use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use toolschema::{Finding, Level};

/// Keeps the tool definitions in template.yaml in step with the Rust types
#[derive(Parser)]
#[command(
    version,
    after_help = "Exit codes:\n  \
    0  all is well\n  \
    1  the template or a golden file differs from the types, or there is an error in them\n  \
    2  wrong usage, or a file that cannot be read or written"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Writes the definitions into the template, and renews the golden files
    ///
    /// The definitions go between the markers in the template. A golden file per tool holds all
    /// that its types say, output and constraints included; commit both.
    Write(keep::Files),
    /// Shows what `write` would change, and changes nothing
    ///
    /// Tells breaking changes of a tool from harmless ones. To see what a branch changes, compare
    /// with the golden files of another: `git worktree add ../base main`, then
    /// `toolschema check --golden ../base/toolschema/golden`.
    Check(keep::Files),
    /// Shows all findings on the types and on the targets in the template
    ///
    /// An error is what AWS would refuse, what is missing, and a field that looks like a secret;
    /// `write` and `check` fail on errors too. A warning is a habit that helps the model to choose,
    /// judged by a rule of thumb: a description that does not say when to use the tool, that is
    /// copied, or that only repeats a name.
    Lint(keep::Lint),
    /// Prints the definitions, for deployments that don't use the template
    Print(print::Print),
}

fn main() -> ExitCode {
    let run = match Cli::parse().command {
        Command::Write(files) => keep::write(&files),
        Command::Check(files) => keep::check(&files),
        Command::Lint(options) => keep::lint(&options),
        Command::Print(options) => print::print(&options),
    };
    match run {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Differs(report)) => {
            eprintln!("{report}");
            ExitCode::from(1)
        }
        Err(Failure::Unusable(error)) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Why the command did not succeed.
enum Failure {
    /// Findings, wrong markers, a template or a golden file that is not up to date.
    Differs(String),
    /// A file or an argument.
    Unusable(Box<dyn Error>),
}

impl<E: Error + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Unusable(Box::new(error))
    }
}

fn usage(message: String) -> Failure {
    Failure::Unusable(message.into())
}

fn say(text: &str) -> Result<(), Failure> {
    Ok(io::stdout().write_all(text.as_bytes())?)
}

/// All findings, errors first, and how many there are.
fn report(mut findings: Vec<Finding>) -> String {
    findings.sort_by_key(|finding| finding.level);
    let of = |level| findings.iter().filter(|f| f.level == level).count();
    let counts = [(of(Level::Error), "error"), (of(Level::Warning), "warning")];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts: Vec<_> = counts.map(|(count, unit)| counted(*count, unit)).collect();
    let findings: Vec<_> = findings.iter().map(ToString::to_string).collect();
    format!("{}\n\n{}", findings.join("\n\n"), counts.join(", "))
}

/// `1 error`, `2 errors`.
fn counted(count: usize, unit: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(|f| f.level == Level::Error)
}
