//! A template's gateway, running: the listeners, the Lambda host and the outbox.

use std::{collections::BTreeSet, error::Error, path::Path, sync::Arc};

use axum::Router;
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    aws, binaries,
    deployment::{Deployment, Function},
    lambda::{FunctionConfig, Host, HostConfig, LogSink},
    loopback::{self, Listener},
    mcp::{self, Gateway, LambdaEndpoint},
    ses::Outbox,
};

type BoxError = Box<dyn Error + Send + Sync>;

/// What to start.
pub(crate) struct Plan<'a> {
    /// The folder that the template lies in.
    pub(crate) folder: &'a Path,
    pub(crate) deployment: &'a Deployment,
    pub(crate) gateway: Gateway,
    /// 0 takes a free port.
    pub(crate) port: u16,
    pub(crate) aws_port: u16,
    /// Another Lambda endpoint; without one the functions are built and hosted here.
    pub(crate) lambda_endpoint: Option<String>,
    pub(crate) max_environments: u32,
    pub(crate) page_size: usize,
    pub(crate) release: bool,
    pub(crate) outbox: Outbox,
    pub(crate) log: LogSink,
}

/// Everything that runs until it is told to end.
pub(crate) struct Running {
    /// The MCP endpoint.
    pub(crate) mcp_url: String,
    /// Lambda's Invoke API and SES.
    pub(crate) aws_url: String,
    host: Option<Host>,
    ending: watch::Sender<bool>,
    servers: Vec<JoinHandle<()>>,
}

impl Running {
    /// Takes the ports, builds the functions and starts to serve.
    pub(crate) async fn start(plan: Plan<'_>) -> Result<Self, BoxError> {
        let gateway = loopback::bind(plan.port).await?;
        let aws = loopback::bind(plan.aws_port).await?;
        let (mcp_url, aws_url) = (format!("{}/mcp", gateway.url()), aws.url());

        let lambda = plan.lambda_endpoint.as_deref().unwrap_or(&aws_url);
        let endpoint = LambdaEndpoint::new(lambda)?;
        let host = match plan.lambda_endpoint {
            Some(_) => None,
            None => Some(host(&plan, &aws_url).await?),
        };
        let mcp = mcp::router(plan.gateway, endpoint, plan.page_size)?;
        let services = host.as_ref().map_or_else(Router::new, Host::router);
        let services = aws::with_catch_all(services.merge(plan.outbox.router()), plan.log);

        let (ending, ended) = watch::channel(false);
        let serve = |listener: Listener, router: Router| {
            let mut ended = ended.clone();
            let ending = async move {
                let _ = ended.wait_for(|ending| *ending).await;
            };
            tokio::spawn(async move {
                if let Err(error) = loopback::serve(listener, router, ending).await {
                    tracing::error!(%error, "a listener ended");
                }
            })
        };
        let servers = vec![serve(gateway, mcp), serve(aws, services)];
        Ok(Self {
            mcp_url,
            aws_url,
            host,
            ending,
            servers,
        })
    }

    /// Ends the functions and the listeners, and waits for both.
    pub(crate) async fn stop(self) {
        if let Some(host) = self.host {
            host.shutdown().await;
        }
        let _ = self.ending.send(true);
        for server in self.servers {
            let _ = server.await;
        }
    }
}

/// The Lambda host with all functions of the template.
async fn host(plan: &Plan<'_>, aws_url: &str) -> Result<Host, BoxError> {
    let functions = &plan.deployment.functions;
    let mut built = std::collections::BTreeMap::new();
    for folder in functions
        .values()
        .map(|f| f.code_uri.as_str())
        .collect::<BTreeSet<_>>()
    {
        let here = functions
            .values()
            .filter(|function| function.code_uri == folder);
        let names = here.map(|function| function.binary.clone()).collect();
        let folder = plan.folder.join(folder);
        built.extend(binaries::build(&folder, &names, plan.release).await?);
    }
    let mut config = HostConfig::new(aws_url);
    config.max_environments = plan.max_environments;
    config.log = Arc::clone(&plan.log);
    let host = Host::new(config).await?;
    for (name, function) in functions {
        let binary = built
            .get(&function.binary)
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
