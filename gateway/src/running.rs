//! A template's gateway, running: the listeners, the Lambda host, the issuer and the outbox.

use std::{error::Error, path::Path, sync::Arc};

use axum::Router;
use issuer::{Issuer, Pool};
use policy::Engine;
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    access::{LocalKeys, Session},
    aws, binaries,
    deployment::{AuthorizerConfig, Deployment, Function},
    lambda::{FunctionConfig, Host, HostConfig, LogSink},
    loopback::{self, Listener},
    mcp::{self, Gateway, LambdaEndpoint, Policies},
    ses::Outbox,
};

type BoxError = Box<dyn Error + Send + Sync>;

/// What to start.
pub(crate) struct Plan<'a> {
    /// The folder that the template lies in.
    pub(crate) folder: &'a Path,
    pub(crate) deployment: &'a Deployment,
    pub(crate) gateway: Gateway,
    pub(crate) authorizer: AuthorizerConfig,
    pub(crate) engine: Option<Engine>,
    /// The pool whose tokens the authoriser takes, if it is the template's own.
    pub(crate) pool: Option<Pool>,
    pub(crate) ports: Ports,
    /// Another Lambda endpoint; without one the functions are built and hosted here.
    pub(crate) lambda_endpoint: Option<String>,
    pub(crate) max_environments: u32,
    pub(crate) page_size: usize,
    pub(crate) release: bool,
    pub(crate) outbox: Outbox,
    pub(crate) log: LogSink,
}

/// 0 takes a free port.
#[derive(Clone, Copy, Default)]
pub(crate) struct Ports {
    pub(crate) gateway: u16,
    pub(crate) aws: u16,
    pub(crate) issuer: u16,
}

/// Everything that runs until it is told to end.
pub(crate) struct Running {
    /// What the other commands need to know: the URLs and the local credentials.
    pub(crate) session: Session,
    /// Lambda's Invoke API and SES.
    pub(crate) aws_url: String,
    pub(crate) issuer: Option<Issuer>,
    host: Option<Host>,
    servers: Servers,
}

impl Running {
    /// Takes the ports, builds the functions and starts to serve.
    pub(crate) async fn start(plan: Plan<'_>) -> Result<Self, BoxError> {
        let gateway = loopback::bind(plan.ports.gateway).await?;
        let aws = loopback::bind(plan.ports.aws).await?;
        let (mcp_url, aws_url) = (format!("{}/mcp", gateway.url()), aws.url());
        let mut servers = Servers::new();

        let mut session = Session::new(mcp_url.clone());
        let issuer = match &plan.pool {
            None => None,
            Some(pool) => {
                let listener = loopback::bind(plan.ports.issuer).await?;
                let issuer = Issuer::new(pool.clone(), &listener.url())?;
                servers.serve(listener.with_page("/oauth2/authorize"), issuer.router());
                session.add_pool(pool);
                Some(issuer)
            }
        };
        let authorizer = authorizer(plan.authorizer.clone(), issuer.as_ref(), &mut session)?;

        let lambda = plan.lambda_endpoint.as_deref().unwrap_or(&aws_url);
        let endpoint = LambdaEndpoint::new(lambda)?;
        let (endpoint, host) = match plan.lambda_endpoint {
            Some(_) => {
                let functions = plan.deployment.functions.iter();
                let binaries = functions
                    .filter_map(|(name, function)| Some((name.clone(), function.binary.clone()?)));
                (endpoint.elsewhere(binaries.collect()), None)
            }
            None => (endpoint, Some(host(&plan, &aws_url).await?)),
        };
        let policies = Policies {
            engine: plan.engine,
            log: Arc::clone(&plan.log),
        };
        let mcp = mcp::router(plan.gateway, policies, endpoint, plan.page_size)?;
        let services = host.as_ref().map_or_else(Router::new, Host::router);
        let services = aws::with_catch_all(services.merge(plan.outbox.router()), plan.log);
        servers.serve(gateway, authorizer::layer(mcp, authorizer, &mcp_url)?);
        servers.serve(aws, services);
        Ok(Self {
            session,
            aws_url,
            issuer,
            host,
            servers,
        })
    }

    /// Ends the functions and the listeners, and waits for both.
    pub(crate) async fn stop(self) {
        if let Some(host) = self.host {
            host.shutdown().await;
        }
        self.servers.stop().await;
    }
}

/// The listeners, each served behind the guard until all are told to end.
struct Servers {
    ending: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Servers {
    fn new() -> Self {
        Self {
            ending: watch::channel(false).0,
            tasks: Vec::new(),
        }
    }

    fn serve(&mut self, listener: Listener, router: Router) {
        let mut ended = self.ending.subscribe();
        let ending = async move {
            let _ = ended.wait_for(|ending| *ending).await;
        };
        self.tasks.push(tokio::spawn(async move {
            if let Err(error) = loopback::serve(listener, router, ending).await {
                tracing::error!(%error, "a listener ended");
            }
        }));
    }

    async fn stop(self) {
        let _ = self.ending.send(true);
        for task in self.tasks {
            let _ = task.await;
        }
    }
}

/// The authoriser as configured, with the local issuer in the place of the template's own pool
/// and local keys in the place of an account's.
fn authorizer(
    config: AuthorizerConfig,
    issuer: Option<&Issuer>,
    session: &mut Session,
) -> Result<authorizer::Authorizer, BoxError> {
    Ok(match config {
        AuthorizerConfig::None => authorizer::Authorizer::None,
        AuthorizerConfig::Jwt(mut config) => {
            if let Some(issuer) = issuer {
                config.discovery_url = issuer.discovery_url();
            }
            session.discovery_url = Some(config.discovery_url.clone());
            authorizer::Authorizer::Jwt(authorizer::JwtAuthorizer::new(config)?)
        }
        AuthorizerConfig::Iam => {
            let keys = LocalKeys::new();
            let iam = keys.authorizer();
            session.keys = Some(keys);
            authorizer::Authorizer::Iam(iam)
        }
    })
}

/// The Lambda host with all functions of the template.
async fn host(plan: &Plan<'_>, aws_url: &str) -> Result<Host, BoxError> {
    let functions = &plan.deployment.functions;
    let wanted = functions.values().map(binaries::wanted).collect();
    let built = binaries::build(plan.folder, &wanted, plan.release).await?;
    let mut config = HostConfig::new(aws_url);
    config.max_environments = plan.max_environments;
    config.log = Arc::clone(&plan.log);
    let host = Host::new(config).await?;
    for (name, function) in functions {
        let binary = built
            .get(&binaries::wanted(function))
            .ok_or("a binary was not built")?;
        host.add(configured(name, function, binary))?;
    }
    Ok(host)
}

fn configured(name: &str, function: &Function, binary: &Path) -> FunctionConfig {
    let mut config = FunctionConfig::new(name, binary);
    config.timeout = function.timeout;
    config.memory_mb = function.memory_mb;
    config.handler.clone_from(&function.handler);
    config.log_format.clone_from(&function.log_format);
    config.environment.clone_from(&function.environment);
    config
}
