//! serde's messages in the words of a tool's caller: JSON types instead of Rust's, and never the
//! text of a string that came in, which can be a mail.

use serde_json::Value;

/// The JSON type of a value, with its article.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// What serde said of the argument at `path`, which is `.` at the top.
pub(super) fn describe(path: &str, said: &str) -> String {
    let at = if path == "." {
        "the arguments".to_owned()
    } else {
        format!("`{path}`")
    };
    if let Some(field) = quoted(said, "missing field ") {
        return if path == "." {
            format!("`{field}` is missing")
        } else {
            format!("`{path}.{field}` is missing")
        };
    }
    // The value comes before `, expected `, so the last one is serde's own.
    let Some((came, wanted)) = said.rsplit_once(", expected ") else {
        return format!("{at}: {said}");
    };
    let wanted = expected(wanted);
    if let Some(came) = came.strip_prefix("invalid type: ") {
        return format!("{at} is {}: expected {wanted}", received(came));
    }
    if let Some(came) = came.strip_prefix("invalid value: ") {
        let came = numeral(came).map_or_else(|| received(came).to_owned(), |n| format!("`{n}`"));
        return format!("{at} is {came}: expected {wanted}");
    }
    if came.starts_with("unknown variant ") {
        return format!("{at} is none of the choices: expected {wanted}");
    }
    format!("{at} does not fit: expected {wanted}")
}

fn quoted<'a>(said: &'a str, prefix: &str) -> Option<&'a str> {
    said.strip_prefix(prefix)?.trim_matches('`').into()
}

/// The number in serde's `integer `300``, `floating point `1.5``.
fn numeral(came: &str) -> Option<&str> {
    let number = came
        .strip_prefix("integer ")
        .or_else(|| came.strip_prefix("floating point "))?;
    Some(number.trim_matches('`'))
}

/// What came, by serde's word for it (`serde::de::Unexpected`).
fn received(came: &str) -> &'static str {
    const WORDS: [(&str, &str); 7] = [
        ("boolean", "a boolean"),
        ("integer", "a number"),
        ("floating point", "a number"),
        ("string", "a string"),
        ("sequence", "an array"),
        ("map", "an object"),
        ("null", "null"),
    ];
    let found = WORDS.iter().find(|(word, _)| came.starts_with(word));
    // serde calls JSON's null a unit value, serde_json calls it null.
    found.map_or("null", |(_, kind)| kind)
}

/// What would have fitted, by serde's or a Rust type's name for it.
fn expected(wanted: &str) -> String {
    let integer = |low: &str, high: &str| format!("an integer from {low} to {high}");
    match wanted {
        "u8" => integer("0", "255"),
        "u16" => integer("0", "65535"),
        "u32" => integer("0", "4294967295"),
        "u64" | "u128" | "usize" => "an integer that is not negative".to_owned(),
        "i8" => integer("-128", "127"),
        "i16" => integer("-32768", "32767"),
        "i32" => integer("-2147483648", "2147483647"),
        "i64" | "i128" | "isize" => "an integer".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "a sequence" => "an array".to_owned(),
        "a map" => "an object".to_owned(),
        _ if wanted.starts_with("struct ") => "an object".to_owned(),
        _ if wanted.starts_with("a tuple of size ") => {
            format!(
                "an array of {}",
                wanted.trim_start_matches("a tuple of size ")
            )
        }
        _ => wanted.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_callers() {
        for (said, reads) in [
            (
                "invalid type: null, expected a string",
                "`f` is null: expected a string",
            ),
            (
                "invalid type: unit value, expected a string",
                "`f` is null: expected a string",
            ),
            (
                "invalid value: integer `300`, expected u8",
                "`f` is `300`: expected an integer from 0 to 255",
            ),
            (
                "invalid type: map, expected a sequence",
                "`f` is an object: expected an array",
            ),
            (
                "unknown variant `x, expected y`, expected one of `a`, `b`",
                "`f` is none of the choices: expected one of `a`, `b`",
            ),
        ] {
            assert_eq!(describe("f", said), reads);
        }
    }
}
