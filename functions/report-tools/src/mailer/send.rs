//! Sending one mail once.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message};
use target::ToolError;
use tokio::time::{Instant, sleep, timeout_at};

use super::{Mailer, outcome::Failure};
use crate::{address::Address, mail::Mail};

/// How often a mail that SES surely refused is tried: about three seconds in all, since the rate
/// limit of SES is per second.
const TRIES: u32 = 6;
/// The first pause between tries; each is twice the one before.
const PAUSE: Duration = Duration::from_millis(100);
/// How long before the deadline the answer is given, so that it is this one, which says what is
/// known about the mail, and not the runtime's.
const MARGIN: Duration = Duration::from_millis(200);

impl Mailer {
    /// Sends the mail and gives the id that SES gave it.
    ///
    /// SES has no idempotency key, so only what it surely refused is tried again: throttling, and
    /// a connection that never opened.
    ///
    /// # Errors
    /// - `unknown_outcome`, when the mail may have been sent: no answer before the deadline, a
    ///   connection lost, an unreadable answer, a server error;
    /// - `throttled` and `mail_service_unreachable`, which may be tried again later;
    /// - `quota_exceeded`, `sender_not_verified`, `sending_paused`, `access_denied` and
    ///   `mail_rejected`, which may not.
    pub async fn send(
        &self,
        to: &Address,
        mail: &Mail,
        deadline: Instant,
    ) -> Result<String, ToolError> {
        let left = deadline.saturating_duration_since(Instant::now());
        let until = deadline - MARGIN.min(left / 4);
        let message = message(mail)?;
        self.connection.rouse(left / 4).await;

        let mut tries = 1;
        loop {
            let failure = match timeout_at(until, self.attempt(to, message.clone())).await {
                Ok(Ok(message_id)) => return Ok(message_id),
                Ok(Err(failure)) => failure,
                Err(_) => Failure::timed_out(),
            };
            let pause = pause(tries);
            if !failure.may_repeat() || tries == TRIES || Instant::now() + pause >= until {
                return Err(failure.into());
            }
            tracing::info!(tries, reason = %failure, "the mail was not sent; trying again");
            sleep(pause).await;
            tries += 1;
        }
    }

    async fn attempt(&self, to: &Address, message: EmailContent) -> Result<String, Failure> {
        let sent = self
            .client
            .send_email()
            .from_email_address(self.sender.to_string())
            .destination(Destination::builder().to_addresses(to.to_string()).build())
            .content(message)
            .send()
            .await
            .map_err(|error| Failure::of(&error))?;
        self.connection.touch();
        sent.message_id.ok_or_else(Failure::no_message_id)
    }
}

fn message(mail: &Mail) -> Result<EmailContent, ToolError> {
    let text = |data: &str| {
        let content = Content::builder().data(data).charset("UTF-8").build();
        content.map_err(|error| ToolError::fault("a mail's part has no data").caused_by(error))
    };
    let body = Body::builder()
        .html(text(&mail.html)?)
        .text(text(&mail.text)?)
        .build();
    let message = Message::builder()
        .subject(text(&mail.subject)?)
        .body(body)
        .build();
    Ok(EmailContent::builder().simple(message).build())
}

/// The pause after so many tries, between half and the whole of it so that functions that were
/// refused together do not come back together.
fn pause(tries: u32) -> Duration {
    let whole = PAUSE * 2_u32.pow(tries - 1);
    let random = RandomState::new().hash_one(tries) % 512;
    whole / 2 + whole * u32::try_from(random).unwrap_or(0) / 1024
}
