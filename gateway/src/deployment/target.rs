//! `AWS::BedrockAgentCore::GatewayTarget`: those that a Lambda function serves.

use serde_json::Value;
use template::Resource;

use super::{
    Problem, attributes, left_out,
    names::{Named, Names},
    properties::{get, text},
    schema,
};
use crate::mcp::{Gateway, Target};

pub(super) const KIND: &str = "AWS::BedrockAgentCore::GatewayTarget";

const MCP: [&str; 2] = ["TargetConfiguration", "Mcp"];
const LAMBDA: [&str; 3] = ["TargetConfiguration", "Mcp", "Lambda"];

/// What a target is here.
pub(super) enum Read {
    Lambda {
        /// The id of its gateway.
        gateway: String,
        target: Target,
        /// What of it does not run here, in words.
        note: Option<String>,
    },
    /// A target that this machine does not serve, in words.
    Other(String),
}

/// Reads a target; all that is wrong with it at once.
pub(super) fn read(resource: &Resource, names: &Names) -> Result<Read, Vec<Problem>> {
    let wrong = left_out::wrong(resource);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let id = resource.logical_id.as_str();
    let properties = &resource.known;
    let at_unknown = || {
        let error = left_out::reason(resource, &["GatewayIdentifier"])?;
        Some(format!("its gateway is not known here: {}", error.message))
    };
    if let Some(other) = other(resource).or_else(at_unknown) {
        return Ok(Read::Other(other));
    }
    let mut problems = Vec::new();
    let mut required = |path: &[&str]| {
        let found = get(properties, path).and_then(text);
        if found.is_none() {
            problems.push(missing(resource, path));
        }
        found
    };
    let name = required(&["Name"]);
    let gateway = required(&["GatewayIdentifier"]);
    let arn_path = [&LAMBDA[..], &["LambdaArn"]].concat();
    // An ARN that only AWS knows: the target's own name stands for it.
    let unknown = left_out::reason(resource, &arn_path);
    let arn = match unknown {
        Some(_) => Some(id.to_owned()),
        None => required(&arn_path),
    };
    let payload_path = [&LAMBDA[..], &["ToolSchema", "InlinePayload"]].concat();
    let tools = match get(properties, &payload_path) {
        Some(payload) => {
            let at = [&["Resources", id, "Properties"], &payload_path[..]].concat();
            schema::tools(payload, &at).unwrap_or_else(|found| {
                problems.extend(found);
                Vec::new()
            })
        }
        None => {
            problems.push(missing(resource, &payload_path));
            Vec::new()
        }
    };
    let function = arn.and_then(|arn| {
        let function = names.function(&arn);
        if function.is_none() {
            let message = format!("`{arn}` is no function: expected its ARN or its name");
            problems.push(Problem::in_property(id, &arn_path, message));
        }
        function
    });
    let (Some(name), Some(gateway), Some(function), []) = (name, gateway, function, &problems[..])
    else {
        return Err(problems);
    };
    let (function, note) = match (function, unknown) {
        (Named::Here(function), None) => (function, None),
        (Named::Here(function) | Named::Elsewhere(function), Some(error)) => {
            let note = format!(
                "its calls need --lambda-endpoint, and go to a function `{function}` there: {}",
                error.message
            );
            (function, Some(note))
        }
        (Named::Elsewhere(function), None) => {
            let note = format!(
                "its function `{function}` is not in this template; its calls need \
                 --lambda-endpoint"
            );
            (function, Some(note))
        }
    };
    let target = Target {
        name,
        id: attributes::local_id(id),
        function,
        tools,
    };
    Ok(Read::Lambda {
        gateway,
        target,
        note,
    })
}

/// Why a target is none that is served here.
fn other(resource: &Resource) -> Option<String> {
    let only = "only Lambda targets with their tools inline are served here";
    let properties = &resource.known;
    if get(properties, &LAMBDA).is_none() {
        if let Some(error) = left_out::reason(resource, &LAMBDA) {
            return Some(format!("it is not known here: {}", error.message));
        }
        let kind = |path: &[&str]| {
            let map = get(properties, path).and_then(Value::as_object)?;
            map.keys().next().cloned()
        };
        let kind = kind(&MCP).or_else(|| kind(MCP.get(..1)?));
        return match kind.as_deref() {
            None | Some("Mcp") => None,
            Some(kind) => Some(format!("a target of the kind `{kind}`; {only}")),
        };
    }
    let schema = [&LAMBDA[..], &["ToolSchema"]].concat();
    let inline = [&schema[..], &["InlinePayload"]].concat();
    if get(properties, &inline).is_some() {
        return None;
    }
    if let Some(error) = left_out::reason(resource, &inline) {
        return Some(format!("its tools are not known here: {}", error.message));
    }
    let stored = [&schema[..], &["S3"]].concat();
    get(properties, &stored).map(|_| format!("its tool schema lies in S3; {only}"))
}

/// A property that has to be there, and is not or is not known.
fn missing(resource: &Resource, path: &[&str]) -> Problem {
    if let Some(error) = left_out::reason(resource, path) {
        return Problem::unknown(error);
    }
    let message = match get(&resource.known, path) {
        Some(_) => "expected text",
        None => "is missing",
    };
    Problem::in_property(&resource.logical_id, path, message)
}

/// A target whose name its gateway has already.
pub(super) fn doubled(gateway: &Gateway, target: &Target, id: &str) -> Option<Problem> {
    let name = &target.name;
    let mut others = gateway.targets.iter();
    others.find(|other| other.name == *name).map(|_| {
        let message = format!("`{name}` is another target's name already: give each its own");
        Problem::in_property(id, &["Name"], message)
    })
}
