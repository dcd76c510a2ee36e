//! Reading resolved properties. CloudFormation converts numbers and booleans that are written as
//! text, and text that is written as either, by what the property expects; so do these.

use serde_json::Value;
pub(super) use template::scalar_text as text;

/// The value under `path`, if every step of it is there.
pub(super) fn get<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, key| value.get(key))
}

/// A whole number that is not negative, also if it is written as text.
pub(super) fn whole(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// The texts of a list; what is none of either is left out.
pub(super) fn texts(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(text).collect()
}
