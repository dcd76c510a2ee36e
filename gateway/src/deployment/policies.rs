//! A gateway's policy engine, its mode, and its Cedar policies.

use std::collections::{BTreeMap, BTreeSet};

use template::{Place, Resolved, Resource};

use super::{
    Declared, Problem, gateways, left_out,
    properties::{get, text},
};

pub(super) const ENGINE: &str = "AWS::BedrockAgentCore::PolicyEngine";
pub(super) const POLICY: &str = "AWS::BedrockAgentCore::Policy";

/// What is read of a policy's properties.
const READ: [&str; 3] = ["Definition", "EnforcementMode", "PolicyEngineId"];

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

/// Gives each gateway with a policy engine its policies. A policy before no gateway here is named.
pub(super) fn read(
    resolved: &Resolved,
    read: &mut BTreeMap<String, Declared>,
    skipped: &mut Vec<String>,
    problems: &mut Vec<Problem>,
) {
    let mut unused: BTreeSet<&str> = BTreeSet::new();
    let mut engines = BTreeMap::new();
    for resource in resolved.resources.values().filter(|r| r.kind == POLICY) {
        let id = resource.logical_id.as_str();
        match policy(resource) {
            Ok((engine, statement)) => {
                let statements: &mut Vec<_> = engines.entry(engine).or_default();
                statements.push((statement, resource.place));
                unused.insert(id);
            }
            Err(found) => problems.extend(found),
        }
    }
    let of_kind = |r: &&Resource| r.kind == gateways::KIND;
    for resource in resolved.resources.values().filter(of_kind) {
        let id = resource.logical_id.as_str();
        let Some(configuration) = get(&resource.known, &["PolicyEngineConfiguration"]) else {
            continue;
        };
        let at = |name| ["PolicyEngineConfiguration", name];
        let mode = match get(configuration, &["Mode"]).and_then(text).as_deref() {
            Some("ENFORCE") => policy::Mode::Enforce,
            Some("LOG_ONLY") => policy::Mode::LogOnly,
            _ => {
                problems.push(Problem::in_property(
                    id,
                    &at("Mode"),
                    "expected `ENFORCE` or `LOG_ONLY`",
                ));
                continue;
            }
        };
        let Some(arn) = get(configuration, &["Arn"]).and_then(text) else {
            problems.push(Problem::in_property(id, &at("Arn"), "is missing"));
            continue;
        };
        // The ARN ends in the engine's id.
        let engine = arn.rsplit('/').next().unwrap_or(&arn);
        let statements = engines.get(engine).cloned().unwrap_or_default();
        if statements.is_empty() {
            let denied = match mode {
                policy::Mode::Enforce => "; ENFORCE denies everything without one",
                policy::Mode::LogOnly => "",
            };
            let kind = &resource.kind;
            let message = "its policy engine has no policies in this template";
            skipped.push(format!("{kind} ({id}): {message}{denied}"));
        }
        for (statement, _) in &statements {
            unused.remove(statement.id.as_str());
        }
        let place =
            |(statement, place): &(policy::Statement, Place)| (statement.id.clone(), *place);
        let policies = PolicySet {
            mode,
            places: statements.iter().map(place).collect(),
            statements: statements
                .into_iter()
                .map(|(statement, _)| statement)
                .collect(),
        };
        if let Some(declared) = read.get_mut(id) {
            declared.policies = Some(policies);
        }
    }
    let line = |id| format!("{POLICY} ({id}): its policy engine stands before no gateway here");
    skipped.extend(unused.into_iter().map(line));
}

/// A policy and the id of its engine.
fn policy(resource: &Resource) -> Result<(String, policy::Statement), Vec<Problem>> {
    let mut wrong = left_out::wrong(resource);
    // Without a policy that forbids, something would be allowed: each is known, or none.
    wrong.extend(left_out::needed(resource, &READ));
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let string = |path: &[&str]| get(&resource.known, path).and_then(text);
    let cedar = string(&["Definition", "Cedar", "Statement"])
        .or_else(|| string(&["Definition", "Policy", "Statement"]));
    let missing = |name: &str, message: &str| {
        vec![Problem::in_property(&resource.logical_id, &[name], message)]
    };
    let Some(cedar) = cedar else {
        let message = "`Cedar.Statement` is missing: write the policy there";
        return Err(missing("Definition", message));
    };
    let mode = match string(&["EnforcementMode"]).as_deref() {
        Some("LOG_ONLY") => policy::EnforcementMode::LogOnly,
        _ => policy::EnforcementMode::Active,
    };
    let engine = string(&["PolicyEngineId"]);
    let engine = engine.ok_or_else(|| missing("PolicyEngineId", "is missing"))?;
    let statement = policy::Statement {
        id: resource.logical_id.clone(),
        cedar,
        mode,
    };
    Ok((engine, statement))
}
