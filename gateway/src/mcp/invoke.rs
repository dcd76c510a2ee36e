//! A Lambda Invoke API: the local host's, `cargo lambda watch`'s or `sam local start-lambda`'s.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use base64::prelude::{BASE64_STANDARD, Engine};
use reqwest::{Response, StatusCode, header::HeaderValue};
use serde_json::{Value, json};

/// Lambda's longest time-out, and a little for the way.
const LONGEST: Duration = Duration::from_secs(15 * 60 + 10);

/// What `sam local start-lambda` answers to a GET where only POST is served.
const SAM_LOCAL: &str = "MethodNotAllowedLocally";

/// Where functions are invoked.
#[derive(Debug, Clone)]
pub struct LambdaEndpoint {
    url: String,
    http: reqwest::Client,
    /// At another program's endpoint, the binaries by their functions' logical ids.
    elsewhere: Option<Arc<BTreeMap<String, String>>>,
}

/// One call of a tool.
pub(super) struct Invocation<'a> {
    /// The function's logical id.
    pub(super) function: &'a str,
    /// The tool's name as the function reads it.
    pub(super) tool: &'a str,
    /// As JSON.
    pub(super) client_context: &'a str,
    pub(super) arguments: &'a Value,
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
    #[error(
        "the Lambda endpoint `{url}` knows no function `{tried}`: `cargo lambda watch` serves the \
         binaries of the workspace that it runs in, `sam local start-lambda` the functions of its \
         template by logical id"
    )]
    Unknown { url: String, tried: String },
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
        Ok(Self {
            url,
            http,
            elsewhere: None,
        })
    }

    /// The same, of another program. `cargo lambda watch` knows a function by its binary in
    /// `binaries` (by logical id), all others by its logical id. `sam local start-lambda` hands on
    /// no client context, so there the event names the tool.
    #[must_use]
    pub fn elsewhere(mut self, binaries: BTreeMap<String, String>) -> Self {
        self.elsewhere = Some(Arc::new(binaries));
        self
    }

    /// The function's return value.
    pub(super) async fn invoke(&self, call: Invocation<'_>) -> Result<Vec<u8>, InvokeError> {
        let Some(binaries) = &self.elsewhere else {
            return self.post(call.function, &call, call.arguments).await;
        };
        if self.is_sam_local(call.function).await? {
            let event = json!({"toolName": call.tool, "arguments": call.arguments});
            return self.post_to(&[call.function], &call, &event).await;
        }
        let binary = binaries.get(call.function).map(String::as_str);
        let names: Vec<_> = binary.into_iter().chain([call.function]).collect();
        self.post_to(&names, &call, call.arguments).await
    }

    /// Whether SAM answers here. It is asked at each call, so that the one program can be stopped
    /// and the other started; nothing is invoked by it, and others answer it with another 405.
    async fn is_sam_local(&self, function: &str) -> Result<bool, InvokeError> {
        let asked = self.http.get(self.address(function)).send().await;
        let answer = asked.map_err(|source| self.unreachable(source))?;
        let kind = answer.headers().get("x-amzn-errortype");
        Ok(kind.is_some_and(|kind| kind == SAM_LOCAL))
    }

    /// The answer under the first of `names` that is known here.
    async fn post_to(
        &self,
        names: &[&str],
        call: &Invocation<'_>,
        event: &Value,
    ) -> Result<Vec<u8>, InvokeError> {
        for name in names {
            match self.post(name, call, event).await {
                Err(InvokeError::Refused { status: 404, .. }) => {}
                Ok(answer) => return failure(&answer).map_or(Ok(answer), Err),
                Err(error) => return Err(error),
            }
        }
        Err(InvokeError::Unknown {
            url: self.url.clone(),
            tried: names.join("` or `"),
        })
    }

    async fn post(
        &self,
        name: &str,
        call: &Invocation<'_>,
        event: &Value,
    ) -> Result<Vec<u8>, InvokeError> {
        let mut request = self
            .http
            .post(self.address(name))
            .header("content-type", "application/json")
            .header(
                "x-amz-client-context",
                BASE64_STANDARD.encode(call.client_context),
            )
            .body(event.to_string());
        // `cargo lambda watch` reads the context here, as it stands, and nowhere else.
        if self.elsewhere.is_some()
            && let Ok(context) = HeaderValue::from_bytes(call.client_context.as_bytes())
        {
            request = request.header("lambda-runtime-client-context", context);
        }
        let unreachable = |source| self.unreachable(source);
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let failed = response.headers().contains_key("x-amz-function-error");
        let body = Response::bytes(response).await.map_err(unreachable)?;
        if failed {
            return Err(InvokeError::Function(message(&body, &["errorMessage"])));
        }
        if !status.is_success() {
            return Err(refused(name, status, &body));
        }
        Ok(body.into())
    }

    fn address(&self, name: &str) -> String {
        format!("{}/2015-03-31/functions/{name}/invocations", self.url)
    }

    fn unreachable(&self, source: reqwest::Error) -> InvokeError {
        InvokeError::Unreachable {
            url: self.url.clone(),
            source,
        }
    }
}

fn refused(function: &str, status: StatusCode, body: &[u8]) -> InvokeError {
    InvokeError::Refused {
        function: function.to_owned(),
        status: status.as_u16(),
        reason: message(body, &["Message", "message", "errorMessage"]),
    }
}

/// `cargo lambda watch` marks a function's error by nothing but its shape.
fn failure(answer: &[u8]) -> Option<InvokeError> {
    let error: BTreeMap<String, Value> = serde_json::from_slice(answer).ok()?;
    let of_error = |key: &String| ["errorType", "errorMessage", "stackTrace"].contains(&&**key);
    let is_error = error.contains_key("errorType") && error.keys().all(of_error);
    is_error.then(|| InvokeError::Function(message(answer, &["errorMessage"])))
}

/// The first of `keys` in a JSON error, cut to a line's length.
fn message(body: &[u8], keys: &[&str]) -> String {
    let error: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = keys.iter().find_map(|key| error.get(key)?.as_str());
    text.unwrap_or("no message").chars().take(300).collect()
}
