//! Mail: who sends it, and what keeps it from being sent to anyone.

use serde_json::Value;

use crate::finding::Finding;
use crate::iam::Grants;
use crate::view::{Item, View, get};

const SENDER: &str = "SES_SENDER_EMAIL";
const RECIPIENTS: &str = "ALLOWED_RECIPIENTS";
/// The binary of this project that sends mail.
const OWN_BINARY: &str = "report-tools";
const SEND: &str = "ses:SendEmail";

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for function in view.functions() {
        let path = ["Environment", "Variables", SENDER];
        let sender = function.text(&path);
        let Some(role) = view.role_of(function) else {
            continue;
        };
        let grants = view.grants(&role);
        let sends = grants.on(SEND).next().is_some();
        match &sender {
            None if sends && reads_sender(function) => findings.push(view.error(
                "sender",
                function,
                &[],
                format!("may send mail and has no {SENDER}"),
                format!("set {SENDER} to a verified address"),
            )),
            Some(empty) if empty.trim().is_empty() => findings.push(view.error(
                "sender",
                function,
                &path,
                "the sender is empty",
                "give the parameter an AllowedPattern that takes an address only",
            )),
            Some(_) if !grants.mention(SEND) => findings.push(view.error(
                "sender",
                &role.item(),
                &[],
                format!(
                    "the function `{}` has a sender but may not send: the role lacks {SEND}",
                    function.id
                ),
                "allow it on the sender's identity",
            )),
            Some(sender) => {
                recipients(view, function, sender, &grants, &mut findings);
                let identity = |name: &str| view.arn("ses", &format!("identity/{name}"));
                let domain = sender.split_once('@').map_or("", |(_, domain)| domain);
                for name in [sender.as_str(), domain] {
                    if !grants.allow(view, SEND, &identity(name)) && !sender.contains("${") {
                        findings.push(view.error(
                            "sender",
                            &role.item(),
                            &[],
                            format!("the role may not send as `{name}`; SES asks about the address if that is verified, else about its domain"),
                            "allow ses:SendEmail on both identities",
                        ));
                    }
                }
            }
            None => {}
        }
    }
    for statement in view.statements() {
        let sends = statement
            .actions()
            .iter()
            .any(|action| crate::iam::matches(action, SEND));
        for (key, what) in [
            ("ses:FromAddress", "as any sender"),
            ("ses:Recipients", "to anyone"),
        ] {
            if sends && statement.condition(key).is_none() {
                findings.push(
                    view.error(
                        "mail-condition",
                        &statement.item,
                        &statement.path(),
                        format!("lets mail be sent {what}: no condition on {key}"),
                        "add the condition",
                    )
                    .warning(),
                );
            }
        }
    }
    findings
}

/// Whether it is known to take its sender from the variable: others may have their own.
fn reads_sender(function: &Item<'_>) -> bool {
    let metadata = function.resource.metadata.as_ref().ok();
    let binary = metadata.and_then(|all| get(all, &["BuildProperties", "Binary"]));
    let limited = function.get(&["Environment", "Variables", RECIPIENTS]);
    limited.is_some() || binary.and_then(Value::as_str) == Some(OWN_BINARY)
}

/// Whom the role lets mail be sent to, and whom the function does: left out, the sender alone.
fn recipients(
    view: &View<'_>,
    function: &Item<'_>,
    sender: &str,
    grants: &Grants<'_>,
    findings: &mut Vec<Finding>,
) {
    let allowed = grants
        .on(SEND)
        .filter_map(|statement| statement.condition("ses:Recipients"));
    let others: Vec<_> = allowed.flatten().filter(|one| one != sender).collect();
    if !others.is_empty()
        && function
            .get(&["Environment", "Variables", RECIPIENTS])
            .is_none()
    {
        findings.push(
            view.error(
                "mail-recipients",
                function,
                &[],
                format!("its role may send to `{}`, and without {RECIPIENTS} it sends to `{sender}` alone", others.join("`, `")),
                format!("set {RECIPIENTS} to the same list"),
            )
            .warning(),
        );
    }
}
