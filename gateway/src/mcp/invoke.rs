//! A Lambda Invoke API: the local host's, `cargo lambda watch`'s or `sam local start-lambda`'s.

use std::time::Duration;

use serde_json::Value;

/// Lambda's longest time-out, and a little for the way.
const LONGEST: Duration = Duration::from_secs(15 * 60 + 10);

/// Where functions are invoked.
#[derive(Debug, Clone)]
pub struct LambdaEndpoint {
    url: String,
    http: reqwest::Client,
}

/// Why there is no answer; for `_meta.debug` and the log.
#[derive(Debug, thiserror::Error)]
pub(super) enum InvokeError {
    #[error("no Lambda answers at `{url}`")]
    Unreachable {
        url: String,
        #[source]
        source: reqwest::Error,
    },
    #[error("Lambda refused to invoke `{function}` with status {status}: {reason}")]
    Refused {
        function: String,
        status: u16,
        reason: String,
    },
    #[error("the function failed: {0}")]
    Function(String),
}

impl LambdaEndpoint {
    /// The Invoke API at `url`, such as `http://127.0.0.1:9000`. Calls go there directly,
    /// whatever proxy the environment names.
    ///
    /// # Errors
    /// The HTTP client cannot be made.
    pub fn new(url: &str) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(LONGEST)
            .build()?;
        let url = url.trim_end_matches('/').to_owned();
        Ok(Self { url, http })
    }

    /// The function's return value.
    pub(super) async fn invoke(
        &self,
        function: &str,
        client_context: String,
        event: Vec<u8>,
    ) -> Result<Vec<u8>, InvokeError> {
        let url = format!("{}/2015-03-31/functions/{function}/invocations", self.url);
        let unreachable = |source| InvokeError::Unreachable {
            url: self.url.clone(),
            source,
        };
        let request = self
            .http
            .post(url)
            .header("content-type", "application/json")
            .header("x-amz-client-context", client_context)
            .body(event);
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let failed = response.headers().contains_key("x-amz-function-error");
        let body = response.bytes().await.map_err(unreachable)?;
        if !status.is_success() {
            return Err(InvokeError::Refused {
                function: function.to_owned(),
                status: status.as_u16(),
                reason: message(&body, &["Message", "message"]),
            });
        }
        if failed {
            return Err(InvokeError::Function(message(&body, &["errorMessage"])));
        }
        Ok(body.into())
    }
}

/// The first of `keys` in a JSON error, cut to a line's length.
fn message(body: &[u8], keys: &[&str]) -> String {
    let error: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = keys.iter().find_map(|key| error.get(key)?.as_str());
    text.unwrap_or("no message").chars().take(300).collect()
}
