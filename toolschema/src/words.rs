//! Descriptions: doc comments as one text, values and types in plain words.

use serde_json::Value;

use crate::definition::{SchemaDefinition, Shape};

/// Joins the lines that only the source's line length broke; keeps paragraphs and lists.
pub(crate) fn unwrap(doc: &str) -> String {
    let mut text = String::with_capacity(doc.len());
    let mut blank = false;
    for line in doc.lines().map(str::trim) {
        if line.is_empty() {
            blank = true;
            continue;
        }
        if !text.is_empty() {
            text.push_str(match (blank, starts_item(line)) {
                (true, _) => "\n\n",
                (false, true) => "\n",
                (false, false) => " ",
            });
        }
        text.push_str(line);
        blank = false;
    }
    text
}

fn starts_item(line: &str) -> bool {
    let marker = line.split(' ').next().unwrap_or_default();
    matches!(marker, "-" | "*" | "+")
        || marker
            .strip_suffix('.')
            .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// A name or value, marked as such. One that holds a backtick gets two, as in Markdown.
pub(crate) fn code(value: &str) -> String {
    if value.contains('`') {
        format!("`` {value} ``")
    } else {
        format!("`{value}`")
    }
}

/// A JSON value as it would be typed: strings without their quotes, unless they are empty.
pub(crate) fn literal(value: &Value) -> String {
    match value {
        Value::String(text) if !text.is_empty() => code(text),
        other => code(&other.to_string()),
    }
}

/// With the word `and`: `a`, `a and b`, `a, b and c`.
pub(crate) fn list(items: &[String], word: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [init @ .., last] => format!("{} {word} {last}", init.join(", ")),
    }
}

/// A whole schema in words, for where the dialect has no place for it: the values of a map.
pub(crate) fn schema(definition: &SchemaDefinition) -> String {
    let mut text = match &definition.shape {
        Shape::String => "a string".to_owned(),
        Shape::Number => "a number".to_owned(),
        Shape::Integer => "an integer".to_owned(),
        Shape::Boolean => "a boolean".to_owned(),
        Shape::Array(items) => format!("a list, each item {}", schema(items)),
        Shape::Object(fields) if fields.properties.is_empty() => "an object".to_owned(),
        Shape::Object(fields) => {
            let fields: Vec<_> = fields
                .properties
                .iter()
                .map(|(name, field)| {
                    let optional = if fields.requires(name) {
                        ""
                    } else {
                        "optionally "
                    };
                    format!("{optional}{}: {}", code(name), schema(field))
                })
                .collect();
            format!("an object with {}", fields.join(", "))
        }
    };
    if let Some(description) = definition.description() {
        text.push_str(&format!(" ({})", description.trim_end_matches('.')));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_lines_become_one_and_paragraphs_and_lists_stay() {
        assert_eq!(
            unwrap("one\n two\n\nthree:\n- a\n  b\n- c\n2. d"),
            "one two\n\nthree:\n- a b\n- c\n2. d"
        );
    }

    #[test]
    fn a_value_with_a_backtick_is_still_marked() {
        assert_eq!(code("a`b"), "`` a`b ``");
    }
}
