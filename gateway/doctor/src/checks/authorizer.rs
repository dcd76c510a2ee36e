//! Who gets in to a Gateway.

use crate::finding::Finding;
use crate::view::{GATEWAY, JWT, View, listed};

/// The revisions of MCP that a Gateway can speak (AgentCore developer guide, "Supported versions").
const VERSIONS: [&str; 4] = ["2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"];

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for gateway in view.of_kind(GATEWAY) {
        let kind = gateway.text(&["AuthorizerType"]).unwrap_or_default();
        match kind.as_str() {
            "NONE" => findings.push(view.error(
                "authorizer-none",
                gateway,
                &["AuthorizerType"],
                "`NONE` lets everyone on the internet call the tools",
                "take `CUSTOM_JWT` or `AWS_IAM`; it can be chosen only when the Gateway is made",
            )),
            "CUSTOM_JWT" if gateway.get(&JWT).is_none() => findings.push(view.error(
                "authorizer-missing",
                gateway,
                &[],
                "`CUSTOM_JWT` without an `AuthorizerConfiguration`",
                "say whose tokens are taken: `CustomJWTAuthorizer` with DiscoveryUrl and AllowedClients",
            )),
            "AUTHENTICATE_ONLY" => findings.push(
                view.error(
                    "authorizer-none",
                    gateway,
                    &["AuthorizerType"],
                    "`AUTHENTICATE_ONLY` takes every token that is valid, whatever client or scope it is for",
                    "take `CUSTOM_JWT` with AllowedClients and AllowedScopes",
                )
                .warning(),
            ),
            _ => {}
        }
        if gateway.text(&["ExceptionLevel"]).as_deref() == Some("DEBUG") {
            findings.push(
                view.error(
                    "gateway-debug",
                    gateway,
                    &["ExceptionLevel"],
                    "`DEBUG` shows callers what went wrong inside",
                    "leave it out except while looking for a fault",
                )
                .warning(),
            );
        }
        let spoken = listed(gateway.get(&["ProtocolConfiguration", "Mcp", "SupportedVersions"]));
        let missing: Vec<_> = VERSIONS
            .into_iter()
            .filter(|version| !spoken.iter().any(|one| one == version))
            .collect();
        if !missing.is_empty() {
            findings.push(
                view.error(
                    "gateway-versions",
                    gateway,
                    &["ProtocolConfiguration"],
                    format!("does not say that it speaks {} of MCP: a list that is widened later is reported to be refused", missing.join(", ")),
                    "list them all in ProtocolConfiguration.Mcp.SupportedVersions",
                )
                .warning(),
            );
        }
    }
    findings
}
