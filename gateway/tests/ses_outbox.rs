//! Mails that are sent lie in a folder, and nowhere else.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics is a test that fails"
)]

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "support/http.rs"]
mod http;

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gateway::aws;
use gateway::ses::{Mail, Outbox};
use http::{Reply, request, serve};
use serde_json::{Value, json};

struct Post {
    port: u16,
    folder: PathBuf,
    mails: Arc<Mutex<Vec<Mail>>>,
    _directory: tempfile::TempDir,
}

async fn post() -> Post {
    let directory = tempfile::tempdir().unwrap();
    let folder = directory.path().join("a/outbox");
    let mails: Arc<Mutex<Vec<Mail>>> = Arc::default();
    let told = Arc::clone(&mails);
    let outbox = Outbox::new(&folder)
        .unwrap()
        .on_mail(move |mail| told.lock().unwrap().push(mail.clone()));
    let port = serve(aws::with_catch_all(outbox.router(), Arc::new(|_: &str| {}))).await;
    Post {
        port,
        folder,
        mails,
        _directory: directory,
    }
}

impl Post {
    async fn send(&self, mail: &Value) -> Reply {
        request(
            self.port,
            "POST",
            "/v2/email/outbound-emails",
            &[],
            mail.to_string().as_bytes(),
        )
        .await
    }

    fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<_> = std::fs::read_dir(&self.folder)
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        files.sort();
        files
    }
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

fn simple() -> Value {
    json!({
        "FromEmailAddress": "Reports <reports@example.com>",
        "Destination": {"ToAddresses": ["a@example.com"], "BccAddresses": ["hidden@example.com"]},
        "ReplyToAddresses": ["answers@example.com"],
        "Content": {"Simple": {
            "Subject": {"Data": "Grüße", "Charset": "UTF-8"},
            "Body": {"Html": {"Data": "<p>Hällo</p>"}, "Text": {"Data": "Hällo"}},
            "Headers": [{"Name": "X-Report", "Value": "weekly"}],
        }},
        "ConfigurationSetName": "ignored",
    })
}

#[tokio::test]
async fn a_mail_is_three_files_that_only_the_owner_reads() {
    let post = post().await;
    let reply = post.send(&simple()).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let id = reply.json()["MessageId"].as_str().unwrap().to_owned();

    let files = post.files();
    let kinds: Vec<_> = files
        .iter()
        .map(|file| file.extension().unwrap().to_str().unwrap())
        .collect();
    assert_eq!(kinds, ["eml", "html", "json"]);
    assert!(
        files
            .iter()
            .all(|file| file.to_str().unwrap().contains(&id))
    );
    assert!(files.iter().all(|file| mode(file) == 0o600));
    assert_eq!(mode(&post.folder), 0o700);

    let eml = std::fs::read_to_string(&files[0]).unwrap();
    for line in [
        "From: Reports <reports@example.com>\r\n",
        "To: a@example.com\r\n",
        "Reply-To: answers@example.com\r\n",
        "Subject: =?utf-8?",
        "X-Report: weekly\r\n",
        "multipart/alternative",
        "text/plain",
        "text/html",
    ] {
        assert!(
            eml.to_lowercase().contains(&line.to_lowercase()),
            "{line} in {eml}"
        );
    }
    assert!(!eml.contains("hidden@example.com"), "{eml}");
    assert_eq!(std::fs::read_to_string(&files[1]).unwrap(), "<p>Hällo</p>");
    let summary: Value = serde_json::from_slice(&std::fs::read(&files[2]).unwrap()).unwrap();
    assert_eq!(summary["message_id"], id);
    assert_eq!(summary["from"], "Reports <reports@example.com>");
    assert_eq!(summary["to"], json!(["a@example.com"]));
    assert_eq!(summary["bcc"], json!(["hidden@example.com"]));
    assert_eq!(summary["subject"], "Grüße");
    assert_eq!(
        summary["headers"],
        json!([{"name": "X-Report", "value": "weekly"}])
    );
    assert_eq!(
        summary["files"]["eml"],
        files[0].file_name().unwrap().to_str().unwrap()
    );
    assert_eq!(
        summary["files"]["html"],
        files[1].file_name().unwrap().to_str().unwrap()
    );

    let mails = post.mails.lock().unwrap();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].recipients, ["a@example.com", "hidden@example.com"]);
    assert_eq!(
        (&mails[0].eml, mails[0].html.as_ref(), &mails[0].json),
        (&files[0], Some(&files[1]), &files[2])
    );
}

#[tokio::test]
async fn a_name_beyond_ascii_is_encoded() {
    let post = post().await;
    let mut mail = simple();
    mail["FromEmailAddress"] = json!("\"Jürgen\" <j@example.com>");
    assert_eq!(post.send(&mail).await.status, 200);
    let eml = std::fs::read(&post.files()[0]).unwrap();
    assert!(eml.is_ascii());
    assert!(String::from_utf8(eml).unwrap().contains("<j@example.com>"));
}

#[tokio::test]
async fn a_raw_message_is_kept_to_the_byte() {
    let post = post().await;
    let message = b"From: me@example.com\r\nTo: a@example.com,\r\n b@example.com\r\nSubject: hi\r\n\r\n\xFFbody\r\n";
    let reply = post
        .send(&json!({"Content": {"Raw": {"Data": STANDARD.encode(message)}}}))
        .await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let files = post.files();
    assert_eq!(files.len(), 2);
    assert_eq!(std::fs::read(&files[0]).unwrap(), message);
    let summary: Value = serde_json::from_slice(&std::fs::read(&files[1]).unwrap()).unwrap();
    assert_eq!(summary["subject"], "hi");
    assert_eq!(summary["from"], "me@example.com");
    assert_eq!(summary["to"], json!(["a@example.com, b@example.com"]));
    assert_eq!(summary["files"]["html"], Value::Null);
}

#[tokio::test]
async fn a_request_that_is_no_mail_is_refused_and_leaves_nothing() {
    let post = post().await;
    let edit = |path: &str, value: Value| {
        let mut mail = simple();
        *mail.pointer_mut(path).unwrap() = value;
        mail
    };
    let cases = [
        (edit("/FromEmailAddress", Value::Null), "FromEmailAddress"),
        (edit("/FromEmailAddress", json!("me")), "`me` is no address"),
        (
            edit(
                "/FromEmailAddress",
                json!("me@example.com\r\nBcc: x@example.com"),
            ),
            "control character",
        ),
        (edit("/Destination", json!({})), "Destination"),
        (edit("/Destination", Value::Null), "Destination"),
        (
            edit("/Destination/ToAddresses", json!(vec!["a@example.com"; 51])),
            "Recipient count exceeds 50",
        ),
        (edit("/Content", Value::Null), "Content"),
        (edit("/Content", json!({})), "Content"),
        (
            edit("/Content", json!({"Template": {"TemplateName": "t"}})),
            "Content.Template is not emulated",
        ),
        (edit("/Content", json!({"Raw": {"Data": "%"}})), "base64"),
        (edit("/Content/Simple/Subject", Value::Null), "Subject"),
        (
            edit(
                "/Content/Simple/Subject/Data",
                json!("a\r\nBcc: x@example.com"),
            ),
            "control character",
        ),
        (edit("/Content/Simple/Body", json!({})), "Body"),
        (
            edit(
                "/Content/Simple/Headers",
                json!([{"Name": "A: b", "Value": ""}]),
            ),
            "Headers",
        ),
        (
            edit(
                "/Content/Simple/Headers",
                json!([{"Name": "A", "Value": "\nB: c"}]),
            ),
            "Headers",
        ),
        (
            edit("/Content/Simple/Body/Html", json!("top secret")),
            "line 1",
        ),
        (json!([]), "SendEmail"),
        (json!("top secret"), "SendEmail"),
    ];
    for (mail, reason) in cases {
        let reply = post.send(&mail).await;
        assert_eq!(reply.status, 400, "{mail}");
        assert_eq!(
            reply.header("x-amzn-errortype"),
            Some("BadRequestException")
        );
        let message = reply.json()["message"].as_str().unwrap().to_owned();
        assert!(message.contains(reason), "{message}");
        assert!(!message.contains("secret"), "{message}");
    }
    assert_eq!(post.files(), Vec::<PathBuf>::new());
    assert!(post.mails.lock().unwrap().is_empty());
}

#[tokio::test]
async fn many_mails_at_once_are_as_many_files() {
    let post = Arc::new(post().await);
    let sent: Vec<_> = (0..30)
        .map(|_| {
            let post = Arc::clone(&post);
            tokio::spawn(async move { post.send(&simple()).await.status })
        })
        .collect();
    for status in sent {
        assert_eq!(status.await.unwrap(), 200);
    }
    assert_eq!(post.files().len(), 90);
}

#[tokio::test]
async fn other_calls_of_ses_are_not_emulated() {
    let post = post().await;
    for (method, path) in [
        ("GET", "/v2/email/outbound-emails"),
        ("GET", "/v2/email/account"),
    ] {
        let reply = request(post.port, method, path, &[], b"").await;
        assert_eq!(
            (reply.status, reply.json()["service"].as_str()),
            (501, Some("ses")),
            "{path}"
        );
    }
}
