//! The Lambda Runtime API, version 2018-06-01, as far as a function needs it.

use std::env;

use bytes::Bytes;
use http::{HeaderMap, Method, Uri};
use http_body_util::BodyExt;
use lambda_runtime::Diagnostic;
use lambda_runtime_api_client::{BoxError, PooledClient, body::Body, build_request};

use crate::StartError;

/// Lambda's own id for one delivery of an event; sent back with the answer when there is one.
const INVOCATION_ID: &str = "lambda-runtime-invocation-id";

pub(super) struct RuntimeApi {
    client: PooledClient,
}

/// An event, as `/invocation/next` hands it out.
pub(super) struct Invocation {
    pub(super) id: InvocationId,
    pub(super) headers: HeaderMap,
    pub(super) event: Bytes,
}

#[derive(Clone)]
pub(super) struct InvocationId {
    pub(super) request: String,
    delivery: Option<http::HeaderValue>,
}

impl RuntimeApi {
    pub(super) fn from_env() -> Result<Self, StartError> {
        let endpoint = env::var("AWS_LAMBDA_RUNTIME_API").unwrap_or_default();
        let endpoint = endpoint.trim_start_matches("http://");
        // The client panics on an address that it cannot use, so only a good one gets there.
        let endpoint: Uri = format!("http://{endpoint}")
            .parse()
            .map_err(|_| StartError::NoRuntimeApi)?;
        if endpoint.host().is_none_or(str::is_empty) {
            return Err(StartError::NoRuntimeApi);
        }
        let client = PooledClient::builder().with_endpoint(endpoint).build();
        Ok(Self { client })
    }

    /// Waits for the next event that has a request id: without one it could not be answered.
    pub(super) async fn next(&self) -> Result<Invocation, StartError> {
        loop {
            let (headers, event) = self
                .call(Method::GET, "invocation/next", None, None, Bytes::new())
                .await
                .map_err(StartError::RuntimeApi)?;
            let request = headers
                .get("lambda-runtime-aws-request-id")
                .and_then(|id| id.to_str().ok());
            if let Some(request) = request {
                let id = InvocationId {
                    request: request.to_owned(),
                    delivery: headers.get(INVOCATION_ID).cloned(),
                };
                return Ok(Invocation { id, headers, event });
            }
            tracing::error!("an event came without a request id");
        }
    }

    pub(super) async fn respond(&self, id: &InvocationId, body: Vec<u8>) -> Result<(), BoxError> {
        let path = format!("invocation/{}/response", id.request);
        self.call(Method::POST, &path, Some(id), None, body.into())
            .await?;
        Ok(())
    }

    pub(super) async fn error(
        &self,
        id: &InvocationId,
        error: &Diagnostic,
    ) -> Result<(), BoxError> {
        let path = format!("invocation/{}/error", id.request);
        self.report(&path, Some(id), error).await
    }

    pub(super) async fn init_error(&self, error: &Diagnostic) -> Result<(), StartError> {
        self.report("init/error", None, error)
            .await
            .map_err(StartError::RuntimeApi)
    }

    async fn report(
        &self,
        path: &str,
        id: Option<&InvocationId>,
        error: &Diagnostic,
    ) -> Result<(), BoxError> {
        let body = serde_json::to_vec(error)?.into();
        self.call(Method::POST, path, id, Some(&error.error_type), body)
            .await?;
        Ok(())
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        id: Option<&InvocationId>,
        error_type: Option<&str>,
        body: Bytes,
    ) -> Result<(HeaderMap, Bytes), BoxError> {
        let mut request = build_request()
            .method(method)
            .uri(format!("/2018-06-01/runtime/{path}"))
            .header(http::header::CONTENT_TYPE, "application/json");
        if let Some(error_type) = error_type {
            request = request.header("lambda-runtime-function-error-type", error_type);
        }
        if let Some(delivery) = id.and_then(|id| id.delivery.as_ref()) {
            request = request.header(INVOCATION_ID, delivery);
        }
        let response = self.client.call(request.body(Body::from(body))?).await?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await?.to_bytes();
        if !parts.status.is_success() {
            return Err(format!("`{path}` was answered with status {}", parts.status).into());
        }
        Ok((parts.headers, body))
    }
}
