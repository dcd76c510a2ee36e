//! Statements that allow more than is meant.

use crate::finding::Finding;
use crate::iam::{Statement, matches};
use crate::view::View;

/// Actions that know no narrower resource (service authorization reference).
const NO_RESOURCE: [&str; 29] = [
    "xray:Put*",
    "xray:GetSampling*",
    "ecr:GetAuthorizationToken",
    "cloudwatch:PutMetricData",
    "cloudwatch:ListMetrics",
    "cloudwatch:GetMetric*",
    "ec2:Describe*",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:*assignPrivateIpAddresses",
    "sts:GetCallerIdentity",
    "logs:*LogDelivery",
    "bedrock:List*",
    "lambda:ListFunctions",
    "lambda:ListLayers",
    "lambda:ListEventSourceMappings",
    "lambda:GetAccountSettings",
    "kms:ListAliases",
    "kms:ListKeys",
    "kms:GenerateRandom",
    "secretsmanager:GetRandomPassword",
    "secretsmanager:ListSecrets",
    "secretsmanager:BatchGetSecretValue",
    "ses:GetSendQuota",
    "ses:GetSendStatistics",
    "ses:GetAccount",
    "ses:List*",
    "iam:ListRoles",
    "iam:GetAccountSummary",
];
/// Services whose actions do most harm.
const HARMFUL: [&str; 7] = [
    "lambda",
    "bedrock-agentcore",
    "secretsmanager",
    "ses",
    "iam",
    "sts",
    "kms",
];

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    view.statements()
        .iter()
        .flat_map(|statement| of(view, statement))
        .collect()
}

fn of(view: &View<'_>, statement: &Statement<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let path = |key| {
        let mut path = statement.path();
        path.push(key);
        path
    };
    for key in ["NotAction", "NotResource"] {
        if statement.value.get(key).is_some() {
            let what = format!("{key} allows all but what it lists, and whatever AWS adds");
            findings.push(view.error(
                "wildcard-action",
                &statement.item,
                &path(key),
                what,
                "list what is allowed",
            ));
        }
    }
    let anything = statement.resources().iter().any(|resource| resource == "*");
    for action in statement.actions() {
        let whole = action == "*" || action.ends_with(":*");
        let report = |check, key, what: String, remedy: &str| {
            view.error(check, &statement.item, &path(key), what, remedy)
        };
        if whole {
            let what = format!("`{action}` allows everything there is, deleting included");
            findings.push(report(
                "wildcard-action",
                "Action",
                what,
                "list the actions that are needed",
            ));
        } else if action.contains('*') {
            let what = format!("`{action}` also allows what AWS adds under such a name");
            findings.push(
                report(
                    "wildcard-action",
                    "Action",
                    what,
                    "list the actions that are needed",
                )
                .warning(),
            );
        }
        let unbound = NO_RESOURCE.iter().any(|known| matches(known, &action));
        if anything && !unbound {
            let what = format!("`{action}` on every resource");
            let finding = report(
                "wildcard-resource",
                "Resource",
                what,
                "name the resources, by a pattern of their names if need be",
            );
            let service = action.split(':').next().unwrap_or_default();
            let harmful = whole || HARMFUL.contains(&service);
            findings.push(if harmful { finding } else { finding.warning() });
        }
        let namespace = statement.condition("cloudwatch:namespace").is_some();
        if matches(&action, "cloudwatch:PutMetricData") && !whole && !namespace {
            let what =
                "metrics of any namespace can be written, those of others included".to_owned();
            let remedy = "add the condition `StringEquals: {cloudwatch:namespace: ...}`";
            findings.push(report("wildcard-resource", "Condition", what, remedy).warning());
        }
    }
    findings
}
