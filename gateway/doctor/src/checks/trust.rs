//! Whom roles trust, and whether those who need a role can take it.

use serde_json::Value;

use crate::finding::Finding;
use crate::iam::{many, matches};
use crate::view::{GATEWAY, ROLE, RUNTIME, View, listed};

pub(super) const AGENT_CORE: &str = "bedrock-agentcore.amazonaws.com";
pub(super) const DOCUMENT: &str = "AssumeRolePolicyDocument";

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for role in view.of_kind(ROLE) {
        let statements = role.get(&[DOCUMENT, "Statement"]).map_or(&[][..], many);
        for (index, value) in statements.iter().enumerate() {
            let index = index.to_string();
            let path = [DOCUMENT, "Statement", &index];
            if value.get("Effect").and_then(Value::as_str) != Some("Allow") {
                continue;
            }
            let principal = value.get("Principal");
            let everyone = principal.and_then(Value::as_str) == Some("*")
                || listed(principal.and_then(|p| p.get("AWS")))
                    .iter()
                    .any(|p| p == "*");
            if everyone && value.get("Condition").is_none() {
                findings.push(view.error(
                    "trust-everyone",
                    role,
                    &path,
                    "everyone in every account may take this role",
                    "name who may",
                ));
            }
        }
    }
    for item in &view.items {
        let (property, service) = match item.kind {
            GATEWAY | RUNTIME => ("RoleArn", AGENT_CORE),
            _ if item.is_function() => ("Role", "lambda.amazonaws.com"),
            _ => continue,
        };
        let role = item.text(&[property]).unwrap_or_default();
        let Some(role) = view.named_in(ROLE, &role) else {
            continue;
        };
        let statements = role.get(&[DOCUMENT, "Statement"]).map_or(&[][..], many);
        let trusted = statements.iter().any(|s| {
            s.get("Effect").and_then(Value::as_str) == Some("Allow")
                && services(s).iter().any(|s| s == service)
                && listed(s.get("Action"))
                    .iter()
                    .any(|action| matches(action, "sts:AssumeRole"))
        });
        if !trusted {
            findings.push(view.error(
                "trust-principal",
                role,
                &[DOCUMENT],
                format!(
                    "`{}` cannot take the role, which does not trust {service}",
                    item.id
                ),
                format!("allow sts:AssumeRole to `Service: {service}`"),
            ));
        }
    }
    findings
}

pub(super) fn services(statement: &Value) -> Vec<String> {
    listed(
        statement
            .get("Principal")
            .and_then(|principal| principal.get("Service")),
    )
}
