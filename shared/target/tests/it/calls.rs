//! What a caller gets, call by call.

use std::time::Duration;

use crate::lambda::{Event, Lambda};

const TEXT: &str = r#"{"text": "hi"}"#;

#[tokio::test]
async fn a_tool_is_found_by_its_name_behind_the_first_separator() {
    let mut lambda = Lambda::start(&[]).await;
    for name in ["T___echo", "echo", "T___a___b"] {
        let posted = lambda.invoke(Event::tool(name, TEXT)).await;
        assert_eq!(
            (posted.to.as_str(), &posted.body["text"]),
            ("response", &"hi".into()),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_name_that_is_no_tool_is_answered_with_the_tools() {
    let mut lambda = Lambda::start(&[]).await;
    for (name, code, says) in [
        (
            "T___nope",
            "unknown_tool",
            "`nope`: this target serves `echo`",
        ),
        ("a___b", "unknown_tool", "`b`"),
        ("___", "missing_tool_name", "TargetName___ToolName"),
        ("", "missing_tool_name", "TargetName___ToolName"),
    ] {
        let posted = lambda.invoke(Event::tool(name, TEXT)).await;
        assert_eq!(posted.to, "response");
        assert_eq!(posted.body["error"]["code"], code, "{name}");
        let message = posted.body["error"]["message"].as_str().unwrap();
        assert!(message.contains(says), "{message}");
    }
}

#[tokio::test]
async fn a_panic_is_a_function_error_and_its_text_stays_inside() {
    let mut lambda = Lambda::start(&[]).await;
    let posted = lambda
        .invoke(Event::tool("T___panic", r#"{"text": "a mail"}"#))
        .await;
    assert_eq!(
        (posted.to.as_str(), &posted.body["errorType"]),
        ("error", &"Function.Panicked".into())
    );
    assert!(!posted.body.to_string().contains("a mail"));
    lambda.still_serves().await;
    let log = lambda.log().await;
    assert!(
        log.contains("fixture.rs") && !log.contains("a mail"),
        "{log}"
    );
}

#[tokio::test]
async fn a_fault_is_a_function_error_whose_cause_is_logged() {
    let mut lambda = Lambda::start(&[]).await;
    let posted = lambda
        .invoke(Event::tool("T___fault", r#"{"text": "the cause"}"#))
        .await;
    assert_eq!(
        (posted.to.as_str(), &posted.body["errorType"]),
        ("error", &"Function.Fault".into())
    );
    assert_eq!(
        posted.headers["lambda-runtime-function-error-type"],
        "Function.Fault"
    );
    assert!(!posted.body.to_string().contains("cause"));
    lambda.still_serves().await;
    assert!(lambda.log().await.contains("for the log: the cause"));
}

#[tokio::test]
async fn a_handler_that_outlives_its_deadline_is_answered_before_it() {
    let mut lambda = Lambda::start(&[]).await;
    let event = Event::tool("T___sleep", TEXT).time(Duration::from_secs(1));
    let posted = lambda.invoke(event).await;
    assert_eq!(posted.to, "response");
    assert_eq!(posted.body["error"]["code"], "deadline_exceeded");
    assert_eq!(posted.body["error"]["retryable"], false);
    lambda.still_serves().await;
}

#[tokio::test]
async fn an_answer_over_six_megabytes_says_so() {
    let mut lambda = Lambda::start(&[]).await;
    let posted = lambda.invoke(Event::tool("T___large", TEXT)).await;
    assert_eq!(posted.body["error"]["code"], "output_too_large");
    lambda.still_serves().await;
}

#[tokio::test]
async fn each_log_line_of_a_call_has_its_request_tool_and_trace() {
    let mut lambda = Lambda::start(&[]).await;
    let posted = lambda.invoke(Event::tool("T___echo", TEXT)).await;
    assert_eq!(posted.headers["lambda-runtime-invocation-id"], "delivery-1");
    assert!(
        posted.body["trace_id"]
            .as_str()
            .unwrap()
            .starts_with("Root=1-")
    );
    lambda.still_serves().await;
    let log = lambda.log().await;
    let lines: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2, "{log}");
    for line in lines {
        assert_eq!(line["span"]["request_id"], "request-1");
        assert_eq!(line["span"]["tool"], "echo");
        assert!(
            line["span"]["trace_id"]
                .as_str()
                .unwrap()
                .starts_with("Root=1-")
        );
    }
}
