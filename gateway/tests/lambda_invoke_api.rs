//! The Lambda Invoke API as an SDK speaks it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics is a test that fails"
)]

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "support/functions.rs"]
mod functions;
#[allow(dead_code, reason = "other tests need more of it")]
#[path = "support/http.rs"]
mod http;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use functions::{fixture, host, told_pid};
use gateway::lambda::Host;
use http::{Reply, request, serve};
use serde_json::json;

async fn api() -> (u16, Host) {
    let (host, _) = host(fixture(), 2).await;
    (serve(host.router()).await, host)
}

fn path(name: &str) -> String {
    format!("/2015-03-31/functions/{name}/invocations")
}

async fn invoke(port: u16, headers: &[(&str, &str)], body: &[u8]) -> Reply {
    request(port, "POST", &path("fixture"), headers, body).await
}

fn refused(reply: &Reply, status: u16, kind: &str) {
    assert_eq!(
        (reply.status, reply.header("x-amzn-errortype")),
        (status, Some(kind)),
        "{reply:?}"
    );
    assert!(reply.json()["message"].is_string());
}

#[tokio::test]
async fn a_call_is_answered() {
    let (port, _host) = api().await;
    let reply = invoke(port, &[], b"{\"a\":1}").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.body, b"{\"a\":1}");
    assert_eq!(reply.header("x-amz-executed-version"), Some("$LATEST"));
    assert_eq!(reply.header("x-amz-function-error"), None);
    assert_eq!(reply.header("x-amz-log-result"), None);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(invoke(port, &[], b"").await.body, b"{}");
}

#[tokio::test]
async fn a_function_is_found_by_any_of_its_names() {
    let (port, _host) = api().await;
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:fixture";
    for name in [
        "fixture",
        "fixture:$LATEST",
        "fixture%3A%24LATEST",
        "123456789012:function:fixture",
        arn,
        &format!("{arn}:live"),
        &arn.replace(':', "%3A"),
    ] {
        assert_eq!(
            request(port, "POST", &path(name), &[], b"").await.status,
            200,
            "{name}"
        );
    }
    for name in [
        "nobody",
        "fixture:a:b",
        "%FF",
        "arn:aws:lambda:eu-west-1:123456789012:function:fixture",
        "arn:aws:s3:us-east-1:123456789012:function:fixture",
    ] {
        let reply = request(port, "POST", &path(name), &[], b"").await;
        assert!((400..405).contains(&reply.status), "{name} {reply:?}");
    }
    refused(
        &request(port, "POST", &path("nobody"), &[], b"").await,
        404,
        "ResourceNotFoundException",
    );
}

#[tokio::test]
async fn a_function_error_is_marked() {
    let (port, _host) = api().await;
    let reply = invoke(port, &[], br#"{"do": "exit", "code": 1}"#).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("x-amz-function-error"), Some("Unhandled"));
    assert_eq!(reply.json()["errorType"], "Runtime.ExitError");
}

#[tokio::test]
async fn the_client_context_arrives_as_json() {
    let (port, _host) = api().await;
    let context = STANDARD.encode(r#"{"custom": {"bedrockAgentCoreToolName": "T___a"}}"#);
    let reply = invoke(
        port,
        &[("X-Amz-Client-Context", &context)],
        br#"{"do": "context"}"#,
    )
    .await;
    assert_eq!(
        reply.json()["custom"],
        json!({"bedrockAgentCoreToolName": "T___a"})
    );
}

#[tokio::test]
async fn a_client_context_that_aws_would_refuse_is_refused() {
    let (port, _host) = api().await;
    for context in [
        "{}",
        "no base64!",
        &STANDARD.encode("no json"),
        &STANDARD.encode("[1]"),
        &STANDARD.encode([0xFF]),
    ] {
        let reply = invoke(port, &[("X-Amz-Client-Context", context)], b"").await;
        refused(&reply, 400, "InvalidRequestContentException");
    }
    // 3,583 bytes cannot be whole base64, so the largest that fits has 3,580.
    for (bytes, status) in [(2685, 200), (2688, 400)] {
        let json = format!("{{\"custom\":{{\"k\":\"{}\"}}}}", "x".repeat(bytes - 20));
        let reply = invoke(
            port,
            &[("X-Amz-Client-Context", &STANDARD.encode(json))],
            b"",
        )
        .await;
        assert_eq!(reply.status, status, "{bytes}");
        if status == 400 {
            refused(&reply, 400, "InvalidParameterValueException");
        }
    }
}

#[tokio::test]
async fn events_that_are_no_json_are_refused() {
    let (port, _host) = api().await;
    for body in [&b"{"[..], b"no", b"{} {}", b"\"\xFF\"", b"'a'"] {
        refused(
            &invoke(port, &[], body).await,
            400,
            "InvalidRequestContentException",
        );
    }
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    assert_eq!(
        invoke(
            port,
            &[("X-Amz-Invocation-Type", "DryRun")],
            deep.as_bytes()
        )
        .await
        .status,
        204
    );
}

#[tokio::test]
async fn events_over_six_megabytes_are_refused() {
    let (port, _host) = api().await;
    let mut most = vec![b' '; 6_291_556];
    most[0] = b'1';
    let reply = invoke(port, &[], &most).await;
    assert_eq!((reply.status, reply.body.as_slice()), (200, &b"1"[..]));
    most.push(b' ');
    refused(
        &invoke(port, &[], &most).await,
        413,
        "RequestEntityTooLargeException",
    );
}

#[tokio::test]
async fn an_event_type_call_is_answered_before_it_ran() {
    let (port, _host) = api().await;
    let folder = tempfile::tempdir().unwrap();
    let tell = folder.path().join("pid");
    let event = json!({"do": "wait", "tell": tell}).to_string();
    let reply = invoke(
        port,
        &[("X-Amz-Invocation-Type", "Event")],
        event.as_bytes(),
    )
    .await;
    assert_eq!((reply.status, reply.body.as_slice()), (202, &b""[..]));
    told_pid(&tell).await;
}

#[tokio::test]
async fn a_dry_run_runs_nothing() {
    let (port, _host) = api().await;
    let reply = invoke(
        port,
        &[("X-Amz-Invocation-Type", "DryRun")],
        br#"{"do": "exit"}"#,
    )
    .await;
    assert_eq!((reply.status, reply.body.as_slice()), (204, &b""[..]));
    let reply = invoke(port, &[("X-Amz-Invocation-Type", "Perhaps")], b"").await;
    refused(&reply, 400, "InvalidParameterValueException");
}

#[tokio::test]
async fn the_tail_of_the_log_comes_when_asked_for() {
    let (port, _host) = api().await;
    let event = br#"{"do": "print", "text": "a line"}"#;
    let reply = invoke(port, &[("X-Amz-Log-Type", "Tail")], event).await;
    let tail = STANDARD
        .decode(reply.header("x-amz-log-result").unwrap())
        .unwrap();
    let tail = String::from_utf8(tail).unwrap();
    assert!(
        tail.starts_with("START RequestId: ") && tail.contains("a line\n"),
        "{tail}"
    );
    assert!(tail.contains("REPORT RequestId: "), "{tail}");
}
