//! Cedar policies that fit no engine or no Gateway, or leave open how they are validated.

use crate::finding::Finding;
use crate::symbols::names;
use crate::view::{ENGINE, GATEWAY, POLICY, View};

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut taken: Vec<(String, String)> = Vec::new();
    for policy in view.of_kind(POLICY) {
        if policy.get(&["ValidationMode"]).is_none() {
            findings.push(
                view.error(
                    "policy-validation",
                    policy,
                    &[],
                    "leaves open what happens when it is found too permissive or without effect",
                    "set ValidationMode to FAIL_ON_ANY_FINDINGS, or to IGNORE_ALL_FINDINGS with the reason in a comment",
                )
                .warning(),
            );
        }
        let engine = policy.text(&["PolicyEngineId"]).unwrap_or_default();
        let key = (engine.clone(), policy.text(&["Name"]).unwrap_or_default());
        if taken.contains(&key) {
            findings.push(view.error(
                "policy-name",
                policy,
                &["Name"],
                format!("the engine has another policy `{}`", key.1),
                "give each policy of an engine a name of its own",
            ));
        }
        taken.push(key);
        let Some(engine) = view.named_in(ENGINE, &engine) else {
            continue;
        };
        if engine_by_arn(policy.text(&["PolicyEngineId"])) {
            findings.push(view.error(
                "policy-engine-id",
                policy,
                &["PolicyEngineId"],
                "is the engine's ARN, not its id",
                format!("write `!GetAtt {}.PolicyEngineId`", engine.id),
            ));
        }
        let gateways: Vec<_> = view
            .of_kind(GATEWAY)
            .filter(|gateway| {
                let arn = gateway.text(&["PolicyEngineConfiguration", "Arn"]);
                arn.is_some_and(|arn| names(&arn, engine.id))
            })
            .collect();
        let Some(cedar) = super::order::statement(policy) else {
            continue;
        };
        let speaks = gateways.iter().any(|gateway| names(&cedar, gateway.id));
        if !gateways.is_empty() && cedar.contains("AgentCore::Action::") && !speaks {
            findings.push(view.error(
                "policy-gateway",
                policy,
                &["Definition"],
                "names actions but not the Gateway that has them",
                format!(
                    "write `resource == AgentCore::Gateway::\"${{{}.GatewayArn}}\"`",
                    gateways.first().map_or("Gateway", |g| g.id)
                ),
            ));
        }
    }
    findings
}

fn engine_by_arn(id: Option<String>) -> bool {
    id.is_some_and(|id| id.starts_with("arn:"))
}
