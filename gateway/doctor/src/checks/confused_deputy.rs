//! Without conditions, whoever makes AgentCore act in another account can make it take a role of
//! this one (IAM guide, "The confused deputy problem").

use serde_json::Value;

use super::trust::{AGENT_CORE, DOCUMENT, services};
use crate::finding::Finding;
use crate::iam::{Statement, glob, many};
use crate::view::{GATEWAY, Item, ROLE, RUNTIME, View};

const NARROWER: &str =
    "name the gateway or runtime by a pattern of its name, such as `gateway/NAME-*`";

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for role in view.of_kind(ROLE) {
        let statements = role.get(&[DOCUMENT, "Statement"]).map_or(&[][..], many);
        for (index, value) in statements.iter().enumerate() {
            let allows = value.get("Effect").and_then(Value::as_str) == Some("Allow");
            let trusts = services(value)
                .iter()
                .any(|service| service.ends_with(AGENT_CORE));
            if allows && trusts {
                let path = [DOCUMENT, "Statement", &index.to_string()]
                    .map(str::to_owned)
                    .to_vec();
                let statement = Statement {
                    item: *role,
                    path,
                    value,
                };
                conditions(view, role, &statement, &mut findings);
            }
        }
    }
    findings
}

fn conditions(
    view: &View<'_>,
    role: &Item<'_>,
    statement: &Statement<'_>,
    findings: &mut Vec<Finding>,
) {
    let account = &view.scenario.environment.account_id;
    let at = |key: &str| -> Vec<String> {
        let path = statement.path.iter().cloned();
        path.chain(["Condition".to_owned(), key.to_owned()])
            .collect()
    };
    let mut report = |check, key: &str, what: String, remedy: &str| {
        let path = at(key);
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        findings.push(view.error(check, role, &path, what, remedy));
    };
    let mut whole_account = Vec::new();
    let condition = |key: &str| {
        let of = statement.value.get("Condition").and_then(Value::as_object);
        let optional = of.into_iter().flatten().any(|(operator, keys)| {
            let here = keys
                .as_object()
                .into_iter()
                .flatten()
                .any(|(name, _)| name.eq_ignore_ascii_case(key));
            here && (operator.ends_with("IfExists")
                || operator.contains("Not")
                || operator.starts_with("ForAll"))
        });
        statement
            .condition(key)
            .filter(|values| !values.is_empty() && !optional)
    };
    let accounts = condition("aws:SourceAccount");
    let of_account = accounts
        .as_ref()
        .is_some_and(|accounts| accounts.iter().all(|one| one == account));
    match accounts {
        None => report(
            "trust-condition",
            "aws:SourceAccount",
            "AgentCore may take this role for any account".to_owned(),
            "add `StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}`",
        ),
        Some(accounts) if accounts.iter().any(|one| one != account) => report(
            "trust-condition",
            "aws:SourceAccount",
            format!(
                "aws:SourceAccount lets in more than this account: `{}`",
                accounts.join("`, `")
            ),
            "write `!Ref AWS::AccountId`",
        ),
        Some(_) => {}
    }
    let Some(sources) = condition("aws:SourceArn") else {
        report(
            "trust-condition",
            "aws:SourceArn",
            "AgentCore may take this role for any resource".to_owned(),
            "add `ArnLike: {aws:SourceArn: ...}` with the ARN of the gateway or runtime, by a pattern of its name",
        );
        return;
    };
    let patterns: Vec<_> = sources.iter().map(|source| view.physical(source)).collect();
    for pattern in &patterns {
        let parts: Vec<&str> = pattern.splitn(6, ':').collect();
        let own = parts.get(4) == Some(&account.as_str());
        if own && parts.get(5).is_some_and(|part| *part != "*") {
            continue;
        }
        let what =
            format!("aws:SourceArn lets in more than one resource of this account: `{pattern}`");
        // The guide's own example is as wide within the account.
        if own && parts.get(5).is_some() && of_account {
            whole_account.push(what);
        } else {
            report("trust-condition", "aws:SourceArn", what, NARROWER);
        }
    }
    for user in view
        .items
        .iter()
        .filter(|item| [GATEWAY, RUNTIME].contains(&item.kind))
    {
        let named = user.text(&["RoleArn"]).unwrap_or_default();
        if !crate::symbols::names(&named, role.id) {
            continue;
        }
        let kind = if user.kind == GATEWAY {
            "gateway"
        } else {
            "runtime"
        };
        let arn = view.arn("bedrock-agentcore", &format!("{kind}/${{{}}}", user.id));
        let arn = view.physical(&arn);
        if !patterns.iter().any(|pattern| glob(pattern, &arn)) {
            report(
                "trust-mismatch",
                "aws:SourceArn",
                format!(
                    "`{}` cannot take the role: its ARN will be like `{arn}`, which `{}` does not match",
                    user.id,
                    patterns.join("`, `")
                ),
                "make the pattern of the same name; a gateway's id is made of it in lower case",
            );
        }
    }
    let path = at("aws:SourceArn");
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    findings.extend(whole_account.into_iter().map(|what| {
        view.error("trust-condition", role, &path, what, NARROWER)
            .warning()
    }));
}
