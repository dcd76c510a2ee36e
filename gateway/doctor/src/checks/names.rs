//! Names that a parameter's value or a stack's name makes into something that AWS refuses. The
//! patterns are those of the CloudFormation resource schemas.

use crate::finding::Finding;
use crate::view::View;

/// What a name may be.
enum Shape {
    /// `([0-9a-zA-Z][-]?){1,n}`
    Hyphens(usize),
    /// `[a-zA-Z][a-zA-Z0-9_]{0,n-1}`
    Word(usize),
    /// Letters, digits and these others; from and to this many.
    Of(&'static str, usize, usize),
    /// Lower-case letters, digits and these others, which neither begin nor end it.
    Lower(&'static str, usize, usize),
}

const NAMES: [(&str, &str, Shape); 24] = [
    ("AWS::BedrockAgentCore::Gateway", "Name", Shape::Hyphens(48)),
    (
        "AWS::BedrockAgentCore::GatewayTarget",
        "Name",
        Shape::Hyphens(100),
    ),
    (
        "AWS::BedrockAgentCore::PolicyEngine",
        "Name",
        Shape::Word(48),
    ),
    ("AWS::BedrockAgentCore::Policy", "Name", Shape::Word(48)),
    (
        "AWS::BedrockAgentCore::Runtime",
        "AgentRuntimeName",
        Shape::Word(48),
    ),
    (
        "AWS::BedrockAgentCore::RuntimeEndpoint",
        "Name",
        Shape::Word(48),
    ),
    ("AWS::BedrockAgentCore::Memory", "Name", Shape::Word(48)),
    (
        "AWS::BedrockAgentCore::OAuth2CredentialProvider",
        "Name",
        Shape::Of("-_", 1, 128),
    ),
    (
        "AWS::BedrockAgentCore::ApiKeyCredentialProvider",
        "Name",
        Shape::Of("-_", 1, 128),
    ),
    (
        "AWS::BedrockAgentCore::WorkloadIdentity",
        "Name",
        Shape::Of("-_.", 3, 255),
    ),
    ("AWS::IAM::Role", "RoleName", Shape::Of("_+=,.@-", 1, 64)),
    (
        "AWS::IAM::ManagedPolicy",
        "ManagedPolicyName",
        Shape::Of("_+=,.@-", 1, 128),
    ),
    (
        "AWS::Serverless::Function",
        "FunctionName",
        Shape::Of("-_", 1, 64),
    ),
    (
        "AWS::Lambda::Function",
        "FunctionName",
        Shape::Of("-_", 1, 64),
    ),
    (
        "AWS::Cognito::UserPool",
        "UserPoolName",
        Shape::Of(" _+=,.@-", 1, 128),
    ),
    (
        "AWS::Cognito::UserPoolClient",
        "ClientName",
        Shape::Of(" _+=,.@-", 1, 128),
    ),
    (
        "AWS::Cognito::UserPoolDomain",
        "Domain",
        Shape::Lower("-", 1, 63),
    ),
    (
        "AWS::Logs::LogGroup",
        "LogGroupName",
        Shape::Of("._/#-", 1, 512),
    ),
    ("AWS::Logs::DeliverySource", "Name", Shape::Of("-_", 1, 60)),
    (
        "AWS::Logs::DeliveryDestination",
        "Name",
        Shape::Of("-_", 1, 60),
    ),
    ("AWS::KMS::Alias", "AliasName", Shape::Of(":/_-", 7, 256)),
    ("AWS::S3::Bucket", "BucketName", Shape::Lower("-.", 3, 63)),
    ("AWS::SNS::Topic", "TopicName", Shape::Of("-_.", 1, 256)),
    ("AWS::SQS::Queue", "QueueName", Shape::Of("-_.", 1, 80)),
];

/// Words that Amazon Cognito keeps for itself (developer guide, "Configuring a user pool domain").
const RESERVED: [&str; 3] = ["aws", "amazon", "cognito"];

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (kind, property, shape) in &NAMES {
        for item in view.of_kind(kind) {
            let custom = item.get(&["CustomDomainConfig"]).is_some();
            let name = item.text(&[property]);
            // What is made of another resource's name, or resolved by AWS, is not known.
            let known = |name: &String| !name.contains("${") && !name.contains("{{resolve:");
            let Some(name) = name.filter(|name| known(name) && !custom) else {
                continue;
            };
            let mut wrong = shape.refuses(&name);
            if *property == "Domain" {
                let reserved = RESERVED.iter().find(|word| name.contains(**word));
                wrong = wrong.or(reserved.map(|word| format!("may not hold the word `{word}`")));
            }
            if let Some(wrong) = wrong {
                let finding = view.error(
                    "name-pattern",
                    item,
                    &[property],
                    format!("the name `{name}` {wrong}"),
                    "narrow the parameter with AllowedPattern and MaxLength, or make the name of less; a stack's name may be long and hold what names don't take, its id may not",
                );
                // Nobody may ever give the value that breaks it.
                findings.push(match view.is_first() {
                    true => finding,
                    false => finding.warning(),
                });
            }
        }
    }
    findings
}

impl Shape {
    /// Why the name is refused, if it is.
    fn refuses(&self, name: &str) -> Option<String> {
        let length = name.chars().count();
        let plain = |c: char| c.is_ascii_alphanumeric();
        let (least, most) = match self {
            Shape::Hyphens(most) | Shape::Word(most) => (1, *most),
            Shape::Of(_, least, most) | Shape::Lower(_, least, most) => (*least, *most),
        };
        let counted = match self {
            Shape::Hyphens(_) => name.chars().filter(|c| *c != '-').count(),
            _ => length,
        };
        if counted > most {
            return Some(format!("is {length} characters long; {most} are taken"));
        }
        if length < least {
            return Some(format!("is {length} characters long; {least} are needed"));
        }
        let wrong = |others: &str, upper: bool| {
            let fits =
                |c: char| others.contains(c) || (plain(c) && (upper || !c.is_ascii_uppercase()));
            name.chars()
                .find(|c| !fits(*c))
                .map(|c| format!("holds `{c}`"))
        };
        match self {
            Shape::Hyphens(_) => wrong("-", true).or_else(|| {
                let doubled = name.starts_with('-') || name.contains("--");
                doubled.then(|| {
                    "holds a hyphen that does not stand after a letter or digit".to_owned()
                })
            }),
            Shape::Word(_) => wrong("_", true).or_else(|| {
                let first = name.starts_with(|c: char| c.is_ascii_alphabetic());
                (!first).then(|| "does not begin with a letter".to_owned())
            }),
            Shape::Of(others, ..) => wrong(others, true),
            Shape::Lower(others, ..) => wrong(others, false).or_else(|| {
                let edge = |c: char| others.contains(c);
                let edges = name.starts_with(edge) || name.ends_with(edge);
                edges.then(|| "begins or ends with neither letter nor digit".to_owned())
            }),
        }
    }
}
