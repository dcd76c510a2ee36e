//! Logs as Lambda's advanced logging controls read them: one JSON object a line.

use std::{env, panic};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::format::JsonFields;

/// Sets up the JSON log and a panic hook. `AWS_LAMBDA_LOG_LEVEL`, else `RUST_LOG`, names the
/// level; INFO without them.
///
/// lambda_runtime's own set-up does the same with an `EnvFilter`, whose regular expressions would
/// be a fifth of a small function's size.
pub(crate) fn init() {
    let level = env::var("AWS_LAMBDA_LOG_LEVEL").or_else(|_| env::var("RUST_LOG"));
    let level = level.ok().and_then(|level| level.parse().ok());
    let subscriber = tracing_subscriber::fmt()
        .json()
        .fmt_fields(JsonFields::new())
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_target(false)
        .with_max_level(level.unwrap_or(LevelFilter::INFO))
        .finish();
    // A second call in one process (a test) keeps the first.
    let _ = tracing::subscriber::set_global_default(subscriber);
    panic::set_hook(Box::new(log_panic));
}

/// Logs where it happened and nothing else: a panic's message can quote a mail.
fn log_panic(info: &panic::PanicHookInfo<'_>) {
    let place = info.location().map(ToString::to_string);
    tracing::error!(place, "panicked");
}
