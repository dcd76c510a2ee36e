//! What `Ref` and `Fn::GetAtt` say of resources: text of the documented shape with a symbol for
//! what only AWS knows. `${Gateway}` stands for the Gateway's id, `${Function}` for its name.

use serde_json::Value;
use template::{Environment, Errors, Reference, Resolved, Template};

pub(crate) fn resolve(template: &Template, environment: &Environment) -> Result<Resolved, Errors> {
    template.resolve(environment, &|reference| {
        Some(value(environment, reference))
    })
}

/// The service and the kind of resource in the ARN of those that checks look into.
fn arn_of(kind: &str, attribute: &str) -> Option<(&'static str, &'static str)> {
    Some(match (kind, attribute) {
        ("AWS::Serverless::Function" | "AWS::Lambda::Function", "Arn") => ("lambda", "function:"),
        ("AWS::BedrockAgentCore::Gateway", "GatewayArn") => ("bedrock-agentcore", "gateway/"),
        ("AWS::BedrockAgentCore::PolicyEngine", "PolicyEngineArn") => {
            ("bedrock-agentcore", "policy-engine/")
        }
        ("AWS::BedrockAgentCore::Runtime", "AgentRuntimeArn") => ("bedrock-agentcore", "runtime/"),
        ("AWS::Cognito::UserPool", "Arn") => ("cognito-idp", "userpool/"),
        ("AWS::KMS::Key", "Arn") => ("kms", "key/"),
        ("AWS::DynamoDB::Table", "Arn") => ("dynamodb", "table/"),
        _ => return None,
    })
}

fn value(environment: &Environment, reference: Reference<'_>) -> Value {
    let Environment {
        region,
        account_id,
        partition,
        ..
    } = environment;
    let id = reference.logical_id;
    let kind = reference.kind;
    let Some(attribute) = reference.attribute else {
        return format!("${{{id}}}").into();
    };
    let arn = |service: &str, rest: &str| {
        format!("arn:{partition}:{service}:{region}:{account_id}:{rest}")
    };
    if let Some((service, prefix)) = arn_of(kind, attribute) {
        return arn(service, &format!("{prefix}${{{id}}}")).into();
    }
    let text = match (kind, attribute) {
        ("AWS::Serverless::Function", "Alias" | "Version") => arn(
            "lambda",
            &format!("function:${{{id}}}:${{{id}.{attribute}}}"),
        ),
        (
            "AWS::BedrockAgentCore::Gateway" | "AWS::BedrockAgentCore::PolicyEngine",
            "GatewayIdentifier" | "PolicyEngineId",
        )
        | ("AWS::BedrockAgentCore::Runtime", "AgentRuntimeId")
        | ("AWS::Lambda::Alias", "AliasArn")
        | ("AWS::Cognito::UserPool", "UserPoolId")
        | ("AWS::Cognito::UserPoolClient", "ClientId") => format!("${{{id}}}"),
        ("AWS::BedrockAgentCore::Gateway", "GatewayUrl") => {
            format!("https://${{{id}}}.gateway.bedrock-agentcore.{region}.amazonaws.com/mcp")
        }
        ("AWS::IAM::Role", "Arn") => format!("arn:{partition}:iam::{account_id}:role/${{{id}}}"),
        ("AWS::Logs::LogGroup", "Arn") => arn("logs", &format!("log-group:${{{id}}}:*")),
        ("AWS::S3::Bucket", "Arn") => format!("arn:{partition}:s3:::${{{id}}}"),
        ("AWS::Cognito::UserPool", "ProviderURL") => {
            format!("https://cognito-idp.{region}.amazonaws.com/${{{id}}}")
        }
        (_, attribute) if attribute.ends_with("Arn") => {
            let service = kind.split("::").nth(1).unwrap_or_default();
            arn(
                &service.to_ascii_lowercase(),
                &format!("${{{id}.{attribute}}}"),
            )
        }
        (_, attribute) if attribute.to_ascii_lowercase().ends_with("url") => {
            format!("https://${{{id}.{attribute}}}")
        }
        _ => format!("${{{id}.{attribute}}}"),
    };
    text.into()
}

/// The logical ids in the symbols of a text.
pub(crate) fn ids(text: &str) -> impl Iterator<Item = &str> {
    text.split("${").skip(1).filter_map(|rest| {
        let (symbol, _) = rest.split_once('}')?;
        Some(symbol.split_once('.').map_or(symbol, |(id, _)| id))
    })
}

/// Whether a text refers to the resource `id`.
pub(crate) fn names(text: &str, id: &str) -> bool {
    ids(text).any(|other| other == id)
}

/// Calls `visit` with each text in a value; keys too.
pub(crate) fn texts<'v>(value: &'v Value, visit: &mut dyn FnMut(&'v str)) {
    match value {
        Value::String(text) => visit(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, visit)),
        Value::Object(map) => map.iter().for_each(|(key, item)| {
            visit(key);
            texts(item, visit);
        }),
        _ => {}
    }
}

/// Whether any text in a value refers to the resource `id`.
pub(crate) fn mentions(value: &Value, id: &str) -> bool {
    let mut found = false;
    texts(value, &mut |text| found |= names(text, id));
    found
}
