//! What became of a mail: sent, surely refused, or unknown.

use std::{error::Error, fmt};

use aws_sdk_sesv2::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
    operation::{RequestId, send_email::SendEmailError},
};
use target::ToolError;

use crate::address::shown;

/// Why SES gave no message id, and what the log may say of it: codes and ids, never SES's own
/// words, which quote addresses and ARNs.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) kind: Kind,
    log: String,
}

/// What a failure means for the mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// SES may or may not have sent it.
    Unknown,
    /// No connection was opened: it was not sent.
    NeverOpened,
    /// The request was never built: it was not sent.
    Fault,
    /// SES refused it for now.
    Throttled,
    /// The account's quota is used up.
    Quota,
    /// The sender (in the sandbox, also the recipient) is not verified.
    NotVerified,
    /// The account may not send.
    Paused,
    /// The function's role may not send.
    Denied,
    /// SES refused the mail itself.
    Rejected,
}

impl Failure {
    /// The deadline came before an answer.
    pub(super) fn timed_out() -> Self {
        Self {
            kind: Kind::Unknown,
            log: "no answer from SES before the deadline".to_owned(),
        }
    }

    /// SES answered without a message id.
    pub(super) fn no_message_id() -> Self {
        Self {
            kind: Kind::Unknown,
            log: "SES answered without a message id".to_owned(),
        }
    }

    /// Tells what surely was not sent from all the rest.
    pub(super) fn of(error: &SdkError<SendEmailError, HttpResponse>) -> Self {
        let status = error
            .raw_response()
            .map(|response| response.status().as_u16());
        let kind = match (error, status) {
            (SdkError::ConstructionFailure(_), _) => Kind::Fault,
            (SdkError::DispatchFailure(_), _) if never_opened(error) => Kind::NeverOpened,
            // Whether the status is to be believed is open when the rest cannot be read.
            (SdkError::ResponseError(_), _) => Kind::Unknown,
            // 408 says that the request did not arrive in time, not that it did not arrive.
            (_, Some(status @ 400..=499)) if status != 408 => refusal(status, error),
            _ => Kind::Unknown,
        };
        let log = match status {
            Some(status) => format!(
                "SES answered {status} {} (request id {})",
                shown(error.code().unwrap_or("without a code")),
                shown(error.request_id().unwrap_or("unknown")),
            ),
            None => causes(error),
        };
        Self { kind, log }
    }

    /// Whether the mail surely was not sent and may be soon.
    pub(super) fn may_repeat(&self) -> bool {
        matches!(self.kind, Kind::Throttled | Kind::NeverOpened)
    }
}

/// What SES refused the mail for.
fn refusal(status: u16, error: &SdkError<SendEmailError, HttpResponse>) -> Kind {
    let says = |text: &str| {
        error
            .message()
            .is_some_and(|message| message.contains(text))
    };
    // Names: SES API v2 reference, `SendEmail` and "Common errors".
    match error.code().unwrap_or_default() {
        "LimitExceededException" => Kind::Quota,
        "MailFromDomainNotVerifiedException" => Kind::NotVerified,
        "MessageRejected" if says("not verified") => Kind::NotVerified,
        "AccountSuspendedException" | "SendingPausedException" => Kind::Paused,
        code if status == 429 || code.contains("TooManyRequests") || code.contains("Throttl") => {
            // The rate per second recovers in a second, the quota per day does not.
            if says("quota") {
                Kind::Quota
            } else {
                Kind::Throttled
            }
        }
        code if matches!(status, 401 | 403) || code.contains("AccessDenied") => Kind::Denied,
        _ => Kind::Rejected,
    }
}

/// Whether no connection was opened: DNS, TCP or TLS failed, or took too long. The type in the
/// chain is the HTTP client's own; should it change, the answer is `false`, the careful one.
fn never_opened(error: &(dyn Error + 'static)) -> bool {
    chain(error)
        .filter_map(|error| error.downcast_ref::<hyper_util::client::legacy::Error>())
        .any(hyper_util::client::legacy::Error::is_connect)
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

fn causes(error: &(dyn Error + 'static)) -> String {
    chain(error)
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.log)
    }
}

impl Error for Failure {}

impl From<Failure> for ToolError {
    fn from(failure: Failure) -> Self {
        let answer = match failure.kind {
            Kind::Unknown => Self::new(
                "unknown_outcome",
                "the mail service did not say whether the mail was sent: it may or may not arrive; \
                 do not send it again before the recipient has been asked",
            ),
            Kind::NeverOpened => Self::new(
                "mail_service_unreachable",
                "the mail was not sent: no connection to the mail service could be opened; \
                 try again in a minute",
            )
            .retryable(),
            Kind::Throttled => Self::new(
                "throttled",
                "the mail was not sent: the mail service accepts no more mails at this moment; \
                 try again in a minute",
            )
            .retryable(),
            Kind::Quota => Self::new(
                "quota_exceeded",
                "the mail was not sent: the account's quota of mails is used up; \
                 try again tomorrow or ask the operator",
            ),
            Kind::NotVerified => Self::new(
                "sender_not_verified",
                "the mail was not sent: the sender, or the recipient while the account is in the \
                 SES sandbox, is not verified in Amazon SES; ask the operator to verify it",
            ),
            Kind::Paused => Self::new(
                "sending_paused",
                "the mail was not sent: the account may not send mails at present; ask the operator",
            ),
            Kind::Denied => Self::new(
                "access_denied",
                "the mail was not sent: this function may not send mails to that recipient; \
                 ask the operator to check its role",
            ),
            Kind::Rejected => Self::new(
                "mail_rejected",
                "the mail was not sent: the mail service rejected its content or an address; \
                 change it before trying again",
            ),
            Kind::Fault => Self::fault("the request to SES could not be built"),
        };
        answer.caused_by(failure)
    }
}
