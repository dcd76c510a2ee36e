//! `gateway demo`: one tool call after the other, end to end, in plain words.

use std::{
    error::Error,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use rmcp::model::CallToolRequestParams;
use serde_json::{Value, json};

use crate::{
    access::{self, Roles, Session},
    cli::Demo,
    client::{self, Client},
    deployment::Deployment,
    running::{Plan, Ports, Running},
    ses::Outbox,
    up,
};

type BoxError = Box<dyn Error + Send + Sync>;

const SENDER: (&str, &str) = ("SesSenderEmail", "reports@example.com");
const RECIPIENTS: (&str, &str) = ("AllowedRecipients", "*@example.com");
const ENFORCE: (&str, &str) = ("PolicyMode", "ENFORCE");
const MANAGER: &str = "manager";
const DEVELOPER: &str = "developer";
const RECIPIENT: &str = "ana@example.com";

/// Runs the demo and ends by itself.
///
/// # Errors
/// Whatever kept a step from its result.
pub async fn run(options: Demo) -> Result<(), BoxError> {
    let mut parameters = options.stack.parameters();
    for (name, value) in [SENDER, RECIPIENTS, ENFORCE] {
        parameters
            .entry(name.to_owned())
            .or_insert_with(|| value.to_owned());
    }
    let report = report(&options.report)?;
    let mut deployment = Deployment::load(&options.stack.template, parameters)?;
    let log = Arc::new(Mutex::new(Vec::new()));
    let declared = up::choose(&deployment, None)?;
    let engine = declared.engine(&options.stack.template)?;
    // What no tool needs, such as the function of a custom resource, would only have to be built.
    let called = |name: &String| declared.gateway.targets.iter().any(|t| t.function == *name);
    deployment.functions.retain(|name, _| called(name));
    let plan = Plan {
        folder: up::folder(&options.stack.template),
        deployment: &deployment,
        gateway: declared.gateway,
        pool: deployment.pool(&declared.authorizer).cloned(),
        engine,
        authorizer: declared.authorizer,
        ports: Ports::default(),
        lambda_endpoint: None,
        max_environments: 2,
        page_size: 100,
        release: options.stack.release,
        outbox: Outbox::new(&options.stack.outbox)?,
        log: Arc::new({
            let log = Arc::clone(&log);
            move |line: &str| {
                if let Ok(mut log) = log.lock() {
                    log.push(line.to_owned());
                }
            }
        }),
    };
    say!("Building the functions; the first time this takes some minutes.");
    let running = Running::start(plan).await?;
    let done = steps(&running, report, &options.stack.outbox).await;
    running.stop().await;
    if done.is_err()
        && let Ok(log) = log.lock()
    {
        note!("{}", log.join("\n"));
    }
    done
}

async fn steps(running: &Running, report: Value, outbox: &Path) -> Result<(), BoxError> {
    let session = &running.session;
    say!(
        "\n1. A gateway runs at {}. It lets in who brings a token.",
        session.gateway
    );
    say!("   Without one: {}.", turned_away(&session.gateway).await?);
    let manager = sign_in(session, MANAGER).await?;
    let developer = sign_in(session, DEVELOPER).await?;
    say!("   The issuer gives each role's client a token, and with it the client gets in.");

    say!("\n2. Each asks over MCP what there is; Cedar policies decide what it sees.");
    let tools = manager.list_all_tools().await?;
    say!("   The {MANAGER} sees {} tools:", tools.len());
    for tool in &tools {
        let description = tool.description.as_deref().unwrap_or_default();
        say!("   - {}: {}", tool.name, first_sentence(description));
    }
    let seen = developer.list_all_tools().await?;
    say!("   The {DEVELOPER} sees {}:", seen.len());
    for tool in &seen {
        say!("   - {}", tool.name);
    }
    let named = |name: &str| {
        let found = tools
            .iter()
            .find(|tool| tool.name.ends_with(&format!("___{name}")));
        found
            .map(|tool| tool.name.to_string())
            .ok_or_else(|| format!("no tool `{name}` is listed"))
    };

    let format = named("format_report")?;
    say!("\n3. The {MANAGER} calls {format}; the gateway invokes the compiled Lambda function.");
    let formatted = call(&manager, format, report).await?;
    let markdown = formatted
        .get("markdown")
        .and_then(Value::as_str)
        .ok_or("no Markdown came back")?;
    say!(
        "   Back comes Markdown, {} lines. It begins:",
        markdown.lines().count()
    );
    for line in markdown.lines().filter(|line| !line.is_empty()).take(4) {
        say!("   | {}", cut(line, 90));
    }

    let mail = named("markdown_to_email")?;
    say!("\n4. The {MANAGER} calls {mail} with it, to {RECIPIENT}.");
    let arguments = json!({"markdown_content": markdown, "recipient_email": RECIPIENT});
    let sent = call(&manager, mail.clone(), arguments.clone()).await?;
    let told = |key: &str| sent.get(key).and_then(Value::as_str).unwrap_or_default();
    let id = told("message_id");
    say!(
        "   The answer: {} ({}), message id {id}.",
        told("message"),
        told("status")
    );
    say!("   The {DEVELOPER} calls it by name, too, and reads:");
    match call(&developer, mail, arguments).await {
        Err(denied) => say!("   | {denied}"),
        Ok(_) => return Err("the developer sent a mail: the policies do not hold".into()),
    }
    manager.cancel().await?;
    developer.cancel().await?;

    let path = mail_in(outbox, id)?;
    say!("\n5. The mail lies in the outbox. Open it in a browser or a mail program:");
    say!("   {}", path.display());
    say!("   {}", path.with_extension("eml").display());
    Ok(())
}

/// A client with a fresh token of `role`.
async fn sign_in(session: &Session, role: &str) -> Result<Client, BoxError> {
    let token = Roles::local(session)?.token(role).await?;
    client::connect(&session.gateway, Some(&token)).await
}

/// What a client without a token reads.
async fn turned_away(url: &str) -> Result<String, BoxError> {
    let response = access::http(url).post(url).send().await?;
    Ok(format!("status {}", response.status()))
}

/// A tool's JSON answer; a tool's or the gateway's error is an error here.
async fn call(client: &Client, tool: String, arguments: Value) -> Result<Value, BoxError> {
    let mut request = CallToolRequestParams::new(tool);
    request.arguments = arguments.as_object().cloned();
    let result = client.call_tool(request).await?;
    let text = result.content.first().and_then(|block| block.as_text());
    let text = text.map(|text| text.text.as_str()).unwrap_or_default();
    if result.is_error == Some(true) {
        return Err(text.into());
    }
    let answer: Value = serde_json::from_str(text)?;
    match answer.get("error").and_then(|error| error.get("message")) {
        Some(message) => Err(message.to_string().into()),
        None => Ok(answer),
    }
}

fn report(path: &Path) -> Result<Value, BoxError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read the report `{}`: {error}", path.display()))?;
    serde_json::from_str(&text)
        .map_err(|error| format!("the report `{}` is not JSON: {error}", path.display()).into())
}

/// The absolute path of the mail's HTML.
fn mail_in(outbox: &Path, id: &str) -> Result<PathBuf, BoxError> {
    let outbox = outbox.canonicalize()?;
    let paths = std::fs::read_dir(&outbox)?.filter_map(|entry| Some(entry.ok()?.path()));
    let mut html = paths.filter(|path| {
        path.extension()
            .is_some_and(|extension| extension == "html")
    });
    let named = |path: &PathBuf| path.to_string_lossy().contains(id);
    html.find(named)
        .ok_or_else(|| format!("no mail `{id}` lies in `{}`", outbox.display()).into())
}

fn first_sentence(text: &str) -> &str {
    text.split_once(". ").map_or(text, |(first, _)| first)
}

fn cut(text: &str, length: usize) -> String {
    if text.chars().count() <= length {
        return text.to_owned();
    }
    text.chars().take(length).chain(['…']).collect()
}
