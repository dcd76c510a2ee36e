//! Logs as Lambda's advanced logging controls read them: one JSON object a line.

use std::{env, panic};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{
    filter::Targets, fmt::format::JsonFields, layer::SubscriberExt, util::SubscriberInitExt,
};

/// Sets up the JSON log and a panic hook. `AWS_LAMBDA_LOG_LEVEL`, else `RUST_LOG`, names the
/// level; INFO without them.
///
/// The level is this crate's own. All others stop at INFO, since at finer levels `lambda_runtime`
/// logs the whole event, with the response URL in it.
pub fn init() {
    let level = env::var("AWS_LAMBDA_LOG_LEVEL").or_else(|_| env::var("RUST_LOG"));
    let level = level.ok().and_then(|level| level.parse().ok());
    let level = level.unwrap_or(LevelFilter::INFO);
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .fmt_fields(JsonFields::new())
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_target(false);
    let levels = Targets::new()
        .with_default(level.min(LevelFilter::INFO))
        .with_target(env!("CARGO_CRATE_NAME"), level);
    let subscriber = tracing_subscriber::registry().with(levels).with(lines);
    // A second call in one process keeps the first.
    let _ = subscriber.try_init();
    panic::set_hook(Box::new(log_panic));
}

/// Logs where it happened and nothing else: a panic's message can quote the event.
fn log_panic(info: &panic::PanicHookInfo<'_>) {
    let place = info.location().map(ToString::to_string);
    tracing::error!(place, "panicked");
}
