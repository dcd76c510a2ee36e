//! Parameters: defaults, what the caller gives, types and constraints.

use crate::common::{properties_with, resolve_with};
use serde_json::json;

fn parameter(declaration: &str, given: &[(&str, &str)]) -> Result<serde_json::Value, String> {
    let template = format!(
        "Resources: {{R: {{Type: X::Y::Z, Properties: {{V: !Ref P}}}}}}\nParameters:\n  P: {declaration}\n"
    );
    properties_with(&template, given).map(|all| all.get("V").cloned().unwrap_or_default())
}

#[test]
fn a_given_value_comes_before_the_default() {
    let declaration = "{Type: String, Default: a}";
    assert_eq!(parameter(declaration, &[]).unwrap(), "a");
    assert_eq!(parameter(declaration, &[("P", "b")]).unwrap(), "b");
    assert_eq!(parameter(declaration, &[("P", "")]).unwrap(), "");
}

#[test]
fn a_number_keeps_its_text_and_a_list_its_trimmed_items() {
    assert_eq!(
        parameter("{Type: Number, Default: 1.10}", &[]).unwrap(),
        "1.10"
    );
    let list = "{Type: CommaDelimitedList, Default: 'a, b ,c'}";
    assert_eq!(parameter(list, &[]).unwrap(), json!(["a", "b", "c"]));
    assert_eq!(parameter(list, &[("P", "")]).unwrap(), json!([""]));
    assert_eq!(
        parameter("{Type: List<Number>}", &[("P", "1,2")]).unwrap(),
        json!(["1", "2"])
    );
    let subnets = "{Type: 'List<AWS::EC2::Subnet::Id>', Default: 'x,y'}";
    assert_eq!(parameter(subnets, &[]).unwrap(), json!(["x", "y"]));
}

#[test]
fn a_value_that_does_not_fit_is_refused_with_the_reason() {
    let cases = [
        (
            "{Type: String}",
            None,
            "the parameter `P` has no default: give it a value with `--parameter P=VALUE`",
        ),
        (
            "{Type: String, AllowedValues: [a, b]}",
            Some("c"),
            "`c` does not fit the parameter `P`: expected one of `a`, `b`",
        ),
        (
            "{Type: CommaDelimitedList, AllowedValues: [a, b]}",
            Some("a,c"),
            "`c` does not fit the parameter `P`: expected one of `a`, `b`",
        ),
        (
            "{Type: Number}",
            Some("many"),
            "`many` does not fit the parameter `P`: expected a number",
        ),
        (
            "{Type: Number}",
            Some("NaN"),
            "`NaN` does not fit the parameter `P`: expected a number",
        ),
        (
            "{Type: List<Number>}",
            Some("1,x"),
            "`x` does not fit the parameter `P`: expected a number",
        ),
        (
            "{Type: Number, MaxValue: 10}",
            Some("11"),
            "`11` does not fit the parameter `P`: `MaxValue` is 10",
        ),
        (
            "{Type: String, MinLength: 3}",
            Some("ab"),
            "`ab` does not fit the parameter `P`: `MinLength` is 3",
        ),
        (
            "{Type: String, AllowedPattern: '[a-z]+', ConstraintDescription: small letters}",
            Some("aB"),
            "`aB` does not fit the parameter `P`: expected what the pattern `[a-z]+` matches: small letters",
        ),
        (
            "{Type: Strng, Default: a}",
            None,
            "`Strng` is no type of a parameter; did you mean `String`?: expected `String`, `Number`, `CommaDelimitedList`, `List<Number>` or a type that begins with `AWS::`",
        ),
        (
            "{Type: String, Default: !Ref X}",
            None,
            "expected plain text: a parameter takes no functions",
        ),
    ];
    for (declaration, value, message) in cases {
        let given: Vec<_> = value.map(|value| ("P", value)).into_iter().collect();
        let error = parameter(declaration, &given).expect_err(declaration);
        assert!(error.starts_with("t.yaml:3:"), "{error}");
        assert!(
            error.ends_with(&format!(": {message}")),
            "{error}\n{message}"
        );
    }
}

#[test]
fn a_pattern_that_cannot_be_checked_is_passed_over() {
    let declaration = "{Type: String, AllowedPattern: '(?=a)b'}";
    assert_eq!(parameter(declaration, &[("P", "zzz")]).unwrap(), "zzz");
}

#[test]
fn a_secret_is_not_quoted() {
    let declaration = "{Type: String, NoEcho: true, AllowedValues: [a]}";
    let error = parameter(declaration, &[("P", "hunter2")]).unwrap_err();
    assert!(
        error.contains("the value does not fit") && !error.contains("hunter2"),
        "{error}"
    );
}

#[test]
fn an_unknown_parameter_names_the_known_ones() {
    let error = parameter("{Type: String, Default: a}", &[("Q", "b")]).unwrap_err();
    assert_eq!(
        error,
        "t.yaml:3:3: Parameters: unknown parameter `Q` (known: `P`)"
    );
    let error = resolve_with("Resources: {}", &[("Q", "b")]).unwrap_err();
    assert_eq!(
        error,
        "t.yaml:1:1: Parameters: unknown parameter `Q` (the template has none)"
    );
}

#[test]
fn a_value_in_ssm_is_missed_only_where_it_is_used() {
    let declaration = "{Type: 'AWS::SSM::Parameter::Value<String>', Default: /ami}";
    let error = parameter(declaration, &[]).unwrap_err();
    assert!(
        error.contains("Resources.R.Properties.V: the parameter `P` lies in SSM"),
        "{error}"
    );
    assert_eq!(parameter(declaration, &[("P", "ami-1")]).unwrap(), "ami-1");
}

#[test]
fn all_parameters_that_are_wrong_are_told_at_once() {
    let template = "Resources: {}\nParameters: {A: {Type: String}, B: {Type: Number, Default: x}}";
    let errors = resolve_with(template, &[("C", "")]).unwrap_err();
    assert_eq!(errors.lines().count(), 3, "{errors}");
}
