//! Circumstances under which a template goes wrong.

use std::collections::BTreeMap;

use doctor::{Finding, Level};

use super::support::{GOOD, found};

fn examined(parameters: &str, resources: &str) -> Vec<Finding> {
    let text = format!("Parameters:\n{parameters}\nResources:\n{resources}");
    doctor::examine("t.yaml", &text, None, &BTreeMap::new()).findings
}

const ENGINE: &str = "  E: {Type: AWS::BedrockAgentCore::PolicyEngine, Properties: {Name: !Sub ";

/// The scenarios of what is found of the engine's name.
fn engine(parameters: &str, name: &str) -> Vec<String> {
    let found = examined(parameters, &format!("{ENGINE}{name}}}}}"));
    let named = found.iter().filter(|f| f.check == "name-pattern");
    named
        .map(|f| f.scenario.clone().unwrap_or_default())
        .collect()
}

#[test]
fn a_name_breaks_at_the_value_that_is_told() {
    let text = "  P: {Type: String, Default: a, MinLength: 1}";
    assert_eq!(engine(text, "'${P}'"), ["with P=`1`"]);
    assert_eq!(engine(text, "'x${P}'"), ["with P=`a-b`"]);
    let letters = "  P: {Type: String, Default: a, AllowedPattern: '[a-z]*'}";
    assert_eq!(engine(letters, "'${P}'"), ["with P=``"]);
    assert_eq!(
        engine(letters, "'x${P}'"),
        ["with P=`aaaaaaaaaaaa...` (49 characters)"]
    );
    let bounded = "  P: {Type: String, Default: a, AllowedPattern: '[a-z]+', MaxLength: 48}";
    assert_eq!(engine(bounded, "'${P}'"), [""; 0]);
    assert_eq!(
        engine("  P: {Type: Number, Default: 1}", "'x${AWS::StackName}'"),
        ["with a stack named `A--b`"]
    );
    assert_eq!(
        engine("  P: {Type: String, AllowedValues: [a, b-c]}", "'${P}'"),
        ["with P=`b-c`"]
    );
    assert_eq!(engine("  P: {Type: String}", "'1${P}'"), [""]);
}

/// Values that nobody gave break most names.
#[test]
fn a_name_that_only_another_value_breaks_is_a_warning() {
    let level = |default: &str| {
        let parameters = format!("  P: {{Type: String, Default: {default}}}");
        let found = examined(&parameters, &format!("{ENGINE}'${{P}}'}}}}"));
        let named = found.iter().find(|f| f.check == "name-pattern");
        named.map(|f| f.level)
    };
    assert_eq!(level("a"), Some(Level::Warning));
    assert_eq!(level("a-b"), Some(Level::Error));
}

#[test]
fn no_more_scenarios_are_looked_at_than_there_is_time_for() {
    let parameters: String = (0..40)
        .map(|n| format!("  P{n}: {{Type: String, Default: a}}\n"))
        .collect();
    let text = format!("Parameters:\n{parameters}Resources:\n{ENGINE}'a${{P39}}'}}}}");
    let report = doctor::examine("t", &text, None, &BTreeMap::new());
    assert!(report.scenarios <= 300 && report.left_out > 0);
    let left_out = format!("({} more left out", report.left_out);
    assert!(report.summary().contains(&left_out), "{}", report.summary());
    // The last parameter has its turn, too.
    assert!(report.findings.iter().any(|f| f.check == "name-pattern"));
}

/// With aws:SourceAccount, the whole account is what the guide's own example lets in.
#[test]
fn a_trust_for_all_of_the_account_is_a_warning() {
    let own = ":gateway/${Name}-*'}\n      Policies";
    let wide = GOOD.replacen(own, ":*'}\n      Policies", 1);
    let account = "              StringEquals: {'aws:SourceAccount': !Ref AWS::AccountId}\n";
    let level = |text: &str| {
        let report = doctor::examine("t", text, None, &BTreeMap::new());
        let mut found = report.findings.into_iter();
        found
            .find(|f| f.check == "trust-condition" && f.path.ends_with("SourceArn"))
            .map(|f| f.level)
    };
    assert_eq!(level(&wide), Some(Level::Warning));
    assert_eq!(level(&wide.replacen(account, "", 1)), Some(Level::Error));
}

#[test]
fn a_secrets_value_is_never_told() {
    let parameters = "  P: {Type: String, NoEcho: true, Default: hunter2hunter2}";
    for finding in examined(parameters, &format!("{ENGINE}'${{P}}'}}}}")) {
        assert!(!finding.render("t").contains("hunter2"), "{finding}");
    }
}

#[test]
fn what_is_given_is_not_varied() {
    let text = format!("Parameters:\n  P: {{Type: String}}\nResources:\n{ENGINE}'${{P}}'}}}}");
    let given = BTreeMap::from([("P".to_owned(), "fine".to_owned())]);
    let found = doctor::examine("t", &text, None, &given).findings;
    assert!(
        found.iter().all(|f| f.check != "name-pattern"),
        "{found:#?}"
    );
    let unknown = BTreeMap::from([("Q".to_owned(), "x".to_owned())]);
    let report = doctor::examine("t", &text, None, &unknown);
    assert_eq!(report.findings[0].check, "template");
}

#[test]
fn policies_of_one_engine_come_and_go_together() {
    let policy = |id: &str, rest: &str| {
        format!(
            "  {id}: {{Type: AWS::BedrockAgentCore::Policy, {rest} Properties: {{ValidationMode: IGNORE_ALL_FINDINGS, Name: {id}}}}}\n"
        )
    };
    let parameters = "  P: {Type: String, Default: 'on', AllowedValues: ['on', 'off']}\nConditions:\n  On: !Equals [!Ref P, 'on']";
    let alone_in = |second: &str| {
        let resources = policy("Permit", second) + &policy("Forbid", "Condition: On,");
        let found = examined(parameters, &resources).into_iter();
        found
            .filter(|f| f.check == "policy-alone")
            .map(|f| f.path)
            .collect::<Vec<_>>()
    };
    assert_eq!(alone_in(""), ["Resources.Permit"]);
    assert_eq!(alone_in("Condition: On,"), [""; 0]);
}

/// A resource policy for the Gateway's own role does what a statement of the role does.
#[test]
fn a_resource_policy_may_let_the_gateways_role_in() {
    let invokes = "[!Ref Function.Alias, !Ref InterceptorAlias]";
    let without = GOOD.replace(invokes, "[!Ref InterceptorAlias]");
    let denied = |line: &String| line.starts_with("target-permission ");
    assert!(found(&without).iter().any(denied));
    let permission = "  Let: {Type: AWS::Lambda::Permission, Properties: {Action: 'lambda:InvokeFunction', \
                      Principal: !GetAtt GatewayRole.Arn, FunctionName: !Ref Function.Alias}}\n  Logs:";
    assert_eq!(found(&without.replacen("  Logs:", permission, 1)), [""; 0]);
}
