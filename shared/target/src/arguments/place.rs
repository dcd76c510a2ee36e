//! Where in the event an argument stands that Rust knows by its field.
//!
//! garde's paths are made of Rust's names. The event says what they are in JSON: a name in
//! another case (`rename_all`), no name (`flatten`, a newtype), or one level more (the content of
//! an adjacently tagged enum). A name of its own (`rename`) cannot be told from it; Rust's stands.

use serde_json::{Map, Value};

enum Step<'a> {
    Field(&'a str),
    Item(usize),
}

/// The JSON path of garde's `path` and the value there; Rust's path and none, if the event has
/// no such argument.
pub(super) fn find<'a>(event: &'a Value, path: &str) -> (String, Option<&'a Value>) {
    walk(event, path).map_or_else(
        || (path.replace("r#", ""), None),
        |(found, value)| (found, Some(value)),
    )
}

fn walk<'a>(event: &'a Value, path: &str) -> Option<(String, &'a Value)> {
    let mut at = event;
    let mut found = String::new();
    let mut named = true;
    for step in steps(path) {
        match (step, at) {
            (Step::Item(place), Value::Array(items)) => {
                at = items.get(place)?;
                found.push_str(&format!("[{place}]"));
            }
            // A newtype's only field.
            (Step::Item(_), _) => {}
            (Step::Field(name), Value::Object(entries)) => {
                let keys = entry(entries, name).map(|entry| vec![entry]);
                let keys = keys.or_else(|| in_content(entries, name));
                // A flattened field leaves no trace; the next name is to be found here.
                named = keys.is_some();
                for (key, value) in keys.into_iter().flatten() {
                    at = value;
                    if !found.is_empty() {
                        found.push('.');
                    }
                    found.push_str(key);
                }
            }
            (Step::Field(_), _) => return None,
        }
    }
    named.then_some((found, at))
}

/// The steps of a path such as `sections[0].r#type`; `[0]` is also the first field of a newtype.
fn steps(path: &str) -> impl Iterator<Item = Step<'_>> {
    let parts = path.split(['.', '[']).filter(|part| !part.is_empty());
    parts.map(|part| match part.strip_suffix(']').map(str::parse) {
        Some(Ok(place)) => Step::Item(place),
        _ => Step::Field(part.strip_prefix("r#").unwrap_or(part)),
    })
}

type Entry<'a> = (&'a str, &'a Value);

/// The entry of that name, in whatever case.
fn entry<'a>(entries: &'a Map<String, Value>, name: &str) -> Option<Entry<'a>> {
    let plain = |name: &str| -> String {
        let letters = name.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let same = |(key, _): &(&String, &Value)| plain(key) == plain(name);
    let exact = entries.get_key_value(name);
    let (key, value) = exact.or_else(|| entries.iter().find(same))?;
    Some((key, value))
}

/// The same in the content of an adjacently tagged enum: `{"tag": "..", "content": {..}}`.
fn in_content<'a>(entries: &'a Map<String, Value>, name: &str) -> Option<Vec<Entry<'a>>> {
    let (content, inner) = match entries.iter().collect::<Vec<_>>().as_slice() {
        [(_, Value::String(_)), (key, Value::Object(inner))]
        | [(key, Value::Object(inner)), (_, Value::String(_))] => (key.as_str(), inner),
        _ => return None,
    };
    let found = entry(inner, name)?;
    Some(vec![(content, entries.get(content)?), found])
}
