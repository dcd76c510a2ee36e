//! What is not emulated is refused with the service's name, and logged without a secret.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics is a test that fails"
)]

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "support/http.rs"]
mod http;

use std::sync::{Arc, Mutex};

use axum::Router;
use gateway::aws;
use http::{request, serve};

async fn endpoint() -> (u16, Arc<Mutex<Vec<String>>>) {
    let lines: Arc<Mutex<Vec<String>>> = Arc::default();
    let sink = Arc::clone(&lines);
    let log = Arc::new(move |line: &str| sink.lock().unwrap().push(line.to_owned()));
    (serve(aws::with_catch_all(Router::new(), log)).await, lines)
}

type Headers = &'static [(&'static str, &'static str)];

const SIGNED: &str = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261123/us-east-1/s3/aws4_request, \
                      SignedHeaders=host;x-amz-date, Signature=deadbeef";

#[tokio::test]
async fn the_service_is_named() {
    let (port, lines) = endpoint().await;
    let cases: [(&str, Headers, &str); 6] = [
        (
            "/bucket/key?X-Amz-Security-Token=hidden",
            &[("Authorization", SIGNED)],
            "s3",
        ),
        (
            "/",
            &[("X-Amz-Target", "DynamoDB_20120810.GetItem")],
            "DynamoDB",
        ),
        ("/v2/email/identities", &[], "ses"),
        ("/2015-03-31/functions/f", &[], "lambda"),
        (
            "/somewhere",
            &[("Authorization", "Bearer hidden")],
            "an unknown service",
        ),
        (
            "/somewhere",
            &[(
                "Authorization",
                "Credential=a/b/c/hidden token/aws4_request",
            )],
            "an unknown service",
        ),
    ];
    for (path, headers, service) in cases {
        let reply = request(port, "POST", path, headers, b"{}").await;
        assert_eq!(reply.status, 501, "{path}");
        assert_eq!(reply.header("x-amzn-errortype"), Some("NotEmulated"));
        assert_eq!(reply.json()["__type"], "NotEmulated");
        assert_eq!(reply.json()["service"], service, "{path}");
        let line = lines.lock().unwrap().pop().unwrap();
        assert!(
            line.starts_with(&format!("aws | not emulated: {service}")),
            "{line}"
        );
        for secret in ["hidden", "AKIA", "deadbeef"] {
            assert!(
                !line.contains(secret) && !reply.json().to_string().contains(secret),
                "{line}"
            );
        }
    }
    assert!(lines.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_operation_is_named_with_its_service() {
    let (port, lines) = endpoint().await;
    let headers = [
        ("X-Amz-Target", "secretsmanager.GetSecretValue"),
        ("Authorization", SIGNED),
    ];
    request(port, "POST", "/", &headers, b"").await;
    assert_eq!(
        *lines.lock().unwrap(),
        ["aws | not emulated: s3 GetSecretValue"]
    );
}

#[tokio::test]
async fn a_bare_probe_is_answered_in_silence() {
    let (port, lines) = endpoint().await;
    for method in ["GET", "HEAD"] {
        assert_eq!(request(port, method, "/", &[], b"").await.status, 204);
    }
    assert!(lines.lock().unwrap().is_empty());
}
