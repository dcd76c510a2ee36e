//! serde's messages in the words of a tool's caller: JSON types instead of Rust's, and never the
//! text of a string that came in, which can be a mail.

use serde::de::Error as _;
use serde_json::{Error, Value};

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

/// What serde says that does not fit, and where.
pub(super) struct Misfit<'a> {
    /// Where serde was; empty at the top.
    pub(super) path: String,
    /// What the event holds there.
    pub(super) value: Option<&'a Value>,
    /// Whether serde may have been further inside, in a copy of its own.
    pub(super) buffered: bool,
}

impl Misfit<'_> {
    /// The sentence for the caller, from serde's own.
    pub(super) fn describe(&self, said: &str) -> String {
        if let Some(field) = quoted(said, "missing field ") {
            let lacks = |value: &Value| value.as_object().is_some_and(|o| !o.contains_key(field));
            return match self.locate(lacks) {
                Ok(path) => format!("`{}` is missing", member(&path, field)),
                Err(within) => format!("`{field}` is missing somewhere in {within}"),
            };
        }
        if let Some(field) = quoted(said, "unknown field ") {
            let has = |value: &Value| value.get(field).is_some();
            let at = match self.locate(has) {
                // serde has already gone to the field itself, unless it was in a copy.
                _ if self.is_at(field) => self.path.clone(),
                Ok(path) => member(&path, field),
                Err(_) => field.to_owned(),
            };
            let wanted = said.rsplit_once("`, expected ").map(|(_, fields)| fields);
            let wanted = wanted.unwrap_or("no argument");
            return format!("`{at}` is not known: expected {wanted}");
        }
        // The value comes before `, expected `, so the last one is serde's own.
        let Some((came, wanted)) = said.rsplit_once(", expected ") else {
            return format!("{}: {said}", subject(&self.path));
        };
        let wanted = expected(wanted);
        let at = self.locate(|value| matches(value, came));
        let at = at.map_or_else(
            |within| format!("a value in {within}"),
            |path| subject(&path),
        );
        if let Some(came) = came.strip_prefix("invalid type: ") {
            // An integer is a number too, so the number itself says more.
            let came = fraction(came).unwrap_or_else(|| received(came).to_owned());
            return format!("{at} is {came}: expected {wanted}");
        }
        if let Some(came) = came.strip_prefix("invalid value: ") {
            let came = numeral(came).unwrap_or_else(|| received(came).to_owned());
            return format!("{at} is {came}: expected {wanted}");
        }
        if let Some(length) = came.strip_prefix("invalid length ") {
            return format!("{at} has length {length}: expected {wanted}");
        }
        if came.starts_with("unknown variant ") {
            return format!("{at} is none of the choices: expected {wanted}");
        }
        format!("{at} does not fit: expected {wanted}")
    }

    fn is_at(&self, field: &str) -> bool {
        let before = self.path.strip_suffix(field);
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    }

    /// The path of the one value that it can be, or, if several can, what holds them.
    fn locate(&self, fits: impl Fn(&Value) -> bool) -> Result<String, String> {
        let (true, Some(value)) = (self.buffered, self.value) else {
            return Ok(self.path.clone());
        };
        let mut found = Vec::new();
        search(value, &fits, &mut Vec::new(), &mut found);
        match found.as_slice() {
            [inside] => {
                let path = format!("{}{inside}", self.path);
                Ok(path.strip_prefix('.').unwrap_or(&path).to_owned())
            }
            _ => Err(subject(&self.path)),
        }
    }
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Field(&'a str),
    Item(usize),
}

/// The paths below `value` of the first two values that fit; `steps` leads to `value`.
fn search<'a>(
    value: &'a Value,
    fits: &impl Fn(&Value) -> bool,
    steps: &mut Vec<Step<'a>>,
    found: &mut Vec<String>,
) {
    if found.len() > 1 {
        return;
    }
    if fits(value) {
        let path = steps.iter().map(|step| match step {
            Step::Field(name) => format!(".{name}"),
            Step::Item(place) => format!("[{place}]"),
        });
        found.push(path.collect());
    }
    let mut inside = |step, value| {
        steps.push(step);
        search(value, fits, steps, found);
        steps.pop();
    };
    match value {
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(place, item)| inside(Step::Item(place), item));
        }
        Value::Object(entries) => {
            entries
                .iter()
                .for_each(|(name, entry)| inside(Step::Field(name), entry));
        }
        _ => {}
    }
}

/// Whether it is this value that serde calls `came`.
fn matches(value: &Value, came: &str) -> bool {
    if let Some(variant) = quoted(came, "unknown variant ") {
        return value.as_str() == Some(variant);
    }
    let Some((kind, came)) = came.split_once(": ") else {
        return value.is_array();
    };
    let unexpected = super::json::unexpected(value);
    let said = match kind {
        "invalid type" => Error::invalid_type(unexpected, &""),
        _ => Error::invalid_value(unexpected, &""),
    };
    said.to_string().strip_prefix(kind) == Some(&format!(": {came}, expected "))
}

fn member(path: &str, field: &str) -> String {
    if path.is_empty() {
        field.to_owned()
    } else {
        format!("{path}.{field}")
    }
}

fn subject(path: &str) -> String {
    if path.is_empty() {
        "the arguments".to_owned()
    } else {
        format!("`{path}`")
    }
}

/// What stands in backticks after `prefix`, up to what was expected instead.
fn quoted<'a>(said: &'a str, prefix: &str) -> Option<&'a str> {
    let said = said.strip_prefix(prefix)?.strip_prefix('`')?;
    let end = said
        .rfind("`, expected ")
        .or_else(|| said.rfind("`, there are no "));
    end.map_or_else(|| said.strip_suffix('`'), |end| said.get(..end))
}

/// The number in serde's `integer `300``, `floating point `1.5``.
fn numeral(came: &str) -> Option<String> {
    let number = came.strip_prefix("integer ");
    number.map(str::to_owned).or_else(|| fraction(came))
}

fn fraction(came: &str) -> Option<String> {
    came.strip_prefix("floating point ").map(str::to_owned)
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

/// serde's words for what is an object in JSON, before Rust's name for it.
const OBJECTS: [&str; 4] = [
    "struct ",
    "internally tagged enum ",
    "adjacently tagged enum ",
    "struct variant ",
];

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
        "a character" => "a text of one character".to_owned(),
        _ if OBJECTS.iter().any(|word| wanted.starts_with(word)) => "an object".to_owned(),
        _ if wanted.ends_with(" in sequence") => {
            format!("an array of {}", wanted.split(' ').next().unwrap_or(""))
        }
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
            let misfit = Misfit {
                path: "f".to_owned(),
                value: None,
                buffered: false,
            };
            assert_eq!(misfit.describe(said), reads);
        }
    }
}
