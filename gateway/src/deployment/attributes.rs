//! What `Ref` and `Fn::GetAtt` say of resources here: ids and ARNs of the documented shape, made
//! from the logical id, so that they are the same in every run.

use serde_json::Value;
use template::{Environment, Reference};

/// The value, or nothing for an attribute that has no meaning on this machine.
pub(super) fn value(environment: &Environment, reference: Reference<'_>) -> Option<Value> {
    let id = reference.logical_id;
    let Environment {
        region,
        account_id,
        partition,
        ..
    } = environment;
    let arn = |service: &str, resource: &str| {
        format!("arn:{partition}:{service}:{region}:{account_id}:{resource}")
    };
    let lower = id.to_ascii_lowercase();
    let value = match (reference.kind, reference.attribute) {
        ("AWS::Serverless::Function" | "AWS::Lambda::Function", Some("Arn")) => {
            arn("lambda", &format!("function:{id}"))
        }
        ("AWS::BedrockAgentCore::Gateway", Some("GatewayArn")) => gateway_arn(environment, id),
        ("AWS::BedrockAgentCore::Gateway", None | Some("GatewayIdentifier")) => gateway(id),
        ("AWS::BedrockAgentCore::PolicyEngine", Some("PolicyEngineArn")) => {
            arn("bedrock-agentcore", &format!("policy-engine/{lower}-local"))
        }
        ("AWS::BedrockAgentCore::PolicyEngine", None | Some("PolicyEngineId")) => {
            format!("{lower}-local")
        }
        ("AWS::IAM::Role", Some("Arn")) => format!("arn:{partition}:iam::{account_id}:role/{id}"),
        ("AWS::Cognito::UserPool", None | Some("UserPoolId")) => user_pool(region, id),
        (_, None) => id.to_owned(),
        _ => return None,
    };
    Some(Value::String(value))
}

/// A gateway's id.
pub(super) fn gateway(logical_id: &str) -> String {
    format!("{}-local", logical_id.to_ascii_lowercase())
}

/// A gateway's ARN, as policies name it.
pub(super) fn gateway_arn(environment: &Environment, logical_id: &str) -> String {
    let Environment {
        region,
        account_id,
        partition,
        ..
    } = environment;
    let id = gateway(logical_id);
    format!("arn:{partition}:bedrock-agentcore:{region}:{account_id}:gateway/{id}")
}

/// A user pool's id: its region and letters or digits.
pub(super) fn user_pool(region: &str, logical_id: &str) -> String {
    format!("{region}_{logical_id}")
}
