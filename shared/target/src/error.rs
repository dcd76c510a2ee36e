//! What can go wrong, and who gets to read it.
//!
//! Each error has two faces: a message for the caller (what is wrong, what would be right) and,
//! in its source, the causes for the log. Tokens, secrets and mail bodies belong in neither.

use std::{error::Error, fmt};

use lambda_runtime::Diagnostic;
use serde::Serialize;

type BoxError = Box<dyn Error + Send + Sync>;

/// A tool call that failed.
///
/// Most failures are something that the model can act on: they are answered as JSON,
/// `{"error": {"code", "message", "retryable"}}`, since the Gateway hands a function's return
/// value to the model and hides a function error behind `An internal error occurred`. A
/// [`fault`](ToolError::fault) is ours, and becomes such a function error.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct ToolError {
    kind: Kind,
    message: String,
    source: Option<BoxError>,
}

#[derive(Debug)]
enum Kind {
    Answer { code: &'static str, retryable: bool },
    Fault,
}

impl ToolError {
    /// A failure that the model can read: `code` is stable and in snake case, `message` says
    /// what is wrong and what would be right.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        let kind = Kind::Answer {
            code,
            retryable: false,
        };
        Self {
            kind,
            message: message.into(),
            source: None,
        }
    }

    /// A fault of ours: the caller gets a function error without detail, `message` goes to the log.
    pub fn fault(message: impl Into<String>) -> Self {
        Self {
            kind: Kind::Fault,
            message: message.into(),
            source: None,
        }
    }

    /// Says that the same call may succeed later.
    #[must_use]
    pub fn retryable(mut self) -> Self {
        if let Kind::Answer { retryable, .. } = &mut self.kind {
            *retryable = true;
        }
        self
    }

    /// Adds the cause; it goes to the log only.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The stable code that the caller reads; `fault` for a fault of ours.
    pub fn code(&self) -> &'static str {
        match self.kind {
            Kind::Answer { code, .. } => code,
            Kind::Fault => "fault",
        }
    }

    /// Whether the same call may succeed later.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self.kind,
            Kind::Answer {
                retryable: true,
                ..
            }
        )
    }

    /// The JSON that the caller reads, or what the Runtime API is told of a fault.
    pub(crate) fn into_answer(self) -> Result<Vec<u8>, Diagnostic> {
        #[derive(Serialize)]
        struct Body<'a> {
            error: Detail<'a>,
        }
        #[derive(Serialize)]
        struct Detail<'a> {
            code: &'a str,
            message: &'a str,
            retryable: bool,
        }
        match self.kind {
            Kind::Answer { code, retryable } => {
                let message = &self.message;
                let error = Detail {
                    code,
                    message,
                    retryable,
                };
                serde_json::to_vec(&Body { error }).map_err(|_| internal("Function.Error"))
            }
            Kind::Fault => Err(internal("Function.Fault")),
        }
    }
}

/// What the Runtime API is told when the detail is for the log alone.
pub(crate) fn internal(error_type: &str) -> Diagnostic {
    Diagnostic {
        error_type: error_type.to_owned(),
        error_message: "the tool failed; the function's log has the details".to_owned(),
    }
}

/// An error with its causes on one line, for the log.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// A function that cannot start: a setting is missing or wrong. Reported to `/init/error`.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct InitError {
    message: String,
    source: Option<BoxError>,
}

impl InitError {
    /// Names the setting, what is wrong with it and what would be right.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            source: None,
        }
    }

    /// Adds the cause.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }
}

/// Why [`serve`](crate::serve) returned. Its `Debug` reads like its `Display`, since that is
/// what `main` prints.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The function was started by hand, not by Lambda or something that behaves like it.
    #[error(
        "`AWS_LAMBDA_RUNTIME_API` is not set to a host and port: this is a Lambda function; \
         run it with `gateway up` or `cargo lambda watch`"
    )]
    NoRuntimeApi,
    /// Tools that the target declares and no handler serves, or that two handlers serve.
    #[error("{0}")]
    Router(String),
    /// The state could not be made.
    #[error("{}", chain(.0))]
    Init(InitError),
    /// The Runtime API went away.
    #[error("the Lambda Runtime API does not answer: {0}")]
    RuntimeApi(BoxError),
}

impl fmt::Debug for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_code_message_and_retryable() {
        let error = ToolError::new("throttled", "try later").retryable();
        assert_eq!(
            error.into_answer().unwrap(),
            br#"{"error":{"code":"throttled","message":"try later","retryable":true}}"#
        );
    }

    #[test]
    fn a_fault_tells_the_caller_nothing() {
        let error = ToolError::fault("the role lacks ses:SendEmail").caused_by("denied");
        assert!(chain(&error).ends_with("ses:SendEmail: denied"));
        let told = error.into_answer().unwrap_err();
        assert!(!told.error_message.contains("ses"), "{told:?}");
    }
}
