//! The Lambda function behind the custom resource `oidc-ready`.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use oidc_ready::{Waiter, log};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log::init();
    let waiter = Waiter::from_env();
    run(service_fn(async |event: LambdaEvent<Value>| {
        waiter.handle(&event.payload, event.context.deadline).await
    }))
    .await
}
