//! How YAML and JSON are read, and what of them is refused.

use crate::common::{properties, resolve, value};
use serde_json::json;

#[test]
fn scalars_become_the_json_that_cloudformation_makes_of_them() {
    let cases = [
        ("2012-10-17", json!("2012-10-17")),
        ("512", json!(512)),
        ("-3", json!(-3)),
        ("1.5", json!(1.5)),
        ("true", json!(true)),
        ("yes", json!(true)),
        ("Off", json!(false)),
        ("'true'", json!("true")),
        ("'512'", json!("512")),
        ("!!str 512", json!("512")),
        ("! 512", json!("512")),
        ("~", json!(null)),
        ("012345678901", json!("012345678901")),
        (
            "123456789012345678901234567890",
            json!("123456789012345678901234567890"),
        ),
        ("1e999", json!("1e999")),
        (".inf", json!(".inf")),
        ("provided.al2023", json!("provided.al2023")),
        ("12:30", json!("12:30")),
        ("{a: [1, {b: c}]}", json!({"a": [1, {"b": "c"}]})),
    ];
    for (text, expected) in cases {
        assert_eq!(value(text, "").unwrap(), expected, "{text}");
    }
}

#[test]
fn block_scalars_are_folded_or_kept_and_are_text() {
    let folded = ">-\n        one\n        two\n\n        three";
    assert_eq!(value(folded, "").unwrap(), "one two\nthree");
    let kept = "|\n        12\n        34\n";
    assert_eq!(value(kept, "").unwrap(), "12\n34\n");
    assert_eq!(value("|-\n        512", "").unwrap(), "512");
}

#[test]
fn json_and_other_line_ends_are_read_too() {
    let json = "{\n\t\"Resources\": {\n\t\t\"R\": {\"Type\": \"X::Y::Z\", \"Properties\": {\"V\": {\"Fn::Sub\": \"\\u00e9-${AWS::Region}\\n\"}}}\n\t}\n}\n";
    assert_eq!(properties(json).unwrap(), json!({"V": "é-us-east-1\n"}));
    let yaml =
        "\u{feff}Resources:\r\n  R:\r\n    Type: X::Y::Z\r\n    Properties:\r\n      V: a\r\n";
    assert_eq!(properties(yaml).unwrap(), json!({"V": "a"}));
}

#[test]
fn json_may_escape_a_character_in_two_halves() {
    let cases = [
        (r"\ud83d\ude00 \uD83D\uDE00", "😀 😀"),
        (r"\u00e9\u2014", "é—"),
        (r"\\ud83d\\ude00", r"\ud83d\ude00"),
        (r"\\\ud83d\ude00\n", "\\😀\n"),
    ];
    for (text, expected) in cases {
        let json = format!(
            "{{\"Resources\": {{\"R\": {{\"Type\": \"X::Y::Z\", \"Properties\": {{\"V\": \"{text}\"}}}}}}}}"
        );
        assert_eq!(properties(&json).unwrap(), json!({"V": expected}), "{text}");
    }
    for odd in [r"\ud83d", r"\ud83d\u0041", r"\u", r"\ud83dé\ude00"] {
        let json = format!("{{\"Resources\": {{\"R\": \"{odd}\"}}}}");
        assert!(resolve(&json).unwrap_err().contains("not YAML"), "{odd}");
    }
}

#[test]
fn an_alias_stands_for_a_copy() {
    let template =
        "Metadata: &shared {a: 1}\nResources: {R: {Type: X::Y::Z, Properties: {V: *shared}}}";
    assert_eq!(properties(template).unwrap(), json!({"V": {"a": 1}}));
}

#[test]
fn what_is_no_template_is_told_with_its_place() {
    let resources = "Resources: {R: {Type: X::Y::Z}}\n";
    let cases = [
        ("", "t.yaml:1:1: the template is empty"),
        ("# nothing\n", "t.yaml:2:1: the template is empty"),
        (
            "just text",
            "t.yaml:1:1: not a template: expected a map with a section `Resources`",
        ),
        (
            "- a",
            "t.yaml:1:1: not a template: expected a map with a section `Resources`",
        ),
        (
            "{}",
            "t.yaml:1:1: not a template: expected a map with a section `Resources`",
        ),
        ("Resources:", "t.yaml:1:10: Resources: expected a map"),
        (
            "Resources: !Ref X",
            "t.yaml:1:12: Resources: `Ref` cannot stand here",
        ),
        (
            "Resources: {R: text}",
            "t.yaml:1:16: Resources.R: expected a map",
        ),
        (
            "Resources: {R: {Properties: {}}}",
            "t.yaml:1:16: Resources.R: a resource needs a `Type`",
        ),
        (
            "Resources: {R: {Type: [x]}}",
            "t.yaml:1:23: Resources.R.Type: expected a type such as `AWS::Serverless::Function`",
        ),
        (
            "Resources: {R: {Type: x, Propertis: {}}}",
            "t.yaml:1:37: Resources.R.Propertis: no attribute of a resource; did you mean `Properties`?",
        ),
        (
            "Resources: {R: {Type: x, Properties: [a]}}",
            "t.yaml:1:38: Resources.R.Properties: expected a map",
        ),
        (
            "Resources: {R: {Type: x, Condition: Prod}}",
            "t.yaml:1:37: Resources.R.Condition: unknown condition `Prod`",
        ),
        (
            "Resource: {}\nResources: {}",
            "t.yaml:1:11: Resource: no section of a template; did you mean `Resources`?",
        ),
        (
            "Resources: {R: {Type: a, Type: b}}",
            "t.yaml:1:26: the key `Type` is there twice",
        ),
        (
            "Resources: {<<: {a: b}}",
            "t.yaml:1:13: CloudFormation takes no merge key `<<`: write the entries out",
        ),
        (
            "Resources: {[a]: b}",
            "t.yaml:1:13: a key must be plain text",
        ),
        (
            "Resources: {R: !Reff x}",
            "t.yaml:1:16: the tag `!Reff` is no intrinsic function; did you mean `Ref`?",
        ),
        (
            "Resources: {R: !!binary x}",
            "t.yaml:1:16: the tag `!!binary` is no intrinsic function",
        ),
        (
            "Resources: {R: *nowhere}",
            "t.yaml:1:16: not YAML: while parsing node, found unknown anchor",
        ),
        (
            "Resources: &r {R: *r}",
            "t.yaml:1:19: an alias stands for a value that is not complete here",
        ),
    ];
    for (text, message) in cases {
        assert_eq!(resolve(text).unwrap_err(), message, "{text}");
    }
    let second = format!("{resources}---\n{resources}");
    assert_eq!(
        resolve(&second).unwrap_err(),
        "t.yaml:2:1: a second document begins here: a template is a single document"
    );
    let broken = resolve("Resources:\n  R:\n    Type: 'X\n").unwrap_err();
    assert!(
        broken.starts_with("t.yaml:") && broken.contains("not YAML: "),
        "{broken}"
    );
}

#[test]
fn all_that_is_wrong_with_the_shape_is_told_at_once() {
    let errors =
        resolve("Outputs: text\nResources:\n  A: {}\n  B: {Type: x, Typo: y}").unwrap_err();
    assert_eq!(errors.lines().count(), 3, "{errors}");
    assert!(errors.starts_with("t.yaml:1:10: Outputs: "), "{errors}");
}
