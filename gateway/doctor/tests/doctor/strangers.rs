//! Templates of any shape: the doctor always comes back.

use std::collections::BTreeMap;
use std::path::Path;

use super::support::{GOOD, examined, found};

/// What a value is replaced by.
const ODD: [&str; 5] = ["", "[a, [b]]", "{a: {b: c}}", "5", "!Ref AWS::NoValue"];

/// Each value of the text replaced by something else, and each line taken away; of these, one out
/// of so many.
fn mutations(text: &str, one_of: usize) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '-']).len();
    let mut odd = ODD.into_iter().cycle();
    let mut all = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        // A block below a value goes with it.
        let below = lines.iter().skip(index + 1);
        let below = below.take_while(|next| indent(next) > indent(line)).count();
        let with = |changed: Option<&str>, below: usize| {
            let before = lines.iter().take(index).copied();
            let after = lines.iter().skip(index + 1 + below).copied();
            before
                .chain(changed)
                .chain(after)
                .collect::<Vec<_>>()
                .join("\n")
        };
        for (at, _) in line.match_indices(": ") {
            let head = &line[..at + 2];
            let open = head.chars().rev().filter(|c| "{[".contains(*c));
            let close: String = open.map(|c| if c == '{' { '}' } else { ']' }).collect();
            let value = odd.next().unwrap_or_default();
            all.push(with(Some(&format!("{head}{value}{close}")), below));
        }
        all.push(with(None, 0));
    }
    all.into_iter().step_by(one_of).collect()
}

#[test]
fn any_value_may_be_anything() {
    // What is given is not varied: this is about shapes.
    let given = [
        "Sender=ana@example.com",
        "Name=a",
        "Mode=ENFORCE",
        "SesSenderEmail=ana@example.com",
    ];
    let given = given.iter().filter_map(|one| one.split_once('='));
    let given: BTreeMap<String, String> =
        given.map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../template.yaml");
    let own = std::fs::read_to_string(own).unwrap();
    let mut tried = 0;
    for (text, one_of) in [(GOOD, 3), (own.as_str(), 20)] {
        let template = template::Template::parse(text).unwrap();
        let names: Vec<_> = template.parameters().map(|p| p.name()).collect();
        let mut given = given.clone();
        given.retain(|name, _| names.contains(&name.as_str()));
        for text in mutations(text, one_of) {
            let report = doctor::examine("t.yaml", &text, None, &given);
            tried += usize::from(report.scenarios > 0);
        }
    }
    assert!(tried > 150, "{tried}");
}

#[test]
fn odd_templates_are_survived() {
    let resource = |text: &str| format!("Resources:\n  R: {text}\n");
    for text in [
        String::new(),
        "[]".to_owned(),
        "Resources: []".to_owned(),
        "Resources: {}\nParameters: {P: {Type: Nonsense}}".to_owned(),
        "Resources: {}\nParameters: {P: {Type: String, AllowedValues: x, MaxLength: [a]}}"
            .to_owned(),
        resource("{Type: X, Properties: [a]}"),
        resource("{Type: AWS::Serverless::Function}"),
        resource(
            "{Type: AWS::Serverless::Function, Properties: {Policies: [[], {Statement: 5}, x], Events: [a]}}",
        ),
        resource(
            "{Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: '*'}}, Policies: {}}}",
        ),
        resource(
            "{Type: AWS::BedrockAgentCore::GatewayTarget, Properties: {TargetConfiguration: {Mcp: {Lambda: {LambdaArn: {a: b}, ToolSchema: {InlinePayload: [5, {}, {Name: [x], InputSchema: [y]}]}}}}}}",
        ),
        resource(
            "{Type: AWS::BedrockAgentCore::Gateway, DependsOn: [R, [R]], Properties: {Name: !Ref R, RoleArn: '${R', InterceptorConfigurations: [{}]}}",
        ),
        resource(
            "{Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref R, Name: '${R}${R}${R}'}}",
        ),
        // A name that holds itself would grow to gigabytes.
        resource(&format!(
            "{{Type: AWS::Lambda::Function, Properties: {{FunctionName: '{}', LoggingConfig: {{LogGroup: '${{R}}'}}}}}}",
            "${R}".repeat(24_000)
        )),
        "# toolschema:begin A\nResources: {R: {Type: X}}".to_owned(),
    ] {
        examined(&text);
    }
}

/// No end within minutes would be none.
#[test]
fn large_templates_are_examined() {
    let mut text = "Parameters:\n".to_owned();
    for n in 0..12 {
        text += &format!("  P{n}: {{Type: String, Default: a}}\n");
    }
    text += "Resources:\n  Gateway: {Type: AWS::BedrockAgentCore::Gateway, Properties: {Name: !Ref P0}}\n";
    for n in 0..100 {
        text += &format!(
            "  F{n}: {{Type: AWS::Serverless::Function, Properties: {{AutoPublishAlias: live}}}}\n  \
             T{n}: {{Type: AWS::BedrockAgentCore::GatewayTarget, Properties: {{Name: t{n}, GatewayIdentifier: !Ref Gateway, \
             TargetConfiguration: {{Mcp: {{Lambda: {{LambdaArn: !Ref F{n}.Alias}}}}}}}}}}\n"
        );
    }
    assert!(examined(&text).scenarios > 100);
}

#[test]
fn plain_cloudformation_in_another_language_is_read() {
    let text = "
Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Code: {S3Bucket: b, S3Key: k}, Role: !ImportValue shared-role}
  Gateway:
    Type: AWS::BedrockAgentCore::Gateway
    Properties: {Name: tools, RoleArn: arn:aws:iam::123456789012:role/there, AuthorizerType: NONE}
  Target:
    Type: AWS::BedrockAgentCore::GatewayTarget
    Properties:
      Name: t
      GatewayIdentifier: !Ref Gateway
      CredentialProviderConfigurations: [{CredentialProviderType: GATEWAY_IAM_ROLE}]
      TargetConfiguration: {Mcp: {Lambda: {LambdaArn: !GetAtt Fn.Arn, ToolSchema: {S3: {Uri: 's3://b/k'}}}}}
";
    let found = found(text);
    let checks: Vec<_> = found
        .iter()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(
        checks,
        [
            "not-evaluated",
            "policy-engine-unused",
            "gateway-versions",
            "name-shared",
            "authorizer-none",
        ],
        "{found:#?}"
    );
}
