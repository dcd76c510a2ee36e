//! Tools that no policy permits, and policies that stand without the others.

use super::order::{actions, statement};
use crate::finding::Finding;
use crate::symbols::names;
use crate::view::{ENGINE, GATEWAY, POLICY, TARGET, View};

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    // Conditions that differ are meant, such as one for each authoriser; none is forgotten.
    let declared = view.once.template.declared();
    let policies: Vec<_> = declared.filter(|one| one.kind() == POLICY).collect();
    let conditional = policies.iter().find(|one| one.condition().is_some());
    for policy in view.of_kind(POLICY) {
        let mut always = policies.iter().filter(|one| one.condition().is_none());
        let Some(other) = conditional.filter(|_| always.any(|one| one.logical_id() == policy.id))
        else {
            continue;
        };
        findings.push(
            view.error(
                "policy-alone",
                policy,
                &[],
                format!(
                    "is made always, and `{}`, which may forbid what it permits, on a condition",
                    other.logical_id()
                ),
                "give it a Condition like the others",
            )
            .warning(),
        );
    }
    for gateway in view.of_kind(GATEWAY) {
        let engine = gateway
            .text(&["PolicyEngineConfiguration", "Arn"])
            .unwrap_or_default();
        let Some(engine) = view.named_in(ENGINE, &engine) else {
            continue;
        };
        let statements: Vec<String> = view
            .of_kind(POLICY)
            .filter(|policy| {
                policy
                    .text(&["PolicyEngineId"])
                    .is_some_and(|id| names(&id, engine.id))
            })
            .filter_map(statement)
            .collect();
        // Without any, the Gateway is not taken into use yet.
        if statements.is_empty() {
            continue;
        }
        let permits = |action: &str| {
            statements.iter().any(|text| {
                let named = actions(text);
                text.contains("permit") && (named.is_empty() || named.contains(&action))
            })
        };
        for target in view.of_kind(TARGET) {
            let name = target.text(&["Name"]).unwrap_or_default();
            let tools = super::tools::names(target)
                .into_iter()
                .map(|tool| format!("{name}___{tool}"));
            let denied: Vec<_> = tools.filter(|action| !permits(action)).collect();
            let own = view
                .gateway_of(target)
                .is_some_and(|one| one.id == gateway.id);
            if own && !denied.is_empty() {
                findings.push(
                    view.error(
                        "policy-missing",
                        target,
                        &["TargetConfiguration"],
                        format!(
                            "no policy permits {}, so with ENFORCE nobody may",
                            denied.join(", ")
                        ),
                        "add a policy that permits it to someone, or take the tool away",
                    )
                    .warning(),
                );
            }
        }
    }
    findings
}
