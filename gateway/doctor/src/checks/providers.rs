//! Credential providers: where their secret lies.

use serde_json::{Map, Value};

use crate::finding::Finding;
use crate::view::{Item, View};

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for item in &view.items {
        if item.kind.starts_with("AWS::BedrockAgentCore::")
            && item.kind.ends_with("CredentialProvider")
        {
            within(view, item, item.properties, &mut Vec::new(), &mut findings);
            if item.kind.contains("ApiKey")
                && item
                    .get(&["ApiKeySecretConfig"])
                    .or(item.get(&["ApiKey"]))
                    .is_none()
            {
                findings.push(view.error(
                    "provider-secret",
                    item,
                    &[],
                    "has no key",
                    "add `ApiKeySecretSource: EXTERNAL` and ApiKeySecretConfig with SecretId and JsonKey",
                ));
            }
        }
    }
    findings
}

/// Every map in the properties, with the steps to it.
fn within<'v>(
    view: &View<'_>,
    item: &Item<'_>,
    value: &'v Value,
    path: &mut Vec<&'v str>,
    findings: &mut Vec<Finding>,
) {
    let Some(map) = value.as_object() else { return };
    for (name, config) in [
        ("ApiKey", "ApiKeySecretConfig"),
        ("ClientSecret", "ClientSecretConfig"),
    ] {
        findings.extend(
            source(map, name, config)
                .map(|(what, remedy)| view.error("provider-secret", item, path, what, remedy)),
        );
    }
    for (name, value) in map {
        path.push(name);
        within(view, item, value, path, findings);
        path.pop();
    }
}

/// Whether the source and the place of a secret fit together.
fn source(map: &Map<String, Value>, name: &str, config: &str) -> Option<(String, String)> {
    let source = format!("{}Source", config.trim_end_matches("Config"));
    let external = map.get(&source).and_then(Value::as_str) == Some("EXTERNAL");
    match (
        external,
        map.contains_key(config),
        map.get(name).and_then(Value::as_str),
    ) {
        (true, false, _) => Some((
            format!("the secret is external, and {config} does not say which"),
            format!("add {config} with SecretId and JsonKey"),
        )),
        (false, true, _) => Some((
            format!("{config} counts only if {source} is EXTERNAL"),
            format!("add `{source}: EXTERNAL`"),
        )),
        (_, _, Some(text))
            if !text.is_empty() && !text.contains("${") && !text.contains("{{resolve:") =>
        {
            Some((
                format!("{name} stands in the template or in a parameter"),
                format!("keep it in Secrets Manager: `{source}: EXTERNAL` with {config}"),
            ))
        }
        _ => None,
    }
}
