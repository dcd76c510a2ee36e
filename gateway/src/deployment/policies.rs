//! A gateway's policy engine, its mode, and its Cedar policies.

use std::collections::BTreeMap;

use serde_json::Value;
use template::{Place, Resolved};

use super::{
    Problem,
    properties::{get, text},
};

pub(super) const ENGINE: &str = "AWS::BedrockAgentCore::PolicyEngine";
pub(super) const POLICY: &str = "AWS::BedrockAgentCore::Policy";

/// The policies that stand before a gateway's tools.
#[derive(Debug, Clone)]
pub struct PolicySet {
    /// `PolicyEngineConfiguration.Mode`.
    pub mode: policy::Mode,
    /// The engine's policies by logical id.
    pub statements: Vec<policy::Statement>,
    /// Where each stands in the template.
    places: BTreeMap<String, Place>,
}

impl PolicySet {
    /// A finding with the place of its policy in the template `file`.
    pub(super) fn place(&self, file: &str, finding: &policy::Finding) -> String {
        let place = finding.policy.as_ref().and_then(|id| self.places.get(id));
        match place {
            Some(place) => format!("{file}:{}: {finding}", place.line),
            None => format!("{file}: {finding}"),
        }
    }
}

/// The policy set of the gateway with these properties, or nothing without an engine.
pub(super) fn read(
    resolved: &Resolved,
    gateway: &Value,
    problems: &mut Vec<Problem>,
) -> Option<PolicySet> {
    let configuration = get(gateway, &["PolicyEngineConfiguration"])?;
    let arn = get(configuration, &["Arn"])
        .and_then(text)
        .unwrap_or_default();
    let mode = match get(configuration, &["Mode"]).and_then(Value::as_str) {
        Some("ENFORCE") => policy::Mode::Enforce,
        _ => policy::Mode::LogOnly,
    };
    let mut statements = Vec::new();
    let mut places = BTreeMap::new();
    for resource in resolved.resources.values().filter(|r| r.kind == POLICY) {
        let properties = match &resource.properties {
            Ok(properties) => properties,
            Err(errors) => {
                problems.push(errors.into());
                continue;
            }
        };
        let string = |path: &[&str]| get(properties, path).and_then(text);
        // The ARN ends in the engine's id.
        let engine = string(&["PolicyEngineId"]).unwrap_or_default();
        if !arn.ends_with(&format!("/{engine}")) {
            continue;
        }
        let cedar = string(&["Definition", "Cedar", "Statement"])
            .or_else(|| string(&["Definition", "Policy", "Statement"]));
        let Some(cedar) = cedar else {
            let path = [
                "Resources",
                &resource.logical_id,
                "Properties",
                "Definition",
            ];
            problems.push(Problem::at(
                &path,
                "`Cedar.Statement` is missing: write the policy there",
            ));
            continue;
        };
        let mode = match string(&["EnforcementMode"]).as_deref() {
            Some("LOG_ONLY") => policy::EnforcementMode::LogOnly,
            _ => policy::EnforcementMode::Active,
        };
        places.insert(resource.logical_id.clone(), resource.place);
        statements.push(policy::Statement {
            id: resource.logical_id.clone(),
            cedar,
            mode,
        });
    }
    Some(PolicySet {
        mode,
        statements,
        places,
    })
}
