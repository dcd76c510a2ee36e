//! Calls that go wrong: the caller gets AWS's answer, and the next call works.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics is a test that fails"
)]

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "support/functions.rs"]
mod functions;

use std::time::Duration;

use functions::{answer, failure, fixture, host, invoke, kill, runs, told_pid};
use gateway::lambda::FunctionConfig;
use serde_json::{Value, json};

fn with_init(how: &str) -> FunctionConfig {
    let mut function = fixture();
    function
        .environment
        .insert("FIXTURE_INIT".to_owned(), how.to_owned());
    function
}

async fn next_call_has_another_process(host: &gateway::lambda::Host, before: &Value) {
    let after = answer(host, json!({"do": "pid"})).await;
    assert_ne!(&after, before);
    assert!(!runs(u32::try_from(before.as_u64().unwrap()).unwrap()));
}

#[tokio::test]
async fn a_call_past_its_time_is_killed() {
    let mut function = fixture();
    function.timeout = Duration::from_secs(1);
    let (host, lines) = host(function, 1).await;
    // Asleep in the runtime, and blocking its only thread.
    for how in ["sleep", "block"] {
        let before = answer(&host, json!({"do": "pid"})).await;
        let invocation = invoke(&host, json!({"do": how, "ms": 600_000})).await;
        let error: Value = serde_json::from_slice(&invocation.payload).unwrap();
        assert_eq!(error["errorType"], "Sandbox.Timedout");
        let message = error["errorMessage"].as_str().unwrap();
        let end = format!(
            "Z {} Task timed out after 1.00 seconds",
            invocation.request_id
        );
        assert!(message.ends_with(&end), "{message}");
        next_call_has_another_process(&host, &before).await;
    }
    host.shutdown().await;
    let lines = lines.lock().unwrap();
    assert!(
        lines
            .iter()
            .any(|line| line.ends_with("Task timed out after 1.00 seconds")),
        "{lines:?}"
    );
}

#[tokio::test]
async fn a_process_that_ends_in_a_call_is_reported_with_its_status() {
    let (host, _) = host(fixture(), 1).await;
    for (code, reason) in [
        (1, "Runtime exited with error: exit status 1"),
        (0, "Runtime exited without providing a reason"),
    ] {
        let before = answer(&host, json!({"do": "pid"})).await;
        let (kind, message) = failure(&host, json!({"do": "exit", "code": code})).await;
        assert_eq!(kind, "Runtime.ExitError");
        assert!(message.starts_with("RequestId: "), "{message}");
        assert!(message.ends_with(&format!(" Error: {reason}")), "{message}");
        next_call_has_another_process(&host, &before).await;
    }
}

#[tokio::test]
async fn a_process_killed_from_outside_in_a_call_is_an_error_and_the_next_call_works() {
    let (host, _) = host(fixture(), 1).await;
    let folder = tempfile::tempdir().unwrap();
    let tell = folder.path().join("pid");
    let call = tokio::spawn({
        let (host, event) = (host.clone(), json!({"do": "wait", "tell": tell}));
        async move { failure(&host, event).await }
    });
    let pid = told_pid(&tell).await;
    kill(pid);
    let (kind, message) = call.await.unwrap();
    assert_eq!(kind, "Runtime.ExitError");
    assert!(
        message.ends_with("Runtime exited with error: signal: killed"),
        "{message}"
    );
    next_call_has_another_process(&host, &json!(pid)).await;
}

#[tokio::test]
async fn a_process_killed_while_idle_costs_no_call() {
    let (host, _) = host(fixture(), 1).await;
    for _ in 0..5 {
        let before = answer(&host, json!({"do": "pid"})).await;
        let pid = u32::try_from(before.as_u64().unwrap()).unwrap();
        kill(pid);
        while runs(pid) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        next_call_has_another_process(&host, &before).await;
    }
}

#[tokio::test]
async fn a_function_that_reports_an_error_or_panics_keeps_its_process() {
    let (host, _) = host(fixture(), 1).await;
    let before = answer(&host, json!({"do": "pid"})).await;
    for how in ["error", "panic"] {
        let (_, message) = failure(&host, json!({"do": how})).await;
        assert!(message.contains("as the event asked"), "{message}");
    }
    assert_eq!(answer(&host, json!({"do": "pid"})).await, before);
}

#[tokio::test]
async fn an_init_error_is_the_answer_and_each_call_tries_anew() {
    let (host, _) = host(with_init("error"), 1).await;
    for _ in 0..2 {
        let (kind, message) = failure(&host, json!({})).await;
        assert_eq!(
            (kind.as_str(), message.as_str()),
            ("Fixture.Init", "no sender")
        );
    }
}

#[tokio::test]
async fn a_process_that_ends_in_its_init_phase_is_reported() {
    let (host, _) = host(with_init("exit"), 1).await;
    let (kind, message) = failure(&host, json!({})).await;
    assert_eq!(kind, "Runtime.ExitError");
    assert!(message.ends_with("exit status 7"), "{message}");
}

#[tokio::test]
async fn an_init_phase_has_a_limit() {
    let mut config = gateway::lambda::HostConfig::new("http://127.0.0.1:9");
    config.init_timeout = Duration::from_millis(300);
    let host = gateway::lambda::Host::new(config).await.unwrap();
    host.add(with_init("hang")).unwrap();
    let (kind, message) = failure(&host, json!({})).await;
    assert_eq!(kind, "Sandbox.Timedout");
    assert!(
        message.ends_with("Task timed out after 0.30 seconds"),
        "{message}"
    );
}

#[tokio::test]
async fn a_binary_that_cannot_be_started_is_reported() {
    let (host, _) = host(FunctionConfig::new("fixture", "/nonexistent/bootstrap"), 1).await;
    for _ in 0..2 {
        let (kind, message) = failure(&host, json!({})).await;
        assert_eq!(kind, "Runtime.InvalidEntrypoint");
        assert!(message.contains("No such file"), "{message}");
    }
}

#[tokio::test]
async fn an_answer_counts_even_if_the_process_ends_with_it() {
    let (host, _) = host(fixture(), 1).await;
    for _ in 0..5 {
        assert_eq!(
            answer(&host, json!({"do": "answer-and-exit"})).await,
            "last words"
        );
    }
    assert!(answer(&host, json!({"do": "pid"})).await.is_u64());
}

#[tokio::test]
async fn an_answer_over_six_megabytes_is_refused() {
    let (host, _) = host(fixture(), 1).await;
    let (kind, message) = failure(&host, json!({"do": "big", "bytes": 6_291_555})).await;
    assert_eq!(kind, "Function.ResponseSizeTooLarge");
    assert!(message.contains("6291556 bytes"), "{message}");
    let most = answer(&host, json!({"do": "big", "bytes": 6_291_554})).await;
    assert_eq!(most.as_str().unwrap().len(), 6_291_554);
}

#[tokio::test]
async fn an_answer_for_another_call_is_refused() {
    let (host, _) = host(fixture(), 1).await;
    let reply = answer(&host, json!({"do": "wrong-id"})).await;
    let reply = reply.as_str().unwrap();
    assert!(reply.starts_with("HTTP/1.1 400 "), "{reply}");
    assert!(reply.contains("InvalidRequestID"), "{reply}");
}
