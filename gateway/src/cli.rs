//! The command line.

use std::{collections::BTreeMap, path::PathBuf};

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};

use crate::access::{Roles, RolesError, Session, user_pool};

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
    /// Print an access token for a role or a person, to stdout alone.
    Token(Token),
    /// Show what a token says: header and claims readably, times as times.
    Jwt(Jwt),
    /// Compare what each role really sees with a table of what it should see.
    Verify(Verify),
    /// Check the template's Cedar policies, or print their schema.
    #[command(subcommand)]
    Policy(Policy),
    /// Say what AWS would refuse and what is unsafe in a template, before anything is deployed.
    ///
    /// Exit codes: 0 nothing found, 1 errors (with --strict warnings, too), 2 the command line is
    /// wrong or the template cannot be read.
    Doctor(Doctor),
    /// Attach a function to a gateway that is deployed already; needs the cargo feature `aws`.
    #[command(subcommand)]
    Target(Target),
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
    /// Who gets in: `none` is everyone; left out, what the template's gateway says.
    #[arg(long, value_enum)]
    pub authorizer: Option<Authorizer>,
    /// Take tokens of another issuer, such as a real user pool, by its discovery document.
    #[arg(long, value_name = "URL")]
    pub discovery_url: Option<String>,
    /// With --discovery-url: a client id whose tokens are taken; may be repeated. Without one,
    /// those of every client of that issuer are.
    #[arg(long, value_name = "ID", requires = "discovery_url")]
    pub allowed_client: Vec<String>,
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
    /// `http://127.0.0.1:3001` of `sam local start-lambda` or `http://127.0.0.1:9000` of
    /// `cargo lambda watch`.
    #[arg(long, value_name = "URL")]
    pub lambda_endpoint: Option<String>,
    /// The port of the local issuer; 0 takes a free one.
    #[arg(long, default_value_t = 8702)]
    pub issuer_port: u16,
    /// Where to leave URLs and local credentials for the other commands.
    #[arg(long, default_value = SESSION)]
    pub session: PathBuf,
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

/// A gateway to talk to: the local one unless URLs name another.
#[derive(Debug, Args)]
pub struct Place {
    /// The issuer's discovery document, if the gateway is not the local one.
    #[arg(long, value_name = "URL")]
    pub discovery_url: Option<String>,
    /// A deployed user pool, whose clients are looked up with your own AWS credentials; the role is
    /// the client's name. Needs a build with the cargo feature `aws`.
    #[arg(long, value_name = "POOL_ID", conflicts_with = "clients")]
    pub user_pool: Option<String>,
    /// A machine client as ROLE=CLIENT_ID; may be repeated. Its secret is read from
    /// GATEWAY_CLIENT_SECRET_ROLE, else GATEWAY_CLIENT_SECRET, and is never stored.
    #[arg(long = "client", value_name = "ROLE=CLIENT_ID", value_parser = parameter)]
    pub clients: Vec<(String, String)>,
    /// Where a running `gateway up` leaves its URLs and local credentials.
    #[arg(long, default_value = SESSION)]
    pub session: PathBuf,
}

/// Where `gateway up` leaves what the other commands need.
pub const SESSION: &str = ".gateway/session.json";

impl Place {
    /// Whether no option names another gateway.
    pub fn is_local(&self) -> bool {
        self.user_pool.is_none() && self.discovery_url.is_none()
    }

    /// The roles there, or of a user pool only the one that is `wanted`.
    ///
    /// # Errors
    /// No local gateway, a secret that is missing, or AWS's refusal.
    pub async fn roles(
        &self,
        wanted: Option<&str>,
    ) -> Result<Roles, Box<dyn std::error::Error + Send + Sync>> {
        Ok(match (&self.user_pool, &self.discovery_url) {
            (Some(pool), url) => user_pool::roles(pool, url.as_deref(), wanted).await?,
            (None, Some(url)) => Roles::deployed(url.clone(), &self.clients)?,
            (None, None) => Roles::local(&self.session()?)?,
        })
    }

    /// The local gateway that runs now.
    ///
    /// # Errors
    /// None runs.
    pub fn session(&self) -> Result<Session, RolesError> {
        Session::read(&self.session).ok_or(RolesError::NoGateway)
    }
}

/// Options of `gateway token`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("who").required(true).args(["role", "user"]))]
pub struct Token {
    /// The gateway.
    #[command(flatten)]
    pub place: Place,
    /// The role of a machine client, such as `manager`.
    #[arg(long)]
    pub role: Option<String>,
    /// A person: at the local gateway a seeded one (the first, if none is named); elsewhere
    /// whoever signs in on the page that is shown.
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "")]
    pub user: Option<String>,
    /// With --user, the client that people sign in with, if the gateway is not the local one.
    #[arg(long, value_name = "ID")]
    pub client_id: Option<String>,
    /// Where the browser comes back to; the client must know it.
    #[arg(
        long,
        value_name = "URL",
        default_value = "http://localhost:8765/callback"
    )]
    pub callback_url: String,
}

/// The verbs of `gateway policy`.
#[derive(Debug, Subcommand)]
pub enum Policy {
    /// Validate all policies and print who may use what: role by tool, with allow, deny or depends.
    Check(Declared),
    /// Print the Cedar schema that AgentCore makes of the tools, for editors and the `cedar` tool.
    Schema(Declared),
    /// Print schema, policies and the principals of all roles as JSON, for other Cedar tools.
    Export(Declared),
    /// Let the service draft a policy from a sentence, for review; needs the cargo feature `aws`.
    Draft(Draft),
}

/// Options of `gateway policy draft`.
#[derive(Debug, Args)]
pub struct Draft {
    /// What is to be allowed or forbidden, in English: "Only managers may send mail".
    pub text: String,
    /// The deployed policy engine.
    #[arg(long, value_name = "POLICY_ENGINE_ID")]
    pub engine: String,
    /// The deployed gateway, whose tools the policy is about.
    #[arg(long, value_name = "ARN")]
    pub gateway_arn: String,
    /// The file to write; it must not be there yet.
    #[arg(long, value_name = "FILE", default_value = "draft.cedar")]
    pub out: PathBuf,
    /// The template whose tools the draft is validated against.
    #[command(flatten)]
    pub declared: Declared,
}

/// Options of `gateway doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// The SAM or CloudFormation template.
    #[arg(long, default_value = "template.yaml")]
    pub template: PathBuf,
    /// A template parameter, as NAME=VALUE, that is not to be varied; may be repeated.
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = parameter)]
    pub parameters: Vec<(String, String)>,
    /// End with 1 on warnings, too.
    #[arg(long)]
    pub strict: bool,
    /// How findings are printed: for people, or as a JSON array.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// As compilers do, and a line that sums up.
    Text,
    /// One JSON array: check, level, line, column, path, what, remedy, scenario.
    Json,
}

/// The verbs of `gateway target`.
#[derive(Debug, Subcommand)]
pub enum Target {
    /// Create a target with a function and its tools' schema, or update the one of that name. An
    /// update changes the function, the schema and the description if one is given, nothing else.
    Put(TargetPut),
}

/// Options of `gateway target put`.
#[derive(Debug, Args)]
pub struct TargetPut {
    /// The deployed gateway.
    #[arg(long, value_name = "GATEWAY_ID")]
    pub gateway_id: String,
    /// The deployed function, best with an alias: `arn:..:function:report-tools:live`. The
    /// gateway's role must be allowed to invoke it.
    #[arg(long, value_name = "ARN")]
    pub function_arn: String,
    /// Whose tools, as `tools!` names the target; needed if the types declare several.
    #[arg(long, value_name = "NAME")]
    pub target: Option<String>,
    /// The target's name at the gateway, if it is to be another than in `tools!`.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The target's description; left out, an update keeps the one that is there.
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,
    /// Show what would change, and change nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// How long to wait until the target is READY.
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub wait: u64,
}

/// A gateway of a template, without running it.
#[derive(Debug, Clone, Args)]
pub struct Declared {
    /// The SAM template.
    #[arg(long, default_value = "template.yaml")]
    pub template: PathBuf,
    /// A template parameter, as NAME=VALUE; may be repeated.
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = parameter)]
    pub parameters: Vec<(String, String)>,
    /// The gateway, by logical id, if the template has several.
    #[arg(long, value_name = "LOGICAL_ID")]
    pub gateway: Option<String>,
    /// With AWS_IAM, the ARN of a caller to look at; may be repeated. Left out, that of requests
    /// signed with the keys of a local `gateway up`.
    #[arg(long = "caller", value_name = "ARN")]
    pub callers: Vec<String>,
}

/// Options of `gateway jwt`.
#[derive(Debug, Args)]
pub struct Jwt {
    /// The token, or `-` to read it from stdin.
    #[arg(default_value = "-", hide_default_value = true)]
    pub token: String,
    /// Verify the token with this issuer's keys.
    #[arg(long, value_name = "URL")]
    pub discovery_url: Option<String>,
}

/// Options of `gateway verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// The gateway's issuer and clients.
    #[command(flatten)]
    pub place: Place,
    /// The MCP endpoint, if the gateway is not the local one.
    #[arg(long)]
    pub url: Option<String>,
    /// The table of who should see what.
    #[arg(long, value_name = "FILE", default_value = "examples/access.txt")]
    pub expect: PathBuf,
}

fn parameter(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .ok_or_else(|| format!("`{text}` has no `=`: expected NAME=VALUE"))
}
