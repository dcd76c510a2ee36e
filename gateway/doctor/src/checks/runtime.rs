//! An AgentCore Runtime: who gets in and what the agent learns of its caller.

use serde_json::{Map, Value};

use crate::finding::Finding;
use crate::view::{GATEWAY, JWT, RUNTIME, View, listed};

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let guarded = view
        .of_kind(GATEWAY)
        .find(|gateway| gateway.get(&JWT).is_some());
    for runtime in view.of_kind(RUNTIME) {
        if let (Some(gateway), None) = (guarded, runtime.get(&JWT)) {
            findings.push(view.error(
                "runtime-authorizer",
                runtime,
                &[],
                format!("takes no tokens, although the Gateway `{}` does: the agent would not know its caller", gateway.id),
                "add an AuthorizerConfiguration like the Gateway's",
            ));
        }
        let path = ["RequestHeaderConfiguration", "RequestHeaderAllowlist"];
        let headers = listed(runtime.get(&path));
        if runtime.get(&JWT).is_some()
            && !headers
                .iter()
                .any(|h| h.eq_ignore_ascii_case("authorization"))
        {
            findings.push(view.error(
                "runtime-header",
                runtime,
                &["RequestHeaderConfiguration"],
                "the agent never sees the token, and has to believe whoever a payload says is calling",
                "add `Authorization` to RequestHeaderConfiguration.RequestHeaderAllowlist",
            ));
        }
        let artifact = runtime.get(&["AgentRuntimeArtifact"]);
        if artifact
            .and_then(Value::as_object)
            .is_none_or(Map::is_empty)
        {
            findings.push(view.error(
                "runtime-artifact",
                runtime,
                &[],
                "has nothing to run",
                "add AgentRuntimeArtifact with ContainerConfiguration or CodeConfiguration",
            ));
        }
        if runtime.get(&["NetworkConfiguration"]).is_none() {
            findings.push(
                view.error(
                    "runtime-network",
                    runtime,
                    &[],
                    "does not say from which network it runs",
                    "add NetworkConfiguration with NetworkMode PUBLIC or VPC",
                )
                .warning(),
            );
        }
    }
    findings
}
