//! Names that an account, a region or all of AWS shares, so that a second stack fails.

use crate::finding::Finding;
use crate::view::{View, text};

const SHARED: [(&str, &str); 20] = [
    ("AWS::BedrockAgentCore::Gateway", "Name"),
    ("AWS::BedrockAgentCore::PolicyEngine", "Name"),
    ("AWS::BedrockAgentCore::Runtime", "AgentRuntimeName"),
    ("AWS::BedrockAgentCore::Memory", "Name"),
    ("AWS::BedrockAgentCore::OAuth2CredentialProvider", "Name"),
    ("AWS::BedrockAgentCore::ApiKeyCredentialProvider", "Name"),
    ("AWS::BedrockAgentCore::WorkloadIdentity", "Name"),
    ("AWS::IAM::Role", "RoleName"),
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName"),
    ("AWS::Serverless::Function", "FunctionName"),
    ("AWS::Lambda::Function", "FunctionName"),
    ("AWS::Cognito::UserPoolDomain", "Domain"),
    ("AWS::Logs::LogGroup", "LogGroupName"),
    ("AWS::Logs::DeliverySource", "Name"),
    ("AWS::Logs::DeliveryDestination", "Name"),
    ("AWS::CloudWatch::Alarm", "AlarmName"),
    ("AWS::KMS::Alias", "AliasName"),
    ("AWS::S3::Bucket", "BucketName"),
    ("AWS::SecretsManager::Secret", "Name"),
    ("AWS::SSM::Parameter", "Name"),
];

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let other_stack = view.first.filter(|_| view.scenario.other_stack);
    let Some(first) = other_stack else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for item in &view.items {
        let known = SHARED.iter().find(|(kind, _)| *kind == item.kind);
        let Some((_, property)) = known else { continue };
        let before = first.resources.get(item.id);
        let before = before.and_then(|resource| resource.known.get(property));
        let name = item.text(&[property]).unwrap_or_default();
        // What is made of another resource's name is as much its own as that is; what AWS resolves
        // is not known.
        let same = before.and_then(text).is_some_and(|before| before == name);
        if same && !name.contains("${") && !name.contains("{{resolve:") {
            findings.push(
                view.error(
                    "name-shared",
                    item,
                    &[property],
                    format!("the name `{name}` is that of every other stack with these parameters, so that this one fails"),
                    "leave the name out if AWS makes one, or make it of the stack's id or name",
                )
                .warning(),
            );
        }
    }
    findings
}
