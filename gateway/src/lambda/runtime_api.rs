//! The Lambda Runtime API ("Using the Lambda runtime API for custom runtimes"), for all
//! processes on one listener, each under a path that only it knows.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::json;

use super::PAYLOAD_LIMIT;
use super::slot::{Answer, Event, Slot};
use crate::loopback::{BodyError, read_body};

type Slots = Arc<RwLock<HashMap<String, Arc<Slot>>>>;

#[derive(Debug, Clone)]
pub(super) struct RuntimeApi {
    authority: String,
    slots: Slots,
}

/// An environment's place; its path leads nowhere once this is dropped.
#[derive(Debug)]
pub(super) struct Registration {
    secret: String,
    address: String,
    slot: Arc<Slot>,
    slots: Slots,
}

impl Registration {
    /// The value of `AWS_LAMBDA_RUNTIME_API`. On AWS it is a bare host and port; a path makes a
    /// URL of it, and the official Rust client reads a path only behind a scheme.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    pub(super) fn slot(&self) -> &Slot {
        &self.slot
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.slots
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.secret);
    }
}

impl RuntimeApi {
    pub(super) fn new(authority: String) -> Self {
        Self {
            authority,
            slots: Slots::default(),
        }
    }

    pub(super) fn register(&self) -> Registration {
        // Two of them, since six bits of each are fixed.
        let random = || uuid::Uuid::new_v4().simple();
        let secret = format!("{}{}", random(), random());
        let slot = Arc::new(Slot::new());
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        slots.insert(secret.clone(), Arc::clone(&slot));
        let address = format!("http://{}/{secret}", self.authority);
        Registration {
            secret,
            address,
            slot,
            slots: Arc::clone(&self.slots),
        }
    }

    pub(super) fn router(&self) -> Router {
        Router::new()
            .route("/{secret}/2018-06-01/runtime/invocation/next", get(next))
            .route(
                "/{secret}/2018-06-01/runtime/invocation/{id}/response",
                post(response),
            )
            .route(
                "/{secret}/2018-06-01/runtime/invocation/{id}/error",
                post(error),
            )
            .route("/{secret}/2018-06-01/runtime/init/error", post(init_error))
            .with_state(self.clone())
    }

    fn slot(&self, secret: &str) -> Result<Arc<Slot>, Problem> {
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        slots.get(secret).cloned().ok_or(Problem::UnknownPath)
    }
}

async fn next(
    State(api): State<RuntimeApi>,
    Path(secret): Path<String>,
) -> Result<Response, Problem> {
    let slot = api.slot(&secret)?;
    let event = slot.next().await.map_err(|_| Problem::InvalidState)?;
    Ok(deliver(event))
}

fn deliver(event: Event) -> Response {
    let deadline = SystemTime::now()
        .checked_add(event.timeout)
        .and_then(|deadline| deadline.duration_since(UNIX_EPOCH).ok())
        .unwrap_or(Duration::ZERO)
        .as_millis();
    let mut headers = HeaderMap::new();
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_bytes(&one_line(value)) {
            headers.insert(name, value);
        }
    };
    set("content-type", "application/json");
    set("lambda-runtime-aws-request-id", &event.request_id);
    set("lambda-runtime-deadline-ms", &deadline.to_string());
    set("lambda-runtime-invoked-function-arn", &event.arn);
    set("lambda-runtime-trace-id", &event.trace_id);
    if let Some(context) = &event.client_context {
        set("lambda-runtime-client-context", context);
    }
    (headers, event.payload).into_response()
}

/// Control characters as spaces: outside its strings that leaves JSON the same, inside them
/// JSON has none.
fn one_line(value: &str) -> Vec<u8> {
    value
        .bytes()
        .map(|byte| if byte.is_ascii_control() { b' ' } else { byte })
        .collect()
}

async fn response(
    State(api): State<RuntimeApi>,
    Path((secret, id)): Path<(String, String)>,
    body: Body,
) -> Result<Response, Problem> {
    to_the_end(answer(api, secret, id, body, Answer::Response)).await
}

async fn error(
    State(api): State<RuntimeApi>,
    Path((secret, id)): Path<(String, String)>,
    body: Body,
) -> Result<Response, Problem> {
    to_the_end(answer(api, secret, id, body, Answer::Error)).await
}

/// Handles a post in a task of its own: the server drops a handler whose client hung up, and a
/// process may end the moment it has posted.
async fn to_the_end(
    handler: impl Future<Output = Result<Response, Problem>> + Send + 'static,
) -> Result<Response, Problem> {
    tokio::spawn(handler).await.unwrap_or(Err(Problem::Broken))
}

async fn answer(
    api: RuntimeApi,
    secret: String,
    id: String,
    body: Body,
    with: fn(axum::body::Bytes) -> Answer,
) -> Result<Response, Problem> {
    let slot = api.slot(&secret)?;
    if !slot.runs(&id) {
        return Err(Problem::InvalidRequestId);
    }
    let (with, too_large) = match read_body(body, PAYLOAD_LIMIT).await {
        Ok(body) => (with(body), false),
        Err(BodyError::TooLarge { .. }) => (Answer::TooLarge, true),
        // An answer that broke off is none; the process may post it again.
        Err(BodyError::Broken(_)) => return Err(Problem::Broken),
    };
    if !slot.answer(&id, with) {
        return Err(Problem::InvalidRequestId);
    }
    if too_large {
        Err(Problem::TooLarge)
    } else {
        Ok(accepted())
    }
}

async fn init_error(
    State(api): State<RuntimeApi>,
    Path(secret): Path<String>,
    body: Body,
) -> Result<Response, Problem> {
    to_the_end(async move {
        let slot = api.slot(&secret)?;
        let body = read_body(body, PAYLOAD_LIMIT)
            .await
            .map_err(|error| match error {
                BodyError::TooLarge { .. } => Problem::TooLarge,
                BodyError::Broken(_) => Problem::Broken,
            })?;
        if slot.init_error(body) {
            Ok(accepted())
        } else {
            Err(Problem::InvalidState)
        }
    })
    .await
}

fn accepted() -> Response {
    (StatusCode::ACCEPTED, Json(json!({"status": "OK"}))).into_response()
}

/// What a process did wrong.
#[derive(Debug, Clone, Copy)]
enum Problem {
    UnknownPath,
    InvalidRequestId,
    InvalidState,
    TooLarge,
    Broken,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, kind, message) = match self {
            Self::UnknownPath => (
                StatusCode::NOT_FOUND,
                "NotFound",
                "no such environment".to_owned(),
            ),
            Self::InvalidRequestId => (
                StatusCode::BAD_REQUEST,
                "InvalidRequestID",
                "Invalid request ID".to_owned(),
            ),
            Self::InvalidState => (
                StatusCode::FORBIDDEN,
                "InvalidStateTransition",
                "not allowed while an invocation runs".to_owned(),
            ),
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "RequestEntityTooLarge",
                format!("Exceeded maximum allowed payload size ({PAYLOAD_LIMIT} bytes)."),
            ),
            Self::Broken => (
                StatusCode::BAD_REQUEST,
                "InvalidRequest",
                "the body broke off".to_owned(),
            ),
        };
        (
            status,
            Json(json!({"errorType": kind, "errorMessage": message})),
        )
            .into_response()
    }
}
