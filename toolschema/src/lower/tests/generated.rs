//! Thousands of schemas in the shapes that schemars writes, some of them out of the dialect's
//! reach: a definition or a finding, never a panic, and always the same.

use serde_json::{Map, json};

use super::hostile::in_dialect;
use super::*;
use crate::contract;
use crate::lower::resolved;

/// Chooses by a linear congruential generator (constants of Knuth's MMIX), the same on every run.
struct Schemas {
    state: u64,
    depth: usize,
}

const DEFS: usize = 6;

impl Schemas {
    fn below(&mut self, n: usize) -> usize {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.state >> 33).unwrap() % n
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// A whole document. Each type refers only to later ones, but for a few that recur.
    fn document(&mut self) -> Value {
        let mut root = self.object(0);
        let mut defs = Map::new();
        for def in 1..=DEFS {
            let schema = match self.below(3) {
                0 => self.object(def),
                1 => self.choices(),
                _ => self.tagged(def),
            };
            defs.insert(format!("Type{def}"), schema);
        }
        root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        root["title"] = json!("Input");
        root["$defs"] = defs.into();
        root
    }

    fn any(&mut self, def: usize) -> Value {
        if self.depth > 3 {
            return self.scalar();
        }
        self.depth += 1;
        let mut schema = match self.below(24) {
            0..8 => self.scalar(),
            8..11 => self.reference(def),
            11..13 => json!({"anyOf": [self.reference(def), {"type": "null"}]}),
            13 | 14 => json!({"type": "array", "items": self.any(def), "maxItems": self.below(9)}),
            15 => json!({"type": ["array", "null"], "items": self.any(def)}),
            16 => json!({"type": "object", "additionalProperties": self.any(def)}),
            17 => self.object(def),
            18 => self.tagged(def),
            19 => self.choices(),
            20 => {
                let place = self.any(def);
                json!({"type": "array", "prefixItems": [place, place], "minItems": 2, "maxItems": 2})
            }
            21 => json!({
                "type": "object",
                "patternProperties": {"^\\d+$": self.any(def)},
                "additionalProperties": false,
            }),
            _ => self.unlikely(def),
        };
        self.depth -= 1;
        if let Some(map) = schema.as_object_mut() {
            if self.one_in(2) {
                map.insert("description".into(), json!("What\nit `means` (in short)"));
            }
            if self.one_in(6) {
                map.insert(
                    "default".into(),
                    [json!(null), json!([1]), json!("a")][self.below(3)].clone(),
                );
            }
            if self.one_in(9) {
                map.insert("deprecated".into(), json!(true));
            }
        }
        schema
    }

    /// What the dialect has no words for.
    fn unlikely(&mut self, def: usize) -> Value {
        match self.below(24) {
            0 => json!(true),
            1 => json!({"type": "null"}),
            2 => json!({"anyOf": [self.any(def), self.any(def)]}),
            3 => json!({"type": "array", "prefixItems": [{"type": "string"}, self.any(def)]}),
            4 => {
                json!({"oneOf": [{"type": "object", "properties": {"A": self.any(def)}, "required": ["A"]}, self.choices()]})
            }
            5 => json!({"type": ["string", "integer"]}),
            6 => json!({"$ref": "#"}),
            7 => json!({"not": self.any(def)}),
            _ => self.scalar(),
        }
    }

    fn scalar(&mut self) -> Value {
        let n = self.below(50);
        match self.below(9) {
            0 => json!({"type": "string", "minLength": 1, "maxLength": n}),
            1 => {
                let format = ["email", "uri", "date-time", "uuid", "é"][n % 5];
                json!({"type": "string", "format": format})
            }
            2 => json!({"type": ["string", "null"], "pattern": "^a`b$"}),
            3 => json!({"type": "integer", "format": "uint8", "minimum": 0, "maximum": n}),
            4 => json!({"type": ["integer", "null"], "format": "int64"}),
            5 => json!({"type": "number", "format": "double", "exclusiveMinimum": -1.5}),
            6 => json!({"type": "string", "const": format!("c{n}")}),
            7 => json!({"type": "boolean"}),
            _ => json!({"type": "string"}),
        }
    }

    fn reference(&mut self, def: usize) -> Value {
        let recurs = self.one_in(200);
        if def >= DEFS && !recurs {
            return self.scalar();
        }
        let to = if recurs {
            1
        } else {
            def + 1 + self.below(DEFS - def)
        };
        json!({"$ref": format!("#/$defs/Type{to}")})
    }

    fn object(&mut self, def: usize) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for i in 0..self.below(5) {
            let name = ["type", "Name", "a b", "é", "properties"][i].to_owned();
            if self.one_in(2) {
                required.push(json!(name));
            }
            properties.insert(name, self.any(def));
        }
        let mut object = json!({"type": "object", "properties": properties, "required": required});
        if self.one_in(8) {
            object["additionalProperties"] = json!(false);
        }
        // As `flatten` shows.
        if self.one_in(8) && self.depth < 2 {
            self.depth += 1;
            let part = self.reference(def);
            object["allOf"] = json!([part]);
            self.depth -= 1;
        }
        if self.one_in(10) && self.depth < 2 {
            let tagged = self.tagged(def);
            object["anyOf"] = json!([tagged, {}]);
        }
        object
    }

    fn choices(&mut self) -> Value {
        if self.one_in(2) {
            return json!({"type": "string", "enum": ["a", "b", "it`s"]});
        }
        json!({"oneOf": [
            {"type": "string", "const": "a", "description": "First."},
            {"type": "string", "enum": ["b", "c"]},
        ]})
    }

    fn tagged(&mut self, def: usize) -> Value {
        self.depth += 1;
        let variants: Vec<_> = (0..1 + self.below(3))
            .map(|i| {
                let mut variant = if self.depth > 3 {
                    json!({"type": "object"})
                } else {
                    self.object(def)
                };
                variant["properties"]["kind"] = json!({"type": "string", "const": format!("v{i}")});
                variant["required"] = json!(["kind"]);
                variant
            })
            .collect();
        self.depth -= 1;
        json!({"oneOf": variants})
    }
}

#[test]
fn generated_schemas_become_definitions_in_the_dialect_or_findings() {
    let mut schemas = Schemas { state: 7, depth: 0 };
    let (mut accepted, mut refused) = (0, 0);
    let mut before = json!({});
    for _ in 0..2_000 {
        let schema = schemas.document();
        let result = lowered(&schema);
        assert_eq!(result, lowered(&schema), "{schema}");
        match result {
            Ok(definition) => {
                assert!(in_dialect(&definition), "{schema} became {definition}");
                accepted += 1;
            }
            Err(findings) => {
                assert!(!findings.is_empty(), "{schema}");
                assert!(
                    findings.iter().all(|f| f.path.starts_with("input")),
                    "{findings:?}"
                );
                refused += 1;
            }
        }
        // What is kept of it can always be compared: with itself, and with anything else.
        let resolved = resolved(&schema).unwrap_or(schema);
        let contract = json!({ "inputSchema": resolved, "outputSchema": resolved });
        assert_eq!(contract::changes(&contract, &contract), []);
        assert!(!contract::changes(&before, &contract).is_empty() || before == contract);
        before = contract;
    }
    assert!(
        accepted > 500 && refused > 500,
        "{accepted} accepted, {refused} refused"
    );
}
