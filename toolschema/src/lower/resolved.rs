//! A schema with everything looked up and nothing lost: what a golden file holds.

use serde_json::{Map, Value, json};

use super::{
    Lowering,
    expand::{Expanded, Group},
};
use crate::finding::Finding;
use crate::words;

/// The schema with its references inlined and its `allOf` merged.
///
/// Two schemas of one meaning become one text, whatever the Rust types behind them are called:
/// titles go, the formats of Rust's integers become ranges, `Option` takes a field from `required`,
/// elsewhere null shows as `"nullable": true`.
///
/// # Errors
/// What cannot be looked up, such as a recursive type.
pub(crate) fn resolved(schema: &Value) -> Result<Value, Vec<Finding>> {
    let mut lowering = Lowering::new("", "", schema);
    match lowering.resolve(schema, "") {
        Some(resolved) if lowering.findings.is_empty() => Ok(resolved.schema),
        _ => Err(lowering.findings),
    }
}

struct Resolved {
    schema: Value,
    nullable: bool,
}

impl Resolved {
    fn with_null(mut self) -> Value {
        if let Some(map) = self.schema.as_object_mut().filter(|_| self.nullable) {
            map.insert("nullable".to_owned(), true.into());
        }
        self.schema
    }
}

impl Lowering<'_> {
    fn resolve(&mut self, schema: &Value, path: &str) -> Option<Resolved> {
        let entered = self.active.len();
        let resolved = self.nested(path, |this| {
            let expanded = this.expand(schema, path)?;
            this.inline(expanded, path)
        });
        self.active.truncate(entered);
        resolved
    }

    fn inline(&mut self, expanded: Expanded, path: &str) -> Option<Resolved> {
        let mut map = Map::new();
        let mut null_fields = Vec::new();
        let mut keywords = expanded.keywords;
        // What a reader looks for first, whatever the order of the derive.
        let first = ["type", "description"].map(|key| keywords.shift_remove_entry(key));
        for (key, value) in first.into_iter().flatten().chain(keywords) {
            let (key, value) = match (key.as_str(), value) {
                ("title" | "$schema" | "$defs", _) => continue,
                ("format", Value::String(format)) if is_number(&format) => {
                    let (min, max) = range(&format);
                    for (bound, value) in [("minimum", min), ("maximum", max)] {
                        if let Some(value) = value {
                            map.entry(bound).or_insert(value);
                        }
                    }
                    continue;
                }
                ("description", Value::String(doc)) => (key, words::unwrap(&doc).into()),
                ("properties", Value::Object(properties)) => {
                    let mut fields = Map::new();
                    for (name, schema) in properties {
                        let field = self.resolve(&schema, &format!("{path}.{name}"))?;
                        if field.nullable {
                            null_fields.push(name.clone());
                        }
                        fields.insert(name, field.schema);
                    }
                    (key, fields.into())
                }
                ("patternProperties", Value::Object(patterns)) => {
                    let mut values = Map::new();
                    for (pattern, schema) in patterns {
                        values.insert(pattern, self.part(&schema, &format!("{path}.*"))?);
                    }
                    (key, values.into())
                }
                ("additionalProperties" | "unevaluatedProperties", schema) => {
                    let values = self.part(&schema, &format!("{path}.*"))?;
                    // The fields of alternatives are no additional ones.
                    let key = if expanded.groups.is_empty() {
                        "additionalProperties"
                    } else {
                        "unevaluatedProperties"
                    };
                    (key.to_owned(), values)
                }
                ("items", schema) => (key, self.part(&schema, &format!("{path}[]"))?),
                ("prefixItems", Value::Array(places)) => {
                    let mut items = Vec::new();
                    for (i, schema) in places.iter().enumerate() {
                        items.push(self.part(schema, &format!("{path}[{i}]"))?);
                    }
                    (key, items.into())
                }
                (_, value) => (key, value),
            };
            map.insert(key, value);
        }
        if let Some(Value::Array(required)) = map.get_mut("required") {
            required.retain(|name| null_fields.iter().all(|null| name != null));
        }
        self.inline_groups(expanded.groups, &mut map, path)?;
        Some(Resolved {
            schema: map.into(),
            nullable: expanded.nullable == Some(true),
        })
    }

    /// A schema's alternatives: as `anyOf`, or, if there are several groups, each in an `allOf`.
    fn inline_groups(
        &mut self,
        groups: Vec<Group>,
        map: &mut Map<String, Value>,
        path: &str,
    ) -> Option<()> {
        let mut all = Vec::new();
        for group in groups {
            let mut alternatives = Vec::new();
            for alternative in &group.alternatives {
                alternatives.push(self.part(alternative, path)?);
            }
            if group.optional {
                alternatives.push(json!({}));
            }
            all.push(Value::from(alternatives));
        }
        match all.len() {
            0 => {}
            1 => map.extend(all.pop().map(|one| ("anyOf".to_owned(), one))),
            _ => {
                let all: Vec<_> = all.into_iter().map(|one| json!({ "anyOf": one })).collect();
                map.insert("allOf".to_owned(), all.into());
            }
        }
        Some(())
    }

    /// A schema where `false` may stand, and where null is not the same as absent.
    fn part(&mut self, schema: &Value, path: &str) -> Option<Value> {
        match schema {
            Value::Bool(_) => Some(schema.clone()),
            schema => self.resolve(schema, path).map(Resolved::with_null),
        }
    }
}

/// Whether a format only names a Rust number.
fn is_number(format: &str) -> bool {
    matches!(format, "float" | "double" | "int128" | "uint128") || range(format).0.is_some()
}

/// What a Rust integer holds, where JSON readers agree on such numbers (64 bits).
fn range(format: &str) -> (Option<Value>, Option<Value>) {
    fn of<T: Into<Value>>(min: T, max: T) -> (Option<Value>, Option<Value>) {
        (Some(min.into()), Some(max.into()))
    }
    match format {
        "int8" => of(i8::MIN, i8::MAX),
        "int16" => of(i16::MIN, i16::MAX),
        "int32" => of(i32::MIN, i32::MAX),
        "int64" | "int" => of(i64::MIN, i64::MAX),
        "uint8" => of(u8::MIN, u8::MAX),
        "uint16" => of(u16::MIN, u16::MAX),
        "uint32" => of(u32::MIN, u32::MAX),
        "uint64" | "uint" => of(u64::MIN, u64::MAX),
        _ => (None, None),
    }
}
