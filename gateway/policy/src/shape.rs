//! A tool's arguments: their shape in the Cedar schema, and their values in a request.
//!
//! One type makes both, so that a request fits the schema that policies were validated against.

use std::collections::BTreeMap;

use cedar_policy::{EntityTypeName, RestrictedExpression};
use serde_json::{Map, Number, Value, json};
use thiserror::Error;

use crate::names::Names;
use crate::principal::uid;

/// Deeper schemas than this are opaque; the service's own tool schemas are far flatter.
const DEEPEST: usize = 32;

/// Why arguments cannot be expressed in Cedar. Names arguments, never shows a value.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("argument `{path}` {problem}")]
pub(crate) struct Unfit {
    path: String,
    problem: &'static str,
}

/// The arguments of a tool, or a nested object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record(BTreeMap<String, Field>);

#[derive(Clone, Debug)]
struct Field {
    shape: Shape,
    required: bool,
}

/// AgentCore guide, "Schema constraints": string → String, integer → Long, boolean → Bool,
/// number → decimal, object → record, array → set.
#[derive(Clone, Debug)]
enum Shape {
    Text,
    Whole,
    Flag,
    Number,
    Record(Record),
    List(Box<Shape>),
    /// A type that Cedar has no counterpart for: policies can say nothing about it.
    Opaque,
}

impl Record {
    /// Reads an `inputSchema`, of which only `type`, `properties`, `required` and `items` count:
    /// a Gateway target knows no others.
    pub(crate) fn of(schema: &Map<String, Value>) -> Self {
        Self::at_depth(schema, 0)
    }

    fn at_depth(schema: &Map<String, Value>, depth: usize) -> Self {
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .map(|names| names.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default();
        let properties = schema.get("properties").and_then(Value::as_object);
        let fields = properties.into_iter().flatten().map(|(name, schema)| {
            let required = required.contains(&name.as_str());
            (
                name.clone(),
                Field {
                    shape: Shape::of(schema, depth + 1),
                    required,
                },
            )
        });
        Self(fields.collect())
    }

    /// The same for the schema generator, with names that it can take.
    pub(crate) fn for_generator(&self, names: &mut Names) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for (name, field) in &self.0 {
            let name = names.property(name);
            properties.insert(name.clone(), field.shape.for_generator(names));
            if field.required {
                required.push(name);
            }
        }
        json!({"type": "object", "properties": properties, "required": required})
    }

    /// The arguments of a call; none at all (`null`) are the same as an empty object.
    pub(crate) fn arguments(
        &self,
        input: &Value,
        opaque: &EntityTypeName,
    ) -> Result<RestrictedExpression, Unfit> {
        match input {
            Value::Null => self.value(&Value::Object(Map::new()), "", opaque),
            input => self.value(input, "", opaque),
        }
    }

    /// What the schema does not name is left out: no policy can ask for it. An optional argument
    /// that is null counts as left out too.
    fn value(
        &self,
        value: &Value,
        path: &str,
        opaque: &EntityTypeName,
    ) -> Result<RestrictedExpression, Unfit> {
        let Some(given) = value.as_object() else {
            return Err(unfit(path, "must be an object"));
        };
        let mut pairs = Vec::new();
        for (name, field) in &self.0 {
            let path = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            match given.get(name) {
                None if field.required => return Err(unfit(&path, "is required")),
                Some(Value::Null) if field.required && !matches!(field.shape, Shape::Opaque) => {
                    return Err(unfit(&path, "is required and must not be null"));
                }
                None | Some(Value::Null) if !field.required => {}
                None => {}
                Some(value) => pairs.push((name.clone(), field.shape.value(value, &path, opaque)?)),
            }
        }
        RestrictedExpression::new_record(pairs).map_err(|_| unfit(path, "names a field twice"))
    }
}

impl Shape {
    fn of(schema: &Value, depth: usize) -> Self {
        let Some(schema) = schema.as_object().filter(|_| depth < DEEPEST) else {
            return Self::Opaque;
        };
        match schema.get("type").and_then(Value::as_str) {
            Some("string") => Self::Text,
            Some("integer") => Self::Whole,
            Some("boolean") => Self::Flag,
            Some("number") => Self::Number,
            Some("object") => Self::Record(Record::at_depth(schema, depth)),
            Some("array") => {
                let items = schema.get("items").unwrap_or(&Value::Null);
                Self::List(Box::new(Self::of(items, depth + 1)))
            }
            _ => Self::Opaque,
        }
    }

    fn for_generator(&self, names: &mut Names) -> Value {
        match self {
            Self::Text => json!({"type": "string"}),
            Self::Whole => json!({"type": "integer"}),
            Self::Flag => json!({"type": "boolean"}),
            Self::Number => json!({"type": "number"}),
            Self::Record(record) => record.for_generator(names),
            Self::List(items) => json!({"type": "array", "items": items.for_generator(names)}),
            Self::Opaque => json!({}),
        }
    }

    fn value(
        &self,
        value: &Value,
        path: &str,
        opaque: &EntityTypeName,
    ) -> Result<RestrictedExpression, Unfit> {
        use RestrictedExpression as Cedar;
        match (self, value) {
            (Self::Text, Value::String(text)) => Ok(Cedar::new_string(text.clone())),
            (Self::Text, _) => Err(unfit(path, "must be a string")),
            (Self::Whole, Value::Number(number)) => whole(number)
                .map(Cedar::new_long)
                .ok_or_else(|| unfit(path, "must be a whole number of 64 bits")),
            (Self::Whole, _) => Err(unfit(path, "must be a whole number")),
            (Self::Flag, Value::Bool(flag)) => Ok(Cedar::new_bool(*flag)),
            (Self::Flag, _) => Err(unfit(path, "must be true or false")),
            (Self::Number, Value::Number(number)) => decimal(number)
                .map(Cedar::new_decimal)
                .ok_or_else(|| unfit(path, "is beyond the range of a Cedar decimal")),
            (Self::Number, _) => Err(unfit(path, "must be a number")),
            (Self::Record(record), value) => record.value(value, path, opaque),
            (Self::List(items), Value::Array(values)) => {
                let values = values
                    .iter()
                    .enumerate()
                    .map(|(place, value)| items.value(value, &format!("{path}[{place}]"), opaque));
                Ok(Cedar::new_set(values.collect::<Result<Vec<_>, _>>()?))
            }
            (Self::List(_), _) => Err(unfit(path, "must be an array")),
            // Different from every other opaque value, even an equal one.
            (Self::Opaque, _) => Ok(Cedar::new_entity_uid(uid(opaque, path))),
        }
    }
}

fn unfit(path: &str, problem: &'static str) -> Unfit {
    let path = if path.is_empty() { "arguments" } else { path };
    Unfit {
        path: path.to_owned(),
        problem,
    }
}

/// JSON Schema takes `5.0` for an integer.
fn whole(number: &Number) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0; // 2^53: beyond, a float is not one whole number
    number.as_i64().or_else(|| {
        let float = number
            .as_f64()
            .filter(|f| f.fract() == 0.0 && f.abs() < EXACT)?;
        #[expect(clippy::cast_possible_truncation, reason = "whole and within 53 bits")]
        Some(float as i64)
    })
}

/// Four places, rounded, as AWS's request generator does it.
fn decimal(number: &Number) -> Option<String> {
    let text = match (number.as_i64(), number.as_f64()) {
        (Some(whole), _) => format!("{whole}.0000"),
        (None, Some(float)) if float.is_finite() => format!("{float:.4}"),
        _ => return None,
    };
    // A Cedar decimal is 64 bits of ten-thousandths.
    text.replace('.', "").parse::<i64>().ok().map(|_| text)
}
