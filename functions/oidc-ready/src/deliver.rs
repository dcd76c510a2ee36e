//! Gets an answer to CloudFormation.

use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use lambda_runtime::Diagnostic;
use tokio::time::{Instant, sleep};

use crate::{http::Http, request::ResponseUrl, settings::Timing};

/// The first pause between tries; each is twice the one before.
const PAUSE: Duration = Duration::from_millis(250);
/// The longest pause.
const LONGEST: Duration = Duration::from_secs(10);

/// CloudFormation has no answer. Lambda invokes the function again for this event, twice at most
/// (Lambda developer guide, "Error handling for asynchronous invocation").
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unanswered {
    /// There is nowhere to send it.
    #[error(
        "the event has no usable `ResponseURL`, so nobody can be answered: only CloudFormation \
         invokes this function"
    )]
    NoUrl,
    /// It could not be sent.
    #[error("the answer did not reach CloudFormation in {tries} tries: at last {last}")]
    NotDelivered {
        /// How often it was tried.
        tries: u32,
        /// What came the last time.
        last: String,
    },
}

/// What Lambda notes as the invocation's error.
impl From<Unanswered> for Diagnostic {
    fn from(error: Unanswered) -> Self {
        let kind = match error {
            Unanswered::NoUrl => "NoResponseUrl",
            Unanswered::NotDelivered { .. } => "AnswerNotDelivered",
        };
        Self {
            error_type: kind.to_owned(),
            error_message: error.to_string(),
        }
    }
}

/// Puts the body to the pre-signed address, again and again until `until`.
///
/// Everything but a success is tried again, a refusal too: there is nothing better to do with the
/// time, and without an answer the stack hangs for an hour.
///
/// # Errors
/// When it was not taken by then.
pub async fn deliver(
    url: &ResponseUrl,
    body: &str,
    until: Instant,
    timing: &Timing,
    http: &Http,
) -> Result<(), Unanswered> {
    let mut tries = 0;
    let mut pause = PAUSE;
    loop {
        tries += 1;
        let left = until.saturating_duration_since(Instant::now());
        let last = match request(url, body) {
            Some(request) => match http.send(request, left.min(timing.attempt)).await {
                Ok(reply) if (200..300).contains(&reply.status) => {
                    tracing::info!(tries, "CloudFormation has its answer");
                    return Ok(());
                }
                Ok(reply) => format!("HTTP {}", reply.status),
                Err(error) => error.to_string(),
            },
            None => return Err(Unanswered::NoUrl),
        };
        tracing::warn!(tries, last, "the answer was not taken");
        if Instant::now() + pause >= until {
            return Err(Unanswered::NotDelivered { tries, last });
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST);
    }
}

/// No `Content-Type`: the signature is made without one.
fn request(url: &ResponseUrl, body: &str) -> Option<HttpRequest> {
    let mut request = HttpRequest::new(body.into());
    request.set_method("PUT").ok()?;
    request.set_uri(url.as_str()).ok()?;
    Some(request)
}
