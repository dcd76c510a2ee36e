//! How many and how large, by the quotas of IAM and Lambda.

use serde_json::Value;

use super::quotas::Bounds;
use crate::finding::Finding;
use crate::iam::many;
use crate::view::{ROLE, View};

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut bounds = Bounds::of(view);
    for item in &view.items {
        match item.kind {
            ROLE => {
                let policies = item.list(&["Policies"]).iter();
                let total = policies
                    .filter_map(|policy| policy.get("PolicyDocument"))
                    .map(|d| size(view, d))
                    .sum();
                bounds.bound(
                    item,
                    &["Policies"],
                    "characters of the inline policies together",
                    total,
                    10_240,
                    "move some into an AWS::IAM::ManagedPolicy",
                );
                let trust = item
                    .get(&["AssumeRolePolicyDocument"])
                    .map_or(0, |d| size(view, d));
                bounds.bound(
                    item,
                    &["AssumeRolePolicyDocument"],
                    "characters of the trust policy",
                    trust,
                    2048,
                    "name fewer principals",
                );
                bounds.bound(
                    item,
                    &["ManagedPolicyArns"],
                    "managed policies",
                    item.list(&["ManagedPolicyArns"]).len(),
                    10,
                    "attach fewer",
                );
            }
            "AWS::IAM::ManagedPolicy" => {
                let document = item.get(&["PolicyDocument"]).map_or(0, |d| size(view, d));
                bounds.bound(
                    item,
                    &["PolicyDocument"],
                    "characters of the managed policy",
                    document,
                    6144,
                    "split it",
                );
            }
            _ if item.is_function() => {
                let path = ["Environment", "Variables"];
                let variables = item.get(&path).map_or(0, |v| v.to_string().len());
                bounds.bound(
                    item,
                    &path,
                    "bytes of the environment variables",
                    variables,
                    4096,
                    "put what is long into S3 or Parameter Store",
                );
                let timeout = item.text(&["Timeout"]).and_then(|text| text.parse().ok());
                bounds.bound(
                    item,
                    &["Timeout"],
                    "seconds of the timeout",
                    timeout.unwrap_or_default(),
                    900,
                    "do less in one call: the Gateway waits no longer, either",
                );
                let layers = item.get(&["Layers"]).map_or(&[][..], many);
                bounds.bound(
                    item,
                    &["Layers"],
                    "layers",
                    layers.len(),
                    5,
                    "put them together",
                );
            }
            _ => {}
        }
    }
    bounds.findings
}

/// IAM counts a policy's characters without white space.
fn size(view: &View<'_>, document: &Value) -> usize {
    let text = view.physical(&document.to_string());
    text.chars().filter(|c| !c.is_whitespace()).count()
}
