//! How many and how large, by the quotas of AgentCore Gateway, Policy and Runtime. What a resource's
//! schema bounds by itself is left to `cfn-lint` unless a parameter makes it.

use serde_json::Value;

use crate::finding::Finding;
use crate::view::{GATEWAY, Item, POLICY, RUNTIME, TARGET, View};

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut bound =
        |item: &Item<'_>, path: &[&str], what: &str, is: usize, most: usize, remedy: &str| {
            findings.extend(beyond(view, item, path, [what, remedy], is, most));
        };
    for item in &view.items {
        if [GATEWAY, TARGET].contains(&item.kind) {
            let length = item
                .text(&["Description"])
                .map_or(0, |text| text.chars().count());
            bound(
                item,
                &["Description"],
                "characters of the description",
                length,
                200,
                "shorten it",
            );
        }
        match item.kind {
            GATEWAY => {
                let targets = view.of_kind(TARGET);
                let targets =
                    targets.filter(|t| view.gateway_of(t).is_some_and(|g| g.id == item.id));
                bound(
                    item,
                    &[],
                    "targets of the gateway",
                    targets.count(),
                    100,
                    "spread them over several gateways",
                );
            }
            TARGET => {
                let path = [
                    "TargetConfiguration",
                    "Mcp",
                    "Lambda",
                    "ToolSchema",
                    "InlinePayload",
                ];
                let schema = item.get(&path).map_or(0, |schema| schema.to_string().len());
                bound(
                    item,
                    &path,
                    "tools of the target",
                    item.list(&path).len(),
                    1000,
                    "spread them over several targets",
                );
                bound(
                    item,
                    &path,
                    "bytes of the inline schema",
                    schema,
                    1024 * 1024,
                    "put the schema into S3 (ToolSchema.S3)",
                );
                let headers = ["MetadataConfiguration", "AllowedRequestHeaders"];
                bound(
                    item,
                    &headers,
                    "allowed headers",
                    item.list(&headers).len(),
                    10,
                    "pass on fewer",
                );
            }
            POLICY => {
                let text = super::order::statement(item).unwrap_or_default();
                let length = text.chars().count();
                bound(
                    item,
                    &["Definition"],
                    "characters of the policy",
                    length,
                    10_000,
                    "split it",
                );
            }
            RUNTIME => {
                let variables = item
                    .get(&["EnvironmentVariables"])
                    .and_then(Value::as_object);
                bound(
                    item,
                    &["EnvironmentVariables"],
                    "environment variables",
                    variables.map_or(0, |v| v.len()),
                    50,
                    "pass fewer",
                );
            }
            _ => {}
        }
    }
    for policy in view.of_kind(POLICY) {
        let text = super::order::statement(policy).unwrap_or_default();
        let length = text.chars().count();
        if length < 35 {
            let what = format!("a statement of {length} characters: 35 are the fewest");
            let remedy = "write a whole statement";
            findings.push(view.error("quota", policy, &["Definition"], what, remedy));
        }
    }
    findings
}

/// What to say of a quota that is passed.
pub(super) fn beyond(
    view: &View<'_>,
    item: &Item<'_>,
    path: &[&str],
    [what, remedy]: [&str; 2],
    is: usize,
    most: usize,
) -> Option<Finding> {
    let what = format!("{what}: {is}, and {most} are taken");
    (is > most).then(|| view.error("quota", item, path, what, remedy))
}
