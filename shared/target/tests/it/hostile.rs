//! Whatever comes in: an answer, and the same process serves the next event.

use crate::lambda::{Event, Lambda};

const TEXT: &str = r#"{"text": "hi"}"#;

#[tokio::test]
async fn contexts_that_still_name_the_tool_are_read() {
    let name = r#""bedrockAgentCoreToolName": "T___echo""#;
    let plain = format!(r#"{{"custom": {{{name}}}}}"#);
    let contexts = [
        format!(r#"{{"custom": {{{name}, "o": {{"a": {{"b": 1}}}}}}}}"#),
        format!(r#"{{"custom": {{{name}, "a": [1, "two", null]}}}}"#),
        format!(r#"{{"custom": {{{name}, "n": null}}}}"#),
        format!(r#"{{"custom": {{{name}, "n": 5.5, "b": true}}}}"#),
        format!(r#"{{"custom": {{{name}}}, "client": {{}}, "env": null}}"#),
        format!(r#"{{"custom": {{{name}}}, "client": null, "environment": 5}}"#),
        base64(&plain),
        format!(r#"{{"custom": {{{name}, "pad": "{}"}}}}"#, "x".repeat(4096)),
    ];
    let mut lambda = Lambda::start(&[]).await;
    for context in contexts {
        let posted = lambda
            .invoke(Event::new(TEXT).context(context.clone()))
            .await;
        assert_eq!(posted.to, "response");
        assert_eq!(posted.body["text"], "hi", "{context}");
        lambda.still_serves().await;
    }
}

#[tokio::test]
async fn contexts_that_name_no_tool_are_answered() {
    let junk = "x".repeat(4096);
    let contexts: [Option<&[u8]>; 13] = [
        Some(br#"{"custom": null}"#),
        Some(br#"{"custom": {"bedrockAgentCoreToolName": null}}"#),
        Some(br#"{"custom": []}"#),
        Some(br#"{"client": {}}"#),
        Some(br#"{"client": null}"#),
        Some(b"{}"),
        None,
        Some(b""),
        Some(b"this is no json"),
        Some(b"[]"),
        Some(b"\xff\xfe"),
        Some(b"e30="),
        Some(junk.as_bytes()),
    ];
    let mut lambda = Lambda::start(&[]).await;
    for context in contexts {
        let mut event = Event::new(TEXT);
        event.context = context.map(<[u8]>::to_vec);
        let posted = lambda.invoke(event).await;
        assert_eq!(posted.to, "response");
        assert_eq!(
            posted.body["error"]["code"], "missing_tool_name",
            "{context:?}"
        );
        lambda.still_serves().await;
    }
}

#[tokio::test]
async fn a_context_of_another_type_names_an_unknown_tool() {
    let mut lambda = Lambda::start(&[]).await;
    let context = r#"{"custom": {"bedrockAgentCoreToolName": {"a": 1}}}"#;
    let posted = lambda.invoke(Event::new(TEXT).context(context)).await;
    assert_eq!(posted.body["error"]["code"], "unknown_tool");
}

#[tokio::test]
async fn events_that_do_not_fit_are_answered() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let deep_inside = format!(
        r#"{{"text": {}1{}}}"#,
        r#"{"a":"#.repeat(100),
        "}".repeat(100)
    );
    let six_megabytes = format!(r#"{{"text": "{}"}}"#, "x".repeat(6 * 1024 * 1024));
    let events: Vec<(&[u8], &str)> = vec![
        (b"[]", "an array: expected an object"),
        (br#"["hi"]"#, "an array: expected an object"),
        (b"\"text\"", "a string: expected an object"),
        (b"null", "null: expected an object"),
        (b"5", "a number: expected an object"),
        (b"", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b"\xff", "not valid JSON"),
        (b"{}", "`text` is missing"),
        (br#"{"text": 5}"#, "`text` is a number: expected a string"),
        (br#"{"text": null}"#, "`text` is null: expected a string"),
        (
            br#"{"text": ["hi"]}"#,
            "`text` is an array: expected a string",
        ),
        (br#"{"text": "\ud800"}"#, "not valid JSON"),
        (deep.as_bytes(), "not valid JSON"),
        (
            deep_inside.as_bytes(),
            "`text` is an object: expected a string",
        ),
        (six_megabytes.as_bytes(), "characters: expected at most 100"),
    ];
    let mut lambda = Lambda::start(&[]).await;
    for (event, says) in events {
        let posted = lambda.invoke(Event::tool("T___echo", event)).await;
        assert_eq!(posted.to, "response");
        assert_eq!(posted.body["error"]["code"], "invalid_arguments", "{says}");
        let message = posted.body["error"]["message"].as_str().unwrap();
        assert!(message.contains(says), "{message}");
        lambda.still_serves().await;
    }
}

fn base64(text: &str) -> String {
    use base64::prelude::{BASE64_STANDARD, Engine};
    BASE64_STANDARD.encode(text)
}
