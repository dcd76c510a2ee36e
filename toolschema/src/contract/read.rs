//! What the keywords of a schema say, whichever of several spellings they use.

use serde_json::{Map, Value};

use crate::lower;

/// The variants of a tagged enum, by the tag's value.
pub(super) struct Variants<'a> {
    pub(super) variants: Vec<(String, &'a Value)>,
    pub(super) optional: bool,
}

/// `None` if no tag tells the alternatives apart.
pub(super) fn variants(alternatives: &Value) -> Option<Variants<'_>> {
    let alternatives = alternatives.as_array()?;
    let is_empty = |value: &Value| value.as_object().is_some_and(Map::is_empty);
    let real: Vec<Value> = alternatives
        .iter()
        .filter(|a| !is_empty(a))
        .cloned()
        .collect();
    let (_, values) = lower::tag_of(&real)?;
    let real = alternatives.iter().filter(|a| !is_empty(a));
    Some(Variants {
        optional: values.len() < alternatives.len(),
        variants: values.into_iter().zip(real).collect(),
    })
}

/// The lists of alternatives, each of which a value must meet.
pub(super) fn groups(map: &Map<String, Value>) -> Vec<Value> {
    let own = map.get("anyOf").into_iter();
    let all = map
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    own.chain(all.filter_map(|part| part.get("anyOf")))
        .cloned()
        .collect()
}

/// The values that may be given, if they are all that may be.
pub(super) fn choices(map: &Map<String, Value>) -> Option<Vec<Value>> {
    match (map.get("const"), map.get("enum"), map.get("anyOf")) {
        (Some(value), ..) => Some(vec![value.clone()]),
        (_, Some(Value::Array(values)), _) => Some(values.clone()),
        (.., Some(Value::Array(alternatives))) => {
            let each = alternatives.iter().map(|one| choices(one.as_object()?));
            Some(each.collect::<Option<Vec<_>>>()?.concat())
        }
        _ => None,
    }
}

/// The type: said, or that of all choices or alternatives.
pub(super) fn kind(map: &Map<String, Value>) -> Option<String> {
    let mut kinds: Vec<String> = match (map.get("type"), choices(map), map.get("anyOf")) {
        (Some(Value::String(kind)), ..) => return Some(kind.clone()),
        (Some(kinds), ..) => return Some(kinds.to_string()),
        (_, Some(values), _) => values.iter().map(kind_of_value).collect(),
        (.., Some(Value::Array(alternatives))) => {
            let each = alternatives.iter().map(|one| kind(one.as_object()?));
            each.collect::<Option<_>>()?
        }
        _ => return None,
    };
    kinds.dedup();
    kinds.pop().filter(|_| kinds.is_empty())
}

fn kind_of_value(value: &Value) -> String {
    let kind = match value {
        Value::String(_) => "string",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
        Value::Null => "null",
    };
    kind.to_owned()
}

/// A schema's keywords: none for `true`.
pub(super) fn keywords<'a>(
    schema: &'a Value,
    any: &'a Map<String, Value>,
) -> Option<&'a Map<String, Value>> {
    match schema {
        Value::Bool(true) => Some(any),
        schema => schema.as_object(),
    }
}

/// Whether the object must have a field of this name.
pub(super) fn requires(map: &Map<String, Value>, name: &str) -> bool {
    let required = map.get("required").and_then(Value::as_array);
    required.is_some_and(|names| names.iter().any(|required| required == name))
}

/// The members of an object or a list, with their keys.
pub(super) fn entries(value: Option<&Value>) -> Vec<(String, &Value)> {
    match value {
        Some(Value::Array(items)) => {
            let items = items.iter().enumerate();
            items.map(|(i, item)| (i.to_string(), item)).collect()
        }
        Some(Value::Object(map)) => map
            .iter()
            .map(|(key, value)| (key.clone(), value))
            .collect(),
        _ => Vec::new(),
    }
}
