//! Constraints that the dialect has no keyword for, in plain words.

use serde_json::{Map, Value};

use crate::words::{code, literal};

/// All remarks on a schema, in a fixed order. Choices are not among them (see `choices`).
pub(super) fn of(keywords: &Map<String, Value>) -> Vec<String> {
    let text = |key: &str| keywords.get(key).and_then(Value::as_str);
    let mut remarks = Vec::new();
    remarks.extend(text("format").and_then(format));
    remarks.extend(count(keywords, "minLength", "maxLength", "character"));
    remarks.extend(text("pattern").map(pattern));
    remarks.extend(text("contentEncoding").map(|encoding| format!("encoded as {encoding}")));
    remarks.extend(range(keywords));
    remarks.extend(number(keywords, "multipleOf").map(|factor| format!("a multiple of {factor}")));
    remarks.extend(count(keywords, "minItems", "maxItems", "item"));
    if keywords.get("uniqueItems") == Some(&Value::Bool(true)) {
        remarks.push("no item twice".to_owned());
    }
    remarks.extend(count(keywords, "minProperties", "maxProperties", "key"));
    if keywords.get("deprecated") == Some(&Value::Bool(true)) {
        remarks.push("deprecated".to_owned());
    }
    remarks.extend(
        keywords
            .get("default")
            .filter(|default| !default.is_null())
            .map(|default| format!("default {}", literal(default))),
    );
    if let Some(examples) = keywords.get("examples").and_then(Value::as_array) {
        let examples: Vec<_> = examples.iter().map(literal).collect();
        if !examples.is_empty() {
            remarks.push(format!("for example {}", examples.join(", ")));
        }
    }
    remarks
}

/// `None` for formats that only name a Rust type: their range is said by itself.
fn format(format: &str) -> Option<String> {
    Some(match format {
        "float" | "double" => return None,
        sized
            if sized
                .trim_start_matches(['u', 'i', 'n', 't'])
                .bytes()
                .all(|b| b.is_ascii_digit()) =>
        {
            return None;
        }
        "email" | "idn-email" => "an email address".to_owned(),
        "uri" | "iri" | "url" => "a URI with its scheme".to_owned(),
        "uri-reference" | "iri-reference" => "a URI, absolute or relative".to_owned(),
        "hostname" | "idn-hostname" => "a host name".to_owned(),
        "date-time" => "a date and time as in `2026-01-31T12:00:00Z`".to_owned(),
        "date" => "a date as in `2026-01-31`".to_owned(),
        "time" => "a time as in `12:00:00Z`".to_owned(),
        "partial-date-time" => "a date and time as in `2026-01-31T12:00:00`".to_owned(),
        "partial-time" => "a time as in `12:00:00`".to_owned(),
        "duration" => "a duration as in `PT15M`".to_owned(),
        "uuid" => "a UUID".to_owned(),
        "ip" => "an IP address".to_owned(),
        "ipv4" => "an IPv4 address".to_owned(),
        "ipv6" => "an IPv6 address".to_owned(),
        "regex" => "a regular expression".to_owned(),
        other => format!("format {}", code(other)),
    })
}

fn pattern(pattern: &str) -> String {
    format!("matches the regular expression {}", code(pattern))
}

fn number(keywords: &Map<String, Value>, key: &str) -> Option<String> {
    keywords
        .get(key)
        .filter(|value| value.is_number())
        .map(Value::to_string)
}

fn range(keywords: &Map<String, Value>) -> Option<String> {
    let (min, max) = (number(keywords, "minimum"), number(keywords, "maximum"));
    let more = number(keywords, "exclusiveMinimum").map(|bound| format!("more than {bound}"));
    let less = number(keywords, "exclusiveMaximum").map(|bound| format!("less than {bound}"));
    let inclusive = match (min, max) {
        (Some(min), Some(max)) if min == max => Some(format!("exactly {min}")),
        (Some(min), Some(max)) => Some(format!("{min} to {max}")),
        (Some(min), None) => Some(format!("at least {min}")),
        (None, Some(max)) => Some(format!("at most {max}")),
        (None, None) => None,
    };
    let parts: Vec<_> = [inclusive, more, less].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" and "))
}

fn count(keywords: &Map<String, Value>, min: &str, max: &str, unit: &str) -> Option<String> {
    let bound = |key: &str| keywords.get(key).and_then(Value::as_u64);
    let units = |n: u64| {
        if n == 1 {
            unit.to_owned()
        } else {
            format!("{unit}s")
        }
    };
    match (bound(min).unwrap_or(0), bound(max)) {
        (0, None) => None,
        (1, None) => Some("not empty".to_owned()),
        (min, None) => Some(format!("at least {min} {}", units(min))),
        (0, Some(max)) => Some(format!("at most {max} {}", units(max))),
        (min, Some(max)) if min == max => Some(format!("exactly {min} {}", units(min))),
        (min, Some(max)) => Some(format!("{min} to {max} {}", units(max))),
    }
}
