//! The command line.

use std::{collections::BTreeMap, path::PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Runs the AgentCore Gateway of a SAM template on this machine: real MCP, the compiled function
/// binaries, mail into a local outbox. No AWS account, no Docker.
///
/// Exit codes: 0 done, 1 something failed, 2 the command line is wrong.
#[derive(Debug, Parser)]
#[command(name = "gateway", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the template on loopback until Ctrl-C.
    Up(Up),
    /// Start everything on free ports, format a report, mail it, and show where the mail lies.
    Demo(Demo),
}

/// What `up` and `demo` need to know.
#[derive(Debug, Args)]
pub struct Stack {
    /// The SAM template.
    #[arg(long, default_value = "template.yaml")]
    pub template: PathBuf,
    /// A template parameter, as NAME=VALUE; may be repeated.
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = parameter)]
    pub parameters: Vec<(String, String)>,
    /// The folder that mails are written to.
    #[arg(long, default_value = ".gateway/outbox")]
    pub outbox: PathBuf,
    /// Build the functions with the release profile, as they are deployed.
    #[arg(long)]
    pub release: bool,
}

impl Stack {
    /// The parameters by name; the last of two wins.
    pub fn parameters(&self) -> BTreeMap<String, String> {
        self.parameters.iter().cloned().collect()
    }
}

/// Options of `gateway up`.
#[derive(Debug, Args)]
pub struct Up {
    /// The template and how to build it.
    #[command(flatten)]
    pub stack: Stack,
    /// Who gets in.
    #[arg(long, value_enum)]
    pub authorizer: Option<Authorizer>,
    /// The gateway to serve, by logical id, if the template has several.
    #[arg(long, value_name = "LOGICAL_ID")]
    pub gateway: Option<String>,
    /// The port of the MCP endpoint; 0 takes a free one.
    #[arg(long, default_value_t = 8700)]
    pub port: u16,
    /// The port of the AWS endpoint (Lambda's Invoke API, SES); 0 takes a free one.
    #[arg(long, default_value_t = 8701)]
    pub aws_port: u16,
    /// Invoke functions at another Lambda endpoint instead of hosting them here, such as
    /// `http://127.0.0.1:3001` of `sam local start-lambda`.
    #[arg(long, value_name = "URL")]
    pub lambda_endpoint: Option<String>,
    /// How many environments of one function run at once; further calls wait.
    #[arg(long, default_value_t = 10)]
    pub max_environments: u32,
    /// How many tools one page of tools/list holds.
    #[arg(long, default_value_t = 100)]
    pub page_size: usize,
}

/// Who gets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Authorizer {
    /// Everyone who reaches the port.
    None,
}

/// Options of `gateway demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// The template and how to build it.
    #[command(flatten)]
    pub stack: Stack,
    /// The report to format, as arguments of `format_report`.
    #[arg(long, default_value = "examples/weekly-report.json")]
    pub report: PathBuf,
}

fn parameter(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .ok_or_else(|| format!("`{text}` has no `=`: expected NAME=VALUE"))
}
