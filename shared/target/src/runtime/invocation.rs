//! One event, from its headers to its answer.

use std::{
    sync::{Arc, LazyLock},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use http::HeaderMap;
use lambda_runtime::{Config, Context, Diagnostic};
use serde_json::Value;
use tokio::time::{Instant, timeout_at};
use tools::Target;
use tracing::{Instrument, field};

use super::api::Invocation;
use crate::{
    Call, Router, ToolError, arguments, client_context,
    error::{chain, internal},
    tool_name,
};

/// What Lambda takes as a response, in bytes (Lambda quotas: 6 MB).
const RESPONSE_LIMIT: usize = 6 * 1024 * 1024;
/// Lambda's longest time-out, for an event that brings no deadline.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// The response body, or what goes to `/error`.
pub(super) async fn answer<T, S>(
    router: &Router<T, S>,
    state: &Arc<S>,
    invocation: Invocation,
) -> Result<Vec<u8>, Diagnostic>
where
    T: Target,
    S: Send + Sync + 'static,
{
    let context = context(&invocation.id.request, &invocation.headers);
    let span = tracing::info_span!(
        "invocation",
        request_id = %context.request_id,
        tool = field::Empty,
        trace_id = context.xray_trace_id,
    );
    let started = Instant::now();
    async {
        let outcome = run(router, state, context, &invocation).await;
        let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        match outcome {
            Ok(body) => {
                tracing::info!(duration_ms, "answered");
                Ok(body)
            }
            Err(Failure::Tool(error)) => {
                tracing::warn!(
                    duration_ms,
                    code = error.code(),
                    error = chain(&error),
                    "failed"
                );
                error.into_answer()
            }
            Err(Failure::Panicked) => Err(internal("Function.Panicked")),
        }
    }
    .instrument(span)
    .await
}

enum Failure {
    Tool(ToolError),
    Panicked,
}

impl From<ToolError> for Failure {
    fn from(error: ToolError) -> Self {
        Self::Tool(error)
    }
}

async fn run<T, S>(
    router: &Router<T, S>,
    state: &Arc<S>,
    context: Context,
    invocation: &Invocation,
) -> Result<Vec<u8>, Failure>
where
    T: Target,
    S: Send + Sync + 'static,
{
    let deadline = deadline(context.deadline);
    let event = arguments::read(&invocation.event)?;
    let (tool, event) = addressed(&context, event)?;
    let tool = tool_name::strip(&tool)?;
    let span = tracing::Span::current();
    span.record("tool", tool_name::shown(tool));

    let call = Call::new(Arc::clone(state), context, deadline);
    let answer = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        router.dispatch(tool, call, &event)
    }))
    .map_err(|_| Failure::Panicked)??;
    // A task of its own, so that a panic comes back as an error.
    let mut task = tokio::spawn(answer.instrument(span));
    match timeout_at(deadline, &mut task).await {
        Ok(Ok(answer)) => Ok(within_limit(answer?)?),
        Ok(Err(_panic)) => Err(Failure::Panicked),
        Err(_elapsed) => {
            task.abort();
            Err(ToolError::new(
                "deadline_exceeded",
                format!(
                    "`{tool}` did not finish in time; whether it took effect is not known, so check before calling it again"
                ),
            )
            .into())
        }
    }
}

/// The tool's name and its arguments. Outside SAM's local mode they come apart: the name in the
/// client context, the arguments as the event.
fn addressed(context: &Context, event: Value) -> Result<(String, Value), ToolError> {
    if let Some(client) = &context.client_context {
        let name = client.custom.get(tool_name::KEY).cloned();
        return Ok((name.ok_or_else(tool_name::missing)?, event));
    }
    // `sam local` passes no client context at all, so there, and only there, the event may name
    // the tool: {"toolName": "...", "arguments": {...}}.
    let local = std::env::var("AWS_SAM_LOCAL").is_ok_and(|local| local == "true");
    match (local, event) {
        (true, Value::Object(mut wrapper)) => {
            let name = wrapper.get("toolName").and_then(Value::as_str);
            let name = name.map(str::to_owned).ok_or_else(|| {
                ToolError::new(
                    "missing_tool_name",
                    r#"the event names no tool: under SAM local expected `{"toolName": "...", "arguments": {...}}`"#,
                )
            })?;
            let arguments = wrapper.remove("arguments");
            Ok((
                name,
                arguments.unwrap_or_else(|| Value::Object(serde_json::Map::new())),
            ))
        }
        _ => Err(tool_name::missing()),
    }
}

/// lambda_runtime's `Context` from the headers. Its own constructor fails on a client context
/// that is not a map of strings.
fn context(request_id: &str, headers: &HeaderMap) -> Context {
    let text = |name: &str| {
        let value = headers.get(name)?.to_str().ok()?;
        Some(value.to_owned()).filter(|value| !value.is_empty())
    };
    let json = |name: &str| client_context::parse(headers.get(name)?.as_bytes());
    let mut context = Context::default();
    context.request_id = request_id.to_owned();
    context.deadline = text("lambda-runtime-deadline-ms")
        .and_then(|ms| ms.parse().ok())
        .unwrap_or(u64::MAX);
    context.invoked_function_arn = text("lambda-runtime-invoked-function-arn").unwrap_or_default();
    context.xray_trace_id = text("lambda-runtime-trace-id");
    context.tenant_id = text("lambda-runtime-aws-tenant-id");
    context.client_context = json("lambda-runtime-client-context")
        .and_then(|context| serde_json::from_value(context).ok());
    context.env_config = Arc::clone(&CONFIG);
    context
}

/// The function's own settings; lambda_runtime's `Config::from_env` panics where one is missing.
static CONFIG: LazyLock<Arc<Config>> = LazyLock::new(|| {
    let text = |name: &str| std::env::var(name).unwrap_or_default();
    Arc::new(Config {
        function_name: text("AWS_LAMBDA_FUNCTION_NAME"),
        memory: text("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
            .parse()
            .unwrap_or_default(),
        version: text("AWS_LAMBDA_FUNCTION_VERSION"),
        log_stream: text("AWS_LAMBDA_LOG_STREAM_NAME"),
        log_group: text("AWS_LAMBDA_LOG_GROUP_NAME"),
    })
});

/// When an answer must be ready. Lambda ends the process at `epoch_ms`, and then the caller
/// learns nothing: a tenth of the time, 500 ms at most, is kept to answer in. A time that has
/// passed before the event came is none: `cargo lambda watch` says ten minutes after 1970.
fn deadline(epoch_ms: u64) -> Instant {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let left = Duration::from_millis(epoch_ms)
        .checked_sub(now)
        .unwrap_or(LONGEST)
        .min(LONGEST);
    Instant::now() + left - (left / 10).min(Duration::from_millis(500))
}

fn within_limit(body: Vec<u8>) -> Result<Vec<u8>, ToolError> {
    if body.len() <= RESPONSE_LIMIT {
        return Ok(body);
    }
    Err(ToolError::new(
        "output_too_large",
        format!(
            "the answer has {} bytes: Lambda takes {RESPONSE_LIMIT} at most, so ask for less",
            body.len()
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_that_has_passed_already_is_none() {
        assert!(deadline(600_000) > Instant::now() + LONGEST / 2);
    }
}
