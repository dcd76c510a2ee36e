//! Keeps the tool definitions in `template.yaml` in step with the Rust types.

use std::error::Error;
use std::fmt::Display;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use serde_json::{Value, json};
use toolschema::render::{self, Spelling};
use toolschema::targets::{self, Lowered};
use toolschema::{file, template};

/// Keeps the tool definitions in template.yaml in step with the Rust types
#[derive(Parser)]
#[command(
    version,
    after_help = "Exit codes:\n  \
    0  all is well\n  \
    1  the template differs from the types, or a type or marker has a problem\n  \
    2  wrong usage, or a file that cannot be read or written"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Writes the definitions into the template, between the markers
    Write(Template),
    /// Shows what `write` would change, and changes nothing
    Check(Template),
    /// Prints the definitions, for deployments that don't use the template
    Print(Print),
}

#[derive(Args)]
struct Template {
    /// The file with the markers `# toolschema:begin TARGET` and `# toolschema:end TARGET`
    #[arg(long, value_name = "FILE", default_value = "template.yaml")]
    template: PathBuf,
    /// Writes output schemas too; what the Gateway makes of them is not documented
    #[arg(long)]
    output_schemas: bool,
}

#[derive(Args)]
struct Print {
    /// For whom
    #[arg(long, value_enum, default_value_t = Format::Cloudformation)]
    format: Format,
    /// Only this target; needed when there are several, except for mcp
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// Only this tool, by its name without the target's prefix
    #[arg(long, value_name = "NAME")]
    tool: Option<String>,
    /// Prints output schemas too
    #[arg(long)]
    output_schemas: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// YAML for a GatewayTarget's ToolSchema
    Cloudformation,
    /// JSON for the AgentCore API: boto3, the AWS CLI
    Api,
    /// JSON as MCP's tools/list shows it
    Mcp,
}

fn main() -> ExitCode {
    let run = match Cli::parse().command {
        Command::Write(options) => write(&options),
        Command::Check(options) => check(&options),
        Command::Print(options) => print(&options),
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
    /// Findings, wrong markers, a template that is not up to date.
    Differs(String),
    /// A file or an argument.
    Unusable(Box<dyn Error>),
}

impl<E: Error + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Unusable(Box::new(error))
    }
}

fn write(options: &Template) -> Result<(), Failure> {
    let path = &options.template;
    let (is, should) = texts(options)?;
    if is == should {
        return say(&format!("{} is up to date\n", path.display()));
    }
    file::replace(path, &should)?;
    say(&format!("wrote {}\n", path.display()))
}

fn check(options: &Template) -> Result<(), Failure> {
    let path = &options.template;
    let (is, should) = texts(options)?;
    if is == should {
        return say(&format!("{} is up to date\n", path.display()));
    }
    let name = path.display().to_string();
    say(&template::diff(&name, &is, &should))?;
    let template = if path == Path::new("template.yaml") {
        String::new()
    } else {
        format!(" --template {name}")
    };
    Err(Failure::Differs(format!(
        "{name} differs from the types: run `toolschema write{template}`"
    )))
}

/// The template as it is and as it should be.
fn texts(options: &Template) -> Result<(String, String), Failure> {
    let is = file::read(&options.template)?;
    let targets = lowered(options.output_schemas)?;
    let should = template::up_to_date(&is, &targets).map_err(|problems| {
        let file = options.template.display();
        report(problems.iter().map(|problem| format!("{file}: {problem}")))
    })?;
    Ok((is, should))
}

fn print(options: &Print) -> Result<(), Failure> {
    let mut targets = lowered(options.output_schemas)?;
    if let Some(name) = &options.target {
        targets.retain(|target| target.name == *name);
        if targets.is_empty() {
            return Err(usage(format!(
                "no target is called `{name}`; known: {}",
                names()
            )));
        }
    }
    if let Some(name) = &options.tool {
        for target in &mut targets {
            target.tools.retain(|tool| tool.name == *name);
        }
        targets.retain(|target| !target.tools.is_empty());
        if targets.is_empty() {
            return Err(usage(format!("no tool is called `{name}`")));
        }
    }
    if options.format == Format::Mcp {
        let tools: Vec<_> = targets
            .iter()
            .flat_map(|target| {
                target
                    .tools
                    .iter()
                    .map(|tool| render::mcp_tool(target.name, tool))
            })
            .collect();
        return say_json(&json!({ "tools": tools }));
    }
    let [target] = targets.as_slice() else {
        return Err(usage(format!(
            "say which target with --target; known: {}",
            names()
        )));
    };
    match (
        options.format,
        options.tool.is_some(),
        target.tools.as_slice(),
    ) {
        (Format::Api, true, [tool]) => say_json(&render::tool(tool, Spelling::Camel)),
        (Format::Api, ..) => say_json(&render::inline_payload(&target.tools, Spelling::Camel)),
        _ => say(&(template::lines(target).join("\n") + "\n")),
    }
}

fn lowered(output_schemas: bool) -> Result<Vec<Lowered>, Failure> {
    targets::lower_all(targets::ALL, output_schemas).map_err(|findings| report(findings.iter()))
}

fn names() -> String {
    let names: Vec<_> = targets::ALL
        .iter()
        .map(|target| format!("`{}`", target.name))
        .collect();
    names.join(", ")
}

fn report(problems: impl Iterator<Item = impl Display>) -> Failure {
    let problems: Vec<_> = problems.map(|problem| problem.to_string()).collect();
    let count = match problems.len() {
        1 => "1 problem".to_owned(),
        n => format!("{n} problems"),
    };
    Failure::Differs(format!("{}\n\n{count}", problems.join("\n\n")))
}

fn usage(message: String) -> Failure {
    Failure::Unusable(message.into())
}

fn say(text: &str) -> Result<(), Failure> {
    Ok(io::stdout().write_all(text.as_bytes())?)
}

fn say_json(value: &Value) -> Result<(), Failure> {
    say(&format!("{value:#}\n"))
}
