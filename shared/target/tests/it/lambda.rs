//! A Lambda for one process: serves the Runtime API and hands out one event at a time.

use std::{
    path::PathBuf,
    process::Stdio,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, Path, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode},
    routing::{get, post},
};
use serde_json::Value;
use tokio::{
    io::AsyncReadExt,
    net::TcpListener,
    process::{Child, Command},
    sync::{Mutex, mpsc},
};

/// What the function posted: the path's last part (`response` or `error`) and the body.
pub(crate) struct Posted {
    pub(crate) to: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

pub(crate) struct Event {
    pub(crate) body: Vec<u8>,
    pub(crate) context: Option<Vec<u8>>,
    pub(crate) time: Duration,
}

impl Event {
    pub(crate) fn new(body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: body.into(),
            context: None,
            time: Duration::from_secs(30),
        }
    }

    pub(crate) fn tool(name: &str, body: impl Into<Vec<u8>>) -> Self {
        let context = serde_json::json!({"custom": {"bedrockAgentCoreToolName": name}});
        Self::new(body).context(context.to_string())
    }

    pub(crate) fn context(mut self, context: impl Into<Vec<u8>>) -> Self {
        self.context = Some(context.into());
        self
    }

    pub(crate) fn time(mut self, time: Duration) -> Self {
        self.time = time;
        self
    }
}

struct Shared {
    events: Mutex<mpsc::Receiver<Event>>,
    posted: mpsc::Sender<Posted>,
}

pub(crate) struct Lambda {
    child: Child,
    events: mpsc::Sender<Event>,
    posted: mpsc::Receiver<Posted>,
}

impl Lambda {
    pub(crate) async fn start(variables: &[(&str, &str)]) -> Self {
        let (events, receiver) = mpsc::channel(8);
        let (sender, posted) = mpsc::channel(8);
        let shared = Arc::new(Shared {
            events: Mutex::new(receiver),
            posted: sender,
        });
        let api = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/{*path}", post(take))
            .layer(DefaultBodyLimit::disable())
            .with_state(shared);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, api).await.unwrap() });

        let child = Command::new(fixture())
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Self {
            child,
            events,
            posted,
        }
    }

    pub(crate) async fn invoke(&mut self, event: Event) -> Posted {
        self.events.send(event).await.unwrap();
        self.posted().await
    }

    pub(crate) async fn posted(&mut self) -> Posted {
        let posted = tokio::time::timeout(Duration::from_secs(60), self.posted.recv()).await;
        posted.expect("the function posts an answer").unwrap()
    }

    /// Calls `echo` with a well-formed event: the process that answers is its own.
    pub(crate) async fn still_serves(&mut self) {
        let echoed = self
            .invoke(Event::tool("T___echo", r#"{"text": "hi"}"#))
            .await;
        assert_eq!(echoed.body["text"], "hi");
        assert_eq!(
            Some(echoed.body["process"].as_u64().unwrap() as u32),
            self.child.id()
        );
    }

    /// Ends the function and returns what it logged.
    pub(crate) async fn log(mut self) -> String {
        let _ = self.child.start_kill();
        let mut log = String::new();
        let mut stdout = self.child.stdout.take().unwrap();
        stdout.read_to_string(&mut log).await.unwrap();
        log
    }

    pub(crate) async fn exit_code(&mut self) -> Option<i32> {
        self.child.wait().await.unwrap().code()
    }
}

fn fixture() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let profile = tests.parent().unwrap().parent().unwrap();
    profile.join("examples").join("fixture")
}

async fn next(State(shared): State<Arc<Shared>>) -> Response<Body> {
    let Some(event) = shared.events.lock().await.recv().await else {
        return std::future::pending().await;
    };
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH).unwrap() + event.time;
    let mut response = Response::builder()
        .header("lambda-runtime-aws-request-id", "request-1")
        .header("lambda-runtime-invocation-id", "delivery-1")
        .header(
            "lambda-runtime-trace-id",
            "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700",
        )
        .header(
            "lambda-runtime-deadline-ms",
            deadline.as_millis().to_string(),
        );
    if let Some(context) = event.context {
        let context = HeaderValue::from_bytes(&context).unwrap();
        response = response.header("lambda-runtime-client-context", context);
    }
    response.body(Body::from(event.body)).unwrap()
}

async fn take(
    State(shared): State<Arc<Shared>>,
    Path(path): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let to = path.replace("invocation/request-1/", "");
    let body = serde_json::from_slice(&body).unwrap();
    let _ = shared.posted.send(Posted { to, headers, body }).await;
    StatusCode::ACCEPTED
}
