#![allow(dead_code, reason = "the types are here for their schemas only")]

use schemars::{JsonSchema, Schema, schema_for};
use serde::{Deserialize, Serialize};

use super::*;

fn contract(input: Schema, output: Schema) -> Value {
    let definition = Definition {
        name: "t",
        description: "Does it",
        input,
        output,
    };
    Contract::of(&definition).value
}

fn told(old: &Value, new: &Value) -> Vec<String> {
    changes(old, new).iter().map(ToString::to_string).collect()
}

/// The changes of a required field `f` whose schema was `old` and is `new`.
fn field(side: &str, old: &Value, new: &Value) -> Vec<String> {
    let tool = |field: &Value| json!({ side: {"type": "object", "properties": {"f": field}, "required": ["f"]} });
    told(&tool(old), &tool(new))
}

fn input(old: Value, new: Value) -> Vec<String> {
    field("inputSchema", &old, &new)
}

fn output(old: Value, new: Value) -> Vec<String> {
    field("outputSchema", &old, &new)
}

#[test]
fn a_contract_keeps_what_the_dialect_cannot_carry() {
    /// Not for the model.
    #[derive(Deserialize, JsonSchema)]
    struct Input {
        /// How
        /// far
        #[schemars(range(min = 1))]
        count: u8,
        point: Option<Point>,
        /// Free
        map: std::collections::BTreeMap<String, Option<Speed>>,
    }
    #[derive(Deserialize, Serialize, JsonSchema)]
    struct Point {
        x: f64,
    }
    #[derive(Deserialize, JsonSchema)]
    enum Speed {
        /// Cheap
        Slow,
        Fast,
    }
    #[derive(JsonSchema)]
    struct Tree {
        children: Vec<Tree>,
    }
    let contract = contract(schema_for!(Input), schema_for!(Tree));
    assert_eq!(
        contract["inputSchema"],
        json!({
            "type": "object",
            "properties": {
                "count": {"type": "integer", "description": "How far", "minimum": 1, "maximum": 255},
                "point": {
                    "type": "object",
                    "properties": {"x": {"type": "number"}},
                    "required": ["x"],
                },
                "map": {
                    "type": "object",
                    "description": "Free",
                    "additionalProperties": {
                        "anyOf": [
                            {"type": "string", "enum": ["Fast"]},
                            {"type": "string", "description": "Cheap", "const": "Slow"},
                        ],
                        "nullable": true,
                    },
                },
            },
            "required": ["count", "map"],
        })
    );
    // A recursive answer stays as it is.
    let items = &contract["outputSchema"]["properties"]["children"]["items"];
    assert_eq!(items, &json!({"$ref": "#"}));
}

#[test]
fn the_name_of_a_type_is_no_change() {
    mod before {
        #[derive(schemars::JsonSchema)]
        pub(super) struct Inner {
            a: u64,
        }
        #[derive(schemars::JsonSchema)]
        pub(super) struct Input {
            inner: Inner,
            same: Inner,
        }
    }
    mod after {
        #[derive(schemars::JsonSchema)]
        pub(super) struct Nested {
            a: u64,
        }
        #[derive(schemars::JsonSchema)]
        pub(super) struct Anew {
            same: Box<Nested>,
            inner: Nested,
        }
    }
    let old = contract(schema_for!(before::Input), schema_for!(String));
    let new = contract(schema_for!(after::Anew), schema_for!(String));
    assert_eq!(
        told(&old, &new),
        ["harmless: the same in another order or form"]
    );
    assert_eq!(told(&old, &old), [""; 0]);
}

#[test]
fn fields_come_and_go() {
    let tool = |side: &str, fields: &[&str], required: &[&str]| {
        let fields: serde_json::Map<_, _> = fields
            .iter()
            .map(|name| ((*name).to_owned(), json!({"type": "string"})))
            .collect();
        json!({side: {"type": "object", "properties": fields, "required": required}})
    };
    let old = |side| tool(side, &["gone", "a", "b"], &["a"]);
    let new = |side| tool(side, &["a", "b", "need", "may"], &["b", "need"]);
    assert_eq!(
        told(&old("inputSchema"), &new("inputSchema")),
        [
            "breaking: `input.gone` is gone",
            "harmless: `input.a` is optional now",
            "breaking: `input.b` is required now",
            "breaking: `input.need` is new and required",
            "harmless: `input.may` is new and optional",
        ]
    );
    assert_eq!(
        told(&old("outputSchema"), &new("outputSchema")),
        [
            "breaking: `output.gone` is gone",
            "breaking: `output.a` may be absent or null now",
            "harmless: `output.b` is always there now",
            "harmless: `output.need` is new",
            "harmless: `output.may` is new",
        ]
    );
}

#[test]
fn another_type_breaks_both_sides_unless_it_holds_the_other() {
    let kind = |kind: &str| json!({"type": kind, "minimum": 1});
    let retyped = "breaking: `input.f` is `string` now, was `integer`";
    assert_eq!(input(kind("integer"), kind("string")), [retyped]);
    assert_eq!(
        output(kind("integer"), json!({"items": true, "type": "array"})),
        ["breaking: `output.f` is `array` now, was `integer`"]
    );
    let wider = |change: Vec<String>| change[0].starts_with("harmless");
    assert!(wider(input(kind("integer"), kind("number"))));
    assert!(!wider(input(kind("number"), kind("integer"))));
    assert!(!wider(output(kind("integer"), kind("number"))));
    assert!(wider(output(kind("number"), kind("integer"))));
    assert!(wider(output(json!(true), kind("string"))));
    assert!(!wider(output(kind("string"), json!(true))));
}

#[test]
fn choices_are_read_in_each_spelling() {
    let plain = json!({"type": "string", "enum": ["a", "b"]});
    let documented = json!({"anyOf": [
        {"type": "string", "const": "a", "description": "First"},
        {"type": "string", "enum": ["c"]},
    ]});
    assert_eq!(
        input(plain.clone(), documented.clone()),
        [
            "breaking: `input.f` has no choice `b` any more",
            "harmless: `input.f` has the new choice `c`",
        ]
    );
    assert_eq!(
        output(documented.clone(), plain.clone()),
        [
            "harmless: `output.f` has no choice `c` any more",
            "harmless: `output.f` has the new choice `b`",
        ]
    );
    let free = json!({"type": "string"});
    assert_eq!(
        input(free.clone(), plain.clone()),
        ["breaking: `input.f` is one of `a` and `b` now"]
    );
    assert_eq!(
        input(plain, free),
        ["harmless: `input.f` has no fixed choices any more"]
    );
    let mut reworded = documented.clone();
    reworded["anyOf"][0]["description"] = json!("The first");
    assert_eq!(
        input(documented, reworded),
        ["harmless: `input.f` has its choices described anew"]
    );
}

#[test]
fn a_narrower_limit_breaks_an_input_only() {
    let text = |max: Value| json!({"type": "string", "maxLength": max});
    let narrower = "has `maxLength` `5`, was `9`";
    assert_eq!(
        input(text(json!(9)), text(json!(5))),
        [format!("breaking: `input.f` {narrower}")]
    );
    assert_eq!(
        output(text(json!(9)), text(json!(5))),
        [format!("harmless: `output.f` {narrower}")]
    );
    let breaks = |old: Value, new: Value| {
        let changes = input(old, new);
        assert_eq!(changes.len(), 1, "{changes:?}");
        changes[0].starts_with("breaking")
    };
    let none = json!({});
    for (narrow, wide) in [
        (json!({"minimum": 2}), json!({"minimum": 1.5})),
        (json!({"minimum": -1}), json!({"minimum": -2})),
        (json!({"maximum": i64::MAX}), json!({"maximum": u64::MAX})),
        (json!({"maxItems": 1}), none.clone()),
        (json!({"uniqueItems": true}), json!({"uniqueItems": false})),
        (json!({"pattern": "a"}), none.clone()),
        (json!({"format": "email"}), none),
    ] {
        assert!(breaks(wide.clone(), narrow.clone()), "{narrow}");
        assert!(!breaks(narrow, wide.clone()), "{wide}");
    }
    assert!(breaks(json!({"pattern": "a"}), json!({"pattern": "b"})));
    assert!(breaks(json!({"minimum": 1}), json!({"minimum": "x"})));
}

#[test]
fn what_only_describes_is_harmless() {
    assert_eq!(
        input(
            json!({"type": "integer", "description": "a", "default": 1}),
            json!({"type": "integer", "description": "b", "default": 2, "deprecated": true}),
        ),
        [
            "harmless: `input.f` is described anew",
            "harmless: `input.f` has `default` `2`, was `1`",
            "harmless: `input.f` has `deprecated` `true`, was not set",
        ]
    );
    assert_eq!(
        told(&json!({"description": "a"}), &json!({"description": "b"})),
        ["harmless: the tool is described anew"]
    );
}

#[test]
fn variants_of_a_tagged_enum_are_compared_one_by_one() {
    mod before {
        #[derive(schemars::JsonSchema)]
        #[serde(tag = "kind", rename_all = "lowercase")]
        pub(super) enum Shape {
            Circle { radius: f64 },
            Dot,
        }
    }
    mod after {
        #[derive(schemars::JsonSchema)]
        #[serde(tag = "kind", rename_all = "lowercase")]
        pub(super) enum Shape {
            Circle { radius: u8, label: String },
            Line { to: f64 },
        }
    }
    let unit = || schema_for!(String);
    let old = contract(schema_for!(before::Shape), unit());
    let new = contract(schema_for!(after::Shape), unit());
    assert_eq!(
        told(&old, &new),
        [
            "breaking: `input(circle).radius` is `integer` now, was `number`",
            "breaking: `input(circle).label` is new and required",
            "breaking: `input(dot)` is gone",
            "harmless: `input(line)` is a new variant",
        ]
    );
}

#[test]
fn alternatives_without_a_tag_are_only_told_to_differ() {
    let one_of = |kinds: [&str; 2]| json!({"anyOf": kinds.map(|kind| json!({"type": kind}))});
    assert_eq!(
        output(one_of(["string", "integer"]), one_of(["string", "object"])),
        ["breaking: `output.f` has other alternatives, and no tag tells them apart"]
    );
}

#[test]
fn items_places_and_free_keys_are_compared() {
    let string = json!({"type": "string"});
    let integer = json!({"type": "integer"});
    let nullable = json!({"type": "string", "nullable": true});
    for (key, path) in [
        ("items", "input.f[]"),
        ("additionalProperties", "input.f.*"),
    ] {
        let retyped = input(json!({key: string}), json!({key: integer}));
        assert_eq!(
            retyped,
            [format!("breaking: `{path}` is `integer` now, was `string`")]
        );
        assert_eq!(
            input(json!({key: nullable}), json!({key: string})),
            [format!("breaking: `{path}` may not be null any more")]
        );
        assert!(output(json!({key: string}), json!({key: nullable}))[0].starts_with("breaking"));
    }
    assert_eq!(
        input(json!({}), json!({"additionalProperties": false})),
        ["breaking: `input.f.*` may not be there any more"]
    );
    let places = |places: &[&Value]| json!({"prefixItems": places});
    assert_eq!(
        input(places(&[&string, &string]), places(&[&string, &integer])),
        ["breaking: `input.f[1]` is `integer` now, was `string`"]
    );
    assert_eq!(
        input(places(&[&string]), places(&[&string, &integer])),
        ["breaking: `input.f` has other `prefixItems`"]
    );
    let keys = |values: &Value| json!({"patternProperties": {"^\\d+$": values}});
    assert_eq!(
        output(keys(&string), keys(&integer)),
        ["breaking: `output.f.*` is `integer` now, was `string`"]
    );
}

#[test]
fn what_is_not_understood_breaks() {
    assert_eq!(
        input(json!({"not": {"const": 1}}), json!({})),
        ["breaking: `input.f` has another `not`: judge it yourself"]
    );
    for odd in [
        json!(null),
        json!([]),
        json!("x"),
        json!({"inputSchema": 5}),
    ] {
        let new = json!({"inputSchema": {"type": "object"}, "outputSchema": {"type": "object"}});
        assert!(
            changes(&odd, &new)
                .iter()
                .any(|c| c.effect == Effect::Breaking)
        );
    }
}
