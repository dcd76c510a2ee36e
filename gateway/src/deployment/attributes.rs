//! What `Ref` and `Fn::GetAtt` say of resources here: ids and ARNs of the documented shape, made
//! from the logical id, so that they are the same in every run.

use serde_json::Value;
use template::{Environment, Reference};

/// The value, or nothing for an attribute that has no meaning on this machine.
pub(super) fn value(environment: &Environment, reference: Reference<'_>) -> Option<Value> {
    let id = reference.logical_id;
    let value = match (reference.kind, reference.attribute) {
        ("AWS::Serverless::Function" | "AWS::Lambda::Function", Some("Arn")) => {
            arn(environment, "lambda", &format!("function:{id}"))
        }
        ("AWS::Lambda::Url", Some("FunctionUrl")) => {
            let region = &environment.region;
            format!("https://{}.lambda-url.{region}.on.aws/", local_id(id))
        }
        ("AWS::BedrockAgentCore::Gateway", Some("GatewayUrl")) => {
            let region = &environment.region;
            let id = local_id(id);
            format!("https://{id}.gateway.bedrock-agentcore.{region}.amazonaws.com/mcp")
        }
        ("AWS::BedrockAgentCore::Gateway", Some("GatewayArn")) => gateway_arn(environment, id),
        ("AWS::BedrockAgentCore::PolicyEngine", Some("PolicyEngineArn")) => {
            let engine = format!("policy-engine/{}", local_id(id));
            arn(environment, "bedrock-agentcore", &engine)
        }
        ("AWS::BedrockAgentCore::Gateway", None | Some("GatewayIdentifier"))
        | ("AWS::BedrockAgentCore::PolicyEngine", None | Some("PolicyEngineId")) => local_id(id),
        ("AWS::IAM::Role", Some("Arn")) => {
            let Environment {
                partition,
                account_id,
                ..
            } = environment;
            format!("arn:{partition}:iam::{account_id}:role/{id}")
        }
        ("AWS::Cognito::UserPool", None | Some("UserPoolId")) => user_pool(&environment.region, id),
        ("AWS::Cognito::UserPool", Some("ProviderName")) => issuer(environment, id),
        ("AWS::Cognito::UserPool", Some("ProviderURL")) => {
            format!("https://{}", issuer(environment, id))
        }
        ("AWS::Cognito::UserPool", Some("Arn")) => {
            let pool = user_pool(&environment.region, id);
            arn(environment, "cognito-idp", &format!("userpool/{pool}"))
        }
        ("AWS::Cognito::UserPoolClient", Some("ClientId")) => id.to_owned(),
        ("AWS::DynamoDB::Table", Some("Arn")) => {
            arn(environment, "dynamodb", &format!("table/{id}"))
        }
        ("AWS::SQS::Queue", Some("Arn")) => arn(environment, "sqs", id),
        ("AWS::SNS::Topic", None | Some("TopicArn")) => arn(environment, "sns", id),
        ("AWS::SecretsManager::Secret", None | Some("Id")) => {
            arn(environment, "secretsmanager", &format!("secret:{id}-local"))
        }
        ("AWS::S3::Bucket", Some("Arn")) => format!("arn:{}:s3:::{id}", environment.partition),
        (_, None) => id.to_owned(),
        _ => return None,
    };
    Some(Value::String(value))
}

/// The id of a gateway, a target or a policy engine.
pub(super) fn local_id(logical_id: &str) -> String {
    format!("{}-local", logical_id.to_ascii_lowercase())
}

/// A gateway's ARN, as policies name it.
pub(super) fn gateway_arn(environment: &Environment, logical_id: &str) -> String {
    let gateway = format!("gateway/{}", local_id(logical_id));
    arn(environment, "bedrock-agentcore", &gateway)
}

/// A user pool's id: its region and letters or digits.
pub(super) fn user_pool(region: &str, logical_id: &str) -> String {
    format!("{region}_{logical_id}")
}

/// A pool's issuer, without `https://`.
fn issuer(environment: &Environment, logical_id: &str) -> String {
    let region = &environment.region;
    let pool = user_pool(region, logical_id);
    format!("cognito-idp.{region}.amazonaws.com/{pool}")
}

fn arn(environment: &Environment, service: &str, resource: &str) -> String {
    let Environment {
        region,
        account_id,
        partition,
        ..
    } = environment;
    format!("arn:{partition}:{service}:{region}:{account_id}:{resource}")
}
