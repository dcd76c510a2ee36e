//! The real binary over a Lambda Runtime API (Lambda developer guide, "Using the Lambda runtime API
//! for custom runtimes"), as far as the binary needs one.

use std::{
    process::Stdio,
    sync::Arc,
    time::{Duration, SystemTime},
};

use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    http::{Response, StatusCode},
    routing::{get, post},
};
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    net::TcpListener,
    process::{Child, Command},
    sync::{Mutex, mpsc},
    task::JoinHandle,
    time::timeout,
};

/// What no test waits longer for.
const PATIENCE: Duration = Duration::from_secs(60);

/// How an invocation ended.
#[derive(Debug)]
pub(crate) enum Ended {
    Response,
    /// With a function error: its type and message.
    Error(String),
}

struct Invocations {
    events: Mutex<mpsc::Receiver<(Value, Duration)>>,
    ended: mpsc::Sender<Ended>,
}

pub(crate) struct Function {
    child: Child,
    events: mpsc::Sender<(Value, Duration)>,
    ended: mpsc::Receiver<Ended>,
    output: [JoinHandle<String>; 2],
}

impl Function {
    /// Starts it with short times, and with more or other variables.
    pub(crate) async fn start(variables: &[(&str, &str)]) -> Self {
        let (events, next) = mpsc::channel(1);
        let (end, ended) = mpsc::channel(1);
        let invocations = Arc::new(Invocations {
            events: Mutex::new(next),
            ended: end,
        });
        let app = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next_event))
            .route("/2018-06-01/runtime/invocation/{id}/{how}", post(ended_so))
            .with_state(invocations);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move { axum::serve(listener, app).await });

        let mut child = Command::new(env!("CARGO_BIN_EXE_oidc-ready"))
            .env_clear()
            .envs([
                ("AWS_LAMBDA_RUNTIME_API", address.as_str()),
                ("AWS_LAMBDA_FUNCTION_NAME", "oidc-ready"),
                ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
                ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
                ("AWS_LAMBDA_LOG_GROUP_NAME", "/logs/oidc-ready"),
                ("AWS_LAMBDA_LOG_STREAM_NAME", "2026/stream"),
                ("AWS_REGION", "eu-west-1"),
                ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
                ("AWS_SECRET_ACCESS_KEY", "hush-secret"),
                ("AWS_SESSION_TOKEN", "hush-token"),
                // Everything that any crate would log must be free of secrets.
                ("AWS_LAMBDA_LOG_LEVEL", "TRACE"),
                ("WAIT_SECONDS", "20"),
                ("INTERVAL_SECONDS", "0.1"),
                ("TRY_SECONDS", "5"),
                ("RESERVE_SECONDS", "1"),
            ])
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let output = [
            collect(child.stdout.take().unwrap()),
            collect(child.stderr.take().unwrap()),
        ];
        Self {
            child,
            events,
            ended,
            output,
        }
    }

    /// Hands the function an event, with so much time to work on it.
    pub(crate) async fn invoke_within(&mut self, event: Value, limit: Duration) -> Ended {
        self.events.send((event, limit)).await.unwrap();
        let ended = timeout(PATIENCE, self.ended.recv()).await;
        ended.expect("the invocation ends").unwrap()
    }

    /// Hands the function an event, with half a minute to work on it.
    pub(crate) async fn invoke(&mut self, event: Value) -> Ended {
        self.invoke_within(event, Duration::from_secs(30)).await
    }

    /// Ends the process, which must still run, and gives all that it wrote.
    pub(crate) async fn stop(mut self) -> String {
        let ended = self.child.try_wait().unwrap();
        assert!(ended.is_none(), "the process ended: {ended:?}");
        self.child.kill().await.unwrap();
        let [out, err] = self.output;
        out.await.unwrap() + &err.await.unwrap()
    }
}

fn collect(mut pipe: impl AsyncRead + Unpin + Send + 'static) -> JoinHandle<String> {
    tokio::spawn(async move {
        let mut all = String::new();
        pipe.read_to_string(&mut all).await.unwrap();
        all
    })
}

async fn next_event(State(all): State<Arc<Invocations>>) -> Response<Body> {
    let Some((event, limit)) = all.events.lock().await.recv().await else {
        return std::future::pending().await;
    };
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let deadline = (now.unwrap() + limit).as_millis();
    Response::builder()
        .header("content-type", "application/json")
        .header("lambda-runtime-aws-request-id", "00000000-invocation")
        .header("lambda-runtime-deadline-ms", deadline.to_string())
        .header(
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:eu-west-1:123456789012:function:oidc-ready",
        )
        .body(event.to_string().into())
        .unwrap()
}

async fn ended_so(
    State(all): State<Arc<Invocations>>,
    Path((_, how)): Path<(String, String)>,
    body: String,
) -> StatusCode {
    let ended = match how.as_str() {
        "response" => Ended::Response,
        _ => Ended::Error(body),
    };
    all.ended.send(ended).await.unwrap();
    StatusCode::ACCEPTED
}
