//! The calls: ListGatewayTargets, GetGatewayTarget, and CreateGatewayTarget or UpdateGatewayTarget.
//!
//! The SDK signs, retries and finds the endpoint; bodies are JSON as it is on the wire, since the
//! SDK's types would drop each field that is newer than they are.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aws_sdk_bedrockagentcorecontrol::{
    Client,
    config::{
        ConfigBag, Intercept, RuntimeComponents, http::HttpRequest,
        interceptors::AfterDeserializationInterceptorContextRef,
    },
    error::{BoxError as SdkBoxError, ProvideErrorMetadata, SdkError},
};
use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::{BoxError, TargetPut, Wanted, changes};

/// Between two looks; the first come sooner.
const INTERVAL: Duration = Duration::from_secs(5);

/// Creates the target, or updates the one of that name.
pub(super) async fn put(options: &TargetPut, wanted: &Wanted) -> Result<(), BoxError> {
    let config = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let region = config.region().map(ToString::to_string);
    let region = region.filter(|region| !region.is_empty());
    let region = region.ok_or("no AWS region is set: set `AWS_REGION` to the gateway's")?;
    let gateway = Gateway {
        client: Client::new(&config),
        id: &options.gateway_id,
        region,
    };
    let name = &wanted.name;
    let (target, sent) = match gateway.find(name).await? {
        None => {
            say!("{wanted} is not there yet");
            let body = changes::created(wanted);
            for line in changes::lines(&Value::Null, &body) {
                say!("  {line}");
            }
            if options.dry_run {
                say!("nothing was changed (--dry-run)");
                return Ok(());
            }
            (gateway.create(&body).await?, body)
        }
        Some(target) => {
            let current = gateway.get(&target).await?;
            let body = changes::updated(&current, wanted)?;
            let lines = changes::lines(&current, &body);
            let state = status(&current);
            say!("{wanted} is there as {target}, {state}");
            for line in &lines {
                say!("  {line}");
            }
            if lines.is_empty() && state == "READY" {
                say!("it is as it should be; nothing was changed");
                return Ok(());
            }
            say!(
                "kept as they are: {}",
                changes::kept(&body, wanted).join(", ")
            );
            if options.dry_run {
                say!("nothing was changed (--dry-run)");
                return Ok(());
            }
            gateway.update(&target, &body).await?;
            (target, body)
        }
    };
    let told = gateway
        .ready(&target, Duration::from_secs(options.wait))
        .await?;
    let lost = changes::lost(&sent, &told);
    if !lost.is_empty() {
        return Err(format!(
            "the target `{name}` ({target}) is READY, but AWS does not tell what was sent as `{}`: \
             compare with `aws bedrock-agentcore-control get-gateway-target`",
            lost.join("`, `")
        )
        .into());
    }
    say!("the target {name} ({target}) is READY");
    Ok(())
}

struct Gateway<'a> {
    client: Client,
    id: &'a str,
    region: String,
}

impl Gateway<'_> {
    /// The id of the target of this name, from all pages.
    async fn find(&self, name: &str) -> Result<Option<String>, BoxError> {
        let list = self
            .client
            .list_gateway_targets()
            .gateway_identifier(self.id);
        let mut targets = list.into_paginator().items().send();
        while let Some(target) = targets.next().await {
            let target = target.map_err(|error| self.refused("ListGatewayTargets", error))?;
            if target.name() == name {
                return Ok(Some(target.target_id().to_owned()));
            }
        }
        Ok(None)
    }

    /// The target as the service tells it.
    async fn get(&self, target: &str) -> Result<Value, BoxError> {
        let told = Told::default();
        let get = self.client.get_gateway_target();
        let get = get
            .gateway_identifier(self.id)
            .target_id(target)
            .customize();
        let done = get.interceptor(told.clone()).send().await;
        done.map_err(|error| self.refused("GetGatewayTarget", error))?;
        let body = told.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(serde_json::from_slice(&body)?)
    }

    async fn create(&self, body: &Value) -> Result<String, BoxError> {
        let create = self.client.create_gateway_target();
        let create = create.gateway_identifier(self.id).customize();
        let done = create.mutate_request(with(body.to_string())).send().await;
        let created = done.map_err(|error| self.refused("CreateGatewayTarget", error))?;
        Ok(created.target_id().to_owned())
    }

    async fn update(&self, target: &str, body: &Value) -> Result<(), BoxError> {
        let update = self.client.update_gateway_target();
        let update = update
            .gateway_identifier(self.id)
            .target_id(target)
            .customize();
        let done = update.mutate_request(with(body.to_string())).send().await;
        done.map_err(|error| self.refused("UpdateGatewayTarget", error))?;
        Ok(())
    }

    /// Waits until the target is READY, and tells it as it is then.
    async fn ready(&self, target: &str, wait: Duration) -> Result<Value, BoxError> {
        let started = Instant::now();
        let mut pause = Duration::from_millis(250);
        loop {
            let told = self.get(target).await?;
            let (status, reasons) = (status(&told), reasons(&told));
            match status {
                "READY" => return Ok(told),
                "CREATING" | "UPDATING" | "SYNCHRONIZING" => {}
                status => {
                    return Err(format!("the target {target} ended as {status}{reasons}").into());
                }
            }
            let left = wait.saturating_sub(started.elapsed());
            if left.is_zero() {
                return Err(format!(
                    "the target {target} is still {status} after {} s{reasons}: look again later, \
                     or wait longer with --wait",
                    wait.as_secs()
                )
                .into());
            }
            sleep(pause.min(left)).await;
            pause = (pause * 2).min(INTERVAL);
        }
    }

    /// A refusal with the action's name, and what is to be done about it.
    fn refused<E>(&self, action: &str, error: SdkError<E>) -> BoxError
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
        SdkError<E>: ProvideErrorMetadata,
    {
        let Some(code) = error.code() else {
            return Unanswered(action.to_owned(), error.into()).into();
        };
        let message = error.message().unwrap_or("no message");
        let (id, region) = (self.id, &self.region);
        let remedy = match code {
            "AccessDeniedException" => format!(
                "; whoever runs this needs `bedrock-agentcore:{action}` on \
                 `arn:aws:bedrock-agentcore:{region}:ACCOUNT:gateway/{id}`"
            ),
            "ResourceNotFoundException" => format!(
                "; is `{id}` a gateway's id, and does it stand in `{region}` of this account?"
            ),
            "ConflictException" => "; wait until it is READY and run this again".to_owned(),
            _ => String::new(),
        };
        format!("AWS refused {action} with {code}: {message}{remedy}").into()
    }
}

/// Sends this body in the place of the SDK's own.
fn with(body: String) -> impl Fn(&mut HttpRequest) {
    move |request| {
        let length = body.len().to_string();
        request.headers_mut().insert("content-length", length);
        *request.body_mut() = body.clone().into();
    }
}

fn status(target: &Value) -> &str {
    target
        .get("status")
        .and_then(Value::as_str)
        .unwrap_or("UNKNOWN")
}

fn reasons(target: &Value) -> String {
    let listed = target.get("statusReasons").and_then(Value::as_array);
    let reasons: Vec<&str> = listed
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    match reasons.as_slice() {
        [] => String::new(),
        reasons => format!(": {}", reasons.join("; ")),
    }
}

/// No credentials, no network, or an answer that is none.
#[derive(Debug, thiserror::Error)]
#[error("AWS did not answer {0}")]
struct Unanswered(String, #[source] BoxError);

/// Keeps the body of an answer.
#[derive(Debug, Clone, Default)]
struct Told(Arc<Mutex<Vec<u8>>>);

impl Intercept for Told {
    fn name(&self) -> &'static str {
        "Told"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), SdkBoxError> {
        let body = context.response().body().bytes().unwrap_or_default();
        body.clone_into(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(())
    }
}
