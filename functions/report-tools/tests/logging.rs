//! Whatever the log level, no mail and no secret is in the log.

#![expect(
    clippy::unwrap_used,
    reason = "a test that panics is a test that fails"
)]

#[path = "support/ses.rs"]
#[expect(dead_code, reason = "other tests need more of it")]
mod ses;

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use report_tools::{
    mail::Mail,
    mailer::{Mailer, Settings},
};
use ses::{Reply, Ses};
use target::Call;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_level_logs_a_mail_or_a_secret() {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .init();

    let ses = Ses::start([
        Reply::sent(),
        Reply::error(500, "x", "y"),
        Reply::raw("HTTP/1.1 20"),
    ])
    .await;
    let settings = Settings::read(|name| {
        let value = match name {
            "SES_SENDER_EMAIL" => "reports@example.com",
            "AWS_ENDPOINT_URL" => &ses.url,
            "AWS_REGION" => "eu-west-1",
            "AWS_ACCESS_KEY_ID" => "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY" => "hush-secret",
            "AWS_SESSION_TOKEN" => "hush-token",
            _ => return None,
        };
        Some(value.to_owned())
    });
    let call = Call::for_test(Mailer::new(settings.unwrap()));
    let to = call
        .state()
        .recipients()
        .allow("reports@example.com")
        .unwrap();
    let mail = Mail::render("# heading-in-mail\n\nbody-of-mail", None).unwrap();
    for _ in 0..3 {
        let _ = call.state().send(&to, &mail, call.deadline()).await;
    }
    tracing::debug!(?mail, state = ?call.state(), "everything that has a Debug");

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("SESv2.SendEmail"), "the SDK's log is on");
    for hidden in [
        "body-of-mail",
        "heading-in-mail",
        "hush-secret",
        "hush-token",
    ] {
        assert!(!log.contains(hidden), "{hidden} in the log:\n{log}");
    }
}
