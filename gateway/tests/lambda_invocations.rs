//! Calls that go well: what a function gets, what its caller gets, how processes are reused.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics is a test that fails"
)]

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "support/functions.rs"]
mod functions;

use std::collections::HashSet;
use std::time::Duration;

use functions::{answer, fixture, host, invoke};
use gateway::lambda::{Call, InvokeError, PAYLOAD_LIMIT};
use serde_json::{Value, json};

#[tokio::test]
async fn an_event_comes_back_as_the_function_answers_it() {
    let (host, _) = host(fixture(), 1).await;
    assert_eq!(
        answer(&host, json!({"a": [1, null, "ü"]})).await,
        json!({"a": [1, null, "ü"]})
    );
    let empty = host.invoke("fixture", Call::default()).await.unwrap();
    assert_eq!(empty.payload, "{}");
}

#[tokio::test]
async fn the_context_tells_the_call_apart() {
    let (host, _) = host(fixture(), 1).await;
    let call = Call {
        payload: r#"{"do": "context"}"#.into(),
        client_context: Some(
            "{\n\"custom\": {\"tool\": \"T___a\"},\n\"client\": null, \"env\": {}}"
                .replace("\"client\": null, ", ""),
        ),
        trace_id: Some("Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1".to_owned()),
        wants_log_tail: false,
    };
    let invocation = host.invoke("fixture", call).await.unwrap();
    let context: Value = serde_json::from_slice(&invocation.payload).unwrap();
    assert_eq!(context["custom"], json!({"tool": "T___a"}));
    assert_eq!(context["request_id"], invocation.request_id);
    assert_eq!(
        context["arn"],
        "arn:aws:lambda:us-east-1:123456789012:function:fixture"
    );
    assert_eq!(
        context["trace"],
        "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"
    );
    assert!(context["deadline"].as_u64().unwrap() > 0);
}

#[tokio::test]
async fn a_process_serves_call_after_call() {
    let (host, _) = host(fixture(), 10).await;
    let first = invoke(&host, json!({"do": "pid"})).await;
    let second = invoke(&host, json!({"do": "pid"})).await;
    assert_eq!(first.payload, second.payload);
    assert!(first.init_duration.is_some());
    assert!(second.init_duration.is_none());
}

#[tokio::test]
async fn the_process_used_last_is_used_first() {
    let (host, _) = host(fixture(), 2).await;
    let slow = tokio::spawn({
        let host = host.clone();
        async move { answer(&host, json!({"do": "sleep", "ms": 1500})).await }
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    answer(&host, json!({"do": "pid"})).await;
    let last = slow.await.unwrap();
    for _ in 0..3 {
        assert_eq!(answer(&host, json!({"do": "pid"})).await, last);
    }
}

#[tokio::test]
async fn fifty_calls_at_once_all_answer_with_no_more_processes_than_allowed() {
    let (host, _) = host(fixture(), 4).await;
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let host = host.clone();
            tokio::spawn(async move { answer(&host, json!({"do": "sleep", "ms": 20})).await })
        })
        .collect();
    let mut processes = HashSet::new();
    for call in calls {
        processes.insert(call.await.unwrap().as_u64().unwrap());
    }
    assert!((2..=4).contains(&processes.len()), "{processes:?}");
}

#[tokio::test]
async fn callers_that_go_away_leave_the_process_to_others() {
    let (host, _) = host(fixture(), 1).await;
    let process = answer(&host, json!({"do": "pid"})).await;
    for _ in 0..5 {
        // One is given up while it runs, one while it waits in the queue.
        let runs = tokio::time::timeout(
            Duration::from_millis(30),
            invoke(&host, json!({"do": "sleep", "ms": 100})),
        );
        let waits = tokio::time::timeout(
            Duration::from_millis(30),
            invoke(&host, json!({"do": "sleep", "ms": 100})),
        );
        assert!(matches!(tokio::join!(runs, waits), (Err(_), Err(_))));
    }
    assert_eq!(answer(&host, json!({"do": "pid"})).await, process);
}

#[tokio::test]
async fn an_event_of_six_megabytes_arrives_and_one_byte_more_does_not() {
    let (host, _) = host(fixture(), 1).await;
    let most = format!("\"{}\"", "x".repeat(PAYLOAD_LIMIT - 2));
    let invocation = host
        .invoke("fixture", Call::new(most.clone()))
        .await
        .unwrap();
    assert_eq!(invocation.payload, most);
    let refused = host.invoke("fixture", Call::new(most + " ")).await;
    assert!(
        matches!(refused, Err(InvokeError::PayloadTooLarge { size }) if size == PAYLOAD_LIMIT + 1)
    );
}

#[tokio::test]
async fn an_unknown_function_is_named() {
    let (host, _) = host(fixture(), 1).await;
    let error = host.invoke("nobody", Call::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "function not found: `nobody`");
}

#[tokio::test]
async fn a_function_is_added_once() {
    let (host, _) = host(fixture(), 1).await;
    let error = host.add(fixture()).unwrap_err();
    assert!(
        error.to_string().contains("two functions named `fixture`"),
        "{error}"
    );
}

#[tokio::test]
async fn the_log_shows_a_call_as_cloudwatch_does() {
    let (host, lines) = host(fixture(), 1).await;
    let call = Call {
        wants_log_tail: true,
        ..Call::new(r#"{"do": "print", "text": "hello"}"#)
    };
    let invocation = host.invoke("fixture", call).await.unwrap();
    host.shutdown().await;

    let id = &invocation.request_id;
    let tail = String::from_utf8(invocation.log_tail).unwrap();
    let start = format!("START RequestId: {id} Version: $LATEST\n");
    let end = format!("END RequestId: {id}\nREPORT RequestId: {id}\tDuration: ");
    assert!(tail.starts_with(&start), "{tail}");
    assert!(tail.contains(&end), "{tail}");
    assert!(
        tail.contains("Memory Size: 128 MB\tInit Duration: "),
        "{tail}"
    );
    let lines = lines.lock().unwrap();
    for line in ["fixture | hello", "fixture | and an error line"] {
        assert!(lines.iter().any(|l| l == line), "{lines:?}");
    }
    assert!(tail.contains("hello\n"), "{tail}");
}

#[tokio::test]
async fn a_flood_of_output_holds_nobody_up() {
    let mut config = gateway::lambda::HostConfig::new("http://127.0.0.1:9");
    // A sink that hardly takes anything.
    config.log = std::sync::Arc::new(|_| std::thread::sleep(Duration::from_millis(200)));
    let host = gateway::lambda::Host::new(config).await.unwrap();
    host.add(fixture()).unwrap();
    let flood = json!({"do": "flood", "lines": 20_000, "width": 500});
    assert_eq!(answer(&host, flood).await, "flooded");
    let long = json!({"do": "flood", "lines": 2, "width": 3_000_000});
    assert_eq!(answer(&host, long).await, "flooded");
}

#[tokio::test]
async fn the_tail_of_the_log_is_four_kilobytes() {
    let (host, _) = host(fixture(), 1).await;
    let call = Call {
        wants_log_tail: true,
        ..Call::new(r#"{"do": "flood", "lines": 2000, "width": 100}"#)
    };
    let invocation = host.invoke("fixture", call).await.unwrap();
    assert_eq!(invocation.log_tail.len(), 4096);
}
