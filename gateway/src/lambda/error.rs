//! What can go wrong: our errors, and the function errors that AWS answers in the same case.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Duration;
use std::{fmt, io};

use axum::body::Bytes;
use serde_json::json;

use super::PAYLOAD_LIMIT;
use crate::loopback::BindError;

/// The host could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No port for the Runtime API.
    #[error("the Lambda Runtime API has no port")]
    Bind(#[from] BindError),
    /// No temporary directory for the functions.
    #[error("cannot make a temporary directory for the functions to run in")]
    Directory(#[source] io::Error),
    /// No thread for the functions' logs.
    #[error("cannot start the thread that writes the functions' logs")]
    Log(#[source] io::Error),
}

/// A function could not be added.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// The name is taken.
    #[error("there are two functions named `{name}`; names are unique in an account and region")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// The binary's path cannot be made absolute.
    #[error("the path of the binary of function `{name}` cannot be used")]
    Binary {
        /// The function's name.
        name: String,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// An invocation never reached a function. What goes wrong in one is a function error, which
/// is an [`Invocation`](super::Invocation).
#[derive(Debug, thiserror::Error)]
pub enum InvokeError {
    /// There is no such function.
    #[error("function not found: `{name}`")]
    UnknownFunction {
        /// What was asked for.
        name: String,
    },
    /// The event is over 6 MB.
    #[error(
        "{size} byte payload is too large for the RequestResponse invocation type (limit {PAYLOAD_LIMIT} bytes)"
    )]
    PayloadTooLarge {
        /// Its size in bytes.
        size: usize,
    },
    /// The host was shut down.
    #[error("the Lambda host is shutting down")]
    ShutDown,
}

/// A function error that the host answers in a function's place.
#[derive(Debug)]
pub(super) enum FunctionError {
    TimedOut(Duration),
    Exited(ExitStatus),
    Unstartable(io::Error),
    ResponseTooLarge,
}

impl FunctionError {
    /// The body that AWS answers, for invocation `request_id`.
    pub(super) fn body(&self, request_id: &str) -> Bytes {
        let (kind, message) = match self {
            Self::TimedOut(after) => ("Sandbox.Timedout", timed_out(request_id, *after)),
            Self::Exited(status) => (
                "Runtime.ExitError",
                format!("RequestId: {request_id} Error: {}", Reason(*status)),
            ),
            Self::Unstartable(error) => (
                "Runtime.InvalidEntrypoint",
                format!("RequestId: {request_id} Error: the binary cannot be started: {error}"),
            ),
            Self::ResponseTooLarge => (
                "Function.ResponseSizeTooLarge",
                format!(
                    "Response payload size exceeded maximum allowed payload size ({PAYLOAD_LIMIT} bytes)."
                ),
            ),
        };
        json!({"errorType": kind, "errorMessage": message})
            .to_string()
            .into()
    }

    /// The same in a line of the log.
    pub(super) fn log_line(&self, request_id: &str) -> String {
        match self {
            Self::TimedOut(after) => timed_out(request_id, *after),
            Self::Exited(status) => format!("RequestId: {request_id} Error: {}", Reason(*status)),
            Self::Unstartable(error) => {
                format!("RequestId: {request_id} the binary cannot be started: {error}")
            }
            Self::ResponseTooLarge => {
                format!("RequestId: {request_id} the response has more than {PAYLOAD_LIMIT} bytes")
            }
        }
    }
}

fn timed_out(request_id: &str, after: Duration) -> String {
    let now = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
    format!(
        "{now} {request_id} Task timed out after {:.2} seconds",
        after.as_secs_f64()
    )
}

/// How a process ended, in the words of AWS.
struct Reason(ExitStatus);

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.code(), self.0.signal()) {
            (Some(0), _) => write!(f, "Runtime exited without providing a reason"),
            (Some(code), _) => write!(f, "Runtime exited with error: exit status {code}"),
            (None, Some(signal)) => {
                write!(f, "Runtime exited with error: signal: ")?;
                match signal {
                    4 => write!(f, "illegal instruction"),
                    6 => write!(f, "aborted"),
                    8 => write!(f, "floating point exception"),
                    9 => write!(f, "killed"),
                    11 => write!(f, "segmentation fault"),
                    15 => write!(f, "terminated"),
                    other => write!(f, "{other}"),
                }
            }
            (None, None) => write!(f, "Runtime exited without providing a reason"),
        }
    }
}
