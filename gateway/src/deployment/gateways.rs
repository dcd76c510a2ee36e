//! `AWS::BedrockAgentCore::Gateway` and its targets.

use std::collections::BTreeMap;

use rmcp::model::ProtocolVersion;
use serde_json::Value;
use template::{Environment, Resolved, Resource};

use super::{
    Declared, Problem, attributes, authorizer, policies,
    properties::{get, text},
    schema,
};
use crate::mcp::{Gateway, Target};

pub(super) const KIND: &str = "AWS::BedrockAgentCore::Gateway";
pub(super) const TARGET_KIND: &str = "AWS::BedrockAgentCore::GatewayTarget";

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
        match gateway(resource, environment) {
            Ok(mut declared) => {
                let properties = resource.properties.as_ref().unwrap_or(&Value::Null);
                declared.policies = policies::read(resolved, properties, problems);
                gateways.insert(resource.logical_id.clone(), declared);
            }
            Err(problem) => problems.push(problem),
        }
    }
    for resource in of_kind(TARGET_KIND) {
        match target(resource) {
            Ok(Read::Lambda(gateway_id, target)) => {
                match gateways
                    .values_mut()
                    .map(|declared| &mut declared.gateway)
                    .find(|gateway| gateway.id == gateway_id)
                {
                    Some(gateway) => gateway.targets.push(target),
                    None => skipped.push(format!(
                        "{TARGET_KIND} ({}): its gateway `{gateway_id}` is not in this template",
                        resource.logical_id
                    )),
                }
            }
            Ok(Read::Other(what)) => {
                skipped.push(format!("{TARGET_KIND} ({}): {what}", resource.logical_id));
            }
            Err(found) => problems.extend(found),
        }
    }
    gateways
}

fn gateway(resource: &Resource, environment: &Environment) -> Result<Declared, Problem> {
    let id = resource.logical_id.as_str();
    let properties = resource.properties.as_ref().map_err(Problem::from)?;
    let string = |path: &[&str]| get(properties, path).and_then(text);
    let protocol = ["ProtocolConfiguration", "Mcp"];
    let versions = match get(properties, &[protocol[0], protocol[1], "SupportedVersions"]) {
        None => VERSIONS.to_vec(),
        Some(listed) => versions(listed).map_err(|message| {
            let path = [
                "Resources",
                id,
                "Properties",
                protocol[0],
                protocol[1],
                "SupportedVersions",
            ];
            Problem::at(&path, message)
        })?,
    };
    let authorizer = authorizer::read(properties)
        .map_err(|message| Problem::at(&["Resources", id, "Properties"], message))?;
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

enum Read {
    /// The gateway's id and the target.
    Lambda(String, Target),
    /// A target that this machine does not serve, in words.
    Other(&'static str),
}

fn target(resource: &Resource) -> Result<Read, Vec<Problem>> {
    let id = resource.logical_id.as_str();
    let properties = resource
        .properties
        .as_ref()
        .map_err(|errors| vec![errors.into()])?;
    let at = |path: &[&'static str]| [&["Resources", id, "Properties"], path].concat();
    let required = |path: &[&'static str]| {
        get(properties, path).and_then(text).ok_or_else(|| {
            let (last, parents) = path.split_last().map_or(("", path), |(last, p)| (*last, p));
            vec![Problem::at(&at(parents), format!("`{last}` is missing"))]
        })
    };
    let lambda = ["TargetConfiguration", "Mcp", "Lambda"];
    let Some(configuration) = get(properties, &lambda) else {
        return Ok(Read::Other("only Lambda targets are served here"));
    };
    let schema_at = at(&[&lambda[..], &["ToolSchema", "InlinePayload"]].concat());
    let Some(payload) = get(configuration, &["ToolSchema", "InlinePayload"]) else {
        return Ok(Read::Other(
            "its tool schema lies in S3; only inline schemas are read here",
        ));
    };
    let tools = schema::tools(payload, &schema_at)?;
    let arn = required(&[&lambda[..], &["LambdaArn"]].concat())?;
    let target = Target {
        name: required(&["Name"])?,
        id: attributes::local_id(id),
        function: function_name(&arn).to_owned(),
        tools,
    };
    Ok(Read::Lambda(required(&["GatewayIdentifier"])?, target))
}

/// `NAME` out of `arn:..:function:NAME` or `arn:..:function:NAME:live`, or the name as it is.
fn function_name(arn: &str) -> &str {
    let name = arn.split_once(":function:").map_or(arn, |(_, name)| name);
    name.split(':').next().unwrap_or(name)
}
