//! How many and how large, by the quotas of AgentCore Gateway, Policy and Runtime. What a resource's
//! schema bounds by itself is left to `cfn-lint` unless a parameter makes it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::finding::Finding;
use crate::view::{GATEWAY, Item, POLICY, RUNTIME, TARGET, View};

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut bounds = Bounds::of(view);
    let mut targets = BTreeMap::new();
    for gateway in view.of_kind(TARGET).filter_map(|t| view.gateway_of(t)) {
        *targets.entry(gateway.id).or_insert(0_usize) += 1;
    }
    for item in &view.items {
        if [GATEWAY, TARGET].contains(&item.kind) {
            let length = item
                .text(&["Description"])
                .map_or(0, |text| text.chars().count());
            bounds.bound(
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
                bounds.bound(
                    item,
                    &[],
                    "targets of the gateway",
                    targets.get(item.id).copied().unwrap_or_default(),
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
                bounds.bound(
                    item,
                    &path,
                    "tools of the target",
                    item.list(&path).len(),
                    1000,
                    "spread them over several targets",
                );
                bounds.bound(
                    item,
                    &path,
                    "bytes of the inline schema",
                    schema,
                    1024 * 1024,
                    "put the schema into S3 (ToolSchema.S3)",
                );
                let headers = ["MetadataConfiguration", "AllowedRequestHeaders"];
                bounds.bound(
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
                bounds.bound(
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
                bounds.bound(
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
    let mut findings = bounds.findings;
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

/// What passes a quota is found.
pub(super) struct Bounds<'v, 'a> {
    view: &'v View<'a>,
    pub(super) findings: Vec<Finding>,
}

impl<'v, 'a> Bounds<'v, 'a> {
    pub(super) fn of(view: &'v View<'a>) -> Self {
        let findings = Vec::new();
        Bounds { view, findings }
    }

    pub(super) fn bound(
        &mut self,
        item: &Item<'_>,
        path: &[&str],
        what: &str,
        is: usize,
        most: usize,
        remedy: &str,
    ) {
        if is > most {
            let what = format!("{what}: {is}, and {most} are taken");
            let finding = self.view.error("quota", item, path, what, remedy);
            self.findings.push(finding);
        }
    }
}
