//! Policies and what must be there before them: a policy is validated against the tools of its
//! Gateway, and refused while they are not there.

use crate::finding::Finding;
use crate::symbols::{ids, names};
use crate::view::{GATEWAY, Item, POLICY, TARGET, View, text};

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for policy in view.of_kind(POLICY) {
        let Some(cedar) = statement(policy) else {
            continue;
        };
        if !is_asked(view, policy) {
            continue;
        }
        for action in actions(&cedar) {
            let Some((name, tool)) = action.split_once("___") else {
                continue;
            };
            let mut targets = view.of_kind(TARGET);
            let Some(target) = targets.find(|item| item.text(&["Name"]).as_deref() == Some(name))
            else {
                // It may be one that cannot be evaluated.
                let mut unknown = view.resolved.resources.values();
                if unknown.any(|r| r.kind == TARGET && r.properties.is_err()) {
                    continue;
                }
                findings.push(view.error(
                    "policy-target",
                    policy,
                    &["Definition"],
                    format!(
                        "the template has no target `{name}`, of which the action `{action}` speaks"
                    ),
                    "name an action as Target___tool, with the target's Name",
                ));
                continue;
            };
            let tools = super::tools::names(target);
            if !tools.is_empty() && !tools.iter().any(|known| known == tool) {
                findings.push(view.error(
                    "policy-target",
                    policy,
                    &["Definition"],
                    format!("the target `{name}` has no tool `{tool}`"),
                    format!("take one of `{}`", tools.join("`, `")),
                ));
            }
            waits(view, policy, target, &mut findings);
        }
    }
    findings
}

/// Whether a Gateway of the template asks the policy's engine, or may.
fn is_asked(view: &View<'_>, policy: &Item<'_>) -> bool {
    let Some(engine) = policy.text(&["PolicyEngineId"]) else {
        return true;
    };
    let mut resources = view.resolved.resources.values();
    let unknown = resources.any(|r| r.kind == GATEWAY && r.properties.is_err());
    unknown
        || view.of_kind(GATEWAY).any(|gateway| {
            let arn = gateway.text(&["PolicyEngineConfiguration", "Arn"]);
            let asks =
                |arn: String| arn.contains(&engine) || ids(&engine).any(|id| names(&arn, id));
            arn.is_some_and(asks)
        })
}

fn waits(view: &View<'_>, policy: &Item<'_>, target: &Item<'_>, findings: &mut Vec<Finding>) {
    if !view.graph.reaches(policy.id, target.id) {
        findings.push(view.error(
            "policy-order",
            policy,
            &[],
            format!("is made before its target `{}` is there, and refused for an unknown action", target.id),
            "add DependsOn with a resource that waits until the target is ready, or at least with the target",
        ));
    } else if !view.waits_for(policy.id, target.id) {
        findings.push(
            view.error(
                "policy-order",
                policy,
                &[],
                format!(
                    "does not wait until its target `{}` is READY: that it was made is not enough",
                    target.id
                ),
                "depend on a custom resource that waits for the target",
            )
            .warning(),
        );
    }
}

pub(super) fn statement(policy: &Item<'_>) -> Option<String> {
    let of = |kind| policy.get(&["Definition", kind, "Statement"]);
    of("Cedar").or_else(|| of("Policy")).and_then(text)
}

/// The names in `AgentCore::Action::"..."`.
pub(super) fn actions(cedar: &str) -> Vec<&str> {
    let mut found: Vec<&str> = cedar
        .split("AgentCore::Action::\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}
