//! Waits until all that is awaited is there, for so long at most.

use std::{fmt, time::Duration};

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use tokio::time::{Instant, sleep_until};

use crate::{
    discovery,
    http::{Http, Reply},
    settings::Timing,
    targets::{self, Target},
    token_endpoint,
    url::Url,
};

/// One thing that AWS makes slowly.
#[derive(Debug, Clone)]
pub enum Awaited {
    /// An issuer's discovery document.
    Discovery(Url),
    /// A token endpoint.
    TokenEndpoint(Url),
    /// A Gateway's target.
    Target(Target),
}

/// What one look showed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// It is there.
    Ready,
    /// It is not, and may still come; what was there instead.
    NotYet(String),
    /// It will not come; why.
    Never(String),
}

/// The wait was in vain.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Vain {
    /// Something is there that will not change by waiting.
    #[error("{awaited}: {why} (after {elapsed} s). {}", .awaited.remedy())]
    Never {
        /// What was awaited.
        awaited: Box<Awaited>,
        /// What is wrong with it.
        why: String,
        /// How long it was waited for, in seconds.
        elapsed: u64,
    },
    /// Something did not come in time.
    #[error("waited {elapsed} s in vain for {}", list(.missing))]
    TimeUp {
        /// What did not come, and what came instead at the last look.
        missing: Vec<(Awaited, String)>,
        /// How long it was waited for, in seconds.
        elapsed: u64,
    },
}

fn list(missing: &[(Awaited, String)]) -> String {
    let one = |(awaited, last): &(Awaited, String)| {
        format!("{awaited}: at last {last}. {}", awaited.remedy())
    };
    let all: Vec<_> = missing.iter().map(one).collect();
    all.join(" Also for ")
}

/// Looks at everything in turn, again and again, until all is there; then once more lets it
/// settle. Ends at `until`, whatever happens.
///
/// # Errors
/// When something will never be there, or is not by then.
pub async fn wait(
    awaited: Vec<Awaited>,
    settle: Duration,
    until: Instant,
    timing: &Timing,
    http: &Http,
) -> Result<(), Vain> {
    let start = Instant::now();
    let elapsed = || start.elapsed().as_secs();
    let never_looked = || "not looked at: no time was left".to_owned();
    let mut missing: Vec<_> = awaited.into_iter().map(|a| (a, never_looked())).collect();
    let mut attempt = 0_u32;
    while !missing.is_empty() {
        attempt += 1;
        let mut still = Vec::new();
        for (awaited, last) in missing {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                still.push((awaited, last));
                continue;
            }
            let found = awaited.look(http, left.min(timing.attempt)).await;
            let remaining = until.saturating_duration_since(Instant::now());
            let (elapsed_s, remaining_s) = (elapsed(), remaining.as_secs());
            match found {
                Found::Ready => {
                    tracing::info!(%awaited, attempt, elapsed_s, remaining_s, "ready");
                }
                Found::NotYet(last) => {
                    tracing::info!(%awaited, attempt, elapsed_s, remaining_s, last, "not yet");
                    still.push((awaited, last));
                }
                Found::Never(why) => {
                    tracing::warn!(%awaited, attempt, elapsed_s, remaining_s, why, "never");
                    let (awaited, elapsed) = (Box::new(awaited), elapsed_s);
                    return Err(Vain::Never {
                        awaited,
                        why,
                        elapsed,
                    });
                }
            }
        }
        missing = still;
        if !missing.is_empty() && !pause(until, timing).await {
            let elapsed = elapsed();
            return Err(Vain::TimeUp { missing, elapsed });
        }
    }
    let end = Instant::now() + settle;
    if end > until {
        // What is awaited is there. To settle is a precaution, and not worth a failed stack.
        tracing::warn!(elapsed_s = elapsed(), "less time to settle than asked for");
    } else if !settle.is_zero() {
        let settle_s = settle.as_secs();
        tracing::info!(elapsed_s = elapsed(), settle_s, "all ready, settling");
    }
    sleep_until(end.min(until)).await;
    Ok(())
}

/// Waits for the next round, less near the end so that there is a last one. False if there is not.
async fn pause(until: Instant, timing: &Timing) -> bool {
    let now = Instant::now();
    let last_round = until
        .checked_sub(timing.attempt.min(timing.interval))
        .unwrap_or(now);
    let next = last_round.min(now + timing.interval);
    if next <= now {
        return false;
    }
    sleep_until(next).await;
    true
}

impl Awaited {
    async fn look(&self, http: &Http, limit: Duration) -> Found {
        // Everything that goes into a request was checked when it was read.
        let Some(request) = self.request() else {
            return Found::Never("no request for it can be made".to_owned());
        };
        match http.send(request, limit).await {
            Ok(reply) => self.judge(&reply),
            Err(error) => Found::NotYet(error.to_string()),
        }
    }

    fn request(&self) -> Option<HttpRequest> {
        match self {
            Self::Discovery(url) => discovery::request(url),
            Self::TokenEndpoint(url) => token_endpoint::request(url),
            Self::Target(target) => targets::request(target),
        }
    }

    fn judge(&self, reply: &Reply) -> Found {
        match self {
            Self::Discovery(url) => discovery::judge(url, reply),
            Self::TokenEndpoint(_) => token_endpoint::judge(reply),
            Self::Target(_) => targets::judge(reply),
        }
    }

    /// What a person can do about it.
    fn remedy(&self) -> &'static str {
        match self {
            Self::Discovery(_) => {
                "Check that `DiscoveryUrl` is the issuer's own address, then deploy again."
            }
            Self::TokenEndpoint(_) => {
                "Check that the domain in `TokenEndpoint` exists; the DNS entry of a new one can \
                 take minutes. Then deploy again."
            }
            Self::Target(_) => {
                "See `aws bedrock-agentcore-control get-gateway-target`, correct the target or \
                 this function's role, then deploy again."
            }
        }
    }
}

impl fmt::Display for Awaited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Discovery(url) => write!(f, "the discovery document `{url}`"),
            Self::TokenEndpoint(url) => write!(f, "the token endpoint `{url}`"),
            Self::Target(t) => write!(f, "target `{}` of gateway `{}`", t.id, t.gateway),
        }
    }
}
