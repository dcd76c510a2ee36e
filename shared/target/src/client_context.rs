//! The client context, read leniently.
//!
//! The Gateway sends JSON whose `custom` may hold nested values (propagated headers are objects),
//! `cargo lambda watch` sends base64, and a caller of `lambda:InvokeFunction` anything at all.
//! lambda_runtime 1.5 types `custom` as a map of strings and ends the process on the rest, before
//! any handler or layer runs; when it reads as leniently as this, this module can go.

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Map, Value, json};

/// The header's value as lambda_runtime's `ClientContext` takes it, or nothing if it cannot be
/// read. Values of `custom` that are no strings become their JSON text.
pub(crate) fn parse(header: &[u8]) -> Option<Value> {
    let context: Value = serde_json::from_slice(header).ok().or_else(|| {
        let decoded = BASE64_STANDARD.decode(header.trim_ascii()).ok()?;
        serde_json::from_slice(&decoded).ok()
    })?;
    let context = context.as_object()?;
    Some(json!({
        "client": client(context.get("client")),
        "custom": strings(context.get("custom").or_else(|| context.get("Custom"))),
        "environment": strings(context.get("environment").or_else(|| context.get("env"))),
    }))
}

/// The mobile app's description, which the Gateway leaves out: absent fields are empty.
fn client(value: Option<&Value>) -> Value {
    let field = |snake: &str, camel: &str| {
        let found = value.and_then(|client| client.get(camel).or_else(|| client.get(snake)));
        found.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    json!({
        "installationId": field("installation_id", "installationId"),
        "appTitle": field("app_title", "appTitle"),
        "appVersionName": field("app_version_name", "appVersionName"),
        "appVersionCode": field("app_version_code", "appVersionCode"),
        "appPackageName": field("app_package_name", "appPackageName"),
    })
}

fn strings(value: Option<&Value>) -> Map<String, Value> {
    let entries = value.and_then(Value::as_object).into_iter().flatten();
    entries
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            (key.clone(), Value::String(text))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(text: &str) -> Option<lambda_runtime::Context> {
        let mut context = lambda_runtime::Context::default();
        context.client_context = Some(serde_json::from_value(parse(text.as_bytes())?).unwrap());
        Some(context)
    }

    #[test]
    fn nested_values_become_their_json_text() {
        let text = r#"{"custom": {"o": {"a": [1]}, "n": 5, "z": null, "s": "text"}}"#;
        let custom = context(text).unwrap().client_context.unwrap().custom;
        assert_eq!(custom["o"], r#"{"a":[1]}"#);
        assert_eq!(custom["n"], "5");
        assert_eq!(custom["s"], "text");
        assert!(!custom.contains_key("z"));
    }

    #[test]
    fn base64_of_json_is_read_as_the_json() {
        let encoded = BASE64_STANDARD.encode(r#"{"custom": {"a": "b"}}"#);
        assert_eq!(
            context(&encoded).unwrap().client_context.unwrap().custom["a"],
            "b"
        );
    }

    #[test]
    fn null_empty_and_odd_parts_are_empty() {
        for text in [
            "{}",
            r#"{"custom": null}"#,
            r#"{"client": {}}"#,
            r#"{"client": null, "custom": [1]}"#,
        ] {
            let read = context(text).unwrap().client_context.unwrap();
            assert!(read.custom.is_empty(), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_absent() {
        for text in ["", "no json", "[]", "5", "null", "AAAA"] {
            assert!(context(text).is_none(), "{text}");
        }
    }
}
