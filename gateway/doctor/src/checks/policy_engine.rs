//! Whether the Gateway asks its policies, and may.

use crate::finding::Finding;
use crate::view::{ENGINE, GATEWAY, Item, View};

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let engine = view.of_kind(ENGINE).next();
    for gateway in view.of_kind(GATEWAY) {
        let path = ["PolicyEngineConfiguration", "Arn"];
        let Some(arn) = gateway.text(&path) else {
            findings.push(match engine {
                Some(engine) => view.error(
                    "policy-engine-unused",
                    gateway,
                    &[],
                    format!("asks no policies, although there is the engine `{}`: every tool is for everyone who gets in", engine.id),
                    format!("add PolicyEngineConfiguration with the Arn `!GetAtt {}.PolicyEngineArn` and a Mode", engine.id),
                ),
                None => view
                    .error(
                        "policy-engine-unused",
                        gateway,
                        &[],
                        "has no policies: every tool is for everyone who gets in",
                        "add a PolicyEngine and policies, first with the mode LOG_ONLY",
                    )
                    .warning(),
            });
            continue;
        };
        let Some(engine) = view.named_in(ENGINE, &arn) else {
            continue;
        };
        if !arn.starts_with("arn:") {
            findings.push(view.error(
                "policy-engine-arn",
                gateway,
                &path,
                "is the engine's id, not its ARN",
                format!("write `!GetAtt {}.PolicyEngineArn`", engine.id),
            ));
        }
        permissions(view, gateway, engine, &mut findings);
    }
    findings
}

/// AgentCore developer guide, "Permissions for policy engines" of the Gateway's service role.
fn permissions(
    view: &View<'_>,
    gateway: &Item<'_>,
    engine: &Item<'_>,
    findings: &mut Vec<Finding>,
) {
    let role = gateway.text(&["RoleArn"]).unwrap_or_default();
    let Some(role) = view.role_in(&role) else {
        return;
    };
    let grants = view.grants(&role);
    let arn = |rest: String| view.arn("bedrock-agentcore", &rest);
    let of_engine = arn(format!("policy-engine/${{{}}}", engine.id));
    let of_gateway = arn(format!("gateway/${{{}}}", gateway.id));
    let attached = arn(format!(
        "policy-engines/${{{}}}/target-resource/x",
        engine.id
    ));
    for (action, resources) in [
        ("AuthorizeAction", &[&of_engine, &of_gateway][..]),
        ("PartiallyAuthorizeActions", &[&of_engine, &of_gateway]),
        ("GetPolicyEngine", &[&of_engine]),
        ("CheckAuthorizePermissions", &[&attached]),
    ] {
        let action = format!("bedrock-agentcore:{action}");
        for resource in resources {
            if !grants.allow(view, &action, resource) {
                let physical = view.physical(resource);
                findings.push(view.error(
                    "policy-engine-permission",
                    &role.item(),
                    &[],
                    format!("the Gateway `{}` cannot ask its policies: its role lacks {action} on {physical}", gateway.id),
                    "allow this; the Gateway is named by a pattern of its name, since its id is known only after its role",
                ));
            }
        }
    }
}
