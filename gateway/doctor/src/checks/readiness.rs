//! What AWS makes slowly, and who must wait for it: Amazon Cognito's endpoints may answer only
//! minutes after they are made, and IAM roles take some fifteen seconds to spread.

use crate::finding::Finding;
use crate::symbols::texts;
use crate::view::{GATEWAY, RUNTIME, View};

const POOLS: [&str; 2] = ["AWS::Cognito::UserPool", "AWS::Cognito::UserPoolDomain"];
const READERS: [&str; 3] = [
    GATEWAY,
    RUNTIME,
    "AWS::BedrockAgentCore::OAuth2CredentialProvider",
];

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for item in view
        .items
        .iter()
        .filter(|item| READERS.contains(&item.kind))
    {
        let mut read = Vec::new();
        texts(item.properties, &mut |text| {
            if text.starts_with("https://") {
                read.extend(
                    POOLS
                        .iter()
                        .filter_map(|kind| view.named_in(kind, text))
                        .map(|pool| pool.id),
                );
            }
        });
        read.sort_unstable();
        read.dedup();
        for pool in read {
            if !view.waits_for(item.id, pool) {
                findings.push(view.error(
                    "endpoint-wait",
                    item,
                    &[],
                    format!("reads an endpoint of `{pool}` when it is made, which may not answer yet: the stack would fail"),
                    "depend on a custom resource that asks the endpoint until it answers",
                ));
            }
        }
        let role = item.text(&["RoleArn"]).unwrap_or_default();
        if let Some(role) = view.role_in(&role)
            && [GATEWAY, RUNTIME].contains(&item.kind)
            && !view.waits_for(item.id, &role.id())
        {
            findings.push(
                view.error(
                    "role-wait",
                    item,
                    &["RoleArn"],
                    format!(
                        "tries its role `{}` when it is made, while IAM may still be spreading it",
                        role.id()
                    ),
                    "depend on a custom resource that waits some seconds after the role",
                )
                .warning(),
            );
        }
    }
    findings
}
