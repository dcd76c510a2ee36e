//! Targets: the function behind them, and whether the Gateway may invoke it.

use std::collections::BTreeMap;

use crate::finding::Finding;
use crate::functions::target_arn;
use crate::symbols::ids;
use crate::view::{Item, LAMBDA_ARN, TARGET, View, get, text};

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut known = BTreeMap::new();
    for target in view.of_kind(TARGET) {
        findings.extend(duplicate(view, target, &mut known));
        for (property, why) in [
            ("GatewayIdentifier", "belongs to no Gateway"),
            ("Name", "has no name, of which its tools' names are made"),
        ] {
            if target.get(&[property]).is_none() {
                let remedy = format!("add {property}");
                findings.push(view.error("target-incomplete", target, &[], why, remedy));
            }
        }
        let gateway = target.text(&["GatewayIdentifier"]).unwrap_or_default();
        if gateway.starts_with("arn:") {
            findings.push(view.error(
                "target-gateway",
                target,
                &["GatewayIdentifier"],
                "is the Gateway's ARN, not its id",
                "write `!GetAtt Gateway.GatewayIdentifier`",
            ));
        }
        credentials(view, target, &mut findings);
        if let Some(arn) = target_arn(target) {
            function(view, target, &arn, &mut findings);
            let schema = ["TargetConfiguration", "Mcp", "Lambda", "ToolSchema"];
            let inline = target.get(&[&schema[..], &["InlinePayload"]].concat());
            let stored = target.get(&[&schema[..], &["S3"]].concat());
            if inline.or(stored).is_none() {
                findings.push(view.error(
                    "target-incomplete",
                    target,
                    &schema,
                    "has no tools",
                    "add a ToolSchema with InlinePayload or S3",
                ));
            }
        }
    }
    findings
}

fn credentials(view: &View<'_>, target: &Item<'_>, findings: &mut Vec<Finding>) {
    let configured = target.list(&["CredentialProviderConfigurations"]);
    let kinds: Vec<_> = configured
        .iter()
        .filter_map(|one| one.get("CredentialProviderType").and_then(text))
        .collect();
    let lambda = target_arn(target).is_some();
    if lambda && !kinds.iter().any(|kind| kind == "GATEWAY_IAM_ROLE") {
        findings.push(view.error(
            "target-credentials",
            target,
            &["CredentialProviderConfigurations"],
            "a Lambda target is invoked with the Gateway's role, and that is not said",
            "write `CredentialProviderConfigurations: [{CredentialProviderType: GATEWAY_IAM_ROLE}]`",
        ));
    }
    if !lambda && kinds.is_empty() {
        findings.push(
            view.error(
                "target-credentials",
                target,
                &[],
                "calls its endpoint without credentials",
                "name a credential provider in CredentialProviderConfigurations, or make sure that the endpoint is meant for everyone",
            )
            .warning(),
        );
    }
}

fn function(view: &View<'_>, target: &Item<'_>, arn: &str, findings: &mut Vec<Finding>) {
    match view.function_in(arn) {
        // It is, but cannot be evaluated, which is told elsewhere.
        None if ids(arn).any(|id| view.resolved.resources.contains_key(id)) => {}
        None => findings.push(
            view.error(
                "target-function",
                target,
                &LAMBDA_ARN,
                "the function is not in the template, so what it answers to was not checked",
                "declare it here, or deploy and verify it first",
            )
            .warning(),
        ),
        Some(named) if named.qualifier.as_deref().is_none_or(|q| q == "$LATEST") => findings.push(
            view.error(
                "target-alias",
                target,
                &LAMBDA_ARN,
                format!("names `{}` without an alias: a new version answers before the schema is updated, and a rollback takes back one without the other", named.function.id),
                format!("add `AutoPublishAlias: live` to the function and write `!Ref {}.Alias`", named.function.id),
            )
            .warning(),
        ),
        Some(_) => {}
    }
    let Some(gateway) = view.gateway_of(target) else {
        return;
    };
    let role = gateway.text(&["RoleArn"]).unwrap_or_default();
    let Some(role) = view.role_in(&role) else {
        return;
    };
    if !view.may_invoke(&role, arn) {
        findings.push(view.error(
            "target-permission",
            target,
            &LAMBDA_ARN,
            format!("the Gateway's role `{}` may not invoke it", role.id()),
            "allow lambda:InvokeFunction on exactly the ARN that stands here, alias included",
        ));
    }
}

/// A gateway's targets have different names.
/// `known`: the targets before it, by gateway and name.
fn duplicate<'v>(
    view: &View<'_>,
    target: &Item<'v>,
    known: &mut BTreeMap<(String, String), &'v str>,
) -> Option<Finding> {
    let gateway = get(target.properties, &["GatewayIdentifier"])?.to_string();
    let name = target.text(&["Name"])?;
    let other = known.insert((gateway, name), target.id)?;
    let what = format!("`{other}` has the same name at the same Gateway");
    let remedy = "give each target a name of its own: their tools' names are made of it";
    Some(view.error("target-name", target, &["Name"], what, remedy))
}
