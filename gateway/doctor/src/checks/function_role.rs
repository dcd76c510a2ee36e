//! What a function's role must let it do.

use super::functions::log_group;
use crate::finding::Finding;
use crate::iam::Role;
use crate::symbols::mentions;
use crate::view::{Item, View};

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for function in view.functions() {
        if let Some(role) = view.role_of(function) {
            permissions(view, function, &role, &mut findings);
        }
    }
    findings
}

fn permissions<'a>(
    view: &View<'a>,
    function: &Item<'a>,
    role: &Role<'a>,
    findings: &mut Vec<Finding>,
) {
    if let Role::Generated(_) = role {
        findings.push(
            view.error(
                "function-role",
                function,
                &[],
                "has no role of its own: the one that SAM makes may write to every log group",
                "declare an AWS::IAM::Role with what the function needs, and name it in Role",
            )
            .warning(),
        );
    }
    let grants = view.grants(role);
    let item = role.item();
    let mut need = |actions: &[&str], resource: &str, what: &str| {
        let lacking: Vec<_> = actions
            .iter()
            .copied()
            .filter(|action| !grants.allow(view, action, resource))
            .collect();
        if !lacking.is_empty() {
            let what = format!(
                "the function `{}` {what}: the role lacks {}",
                function.id,
                lacking.join(", ")
            );
            findings.push(view.error("function-role", &item, &[], what, "allow this"));
        }
    };
    let group = log_group(view, function);
    let group = group.map_or_else(
        || format!("/aws/lambda/${{{}}}", function.id),
        |group| format!("${{{}}}", group.id),
    );
    let stream = view.arn("logs", &format!("log-group:{group}:log-stream:x"));
    need(
        &["logs:CreateLogStream", "logs:PutLogEvents"],
        &stream,
        "cannot write its log",
    );
    // SAM adds what tracing needs to a role that it makes.
    if matches!(role, Role::Declared(_)) && mentions_tracing(function) {
        need(
            &["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
            "*",
            "cannot send its traces",
        );
    }
    // A custom resource that looks at targets.
    if view.is_custom_resource(function) {
        for custom in view
            .items
            .iter()
            .filter(|item| crate::functions::is_custom(item.kind))
        {
            let targets = custom.get(&["TargetIds"]).is_some();
            let own = custom.text(&["ServiceToken"]).is_some_and(|token| {
                let named = view.function_in(&token);
                named.is_some_and(|named| named.function.id == function.id)
            });
            let mut gateways = view.of_kind(crate::view::GATEWAY);
            let gateway = gateways.find(|gateway| mentions(custom.properties, gateway.id));
            if let (true, true, Some(gateway)) = (targets, own, gateway) {
                let arn = view.arn("bedrock-agentcore", &format!("gateway/${{{}}}", gateway.id));
                need(
                    &["bedrock-agentcore:GetGatewayTarget"],
                    &arn,
                    "cannot see whether the targets are ready",
                );
            }
        }
    }
}

fn mentions_tracing(function: &Item<'_>) -> bool {
    let sam = function.text(&["Tracing"]);
    let plain = function.text(&["TracingConfig", "Mode"]);
    sam.or(plain).as_deref() == Some("Active")
}
