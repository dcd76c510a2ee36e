//! `AWS::BedrockAgentCore::Gateway`, with its targets and its policies.

use std::collections::BTreeMap;

use rmcp::model::ProtocolVersion;
use serde_json::Value;
use template::{Environment, Resolved, Resource};

use super::{
    Declared, Problem, attributes, authorizer, left_out,
    names::Names,
    policies,
    properties::{get, text},
    target,
};
use crate::mcp::Gateway;

pub(super) const KIND: &str = "AWS::BedrockAgentCore::Gateway";

/// The properties that say who gets in, and who may what.
const WHO: [&str; 3] = [
    "AuthorizerConfiguration",
    "AuthorizerType",
    "PolicyEngineConfiguration",
];
/// The others that are read.
const READ: [&str; 3] = ["ExceptionLevel", "Name", "ProtocolConfiguration"];

/// The revisions that a Gateway can speak (AgentCore developer guide, "Supported MCP versions").
const VERSIONS: [ProtocolVersion; 4] = [
    ProtocolVersion::V_2025_03_26,
    ProtocolVersion::V_2025_06_18,
    ProtocolVersion::V_2025_11_25,
    ProtocolVersion::V_2026_07_28,
];

pub(super) fn read(
    resolved: &Resolved,
    environment: &Environment,
    skipped: &mut Vec<String>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Declared> {
    let of_kind = |kind: &'static str| resolved.resources.values().filter(move |r| r.kind == kind);
    let mut gateways = BTreeMap::new();
    for resource in of_kind(KIND) {
        let id = &resource.logical_id;
        let mut wrong = left_out::wrong(resource);
        // Who gets in is known as a whole, or nobody does.
        wrong.extend(left_out::needed(resource, &WHO));
        skipped.extend(left_out::unknown(resource, &READ));
        match gateway(resource, environment) {
            Ok(declared) if wrong.is_empty() => drop(gateways.insert(id.clone(), declared)),
            // What is missing because it is wrong needs no second message.
            Err(found) if wrong.is_empty() => problems.extend(found),
            _ => problems.extend(wrong),
        }
        if get(&resource.known, &["InterceptorConfigurations"]).is_some() {
            skipped.push(format!(
                "{KIND} ({id}): its interceptors are not called here"
            ));
        }
    }
    policies::read(resolved, &mut gateways, skipped, problems);
    let names = Names::of(resolved);
    for resource in of_kind(target::KIND) {
        let id = &resource.logical_id;
        match target::read(resource, &names) {
            Ok(target::Read::Lambda {
                gateway,
                target,
                note,
            }) => {
                let of_id = |declared: &&mut Declared| declared.gateway.id == gateway;
                let note = match gateways.values_mut().find(of_id) {
                    Some(declared) => {
                        problems.extend(target::doubled(&declared.gateway, &target, id));
                        declared.gateway.targets.push(target);
                        note
                    }
                    None => Some(format!("its gateway `{gateway}` is not in this template")),
                };
                skipped.extend(note.map(|note| format!("{} ({id}): {note}", target::KIND)));
            }
            Ok(target::Read::Other(what)) => {
                skipped.push(format!("{} ({id}): {what}", target::KIND));
            }
            Err(found) => problems.extend(found),
        }
    }
    gateways
}

fn gateway(resource: &Resource, environment: &Environment) -> Result<Declared, Vec<Problem>> {
    let id = resource.logical_id.as_str();
    let properties = &resource.known;
    let string = |path: &[&str]| get(properties, path).and_then(text);
    let protocol = ["ProtocolConfiguration", "Mcp"];
    let listed = [&protocol[..], &["SupportedVersions"]].concat();
    let versions = match get(properties, &listed) {
        None => Ok(VERSIONS.to_vec()),
        Some(versions) => self::versions(versions)
            .map_err(|message| vec![Problem::in_property(id, &listed, message)]),
    };
    let authorizer = authorizer::read(properties).map_err(|found| {
        let problem =
            |(path, message): (Vec<&str>, String)| Problem::in_property(id, &path, message);
        found.into_iter().map(problem).collect::<Vec<_>>()
    });
    let (versions, authorizer) = match (versions, authorizer) {
        (Ok(versions), Ok(authorizer)) => (versions, authorizer),
        (versions, authorizer) => {
            let problems = versions.err().into_iter().chain(authorizer.err());
            return Err(problems.flatten().collect());
        }
    };
    let gateway = Gateway {
        name: string(&["Name"]).unwrap_or_else(|| id.to_owned()),
        id: attributes::local_id(id),
        instructions: string(&[protocol[0], protocol[1], "Instructions"]),
        versions,
        debug: string(&["ExceptionLevel"]).as_deref() == Some("DEBUG"),
        targets: Vec::new(),
    };
    Ok(Declared {
        gateway,
        arn: attributes::gateway_arn(environment, id),
        authorizer,
        policies: None,
    })
}

fn versions(listed: &Value) -> Result<Vec<ProtocolVersion>, String> {
    let known = || VERSIONS.map(|version| version.to_string()).join("`, `");
    let listed = listed.as_array().filter(|listed| !listed.is_empty());
    let listed = listed.ok_or_else(|| format!("expected a list out of `{}`", known()))?;
    let version = |item: &Value| {
        let found = VERSIONS
            .into_iter()
            .find(|version| item.as_str() == Some(version.as_str()));
        found.ok_or_else(|| format!("unknown revision `{item}`: expected one of `{}`", known()))
    };
    listed.iter().map(version).collect()
}
