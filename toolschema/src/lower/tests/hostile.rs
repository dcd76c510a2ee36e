//! Schemas that no derive makes: a definition or a finding, never a panic, and always the same.

use serde_json::json;

use super::*;

/// Whether only the dialect's keywords are there, in shapes that AWS takes.
pub(super) fn in_dialect(schema: &Value) -> bool {
    let map = schema.as_object().unwrap();
    map.iter().all(|(key, value)| match key.as_str() {
        "type" => ["string", "number", "integer", "boolean", "array", "object"]
            .contains(&value.as_str().unwrap()),
        "description" => value.is_string(),
        "items" => map["type"] == "array" && in_dialect(value),
        "properties" => {
            map["type"] == "object" && value.as_object().unwrap().values().all(in_dialect)
        }
        "required" => value
            .as_array()
            .unwrap()
            .iter()
            .all(|name| map["properties"].get(name.as_str().unwrap()).is_some()),
        _ => false,
    }) && map.contains_key("type")
}

#[test]
fn odd_schemas_become_definitions_in_the_dialect_or_findings() {
    let leaves = [
        json!(true),
        json!(false),
        json!(null),
        json!(7),
        json!([]),
        json!({}),
        json!({"type": "string"}),
        json!({"type": ["integer", "null"]}),
        json!({"type": ["integer", "string"]}),
        json!({"type": "null"}),
        json!({"type": []}),
        json!({"type": "thing"}),
        json!({"type": 5}),
        json!({"enum": [null, "a", 1]}),
        json!({"enum": []}),
        json!({"enum": "a"}),
        json!({"const": {"a": 1}}),
        json!({"const": null}),
        json!({"$ref": "#"}),
        json!({"$ref": "#/$defs/none"}),
        json!({"$ref": "#/%"}),
        json!({"$ref": "http://example.com/schema"}),
        json!({"$ref": 5}),
        json!({"minimum": "low", "maxLength": -1, "description": 5, "type": "string"}),
        json!({"type": "string", "default": {"a": [1]}, "examples": 3, "format": "é"}),
        json!({"type": "object", "required": ["a", 1], "properties": []}),
        json!({"type": "object", "properties": {"k": {"const": "a"}}, "required": ["k"]}),
        json!({"type": "object", "properties": {"k": {"const": "b"}, "": true}, "required": ["k"]}),
    ];
    let wrap: [fn(&Value, &Value) -> Value; 12] = [
        |a, b| json!({"type": "object", "properties": {"a": a, "b": b}, "required": ["b", "c"]}),
        |a, b| json!({"type": "object", "properties": {"a": a, "": b}, "required": ["a"]}),
        |a, b| json!({"oneOf": [a, b]}),
        |a, b| json!({"anyOf": [a, {"type": "null"}, b]}),
        |a, b| json!({"allOf": [a, b], "type": "object"}),
        |a, b| json!({"items": a, "prefixItems": [b, b]}),
        |a, b| json!({"type": "array", "items": a, "contains": b}),
        |a, b| json!({"additionalProperties": a, "patternProperties": {"(": b}}),
        |a, b| json!({"$ref": "#/$defs/a", "$defs": {"a": a}, "allOf": [b]}),
        |a, b| json!({"properties": {"x": {"oneOf": [a, b]}}, "anyOf": [b, {}]}),
        |a, b| json!({"oneOf": a, "anyOf": b, "allOf": a}),
        |a, b| json!({"properties": {"p": {"items": {"allOf": [a, b]}}}}),
    ];
    let mut accepted = 0;
    let mut check = |schema: &Value| {
        let result = lowered(schema);
        assert_eq!(result, lowered(schema), "{schema}");
        match result {
            Ok(definition) => {
                assert!(in_dialect(&definition), "{schema} became {definition}");
                accepted += 1;
            }
            Err(findings) => assert!(!findings.is_empty(), "{schema}"),
        }
    };
    for (i, first) in leaves.iter().enumerate() {
        for (j, second) in leaves.iter().enumerate() {
            for outer in wrap {
                check(&outer(first, second));
                // Nested, a part of the pairs is enough.
                if (i + j) % 7 == 0 {
                    wrap.iter()
                        .for_each(|inner| check(&outer(&inner(first, second), second)));
                }
            }
        }
    }
    assert!(accepted > 100, "only {accepted} schemas were accepted");
}

#[test]
fn nesting_that_only_a_machine_makes_is_refused() {
    for wrap in [
        (|inner| json!({"type": "array", "items": inner})) as fn(Value) -> Value,
        |inner| json!({"type": "object", "properties": {"a": inner}}),
        |inner| json!({"allOf": [inner]}),
        |inner| json!({"oneOf": [inner, {"type": "null"}]}),
    ] {
        let schema = (0..500).fold(json!({"type": "string"}), |inner, _| wrap(inner));
        let findings = lowered(&schema).unwrap_err();
        assert_eq!(findings[0].rule, "nests deeper than 64 levels");
    }
}

#[test]
fn types_that_fan_out_are_refused_before_they_fill_the_memory() {
    let mut defs = serde_json::Map::new();
    for level in 0..40 {
        let next = json!({"$ref": format!("#/$defs/L{}", level + 1)});
        defs.insert(
            format!("L{level}"),
            json!({"type": "object", "properties": {"a": next, "b": next}}),
        );
    }
    defs.insert("L40".to_owned(), json!({"type": "string"}));
    let findings = lowered(&json!({"$ref": "#/$defs/L0", "$defs": defs})).unwrap_err();
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].rule.contains("more than 20000 parts"));
}
