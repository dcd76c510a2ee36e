//! `sam local` passes no client context, so there the event may name the tool.

use crate::lambda::{Event, Lambda};

const WRAPPED: &str = r#"{"toolName": "T___echo", "arguments": {"text": "hi"}}"#;

#[tokio::test]
async fn under_sam_local_the_event_names_the_tool() {
    let mut lambda = Lambda::start(&[("AWS_SAM_LOCAL", "true")]).await;
    assert_eq!(lambda.invoke(Event::new(WRAPPED)).await.body["text"], "hi");
    let posted = lambda.invoke(Event::new(r#"{"text": "hi"}"#)).await;
    assert_eq!(posted.body["error"]["code"], "missing_tool_name");
    assert!(
        posted.body["error"]["message"]
            .as_str()
            .unwrap()
            .contains("toolName")
    );
}

#[tokio::test]
async fn elsewhere_the_wrapper_is_not_honoured() {
    for variables in [&[][..], &[("AWS_SAM_LOCAL", "false")]] {
        let mut lambda = Lambda::start(variables).await;
        let posted = lambda.invoke(Event::new(WRAPPED)).await;
        assert_eq!(posted.body["error"]["code"], "missing_tool_name");
    }
}

#[tokio::test]
async fn a_client_context_wins_over_the_wrapper() {
    let mut lambda = Lambda::start(&[("AWS_SAM_LOCAL", "true")]).await;
    let posted = lambda.invoke(Event::tool("T___echo", WRAPPED)).await;
    assert_eq!(posted.body["error"]["code"], "invalid_arguments");
}
