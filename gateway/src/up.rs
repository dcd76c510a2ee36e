//! `gateway up`: serve the template until Ctrl-C.

use std::{error::Error, path::Path, sync::Arc};

use tokio::signal::unix::{SignalKind, signal};

use crate::{
    cli::{Authorizer, Up},
    deployment::Deployment,
    mcp::Gateway,
    running::{Plan, Running},
    ses::Outbox,
};

type BoxError = Box<dyn Error + Send + Sync>;

/// Runs until Ctrl-C, SIGTERM or the terminal's end.
///
/// # Errors
/// The template, the build or a port; each says what would be right.
pub async fn run(options: Up) -> Result<(), BoxError> {
    let Some(Authorizer::None) = options.authorizer else {
        return Err(
            "the template's authoriser is not emulated yet: `gateway up --authorizer none` lets everyone in".into(),
        );
    };
    println!("authorizer none: whoever reaches this port may list and call every tool");
    let deployment = Deployment::load(&options.stack.template, options.stack.parameters())?;
    let gateway = choose(&deployment, options.gateway.as_deref())?;
    let tools = tool_names(&gateway);

    let ended = ended()?;
    let plan = Plan {
        folder: folder(&options.stack.template),
        deployment: &deployment,
        gateway,
        port: options.port,
        aws_port: options.aws_port,
        lambda_endpoint: options.lambda_endpoint,
        max_environments: options.max_environments,
        page_size: options.page_size,
        release: options.stack.release,
        outbox: Outbox::new(&options.stack.outbox)?,
        log: Arc::new(|line| eprintln!("{line}")),
    };
    tokio::pin!(ended);
    let running = tokio::select! {
        running = Running::start(plan) => running?,
        () = &mut ended => return Ok(()),
    };
    println!("gateway  {}", running.mcp_url);
    println!("aws      {}  (Lambda's Invoke API, SES)", running.aws_url);
    println!("outbox   {}", options.stack.outbox.display());
    for tool in tools {
        println!("tool     {tool}");
    }
    for skipped in &deployment.skipped {
        println!("not run here: {skipped}");
    }
    println!("ready; Ctrl-C ends it");
    ended.await;
    running.stop().await;
    Ok(())
}

/// The gateway to serve: the named one, or the only one.
pub(crate) fn choose(deployment: &Deployment, name: Option<&str>) -> Result<Gateway, BoxError> {
    let known = || {
        deployment
            .gateways
            .keys()
            .cloned()
            .collect::<Vec<_>>()
            .join("`, `")
    };
    match name {
        Some(name) => deployment.gateways.get(name).cloned().ok_or_else(|| {
            format!("the template has no gateway `{name}`: it has `{}`", known()).into()
        }),
        None => match deployment.gateways.len() {
            0 => Err("the template declares no `AWS::BedrockAgentCore::Gateway`".into()),
            1 => deployment
                .gateways
                .values()
                .next()
                .cloned()
                .ok_or_else(|| "no gateway".into()),
            _ => Err(format!(
                "the template has several gateways: choose one of `{}` with --gateway",
                known()
            )
            .into()),
        },
    }
}

/// The folder that the template's paths are relative to.
pub(crate) fn folder(template: &Path) -> &Path {
    match template.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

fn tool_names(gateway: &Gateway) -> Vec<String> {
    let names = gateway.targets.iter().flat_map(|target| {
        let prefix = &target.name;
        target
            .tools
            .iter()
            .map(move |tool| format!("{prefix}___{}", tool.name))
    });
    names.collect()
}

/// Waits for Ctrl-C, SIGTERM or SIGHUP. Listening starts at once, so that none is missed.
fn ended() -> Result<impl Future<Output = ()>, std::io::Error> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = signal(SignalKind::hangup())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    })
}
