//! The Lambda Invoke API (Lambda API reference, Invoke) over a [`Host`].

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::de::IgnoredAny;
use serde_json::json;

use super::{CLIENT_CONTEXT_LIMIT, Call, Host, Invocation, InvokeError, PAYLOAD_LIMIT};
use crate::loopback::{BodyError, read_body};

pub(super) fn router(host: Host) -> Router {
    Router::new()
        .route("/2015-03-31/functions/{name}/invocations", post(invoke))
        .with_state(host)
}

async fn invoke(
    State(host): State<Host>,
    Path(wanted): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let name = find(&host, &wanted).ok_or(InvokeError::UnknownFunction { name: wanted })?;
    let client_context = client_context(&headers)?;
    let payload = payload(body).await?;
    let call = Call {
        payload,
        client_context,
        trace_id: text(&headers, "x-amzn-trace-id").map(str::to_owned),
        wants_log_tail: text(&headers, "x-amz-log-type") == Some("Tail"),
    };
    match text(&headers, "x-amz-invocation-type").unwrap_or("RequestResponse") {
        "RequestResponse" => {
            let tail = call.wants_log_tail;
            let invocation = host.invoke(&name, call).await?;
            Ok(answer(invocation, tail))
        }
        // Answered before it runs; unlike AWS, one that fails is not tried again.
        "Event" => {
            tokio::spawn(async move { host.invoke(&name, call).await });
            Ok(StatusCode::ACCEPTED.into_response())
        }
        "DryRun" => Ok(StatusCode::NO_CONTENT.into_response()),
        other => Err(Problem::parameter(format!(
            "invocation type `{other}` is not one of RequestResponse, Event, DryRun"
        ))),
    }
}

fn answer(invocation: Invocation, tail: bool) -> Response {
    let mut response = invocation.payload.into_response();
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set("content-type", "application/json");
    set("x-amz-executed-version", "$LATEST");
    set("x-amzn-requestid", &invocation.request_id);
    if let Some(error) = &invocation.function_error {
        set("x-amz-function-error", error);
    }
    if tail {
        set("x-amz-log-result", &STANDARD.encode(&invocation.log_tail));
    }
    response
}

/// A function by its name, its ARN or its partial ARN, each with or without a qualifier.
/// There is only one version, so any qualifier means that.
fn find(host: &Host, wanted: &str) -> Option<String> {
    let parts: Vec<_> = wanted.split(':').collect();
    let name = match parts.as_slice() {
        [name] | [name, _] => name,
        [_, "function", name] | [_, "function", name, _] => name,
        ["arn", _, "lambda", _, _, "function", name]
        | ["arn", _, "lambda", _, _, "function", name, _] => {
            let arn = host.function(name)?.arn();
            let named = wanted.strip_prefix(&arn)?;
            if !named.is_empty() && !named.starts_with(':') {
                return None;
            }
            name
        }
        _ => return None,
    };
    Some(host.function(name)?.name)
}

fn client_context(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(encoded) = headers.get("x-amz-client-context") else {
        return Ok(None);
    };
    if encoded.len() > CLIENT_CONTEXT_LIMIT {
        return Err(Problem::parameter(format!(
            "client context must be at most {CLIENT_CONTEXT_LIMIT} bytes of base64, not {}",
            encoded.len()
        )));
    }
    STANDARD
        .decode(encoded.as_bytes())
        .ok()
        .and_then(|json| String::from_utf8(json).ok())
        .filter(|json| {
            serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(json).is_ok()
        })
        .map(Some)
        .ok_or_else(|| {
            Problem::content("Client context must be a valid Base64-encoded JSON object.")
        })
}

async fn payload(body: Body) -> Result<Bytes, Problem> {
    let payload = read_body(body, PAYLOAD_LIMIT).await.map_err(|error| match error {
        BodyError::TooLarge { .. } => Problem {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            kind: "RequestEntityTooLargeException",
            message: format!("Request must be smaller than {PAYLOAD_LIMIT} bytes for the InvokeFunction operation"),
        },
        BodyError::Broken(_) => Problem::content("the request body broke off"),
    })?;
    // An iterative parser that keeps nothing: depth and size cost no stack and no memory.
    let is_json = std::str::from_utf8(&payload)
        .is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
    if !payload.is_empty() && !is_json {
        return Err(Problem::content("Could not parse request body into json."));
    }
    Ok(payload)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// An error in the shape of the Lambda API.
#[derive(Debug)]
struct Problem {
    status: StatusCode,
    kind: &'static str,
    message: String,
}

impl Problem {
    fn parameter(message: String) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            kind: "InvalidParameterValueException",
            message,
        }
    }

    fn content(message: &str) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            kind: "InvalidRequestContentException",
            message: message.to_owned(),
        }
    }
}

impl From<InvokeError> for Problem {
    fn from(error: InvokeError) -> Self {
        let (status, kind) = match &error {
            InvokeError::UnknownFunction { .. } => {
                (StatusCode::NOT_FOUND, "ResourceNotFoundException")
            }
            InvokeError::PayloadTooLarge { .. } => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "RequestEntityTooLargeException",
            ),
            InvokeError::ShutDown => (StatusCode::INTERNAL_SERVER_ERROR, "ServiceException"),
        };
        Self {
            status,
            kind,
            message: error.to_string(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({"Type": "User", "message": self.message});
        (
            self.status,
            [("x-amzn-errortype", self.kind)],
            axum::Json(body),
        )
            .into_response()
    }
}
