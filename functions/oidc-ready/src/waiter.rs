//! One event, from its arrival to CloudFormation's answer.

use std::{
    env,
    sync::Arc,
    time::{Duration, SystemTime},
};

use serde_json::Value;
use tokio::time::{Instant, timeout_at};
use tracing::Instrument;

use crate::{
    answer::{Outcome, Ready, log_place},
    deliver::{Unanswered, deliver},
    http::Http,
    properties::Properties,
    request::{Ask, Ids, ResponseUrl},
    settings::{ControlPlane, InvalidSettings, Timing},
    targets::Target,
    wait::{Awaited, wait},
};

/// The longest that Lambda lets a function run.
const LONGEST: Duration = Duration::from_secs(900);
/// Kept for Lambda to take note of a failed answer.
const MARGIN: Duration = Duration::from_millis(500);

/// Everything that an event needs; made once, when the function starts.
///
/// A setting that is wrong does not stop the function, which would then answer nobody: it fails
/// each wait with the reason.
#[derive(Debug, Clone)]
pub struct Waiter {
    http: Http,
    timing: Result<Timing, InvalidSettings>,
    control_plane: Result<Arc<ControlPlane>, InvalidSettings>,
    log: String,
}

impl Waiter {
    /// Reads the settings and makes the HTTP client.
    #[must_use]
    pub fn from_env() -> Self {
        let var = |name: &str| env::var(name).ok();
        Self {
            http: Http::new(),
            timing: Timing::read(var),
            control_plane: ControlPlane::read(var),
            log: log_place(var),
        }
    }

    /// Does what the event asks and answers CloudFormation before `deadline`, in milliseconds of
    /// the Unix epoch.
    ///
    /// # Errors
    /// When CloudFormation could not be answered.
    pub async fn handle(&self, event: &Value, deadline: u64) -> Result<(), Unanswered> {
        let timing = self.timing.as_ref().copied().unwrap_or_default();
        let left = time_left(deadline);
        let end = Instant::now() + left - MARGIN.min(left / 10);
        let Some(url) = ResponseUrl::read(event) else {
            let error = Unanswered::NoUrl;
            tracing::error!(%error, "not answered");
            return Err(error);
        };
        let ids = Ids::read(event);

        let until = Instant::now() + timing.wait.min(left - timing.reserve.min(left / 2));
        let (waiter, event) = (self.clone(), event.clone());
        let work = async move { waiter.outcome(&event, until).await };
        // The wait ends by itself; should it not, half of the reserve is left to say so.
        let outcome = guarded(work, until + timing.reserve.min(left / 2) / 2).await;
        match &outcome {
            Outcome::Success(ready) => {
                let elapsed_s = ready.as_ref().map(|ready| ready.elapsed);
                tracing::info!(elapsed_s, "success");
            }
            Outcome::Failed(reason) => tracing::error!(reason, "failed"),
        }

        let body = outcome.body(&ids, &self.log);
        let answered = deliver(&url, &body, end, &timing, &self.http).await;
        answered.inspect_err(|error| tracing::error!(%error, "not answered"))
    }

    async fn outcome(&self, event: &Value, until: Instant) -> Outcome {
        let properties = match Ask::read(event) {
            Ok(Ask::Delete) => return Outcome::Success(None),
            Ok(Ask::Wait(properties)) => properties,
            Err(error) => return Outcome::Failed(error.to_string()),
        };
        let (timing, settle) = (self.timing.clone(), properties.settle);
        let digest = properties.digest.clone();
        let (timing, awaited) = match (timing, self.awaited(properties)) {
            (Ok(timing), Ok(awaited)) => (timing, awaited),
            (Err(error), _) | (_, Err(error)) => return Outcome::Failed(error.to_string()),
        };
        let start = Instant::now();
        match wait(awaited, settle, until, &timing, &self.http).await {
            Ok(()) => Outcome::Success(Some(Ready {
                elapsed: start.elapsed().as_secs(),
                digest,
            })),
            Err(vain) => Outcome::Failed(vain.to_string()),
        }
    }

    fn awaited(&self, properties: Properties) -> Result<Vec<Awaited>, InvalidSettings> {
        let Properties {
            discovery,
            token_endpoint,
            targets,
            ..
        } = properties;
        let mut all = Vec::new();
        all.extend(discovery.map(Awaited::Discovery));
        all.extend(token_endpoint.map(Awaited::TokenEndpoint));
        for (gateway, id) in targets {
            let control_plane = self.control_plane.clone()?;
            all.push(Awaited::Target(Target {
                gateway,
                id,
                control_plane,
            }));
        }
        Ok(all)
    }
}

/// A deadline that had passed before the event came is none: `cargo lambda watch` says ten minutes
/// after 1970.
fn time_left(deadline: u64) -> Duration {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let left = Duration::from_millis(deadline).checked_sub(now.unwrap_or_default());
    left.unwrap_or(LONGEST).min(LONGEST)
}

/// An outcome whatever the work does: a panic or a work without end must be answered, too.
async fn guarded(work: impl Future<Output = Outcome> + Send + 'static, until: Instant) -> Outcome {
    let task = tokio::spawn(work.in_current_span());
    let stop = task.abort_handle();
    let failed = |why: &str| Outcome::Failed(format!("{why}: a fault of oidc-ready, see its log"));
    match timeout_at(until, task).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => failed("the wait broke off"),
        Err(_) => {
            stop.abort();
            failed("the wait did not end in time")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn soon() -> Instant {
        Instant::now() + Duration::from_millis(100)
    }

    #[tokio::test]
    async fn a_panic_and_a_work_without_end_are_failures() {
        let panics = async { panic!("quotes the event") };
        let Outcome::Failed(why) = guarded(panics, soon()).await else {
            panic!("success")
        };
        assert!(why.starts_with("the wait broke off") && !why.contains("quotes"));
        let Outcome::Failed(why) = guarded(std::future::pending(), soon()).await else {
            panic!("success")
        };
        assert!(why.starts_with("the wait did not end in time"));
    }

    #[test]
    fn a_deadline_is_no_longer_than_lambda_s_and_none_if_it_has_passed() {
        assert_eq!(time_left(600_000), LONGEST);
        assert_eq!(time_left(u64::MAX), LONGEST);
    }
}
