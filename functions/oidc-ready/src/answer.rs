//! What CloudFormation is told (CloudFormation user guide, "Custom resource response objects").

use serde_json::json;

use crate::request::Ids;

/// The largest body that CloudFormation reads, in bytes.
const BODY: usize = 4096;

/// How it went.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All is there; or there was nothing to do.
    Success(Option<Ready>),
    /// It is not, and why.
    Failed(String),
}

/// The attributes of a resource that is there.
#[derive(Debug, PartialEq, Eq)]
pub struct Ready {
    /// How long it took, in seconds.
    pub elapsed: u64,
    /// What stands for the values of `After`.
    pub digest: String,
}

impl Outcome {
    /// The body to answer with. `log` says where more can be read; it stays when the reason is cut
    /// to the size that CloudFormation reads.
    #[must_use]
    pub fn body(&self, ids: &Ids, log: &str) -> String {
        let mut reason = match self {
            Self::Success(_) => String::new(),
            Self::Failed(reason) => reason.clone(),
        };
        let body = self.with(ids, &reason, log);
        if body.len() <= BODY {
            return body;
        }
        // The mark of the cut is longer than one byte; escapes only make the cut too deep.
        let too_long = body.len() - BODY + '…'.len_utf8();
        let keep = reason.floor_char_boundary(reason.len().saturating_sub(too_long));
        reason.truncate(keep);
        reason.push('…');
        self.with(ids, &reason, log)
    }

    fn with(&self, ids: &Ids, reason: &str, log: &str) -> String {
        let mut body = json!({
            "Status": "SUCCESS",
            "PhysicalResourceId": ids.physical,
            "StackId": ids.stack,
            "RequestId": ids.request,
            "LogicalResourceId": ids.logical,
        });
        if let Some(body) = body.as_object_mut() {
            match self {
                Self::Success(None) => {}
                Self::Success(Some(Ready { elapsed, digest })) => {
                    let data = json!({"ElapsedSeconds": elapsed.to_string(), "Digest": digest});
                    body.insert("Data".to_owned(), data);
                }
                Self::Failed(_) => {
                    body.insert("Status".to_owned(), "FAILED".into());
                    body.insert("Reason".to_owned(), format!("{reason} {log}").into());
                }
            }
        }
        body.to_string()
    }
}

/// Where this invocation's log is, from what Lambda sets in the environment.
#[must_use]
pub fn log_place(var: impl Fn(&str) -> Option<String>) -> String {
    let get = |name| var(name).unwrap_or_else(|| "unknown".to_owned());
    format!(
        "(log group {}, stream {})",
        get("AWS_LAMBDA_LOG_GROUP_NAME"),
        get("AWS_LAMBDA_LOG_STREAM_NAME"),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn body(outcome: &Outcome) -> (usize, Value) {
        let ids = Ids {
            stack: "s".repeat(200),
            request: "r".to_owned(),
            logical: "l".to_owned(),
            physical: "p".repeat(1024),
        };
        let body = outcome.body(&ids, "(log here)");
        (body.len(), serde_json::from_str(&body).unwrap())
    }

    #[test]
    fn a_success_tells_how_long_it_took() {
        let (_, body) = body(&Outcome::Success(Some(Ready {
            elapsed: 42,
            digest: "d".to_owned(),
        })));
        assert_eq!(body["Status"], "SUCCESS");
        assert_eq!(body["Data"]["ElapsedSeconds"], "42");
        assert!(body.get("Reason").is_none());
    }

    #[test]
    fn a_long_reason_is_cut_to_what_is_read_and_keeps_the_log() {
        for word in ["x", "ü", "\"", "\u{1}", "🦀"] {
            for more in 0..5 {
                let reason = "y".repeat(more) + &word.repeat(5000);
                let (length, body) = body(&Outcome::Failed(reason));
                assert!(length <= 4096, "{length}");
                let reason = body["Reason"].as_str().unwrap();
                assert!(reason.ends_with("… (log here)"), "{reason}");
                assert_eq!(body["Status"], "FAILED");
            }
        }
        let (_, body) = body(&Outcome::Failed("why".to_owned()));
        assert_eq!(body["Reason"], "why (log here)");
    }
}
