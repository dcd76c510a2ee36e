//! Init, then one invocation after the other: each gets a response or an error.
//!
//! lambda_runtime 1.5 reads the client context in its poll loop, before any layer, and ends the
//! process on what the Gateway really sends (see `client_context`). So the loop is ours, over the
//! official client crate; everything that lambda_runtime can lend is lambda_runtime's.

mod api;
mod invocation;

use std::{future::Future, sync::Arc};

use lambda_runtime::Diagnostic;
use tools::Target;

use crate::{InitError, Router, StartError, error::chain, telemetry};
use api::RuntimeApi;

/// Runs the function: makes the state with `init`, then serves `router`'s tools until Lambda ends
/// the process.
///
/// # Errors
/// The function is not run by Lambda, `init` failed or panicked, the router lacks a handler (the
/// last three are reported to `/init/error`), or the Runtime API went away.
pub async fn serve<T, S, F>(
    router: Router<T, S>,
    init: impl FnOnce() -> F,
) -> Result<(), StartError>
where
    T: Target,
    S: Send + Sync + 'static,
    F: Future<Output = Result<S, InitError>> + Send + 'static,
{
    telemetry::init();
    let api = RuntimeApi::from_env()?;
    let state = match prepare(&router, init()).await {
        Ok(state) => Arc::new(state),
        Err(error) => {
            tracing::error!(error = %error, "init failed");
            api.init_error(&diagnostic(&error)).await?;
            return Err(error);
        }
    };
    loop {
        let invocation = api.next().await?;
        let id = invocation.id.clone();
        let posted = match invocation::answer(&router, &state, invocation).await {
            Ok(body) => api.respond(&id, body).await,
            Err(diagnostic) => api.error(&id, &diagnostic).await,
        };
        if let Err(error) = posted {
            // The next poll tells whether the Runtime API is gone or only this answer was refused.
            tracing::error!(request_id = %id.request, error = %error, "the answer was not taken");
        }
    }
}

async fn prepare<T, S>(
    router: &Router<T, S>,
    init: impl Future<Output = Result<S, InitError>> + Send + 'static,
) -> Result<S, StartError>
where
    T: Target,
    S: Send + Sync + 'static,
{
    router.check()?;
    // A task of its own, so that a panic comes back as an error.
    let made = tokio::spawn(init).await;
    made.unwrap_or_else(|_| Err(InitError::new("init panicked; the log names the place")))
        .map_err(StartError::Init)
}

fn diagnostic(error: &StartError) -> Diagnostic {
    let error_type = match error {
        StartError::Router(_) => "Runtime.MissingHandler",
        _ => "Runtime.InitError",
    };
    let error_message = match error {
        StartError::Init(error) => chain(error),
        other => other.to_string(),
    };
    Diagnostic {
        error_type: error_type.to_owned(),
        error_message,
    }
}
