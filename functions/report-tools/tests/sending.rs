//! Sending through a stub of SES: what is sent, what is tried again, and what never is.

#![expect(
    clippy::unwrap_used,
    reason = "a test that panics is a test that fails"
)]

#[path = "support/ses.rs"]
mod ses;

use std::time::Duration;

use report_tools::{
    mailer::{Mailer, Settings},
    markdown_to_email::markdown_to_email,
};
use ses::{Reply, Ses};
use target::{Call, ToolError};
use tokio::time::Instant;
use tools::{EmailSent, MarkdownToEmail};

const BODY: &str = "# Secret plan\n\nthe-mail-body\n";

fn mailer(endpoint: &str) -> Mailer {
    let settings = Settings::read(|name| {
        let value = match name {
            "SES_SENDER_EMAIL" => "reports@example.com",
            "ALLOWED_RECIPIENTS" => "bücher.example,example.com",
            "AWS_ENDPOINT_URL" => endpoint,
            "AWS_REGION" => "eu-west-1",
            "AWS_ACCESS_KEY_ID" => "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY" => "hush",
            _ => return None,
        };
        Some(value.to_owned())
    });
    Mailer::new(settings.unwrap())
}

async fn send(endpoint: &str, within: Duration) -> Result<EmailSent, ToolError> {
    send_to(endpoint, within, "ana@example.com", None).await
}

async fn send_to(
    endpoint: &str,
    within: Duration,
    recipient: &str,
    subject: Option<&str>,
) -> Result<EmailSent, ToolError> {
    let call = Call::for_test(mailer(endpoint)).with_deadline(Instant::now() + within);
    let input = MarkdownToEmail {
        markdown_content: BODY.to_owned(),
        recipient_email: recipient.to_owned(),
        subject: subject.map(str::to_owned),
    };
    markdown_to_email(call, input).await
}

const LONG: Duration = Duration::from_secs(30);

/// Everything that a log could show of an error.
fn everything(error: &ToolError) -> String {
    let mut text = format!("{error} {error:?}");
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text += &format!(" {error} {error:?}");
        cause = error.source();
    }
    text
}

#[tokio::test]
async fn a_mail_is_sent_with_both_bodies_to_the_normal_address() {
    let ses = Ses::start([Reply::sent()]).await;
    let sent = send_to(&ses.url, LONG, "Ana@BÜCHER.example", None)
        .await
        .unwrap();
    assert_eq!(sent.status, "success");
    assert_eq!(sent.message, "Email sent to ana@xn--bcher-kva.example");
    assert_eq!(sent.message_id, "id-1");
    let mails = ses.mails();
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!(mail["FromEmailAddress"], "reports@example.com");
    assert_eq!(
        mail["Destination"]["ToAddresses"],
        serde_json::json!(["ana@xn--bcher-kva.example"])
    );
    assert!(mail["Destination"].as_object().unwrap().len() == 1);
    let content = &mail["Content"]["Simple"];
    assert_eq!(
        content["Subject"],
        serde_json::json!({"Data": "Secret plan", "Charset": "UTF-8"})
    );
    let html = content["Body"]["Html"]["Data"].as_str().unwrap();
    assert!(
        html.contains("<p style=") && html.contains("the-mail-body"),
        "{html}"
    );
    assert_eq!(
        content["Body"]["Text"]["Data"],
        "Secret plan\n===========\n\nthe-mail-body\n"
    );
    assert_eq!(content["Body"]["Text"]["Charset"], "UTF-8");
}

#[tokio::test]
async fn what_is_refused_here_never_reaches_ses() {
    let ses = Ses::start([]).await;
    for (recipient, subject, code) in [
        ("eve@evil.org", None, "recipient_not_allowed"),
        ("ana@example.com,eve@evil.org", None, "invalid_recipient"),
        (
            "ana@example.com",
            Some("a\r\nBcc: eve@evil.org"),
            "invalid_subject",
        ),
    ] {
        let error = send_to(&ses.url, LONG, recipient, subject)
            .await
            .unwrap_err();
        assert_eq!(error.code(), code);
    }
    assert!(ses.mails().is_empty());
}

#[tokio::test]
async fn throttling_is_tried_again() {
    let ses = Ses::start([
        Reply::error(
            429,
            "TooManyRequestsException",
            "Maximum sending rate exceeded.",
        ),
        Reply::error(400, "ThrottlingException", "Rate exceeded"),
        Reply::sent(),
    ])
    .await;
    assert_eq!(send(&ses.url, LONG).await.unwrap().message_id, "id-3");
    assert_eq!(ses.mails().len(), 3);
}

#[tokio::test]
async fn throttling_that_lasts_is_retryable() {
    let ses = Ses::start(vec![
        Reply::error(
            429,
            "TooManyRequestsException",
            "Rate exceeded"
        );
        20
    ])
    .await;
    let error = send(&ses.url, LONG).await.unwrap_err();
    assert_eq!(error.code(), "throttled");
    assert!(error.is_retryable());
    assert_eq!(ses.mails().len(), 6);
}

#[tokio::test]
async fn throttling_is_not_tried_past_the_deadline() {
    let ses = Ses::start(vec![
        Reply::error(
            429,
            "TooManyRequestsException",
            "Rate exceeded"
        );
        20
    ])
    .await;
    let error = send(&ses.url, Duration::from_millis(400))
        .await
        .unwrap_err();
    assert_eq!(error.code(), "throttled");
    assert!((1..=3).contains(&ses.mails().len()));
}

#[tokio::test]
async fn a_connection_that_never_opened_is_tried_again() {
    let (url, listener) = ses::reserve().await;
    let later = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(300)).await;
        Ses::listen(listener, [Reply::sent()]).await
    });
    let sent = send(&url, LONG).await.unwrap();
    assert_eq!(sent.message_id, "id-1");
    assert_eq!(later.await.unwrap().mails().len(), 1);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_retryable() {
    let (url, _closed) = ses::reserve().await;
    let error = send(&url, LONG).await.unwrap_err();
    assert_eq!(error.code(), "mail_service_unreachable");
    assert!(error.is_retryable());
    assert!(
        everything(&error).contains("Connection refused"),
        "{}",
        everything(&error)
    );
}

#[tokio::test]
async fn what_may_have_been_sent_is_an_unknown_outcome_and_never_tried_again() {
    for reply in [
        Reply::error(500, "InternalServiceError", "oops"),
        Reply::error(503, "ServiceUnavailable", "Throttling, slow down"),
        Reply::error(504, "", ""),
        Reply::error(408, "RequestTimeout", ""),
        Reply::error(302, "", ""),
        Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"Mess"),
        Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nnot json!"),
        Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
        Reply::raw("HTTP/1.1 400 Bad Request\r\nContent-Length: 100\r\n\r\n{"),
        Reply::raw("HTTP/1.1 20"),
        Reply::raw("\u{0}\u{1}garbage\r\n\r\n"),
        Reply::raw(""),
    ] {
        let shown = format!("{reply:?}");
        let ses = Ses::start([reply, Reply::sent()]).await;
        let error = send(&ses.url, LONG).await.unwrap_err();
        assert_eq!(
            error.code(),
            "unknown_outcome",
            "{shown}: {}",
            everything(&error)
        );
        assert!(!error.is_retryable());
        assert_eq!(ses.mails().len(), 1, "{shown}");
        assert!(
            !everything(&error).contains("the-mail-body"),
            "{}",
            everything(&error)
        );
    }
}

#[tokio::test]
async fn a_server_that_accepts_and_hangs_is_an_unknown_outcome_before_the_deadline() {
    for reply in [
        Reply::hang(),
        Reply::raw_and_hang("HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n{"),
    ] {
        let ses = Ses::start([reply, Reply::sent()]).await;
        let within = Duration::from_millis(800);
        let answer = tokio::time::timeout(within, send(&ses.url, within)).await;
        let error = answer.expect("an answer before the deadline").unwrap_err();
        assert_eq!(error.code(), "unknown_outcome");
        assert!(!error.is_retryable());
        assert!(error.to_string().contains("may or may not"), "{error}");
        assert_eq!(ses.mails().len(), 1);
    }
}

#[tokio::test]
async fn a_refusal_has_its_own_code_and_is_not_tried_again() {
    let arn = "User: arn:aws:sts::123456789012:assumed-role/x is not authorized";
    for (status, ses_code, message, code) in [
        (
            400,
            "MessageRejected",
            "Email address is not verified. The following identities failed",
            "sender_not_verified",
        ),
        (
            400,
            "MessageRejected",
            "Message contains a virus",
            "mail_rejected",
        ),
        (
            400,
            "MailFromDomainNotVerifiedException",
            "x",
            "sender_not_verified",
        ),
        (
            400,
            "BadRequestException",
            "Illegal address",
            "mail_rejected",
        ),
        (404, "NotFoundException", "x", "mail_rejected"),
        (400, "SendingPausedException", "x", "sending_paused"),
        (400, "AccountSuspendedException", "x", "sending_paused"),
        (400, "LimitExceededException", "x", "quota_exceeded"),
        (
            429,
            "TooManyRequestsException",
            "Daily message quota exceeded.",
            "quota_exceeded",
        ),
        (403, "AccessDeniedException", arn, "access_denied"),
        (403, "InvalidSignatureException", "x", "access_denied"),
        (413, "", "", "mail_rejected"),
    ] {
        let ses = Ses::start([Reply::error(status, ses_code, message), Reply::sent()]).await;
        let error = send(&ses.url, LONG).await.unwrap_err();
        assert_eq!(error.code(), code, "{ses_code}");
        assert!(!error.is_retryable(), "{ses_code}");
        assert_eq!(ses.mails().len(), 1, "{ses_code}");
        let shown = everything(&error);
        assert!(
            !shown.contains("arn:") && !shown.contains("the-mail-body"),
            "{shown}"
        );
        assert!(
            shown.contains(&status.to_string()) && shown.contains(ses_code),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn the_warmed_connection_carries_the_mails() {
    let ses = Ses::start([Reply::sent(), Reply::sent()]).await;
    let call = Call::for_test(mailer(&ses.url));
    for _ in 0..2 {
        let input = MarkdownToEmail {
            markdown_content: BODY.to_owned(),
            recipient_email: "ana@example.com".to_owned(),
            subject: None,
        };
        markdown_to_email(call.clone(), input).await.unwrap();
    }
    assert_eq!(ses.mails().len(), 2);
    assert_eq!(ses.heads(), 1, "one request warms it, unsigned");
    assert_eq!(ses.connections(), 1);
}

#[tokio::test]
async fn a_connection_that_the_server_closed_meanwhile_costs_no_mail() {
    let ses = Ses::start([Reply::sent(), Reply::sent()]).await;
    let mailer = mailer(&ses.url);
    let call = Call::for_test(mailer);
    for expected in ["id-1", "id-2"] {
        let input = MarkdownToEmail {
            markdown_content: BODY.to_owned(),
            recipient_email: "ana@example.com".to_owned(),
            subject: None,
        };
        assert_eq!(
            markdown_to_email(call.clone(), input)
                .await
                .unwrap()
                .message_id,
            expected
        );
        ses.close_connections().await;
    }
    assert_eq!(ses.mails().len(), 2);
}
