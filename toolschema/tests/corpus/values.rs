//! Values that a schema accepts, and values beside them that it does not: the same on every run.

use serde_json::{Map, Value, json};

/// A linear congruential generator (constants of Knuth's MMIX).
pub(crate) struct Values<'a> {
    document: &'a Value,
    state: u64,
}

impl<'a> Values<'a> {
    pub(crate) fn new(document: &'a Value) -> Self {
        Self { document, state: 1 }
    }

    pub(crate) fn next(&mut self) -> Value {
        let document = self.document;
        self.value(document)
    }

    fn below(&mut self, n: usize) -> usize {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.state >> 33).unwrap() % n
    }

    fn pick(&mut self, values: &'a [Value]) -> &'a Value {
        let real: Vec<_> = values.iter().filter(|value| !is_null(value)).collect();
        real[self.below(real.len())]
    }

    /// Never null: that the dialect has none is pinned apart.
    fn value(&mut self, schema: &'a Value) -> Value {
        let Value::Object(map) = schema else {
            return json!({"any": [1, "thing"]});
        };
        if let Some(value) = map.get("const") {
            return value.clone();
        }
        if let Some(Value::Array(values)) = map.get("enum") {
            return self.pick(values).clone();
        }
        let mut whole = Value::Null;
        if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
            let target = self.document.pointer(&reference[1..]).unwrap();
            whole = self.value(target);
        }
        for part in map
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let part = self.value(part);
            merge(&mut whole, part);
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(Value::Array(alternatives)) = map.get(key) {
                let alternative = self.pick(alternatives);
                let part = self.value(alternative);
                merge(&mut whole, part);
            }
        }
        if let Some(kind) = map.get("type") {
            let kind = match kind {
                Value::Array(kinds) => self.pick(kinds),
                one => one,
            };
            let part = self.typed(kind.as_str().unwrap(), map);
            merge(&mut whole, part);
        }
        whole
    }

    fn typed(&mut self, kind: &str, map: &'a Map<String, Value>) -> Value {
        let number = |key: &str| map.get(key).and_then(Value::as_f64);
        let count = |key: &str| map.get(key).and_then(Value::as_u64);
        let size = |key: &str| count(key).map(|n| usize::try_from(n).unwrap());
        match kind {
            "string" => {
                let (min, max) = (size("minLength").unwrap_or(0), size("maxLength"));
                let length = min + self.below(max.unwrap_or(min + 9) - min + 1);
                match map.get("format").and_then(Value::as_str) {
                    Some("email") => "ana@example.com".into(),
                    Some("uri") => "https://example.com/a?b=c".into(),
                    Some("date-time") => "2026-01-31T12:00:00Z".into(),
                    Some("ip") => ["192.0.2.1", "2001:db8::1"][self.below(2)].into(),
                    Some(other) => panic!("no values of the format {other}"),
                    None => {
                        let letters = "aé \n🎉\"\\`{}".chars().cycle();
                        letters.take(length).collect::<String>().into()
                    }
                }
            }
            "integer" => {
                let bits = match map.get("format").and_then(Value::as_str) {
                    Some("int8") => 7,
                    Some("uint8") => 8,
                    _ => 15,
                };
                let unsigned = number("minimum").is_some_and(|min| min >= 0.0);
                let low = number("minimum").unwrap_or(if unsigned { 0.0 } else { -2.0 });
                let high = number("maximum").unwrap_or(f64::from((1 << bits) - 1));
                let span = (high - low).min(30_000.0) as usize;
                json!(low as i64 + i64::try_from(self.below(span + 1)).unwrap())
            }
            "number" => {
                let high = number("maximum").unwrap_or(1_000.0);
                let steps = [0.25, 0.5, 1.0];
                json!(high * steps[self.below(steps.len())])
            }
            "boolean" => json!(self.below(2) == 0),
            "array" => self.array(map, size("minItems").unwrap_or(0), size("maxItems")),
            "object" => self.object(map),
            other => panic!("no values of the type {other}"),
        }
    }

    fn array(&mut self, map: &'a Map<String, Value>, min: usize, max: Option<usize>) -> Value {
        if let Some(Value::Array(places)) = map.get("prefixItems") {
            return places.iter().map(|place| self.value(place)).collect();
        }
        let length = min + self.below(max.unwrap_or(min + 3) - min + 1);
        let mut items: Vec<Value> = Vec::new();
        for _ in 0..length {
            let item = self.value(&map["items"]);
            if map.get("uniqueItems").is_none() || !items.contains(&item) {
                items.push(item);
            }
        }
        items.into()
    }

    fn object(&mut self, map: &'a Map<String, Value>) -> Value {
        let mut object = Map::new();
        let required = map.get("required").and_then(Value::as_array);
        let entries = |key: &str| {
            map.get(key)
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
        };
        for (name, schema) in entries("properties") {
            let required = required.is_some_and(|names| names.contains(&json!(name)));
            if required || self.below(2) == 0 {
                object.insert(name.clone(), self.value(schema));
            }
        }
        for key in ["additionalProperties", "unevaluatedProperties"] {
            if let Some(values) = map.get(key).filter(|values| **values != Value::Bool(false)) {
                for name in ["free", "other key"].into_iter().take(self.below(3)) {
                    object.insert(name.to_owned(), self.value(values));
                }
            }
        }
        for (pattern, values) in entries("patternProperties") {
            let name = if pattern.contains('-') { "-7" } else { "42" };
            object.insert(name.to_owned(), self.value(values));
        }
        object.into()
    }
}

fn is_null(schema: &Value) -> bool {
    *schema == json!("null") || schema.is_null() || schema.get("type") == Some(&json!("null"))
}

fn merge(whole: &mut Value, part: Value) {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => whole.extend(part),
        (whole, part) => *whole = part,
    }
}

/// Each value that lacks one field that `schema` requires, at any depth.
pub(crate) fn lacking(schema: &Value, value: &Value) -> Vec<Value> {
    mutated(schema, value, &|schema, value| {
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let without = |name: &Value| {
            let mut value = value.clone();
            value.as_object_mut()?.remove(name.as_str()?)?;
            Some(value)
        };
        required.iter().filter_map(without).collect()
    })
}

/// Each value with one part of a wrong type, at any depth.
pub(crate) fn mistyped(schema: &Value, value: &Value) -> Vec<Value> {
    mutated(schema, value, &|schema, _| match schema["type"].as_str() {
        Some("string") => vec![json!(true), json!(["a"]), json!({})],
        Some("integer") => vec![json!("1"), json!(1.5), json!(false)],
        Some("number") => vec![json!("1"), json!([1]), json!(true)],
        Some("boolean") => vec![json!("true"), json!(0)],
        Some("array") => vec![json!("a"), json!({"0": "a"}), json!(1)],
        Some("object") => vec![json!("a"), json!(1), json!(true)],
        other => panic!("not in the dialect: {other:?}"),
    })
}

type Mutate<'a> = &'a dyn Fn(&Value, &Value) -> Vec<Value>;

fn mutated(schema: &Value, value: &Value, mutate: Mutate<'_>) -> Vec<Value> {
    let mut all = mutate(schema, value);
    match value {
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                for item in mutated(&schema["items"], item, mutate) {
                    let mut items = items.clone();
                    items[i] = item;
                    all.push(items.into());
                }
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                if let Some(schema) = schema["properties"].get(name) {
                    for field in mutated(schema, field, mutate) {
                        let mut fields = fields.clone();
                        fields.insert(name.clone(), field);
                        all.push(fields.into());
                    }
                }
            }
        }
        _ => {}
    }
    all
}
