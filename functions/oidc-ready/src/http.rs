//! One small HTTP client for what is polled and for the answer to CloudFormation.

use std::time::Duration;

use aws_smithy_http_client::{
    Connector,
    tls::{Provider, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, SharedHttpConnector},
    orchestrator::{HttpRequest, HttpResponse},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::text::causes;

/// How much of a body is read, in bytes.
const BODY: usize = 64 * 1024;

/// The connector of the AWS SDK: the same TLS (rustls with ring, the system's certificates) as in
/// the other functions. It follows no redirects and adds no headers but `Host`.
#[derive(Debug, Clone)]
pub struct Http(SharedHttpConnector);

/// What a server answered.
#[derive(Debug)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The body, if it is no longer than 64 KB.
    pub body: Option<Vec<u8>>,
}

/// There was no answer, and why.
#[derive(Debug, thiserror::Error)]
#[error("no answer: {0}")]
pub struct NoReply(String);

impl Http {
    /// Makes the client; nothing is opened yet.
    #[must_use]
    pub fn new() -> Self {
        let connector = Connector::builder()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build();
        Self(SharedHttpConnector::new(connector))
    }

    /// Sends a request and reads the answer, all within `limit`.
    ///
    /// # Errors
    /// When no connection opened, it broke, or time was up. No part of the address is in the text.
    pub async fn send(&self, request: HttpRequest, limit: Duration) -> Result<Reply, NoReply> {
        let exchange = async {
            let response = self.0.call(request).await;
            read(response.map_err(|error| NoReply(causes(&error)))?).await
        };
        tokio::time::timeout(limit, exchange)
            .await
            .unwrap_or_else(|_| Err(NoReply(format!("none within {:.1} s", limit.as_secs_f64()))))
    }
}

impl Default for Http {
    fn default() -> Self {
        Self::new()
    }
}

async fn read(response: HttpResponse) -> Result<Reply, NoReply> {
    let status = response.status().as_u16();
    let body = match Limited::new(response.into_body(), BODY).collect().await {
        Ok(body) => Some(body.to_bytes().to_vec()),
        Err(error) if error.is::<LengthLimitError>() => None,
        Err(error) => return Err(NoReply(causes(error.as_ref()))),
    };
    Ok(Reply { status, body })
}

impl Reply {
    /// The body as JSON, if it is that.
    #[must_use]
    pub fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_slice(self.body.as_deref()?).ok()
    }
}
