//! `gateway up`: serve the template until Ctrl-C.

use std::{error::Error, path::Path, sync::Arc};

use authorizer::JwtConfig;
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    cli::{Authorizer, Up},
    deployment::{AuthorizerConfig, Declared, Deployment},
    running::{Plan, Ports, Running},
    ses::Outbox,
};

type BoxError = Box<dyn Error + Send + Sync>;

/// Runs until Ctrl-C, SIGTERM or the terminal's end.
///
/// # Errors
/// The template, the build or a port; each says what would be right.
pub async fn run(options: Up) -> Result<(), BoxError> {
    if options.authorizer == Some(Authorizer::None) {
        say!("authorizer none: whoever reaches this port may list and call every tool");
    }
    let deployment = Deployment::load(&options.stack.template, options.stack.parameters())?;
    let declared = choose(&deployment, options.gateway.as_deref())?;
    let engine = declared.engine(&options.stack.template)?;
    let authorizer = authorizer(declared.authorizer, &options);
    let pool = deployment.pool(&authorizer).cloned();
    let tools: Vec<String> = declared.gateway.tools().map(|(name, _)| name).collect();
    let policies = engine.as_ref().map(policies_in_a_line);
    let said = describe(&authorizer, pool.is_some());

    let ended = ended()?;
    let mut rotate = signal(SignalKind::user_defined1())?;
    let outbox = Outbox::new(&options.stack.outbox)?
        .on_mail(|mail| note!("ses | mail in the outbox: {}", mail.eml.display()));
    let plan = Plan {
        folder: folder(&options.stack.template),
        deployment: &deployment,
        gateway: declared.gateway,
        authorizer,
        engine,
        pool,
        ports: Ports {
            gateway: options.port,
            aws: options.aws_port,
            issuer: options.issuer_port,
        },
        lambda_endpoint: options.lambda_endpoint,
        max_environments: options.max_environments,
        page_size: options.page_size,
        release: options.stack.release,
        outbox,
        log: Arc::new(|line| note!("{line}")),
    };
    tokio::pin!(ended);
    let running = tokio::select! {
        running = Running::start(plan) => running?,
        () = &mut ended => return Ok(()),
    };
    let session = running.session.write(&options.session)?;
    say!("gateway  {}", running.session.gateway);
    say!("aws      {}  (Lambda's Invoke API, SES)", running.aws_url);
    if let Some(url) = &running.session.discovery_url {
        say!("issuer   {url}");
    }
    say!("outbox   {}", options.stack.outbox.display());
    say!("access   {said}");
    if let Some(policies) = policies {
        say!("policies {policies}");
    }
    for tool in tools {
        say!("tool     {tool}");
    }
    for skipped in &deployment.skipped {
        say!("not run here: {skipped}");
    }
    say!("ready, process {}; Ctrl-C ends it", std::process::id());
    loop {
        tokio::select! {
            () = &mut ended => break,
            _ = rotate.recv() => if let Some(issuer) = &running.issuer {
                issuer.rotate()?;
                say!("the issuer signs with a new key");
            },
        }
    }
    drop(session);
    running.stop().await;
    Ok(())
}

/// What the options leave of the template's authoriser.
fn authorizer(declared: AuthorizerConfig, options: &Up) -> AuthorizerConfig {
    match (options.authorizer, &options.discovery_url, declared) {
        (Some(Authorizer::None), _, _) => AuthorizerConfig::None,
        (None, Some(url), AuthorizerConfig::Jwt(config)) => AuthorizerConfig::Jwt(JwtConfig {
            discovery_url: url.clone(),
            allowed_clients: options.allowed_client.clone(),
            ..config
        }),
        (None, _, declared) => declared,
    }
}

/// How to get in, in a line. `local` is whether the issuer runs here.
fn describe(authorizer: &AuthorizerConfig, local: bool) -> &'static str {
    match authorizer {
        AuthorizerConfig::None => "open to every local program",
        AuthorizerConfig::Jwt(_) if !local => {
            "bearer tokens (CUSTOM_JWT) of that issuer, which does not run here"
        }
        AuthorizerConfig::Jwt(_) => {
            "bearer tokens (CUSTOM_JWT); get one with `gateway token --role ROLE` or `--user`"
        }
        AuthorizerConfig::Iam => {
            "signed requests (AWS_IAM); the local keys are in the session file"
        }
    }
}

/// The gateway to serve: the named one, or the only one.
pub(crate) fn choose(deployment: &Deployment, name: Option<&str>) -> Result<Declared, BoxError> {
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

fn policies_in_a_line(engine: &policy::Engine) -> &'static str {
    match engine.mode() {
        policy::Mode::Enforce => {
            "ENFORCE; what is not permitted is denied, what never can be is hidden"
        }
        policy::Mode::LogOnly => {
            "LOG_ONLY; what would be denied is logged (--parameter PolicyMode=ENFORCE denies it)"
        }
    }
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
