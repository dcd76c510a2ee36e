//! Values for parameters: plausible ones where the template has no default, and hostile ones.

use template::Parameter;

/// Plausible values, the first that is admitted is taken; by words in the parameter's name.
const BY_NAME: [(&str, &str); 13] = [
    ("boundary", "arn:aws:iam::123456789012:policy/example"),
    (
        "image",
        "123456789012.dkr.ecr.us-east-1.amazonaws.com/agent:1",
    ),
    ("topic", "arn:aws:sns:us-east-1:123456789012:topic"),
    (
        "key",
        "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555",
    ),
    ("role", "arn:aws:iam::123456789012:role/example"),
    (
        "function",
        "arn:aws:lambda:us-east-1:123456789012:function:example",
    ),
    (
        "secret",
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:example-AbCdEf",
    ),
    ("mail", "reports@example.com"),
    ("sender", "reports@example.com"),
    ("recipient", "team@example.org"),
    ("url", "https://example.com/path"),
    ("domain", "example.com"),
    ("bucket", "example-bucket"),
];

const PLAUSIBLE: [&str; 23] = [
    "example",
    "arn:aws:iam::123456789012:policy/example",
    "reports@example.com",
    "https://example.com/path",
    "https://example.com/.well-known/openid-configuration",
    "arn:aws:iam::123456789012:role/example",
    "arn:aws:lambda:us-east-1:123456789012:function:example",
    "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555",
    "arn:aws:sns:us-east-1:123456789012:topic",
    "arn:aws:secretsmanager:us-east-1:123456789012:secret:example-AbCdEf",
    "123456789012.dkr.ecr.us-east-1.amazonaws.com/agent:1",
    "Example-1a2B3c4D5e6F7g8H9i0J",
    "example.com",
    "example_name",
    "example-name",
    "1",
    "10",
    "100",
    "1000",
    "123456789012",
    "us-east-1",
    "10.0.0.0/16",
    "true",
];

/// What breaks names that are made of a parameter. The long ones pass one limit each (48 in
/// AgentCore, 64 in IAM and Lambda, 128 and 255 elsewhere).
const HOSTILE: [&str; 13] = [
    "a",
    "A",
    "1",
    "1a",
    "a-b",
    "a--b",
    "-a",
    "a-",
    "a_b",
    "_a",
    "a.b",
    "Example Name",
    "o'neil@sub-domain.example.org",
];
const LENGTHS: [usize; 5] = [33, 49, 65, 129, 256];

/// A value that stands for one that nobody gave, or nothing if none of those known is admitted.
pub(crate) fn plausible(parameter: &Parameter<'_>) -> Option<String> {
    if let Some(value) = parameter.allowed_values().first() {
        return Some((*value).to_owned());
    }
    if parameter.is_secret() {
        let own = secrets(parameter).into_iter();
        if let Some(value) = own.into_iter().find(|value| parameter.admits(value)) {
            return Some(value);
        }
    }
    let kind = parameter.text("Type").unwrap_or_default();
    let kind = kind
        .strip_prefix("AWS::SSM::Parameter::Value<")
        .unwrap_or(kind);
    let of_kind = of_kind(kind);
    let name = parameter.name().to_ascii_lowercase();
    let named = BY_NAME
        .iter()
        .filter(|(word, _)| name.contains(word))
        .map(|(_, value)| *value);
    let values = of_kind.into_iter().chain(named).chain(PLAUSIBLE);
    let longer = parameter
        .text("MinLength")
        .and_then(|text| text.parse().ok())
        .filter(|length| *length <= 4096_usize)
        .map(|length| "a".repeat(length));
    let longer = longer.filter(|value| parameter.admits(value));
    let number = parameter.text("MinValue").map(str::to_owned);
    values
        .map(str::to_owned)
        .chain(number)
        .find(|value| parameter.admits(value))
        .or(longer)
}

/// Values that stand nowhere else, so that one that is shown is known for what it is.
fn secrets(parameter: &Parameter<'_>) -> Vec<String> {
    let name = parameter.name();
    let least = parameter.text("MinLength");
    let least = least.and_then(|text| text.parse().ok());
    let least = least.unwrap_or(0_usize).min(4096);
    ["example-secret-", "ExampleSecret", "e"]
        .map(|start| format!("{:x<least$}", format!("{start}{name}")))
        .to_vec()
}

/// CloudFormation's own parameter types.
fn of_kind(kind: &str) -> Option<&'static str> {
    let known = [
        ("VPC::Id", "vpc-0123456789abcdef0"),
        ("Subnet::Id", "subnet-0123456789abcdef0"),
        ("SecurityGroup::Id", "sg-0123456789abcdef0"),
        ("Image::Id", "ami-0123456789abcdef0"),
        ("Instance::Id", "i-0123456789abcdef0"),
        ("HostedZone::Id", "Z0123456789ABCDEFGHIJ"),
        ("AvailabilityZone::Name", "us-east-1a"),
    ];
    let mut known = known.into_iter();
    known.find_map(|(part, value)| kind.contains(part).then_some(value))
}

/// Values that the parameter admits and that names may break at.
pub(crate) fn hostile(parameter: &Parameter<'_>) -> Vec<String> {
    let kind = parameter.text("Type").unwrap_or_default();
    if kind != "String" || !parameter.allowed_values().is_empty() {
        return Vec::new();
    }
    let limit = parameter
        .text("MaxLength")
        .and_then(|text| text.parse().ok());
    let lengths = LENGTHS
        .into_iter()
        .chain(limit.filter(|limit| *limit <= 4096));
    let long = lengths.map(|length| "a".repeat(length));
    let values = HOSTILE.map(str::to_owned).into_iter().chain(long);
    values.filter(|value| parameter.admits(value)).collect()
}
