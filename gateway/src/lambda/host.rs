//! The host: the functions of one template, and the way to call them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::{fmt, io};

use axum::Router;
use axum::body::Bytes;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::environment::Ground;
use super::log::Log;
use super::pool::Pool;
use super::runtime_api::RuntimeApi;
use super::slot::Event;
use super::{
    AddError, FunctionConfig, InvokeError, LogSink, PAYLOAD_LIMIT, StartError, invoke_api, lock,
    variables,
};
use crate::loopback;

/// What a [`Host`] is started with.
#[derive(Clone)]
pub struct HostConfig {
    /// `AWS_ENDPOINT_URL` for every function: where the local services listen.
    pub aws_endpoint: String,
    /// The most processes of one function at a time; further callers wait. At least 1.
    pub max_environments: u32,
    /// From the start of a process to its first request for an event.
    pub init_timeout: Duration,
    /// Takes the functions' logs, each line as `FUNCTION | LINE`.
    pub log: LogSink,
}

impl HostConfig {
    /// Lambda's own figures, 10 processes per function, and no log.
    pub fn new(aws_endpoint: impl Into<String>) -> Self {
        Self {
            aws_endpoint: aws_endpoint.into(),
            max_environments: 10,
            init_timeout: Duration::from_secs(10),
            log: Arc::new(|_| {}),
        }
    }
}

impl fmt::Debug for HostConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostConfig")
            .field("aws_endpoint", &self.aws_endpoint)
            .field("max_environments", &self.max_environments)
            .field("init_timeout", &self.init_timeout)
            .finish_non_exhaustive()
    }
}

/// One call of a function.
#[derive(Debug, Clone, Default)]
pub struct Call {
    /// The event, JSON; empty stands for `{}`.
    pub payload: Bytes,
    /// The client context as JSON text, not base64. It reaches the function as it is.
    pub client_context: Option<String>,
    /// The X-Ray trace header; one is made when absent.
    pub trace_id: Option<String>,
    /// Whether [`Invocation::log_tail`] will be looked at, which is worth a short wait.
    pub wants_log_tail: bool,
}

impl Call {
    /// A call with this event and nothing else.
    pub fn new(payload: impl Into<Bytes>) -> Self {
        Self {
            payload: payload.into(),
            ..Self::default()
        }
    }
}

/// What came of a call that reached a function.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// The request id, a UUID.
    pub request_id: String,
    /// The function's answer; with a function error `{"errorType", "errorMessage", ..}`.
    pub payload: Bytes,
    /// `Unhandled` if the function, or its process, failed.
    pub function_error: Option<String>,
    /// The last 4 KB of the log of this call.
    pub log_tail: Vec<u8>,
    /// How long the process took to start, if this call started one.
    pub init_duration: Option<Duration>,
    /// From handing over the event to its answer.
    pub duration: Duration,
}

impl Invocation {
    pub(super) fn answered(request_id: String, payload: Bytes) -> Self {
        Self {
            request_id,
            payload,
            function_error: None,
            log_tail: Vec::new(),
            init_duration: None,
            duration: Duration::ZERO,
        }
    }

    pub(super) fn failed(request_id: String, payload: Bytes) -> Self {
        Self {
            function_error: Some("Unhandled".to_owned()),
            ..Self::answered(request_id, payload)
        }
    }
}

/// Runs functions. Clones are the same host; when the last one goes, its processes are killed.
#[derive(Debug, Clone)]
pub struct Host(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    ground: Arc<Ground>,
    pools: Mutex<BTreeMap<String, Arc<Pool>>>,
    max_environments: u32,
    ending: watch::Sender<bool>,
    server: Mutex<Option<JoinHandle<io::Result<()>>>>,
}

impl Host {
    /// Starts the Runtime API on a free port of its own. No function runs until it is called.
    pub async fn new(config: HostConfig) -> Result<Self, StartError> {
        let listener = loopback::bind(0).await?;
        let runtime_api = RuntimeApi::new(listener.authority());
        let directory = tempfile::Builder::new()
            .prefix("lambda-")
            .tempdir()
            .map_err(StartError::Directory)?;
        let log = Arc::new(Log::start(config.log).map_err(StartError::Log)?);
        let (ending, mut ended) = watch::channel(false);
        let server = tokio::spawn(loopback::serve(
            listener,
            runtime_api.router(),
            async move {
                let _ = ended.wait_for(|ending| *ending).await;
            },
        ));
        let ground = Arc::new(Ground {
            runtime_api,
            aws_endpoint: config.aws_endpoint,
            directory,
            log,
            init_timeout: config.init_timeout,
        });
        Ok(Self(Arc::new(Inner {
            ground,
            pools: Mutex::default(),
            max_environments: config.max_environments,
            ending,
            server: Mutex::new(Some(server)),
        })))
    }

    /// Adds a function. Variables that Lambda sets itself are ignored, and named in the log.
    pub fn add(&self, mut function: FunctionConfig) -> Result<(), AddError> {
        let name = function.name.clone();
        // A process starts in a directory of its own, where a relative path leads nowhere.
        function.binary =
            std::path::absolute(&function.binary).map_err(|source| AddError::Binary {
                name: name.clone(),
                source,
            })?;
        for variable in function
            .environment
            .keys()
            .filter(|variable| variables::is_reserved(variable))
        {
            self.0.ground.log.line(format!(
                "{name} | the template's value for `{variable}` is ignored: the host sets it itself"
            ));
        }
        match lock(&self.0.pools).entry(name) {
            Entry::Occupied(entry) => Err(AddError::Duplicate {
                name: entry.key().clone(),
            }),
            Entry::Vacant(entry) => {
                entry.insert(Arc::new(Pool::new(
                    function,
                    Arc::clone(&self.0.ground),
                    self.0.max_environments,
                    self.0.ending.subscribe(),
                )));
                Ok(())
            }
        }
    }

    /// The configuration of a function, if there is one of that name.
    pub fn function(&self, name: &str) -> Option<FunctionConfig> {
        self.pool(name).map(|pool| pool.function.clone())
    }

    /// Calls a function and waits for its answer, in a queue first if all its processes are
    /// busy. Whatever happens in the function is an [`Invocation`], never an error.
    pub async fn invoke(&self, name: &str, call: Call) -> Result<Invocation, InvokeError> {
        let pool = self
            .pool(name)
            .ok_or_else(|| InvokeError::UnknownFunction {
                name: name.to_owned(),
            })?;
        if call.payload.len() > PAYLOAD_LIMIT {
            return Err(InvokeError::PayloadTooLarge {
                size: call.payload.len(),
            });
        }
        let event = Event {
            request_id: uuid::Uuid::new_v4().to_string(),
            payload: if call.payload.is_empty() {
                Bytes::from_static(b"{}")
            } else {
                call.payload
            },
            client_context: call.client_context,
            trace_id: call.trace_id.unwrap_or_else(new_trace_id),
            arn: pool.function.arn(),
            timeout: pool.function.timeout,
        };
        pool.invoke(event, call.wants_log_tail).await
    }

    /// The Lambda Invoke API over these functions, to be served on the AWS endpoint.
    pub fn router(&self) -> Router {
        invoke_api::router(self.clone())
    }

    /// Kills every process, waits until all have ended, and refuses calls from now on. Those
    /// that run or wait are answered [`InvokeError::ShutDown`].
    pub async fn shutdown(&self) {
        self.0.ending.send_replace(true);
        let pools: Vec<_> = lock(&self.0.pools).values().cloned().collect();
        for pool in pools {
            pool.end().await;
        }
        let server = lock(&self.0.server).take();
        if let Some(server) = server {
            let _ = server.await;
        }
        self.0.ground.log.flush().await;
    }

    fn pool(&self, name: &str) -> Option<Arc<Pool>> {
        lock(&self.0.pools).get(name).cloned()
    }
}

/// A new, unsampled trace (X-Ray guide, "Tracing header").
fn new_trace_id() -> String {
    let random = uuid::Uuid::new_v4().simple().to_string();
    let parent = uuid::Uuid::new_v4().simple().to_string();
    let (root, _) = random.split_at_checked(24).unwrap_or_default();
    let (parent, _) = parent.split_at_checked(16).unwrap_or_default();
    format!(
        "Root=1-{:08x}-{root};Parent={parent};Sampled=0",
        chrono::Utc::now().timestamp()
    )
}
