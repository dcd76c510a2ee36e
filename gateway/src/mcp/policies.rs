//! Cedar before the tools: which are listed, which calls go through, and what the log says of it.

use std::collections::HashSet;

use chrono::Utc;
use policy::{Decision, Engine, Principal, Verdict};
use rmcp::model::{ErrorCode, ErrorData, Extensions};
use serde_json::Value;

use crate::lambda::LogSink;

/// The code of a denial, as seen on live gateways.
const DENIED: ErrorCode = ErrorCode(-32002);

/// A gateway's policies, if it has an engine, and where decisions are told.
pub struct Policies {
    /// The engine; without one every tool is for everyone.
    pub engine: Option<Engine>,
    /// Takes a line for each decision.
    pub log: LogSink,
}

impl Policies {
    /// The tools that `who` may use with some arguments, or `None` for all.
    pub(super) fn visible(&self, who: &Principal) -> Option<HashSet<String>> {
        let engine = self.engine.as_ref()?;
        Some(engine.visible(who).map(str::to_owned).collect())
    }

    /// Whether the call may go on. A denial is a protocol error, as the live service words it.
    pub(super) fn check(
        &self,
        who: &Principal,
        tool: &str,
        arguments: &Value,
    ) -> Result<(), ErrorData> {
        let Some(engine) = &self.engine else {
            return Ok(());
        };
        let decision = engine.decide(who, tool, arguments, Utc::now());
        (self.log)(&line(who, tool, &decision));
        match decision.denial_text() {
            Some(text) => Err(ErrorData::new(DENIED, text, None)),
            None => Ok(()),
        }
    }
}

/// `policy | deny OAuthUser "ManagerClient" ReportTools___x by MailStaysInTheTeam (only logged)`.
fn line(who: &Principal, tool: &str, decision: &Decision) -> String {
    let said = |verdict: &Verdict| {
        let word = if verdict.allowed { "allow" } else { "deny" };
        match (&verdict.unjudged, verdict.reasons.is_empty()) {
            (Some(why), _) => format!("{word} ({why})"),
            (None, true) => format!("{word} by default"),
            (None, false) => format!("{word} by {}", verdict.reasons.join(", ")),
        }
    };
    let who = match who {
        Principal::OAuthUser { sub, .. } => format!("OAuthUser {sub:?}"),
        Principal::IamEntity { arn } => format!("IamEntity {arn:?}"),
        Principal::Unauthenticated => "UnauthenticatedUser".to_owned(),
    };
    let mut line = format!("policy | {who} {tool}: {}", said(&decision.verdict));
    if decision.would_deny() {
        line.push_str(", only logged");
    }
    if let Some(trial) = &decision.trial {
        line.push_str(&format!(
            "; with the policies that only log: {}",
            said(trial)
        ));
    }
    line
}

/// Whom the authoriser let in.
pub(super) fn principal(extensions: &Extensions) -> Principal {
    let parts = extensions.get::<http::request::Parts>();
    let principal = parts.and_then(|parts| parts.extensions.get::<Principal>());
    principal.cloned().unwrap_or(Principal::Unauthenticated)
}
