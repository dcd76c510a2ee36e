//! Data that is left out where a template encrypts with a key of its own.

use crate::finding::Finding;
use crate::iam::matches;
use crate::symbols::mentions;
use crate::view::{ENGINE, GATEWAY, LOG_GROUP, View, text};

/// The types that take a key, and the property for it.
const KEYED: [(&str, &str); 3] = [
    (GATEWAY, "KmsKeyArn"),
    (ENGINE, "EncryptionKeyArn"),
    (LOG_GROUP, "KmsKeyId"),
];

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let all = || {
        let keyed = KEYED.iter();
        keyed.flat_map(|(kind, property)| view.of_kind(kind).map(move |item| (item, *property)))
    };
    let with_key = all().find(|(item, property)| item.get(&[property]).is_some());
    if let Some((example, _)) = with_key {
        for (item, property) in all().filter(|(item, property)| item.get(&[property]).is_none()) {
            findings.push(
                view.error(
                    "encryption",
                    item,
                    &[],
                    format!("has no key of its own, unlike `{}`", example.id),
                    format!("set {property} to the same key"),
                )
                .warning(),
            );
        }
    }
    for statement in view.statements() {
        let grants = statement
            .actions()
            .iter()
            .any(|one| matches(one, "kms:CreateGrant"));
        let bound = ["kms:ViaService", "kms:GrantIsForAWSResource"];
        if grants && !bound.iter().any(|key| statement.condition(key).is_some()) {
            findings.push(
                view.error(
                    "encryption",
                    &statement.item,
                    &statement.path(),
                    "lets the key be granted to anyone",
                    "add a condition on kms:ViaService",
                )
                .warning(),
            );
        }
    }
    for gateway in view.of_kind(GATEWAY) {
        let (Some(key), Some(role)) = (
            gateway.get(&["KmsKeyArn"]).and_then(text),
            gateway.text(&["RoleArn"]),
        ) else {
            continue;
        };
        let Some(role) = view.role_in(&role) else {
            continue;
        };
        // A key's own policy may let the role use it, too.
        let policy = view.named_in("AWS::KMS::Key", &key);
        let policy = policy.and_then(|key| key.get(&["KeyPolicy"]));
        if policy.is_some_and(|policy| mentions(policy, &role.id())) {
            continue;
        }
        let grants = view.grants(&role);
        let missing: Vec<_> = [
            "kms:Decrypt",
            "kms:GenerateDataKey",
            "kms:CreateGrant",
            "kms:DescribeKey",
        ]
        .into_iter()
        .filter(|action| !grants.allow(view, action, &key))
        .collect();
        if !missing.is_empty() {
            findings.push(view.error(
                "encryption",
                &role.item(),
                &[],
                format!(
                    "the Gateway `{}` cannot use its key: the role lacks {}",
                    gateway.id,
                    missing.join(", ")
                ),
                "allow these on the key",
            ));
        }
    }
    findings
}
