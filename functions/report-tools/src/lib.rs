//! The target `ReportTools`: reports as Markdown, and Markdown as a mail sent through Amazon SES.
//!
//! Settings, all from the environment:
//! - `SES_SENDER_EMAIL`: the verified address that mails come from;
//! - `ALLOWED_RECIPIENTS`: who may be written to, see [`recipients::Recipients`]; if unset or
//!   blank, the sender alone;
//! - `AWS_ENDPOINT_URL_SESV2` or `AWS_ENDPOINT_URL`: another SES v2 endpoint;
//! - `AWS_REGION` and the credentials, which Lambda sets.

pub mod address;
pub mod format_report;
pub mod mail;
pub mod mailer;
pub mod markdown_to_email;
pub mod recipients;
pub mod subject;

use target::Router;
use tools::ReportTools;

use crate::{format_report::format_report, mailer::Mailer, markdown_to_email::markdown_to_email};

/// The target's tools and their handlers.
#[must_use]
pub fn router() -> Router<ReportTools, Mailer> {
    Router::new(ReportTools)
        .on(markdown_to_email)
        .on(format_report)
}

#[cfg(test)]
mod tests {
    #[test]
    fn each_declared_tool_has_one_handler() {
        super::router().check().unwrap();
    }
}
