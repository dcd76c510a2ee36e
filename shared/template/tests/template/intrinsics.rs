//! Every supported function, in short and long form, and what each refuses.

use crate::common::{properties, resolve, value, with_value};
use serde_json::json;

#[test]
fn all_functions_give_the_same_in_both_forms() {
    let document = include_str!("data/intrinsics.yaml");
    let resolved = resolve(document).unwrap();
    let short = resolved.resources["Short"].properties.clone().unwrap();
    let long = resolved.resources["Long"].properties.clone().unwrap();
    let expected: serde_json::Value =
        serde_json::from_str(include_str!("data/intrinsics.json")).unwrap();
    assert_eq!(short, expected);
    assert_eq!(long, expected);
    let conditions: Vec<_> = resolved
        .conditions
        .iter()
        .map(|(n, held)| (n.as_str(), *held))
        .collect();
    let held = |name: &str| conditions.contains(&(name, true));
    for name in [
        "IsProd",
        "IsProdLong",
        "Both",
        "BothLong",
        "Either",
        "EitherLong",
        "Same",
        "SameLong",
    ] {
        assert!(held(name), "{name}");
    }
    for name in ["IsNotProd", "IsNotProdLong"] {
        assert!(!held(name), "{name}");
    }
}

#[test]
fn a_list_loses_the_items_that_are_no_value() {
    let rest = "Conditions: {Never: !Equals [a, b]}";
    let list = "[a, !If [Never, b, !Ref AWS::NoValue], c]";
    assert_eq!(value(list, rest).unwrap(), json!(["a", "c"]));
    let joined = "!Join ['-', [a, !If [Never, b, !Ref AWS::NoValue], c]]";
    assert_eq!(value(joined, rest).unwrap(), "a-c");
}

#[test]
fn the_branch_that_is_not_taken_is_not_evaluated() {
    let rest = "Conditions: {Always: !Equals [a, a]}";
    assert_eq!(
        value("!If [Always, yes it is, !GetAtt Nowhere.Arn]", rest).unwrap(),
        "yes it is"
    );
}

#[test]
fn sub_leaves_text_that_only_looks_like_a_name() {
    let cases = [
        ("'$ $$ {x} ${!x} ${'", "$ $$ {x} ${x} ${"),
        ("'a${AWS::NoValue}b'", "ab"),
        ("'${ AWS::Region }'", "us-east-1"),
        ("['${a}${b}', {a: 1, b: true}]", "1true"),
        ("['${Other}', {Other: mine}]", "mine"),
        ("''", ""),
    ];
    for (text, expected) in cases {
        assert_eq!(
            value(&format!("!Sub {text}"), "").unwrap(),
            expected,
            "{text}"
        );
    }
}

#[test]
fn sam_gives_a_function_a_role_and_a_url() {
    let template = "Resources:\n  F: {Type: AWS::Serverless::Function}\n  R: {Type: X::Y::Z, Properties: {A: !GetAtt FRole.Arn, B: !Ref FUrl}}";
    assert_eq!(
        properties(template).unwrap(),
        json!({"A": "arn-of-FRole", "B": "id-of-FUrl"})
    );
}

#[test]
fn a_wrong_use_says_where_and_what_would_be_right() {
    let cases = [
        (
            "!Ref Othr",
            "`Ref: Othr`: the template has no resource or parameter `Othr`; did you mean `Other`?",
        ),
        (
            "!Ref Stag",
            "`Ref: Stag`: the template has no resource or parameter `Stag`; did you mean `Stage`?",
        ),
        ("!Ref [a]", "`Ref` takes a name"),
        (
            "!Ref AWS::Regio",
            "unknown pseudo parameter `AWS::Regio`; did you mean `AWS::Region`?",
        ),
        (
            "!GetAtt Nowhere.Arn",
            "`Fn::GetAtt: [Nowhere, Arn]`: the template has no resource `Nowhere`",
        ),
        (
            "!GetAtt Stage.Arn",
            "`Fn::GetAtt: [Stage, Arn]`: the template has no resource `Stage`",
        ),
        (
            "!GetAtt Other.Colour",
            "no local value for `Fn::GetAtt: [Other, Colour]` (`A::B::C`)",
        ),
        (
            "!GetAtt Other",
            "`Fn::GetAtt` takes `Resource.Attribute` or a list of the two",
        ),
        (
            "!GetAtt [Other, !Ref Other, x]",
            "`Fn::GetAtt` takes `Resource.Attribute` or a list of the two",
        ),
        (
            "!Sub '${Othr.Arn}'",
            "`Fn::GetAtt: [Othr, Arn]`: the template has no resource `Othr`; did you mean `Other`?",
        ),
        (
            "!Sub '${HOME:-x}'",
            "`${HOME:-x}` is no name for `Fn::Sub` (letters, digits, `_`, `.`, `:`); `${!HOME:-x}` stands for the text itself",
        ),
        (
            "!Sub '${}'",
            "`${}` is no name for `Fn::Sub` (letters, digits, `_`, `.`, `:`); `${!}` stands for the text itself",
        ),
        (
            "!Sub '${Other.Names}'",
            "`${Other.Names}` is no text; `Fn::Join` makes text of a list",
        ),
        (
            "!Sub ['${a}']",
            "`Fn::Sub` takes a text, or a list of a text and a map of variables",
        ),
        (
            "!Sub [!Ref Stage, {a: b}]",
            "`Fn::Sub` takes its text as it stands, not from a function",
        ),
        ("!Join [a]", "`Fn::Join` takes a delimiter and a list"),
        ("!Join ['', abc]", "expected a list"),
        ("!Join ['', [[a]]]", "`Fn::Join` takes a list of texts"),
        (
            "!Split ['', abc]",
            "`Fn::Split` takes a delimiter that is not empty",
        ),
        (
            "!Select [2, [a, b]]",
            "`Fn::Select`: no item `2` in a list of 2",
        ),
        (
            "!Select [-1, [a, b]]",
            "`Fn::Select`: no item `-1` in a list of 2",
        ),
        (
            "!Select [x, [a, b]]",
            "`Fn::Select`: no item `x` in a list of 2",
        ),
        (
            "!FindInMap [Sizes, prod, memry]",
            "`Fn::FindInMap`: no entry `memry`; did you mean `memory`?",
        ),
        (
            "!FindInMap [Sizes, prod]",
            "`Fn::FindInMap` takes a mapping's name and two keys",
        ),
        ("!If [Nope, a, b]", "unknown condition `Nope`"),
        (
            "!If [!Equals [a, a], a, b]",
            "`Fn::If` takes the name of a condition first",
        ),
        (
            "!Equals [a, a]",
            "`Fn::Equals` stands only under `Conditions`: name the condition there and use `Fn::If`",
        ),
        (
            "!Condition Prod",
            "`Condition` stands only under `Conditions`: name the condition there and use `Fn::If`",
        ),
        ("!Base64 [a]", "expected a text"),
        ("!GetAZs ''", "`Fn::GetAZs` is not evaluated locally"),
        (
            "!ImportValue x",
            "`Fn::ImportValue` is not evaluated locally",
        ),
        ("!Cidr [a, b, c]", "`Fn::Cidr` is not evaluated locally"),
        (
            "{'Fn::Transform': {Name: x}}",
            "`Fn::Transform` is not evaluated locally",
        ),
        (
            "{'Fn::Subb': x}",
            "`Fn::Subb` is no function that gives a value; did you mean `Fn::Sub`?",
        ),
        (
            "!Base64 {Ref: AWS::NoValue}",
            "`AWS::NoValue` cannot stand here",
        ),
    ];
    let rest = "Parameters: {Stage: {Type: String, Default: prod}}\n\
                Conditions: {Prod: !Equals [!Ref Stage, prod]}\n\
                Mappings: {Sizes: {prod: {memory: 512}}}\n";
    for (text, message) in cases {
        let error = value(text, rest).expect_err(text);
        let (place, error) = error
            .split_once(": Resources.R.Properties.V: ")
            .expect(&error);
        assert_eq!(error, message, "{text}");
        assert!(place.starts_with("t.yaml:6:"), "{place} for {text}");
    }
}

#[test]
fn the_place_is_that_of_the_wrong_part() {
    let template = with_value(
        "\n        - a\n        - Deep: !Join ['', [b, !Ref Nowhere]]",
        "",
    );
    assert_eq!(
        properties(&template).unwrap_err(),
        "t.yaml:8:32: Resources.R.Properties.V[1].Deep[1]: `Ref: Nowhere`: the template has no resource or parameter `Nowhere`"
    );
}

#[test]
fn a_function_beside_another_key_is_refused() {
    let error = value("{'Fn::Sub': a, Other: b}", "").unwrap_err();
    assert_eq!(
        error,
        "t.yaml:6:22: Resources.R.Properties.V.Fn::Sub: `Fn::Sub` must be the only key of its map"
    );
}

#[test]
fn all_errors_of_a_resource_are_told_at_once() {
    let error = value("[!Ref A, !Ref B, {C: !Sub '${X} ${Y}'}]", "").unwrap_err();
    assert_eq!(error.lines().count(), 4, "{error}");
}
