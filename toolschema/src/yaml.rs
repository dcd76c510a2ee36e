//! JSON values as block YAML: one line per key, so that a diff shows what changed.
//!
//! Text is written so that YAML 1.1 and 1.2 readers agree on it: plain where nothing in it can be
//! read otherwise, else in double quotes on one line.

use serde_json::{Map, Value};

/// Writes the value as lines without indentation and without line ends.
pub(crate) fn lines(value: &Value) -> Vec<String> {
    match value {
        Value::Object(map) if !map.is_empty() => object(map),
        Value::Array(items) if !items.is_empty() => array(items),
        inline => vec![scalar(inline)],
    }
}

fn object(map: &Map<String, Value>) -> Vec<String> {
    let mut lines = Vec::new();
    for (key, value) in map {
        let key = text(key);
        match value {
            Value::Array(items) if items.iter().all(Value::is_string) => {
                let items: Vec<_> = items.iter().map(scalar).collect();
                lines.push(format!("{key}: [{}]", items.join(", ")));
            }
            Value::Object(map) if map.is_empty() => lines.push(format!("{key}: {{}}")),
            Value::Object(_) | Value::Array(_) => {
                lines.push(format!("{key}:"));
                lines.extend(
                    self::lines(value)
                        .into_iter()
                        .map(|line| format!("  {line}")),
                );
            }
            _ => lines.push(format!("{key}: {}", scalar(value))),
        }
    }
    lines
}

fn array(items: &[Value]) -> Vec<String> {
    let mut lines = Vec::new();
    for item in items {
        for (i, line) in self::lines(item).into_iter().enumerate() {
            let lead = if i == 0 { "- " } else { "  " };
            lines.push(format!("{lead}{line}"));
        }
    }
    lines
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(value) => text(value),
        // Numbers, booleans, null, [] and {} are the same in JSON and YAML.
        other => other.to_string(),
    }
}

fn text(value: &str) -> String {
    if is_plain(value) {
        value.to_owned()
    } else {
        quoted(value)
    }
}

/// A word that no YAML version takes for anything but text.
fn is_plain(value: &str) -> bool {
    const OTHER_TYPES: [&str; 11] = [
        "true", "false", "null", "yes", "no", "on", "off", "y", "n", "inf", "nan",
    ];
    let mut letters = value.chars();
    letters
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && letters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        && !OTHER_TYPES.contains(&value.to_ascii_lowercase().as_str())
}

fn quoted(value: &str) -> String {
    let mut quoted = String::with_capacity(value.len() + 2);
    quoted.push('"');
    for c in value.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            // Not printable in YAML, or a line break to some reader.
            '\0'..='\x1f'
            | '\x7f'..='\u{a0}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{feff}'
            | '\u{fffe}'
            | '\u{ffff}' => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use saphyr_parser::{Event, Parser, ScalarStyle};
    use serde_json::json;

    use super::*;

    /// The value as a YAML parser of other make reads it, with all scalars as text.
    fn read_back(value: &Value) -> Value {
        let text = lines(value).join("\n");
        let mut events = Parser::new_from_str(&text).map(|event| event.unwrap().0);
        let first = events
            .find(|event| !matches!(event, Event::StreamStart | Event::DocumentStart(_)))
            .unwrap();
        node(first, &mut events)
    }

    fn node<'a>(first: Event<'a>, events: &mut impl Iterator<Item = Event<'a>>) -> Value {
        match first {
            Event::Scalar(text, style, ..) => {
                let other = ["true", "no", "null", "~", ""];
                let number = text.parse::<f64>().is_ok();
                assert!(
                    style == ScalarStyle::DoubleQuoted || !(number || other.contains(&&*text)),
                    "`{text}` is read as something else than text"
                );
                Value::from(text.into_owned())
            }
            Event::SequenceStart(..) => {
                let mut items = Vec::new();
                while let Some(event) = events.next().filter(|e| *e != Event::SequenceEnd) {
                    items.push(node(event, events));
                }
                Value::from(items)
            }
            Event::MappingStart(..) => {
                let mut map = Map::new();
                while let Some(event) = events.next().filter(|e| *e != Event::MappingEnd) {
                    let key = node(event, events).as_str().unwrap().to_owned();
                    let value = events.next().unwrap();
                    map.insert(key, node(value, events));
                }
                Value::from(map)
            }
            other => panic!("unexpected {other:?}"),
        }
    }

    #[test]
    fn another_reader_gets_the_same_value_back() {
        let value = json!({
            "InlinePayload": [
                {"Name": "a-b_c", "Description": "say \"hi\": it's #1, {x} [y] \\ & more\n\n- item\tend "},
                {"yes": "no", "on": "", "NULL": "~", "1": "1e3", "Ünïcode": "emoji 🎉 \u{2028}\u{85}\u{7}\u{feff}"},
                {"empty": {}, "list": ["a", "b: c", "true"], "nested": {"deep": [["x"], ["y"]]}},
            ]
        });
        assert_eq!(read_back(&value), value);
    }

    #[test]
    fn plain_words_need_no_quotes_and_lists_of_words_stand_on_one_line() {
        let value = json!({"Type": "object", "Required": ["a", "b c"]});
        assert_eq!(lines(&value), ["Type: object", "Required: [a, \"b c\"]"]);
    }
}
