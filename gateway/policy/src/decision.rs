//! What policies say of a call.

use cedar_policy::{Decision as Cedar, Response};

/// What a set of policies says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the call is permitted.
    pub allowed: bool,
    /// The policies that decided, sorted: the permits that apply if allowed, else the forbids. None
    /// if denied by default.
    pub reasons: Vec<String>,
    /// Policies that failed and so had no say, sorted, each with what went wrong.
    pub errors: Vec<String>,
    /// Why the call could not be put to the policies at all; then it is denied. Names arguments,
    /// never shows their values.
    pub unjudged: Option<String>,
}

impl Verdict {
    pub(crate) fn unjudged(why: impl Into<String>) -> Self {
        Self {
            unjudged: Some(why.into()),
            ..Self::default()
        }
    }

    /// The denial as the service words it; nothing if allowed.
    pub fn denial_text(&self) -> Option<String> {
        if self.allowed {
            return None;
        }
        let reason = match (&self.unjudged, self.reasons.as_slice()) {
            (Some(why), _) => format!("Policy evaluation failed: {why}"),
            (None, []) => "No policy applies to the request (denied by default).".to_owned(),
            (None, forbids) => format!("Policy evaluation denied due to {}", forbids.join(", ")),
        };
        Some(format!(
            "Tool Execution Denied: Tool call not allowed due to policy enforcement [{reason}]"
        ))
    }
}

/// What becomes of a call, and what would have become of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whether the call goes on. Always, where the engine only logs.
    pub allowed: bool,
    /// What the active policies say, and what happens where the engine enforces.
    pub verdict: Verdict,
    /// What they would say if the policies that only log were active as well; given only if that
    /// differs from `verdict`.
    pub trial: Option<Verdict>,
}

impl Decision {
    /// The denial as the service words it; nothing if the call goes on.
    pub fn denial_text(&self) -> Option<String> {
        if self.allowed {
            None
        } else {
            self.verdict.denial_text()
        }
    }

    /// Whether enforcing would have stopped a call that only logging lets through.
    pub fn would_deny(&self) -> bool {
        self.allowed && !self.verdict.allowed
    }
}

/// Adds up what several disjoint sets of policies say of one request: any forbid denies, else any
/// permit allows, so the sum is what they would say as one set.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    permits: Vec<String>,
    forbids: Vec<String>,
    errors: Vec<String>,
}

impl Tally {
    pub(crate) fn add(&mut self, response: &Response) {
        let reasons = response.diagnostics().reason().map(ToString::to_string);
        match response.decision() {
            Cedar::Allow => self.permits.extend(reasons),
            Cedar::Deny => self.forbids.extend(reasons),
        }
        self.errors
            .extend(response.diagnostics().errors().map(ToString::to_string));
    }

    pub(crate) fn verdict(mut self) -> Verdict {
        self.errors.sort();
        let allowed = self.forbids.is_empty() && !self.permits.is_empty();
        let mut reasons = if allowed { self.permits } else { self.forbids };
        reasons.sort();
        Verdict {
            allowed,
            reasons,
            errors: self.errors,
            unjudged: None,
        }
    }
}
