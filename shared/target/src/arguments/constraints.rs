//! Broken constraints in the words of a tool's caller: which argument, what came, what is allowed.
//! Of a text its length is told, never its content; a number is told as it came.

use std::{borrow::Cow, fmt::Display};

use garde::{
    Report, Validate,
    i18n::{
        I18n, InvalidCreditCard, InvalidEmail, InvalidPhoneNumber, InvalidUrl, IpKind, with_i18n,
    },
};
use serde_json::Value;

use super::place;

/// The most broken constraints that one answer lists.
const MOST: usize = 20;

/// Marks a rule about a length, whose bound reads the same as that of a range.
const LENGTH: &str = "length: ";
const MISSING: &str = "is missing";

/// Checks all constraints of `input`, which was read from `event`.
pub(super) fn check(input: &impl Validate<Context = ()>, event: &Value) -> Result<(), String> {
    with_i18n(Words, || input.validate()).map_err(|report| tell(&report, event))
}

fn tell(report: &Report, event: &Value) -> String {
    let mut told: Vec<String> = report
        .iter()
        .take(MOST)
        .map(|(path, error)| {
            let (path, came) = place::find(event, &path.to_string());
            sentence(&path, came, error.message())
        })
        .collect();
    let more = report.iter().count() - told.len();
    if more > 0 {
        told.push(format!("and {more} more"));
    }
    told.join("; ")
}

fn sentence(path: &str, came: Option<&Value>, rule: &str) -> String {
    let at = if path.is_empty() {
        "the arguments".to_owned()
    } else {
        format!("`{path}`")
    };
    if rule == MISSING {
        return format!("{at} {MISSING}");
    }
    if let Some(bound) = rule.strip_prefix(LENGTH) {
        let size = came.and_then(|value| size(value, bound));
        let size = size.map_or_else(
            || "has another length".to_owned(),
            |size| format!("has {size}"),
        );
        return format!("{at} {size}: expected {bound}");
    }
    match came {
        _ if !rule.starts_with("expected ") => format!("{at}: {rule}"),
        Some(Value::Number(number)) => format!("{at} is `{number}`: {rule}"),
        _ => format!("{at} does not fit: {rule}"),
    }
}

/// How long a value is that breaks `bound`. A rule without `chars` counts a text's bytes.
fn size(value: &Value, bound: &str) -> Option<String> {
    let (count, unit) = match value {
        Value::String(text) => match text.chars().count() {
            characters if breaks(characters, bound) => (characters, "character"),
            _ => (text.len(), "byte"),
        },
        Value::Array(items) => (items.len(), "item"),
        Value::Object(entries) => (entries.len(), "entry"),
        _ => return None,
    };
    Some(match (count, unit) {
        (1, unit) => format!("1 {unit}"),
        (count, "entry") => format!("{count} entries"),
        (count, unit) => format!("{count} {unit}s"),
    })
}

fn breaks(count: usize, bound: &str) -> bool {
    let number = |words| bound.strip_prefix(words)?.parse::<usize>().ok();
    number("at least ").is_some_and(|min| count < min)
        || number("at most ").is_some_and(|max| count > max)
}

/// garde's rules, as what is allowed.
struct Words;

impl I18n for Words {
    fn length_lower_than(&self, min: usize) -> Cow<'static, str> {
        format!("{LENGTH}at least {min}").into()
    }

    fn length_greater_than(&self, max: usize) -> Cow<'static, str> {
        format!("{LENGTH}at most {max}").into()
    }

    fn range_lower_than(&self, min: &dyn Display) -> Cow<'static, str> {
        format!("expected at least {min}").into()
    }

    fn range_greater_than(&self, max: &dyn Display) -> Cow<'static, str> {
        format!("expected at most {max}").into()
    }

    fn credit_card_invalid(&self, _: InvalidCreditCard) -> Cow<'static, str> {
        "expected the number of a credit card".into()
    }

    fn pattern_no_match(&self, pattern: &dyn Display) -> Cow<'static, str> {
        format!("expected a text that matches `{pattern}`").into()
    }

    fn contains_missing(&self, part: &dyn Display) -> Cow<'static, str> {
        format!("expected a text that contains `{part}`").into()
    }

    fn url_invalid(&self, _: InvalidUrl) -> Cow<'static, str> {
        "expected a URL".into()
    }

    fn prefix_missing(&self, start: &dyn Display) -> Cow<'static, str> {
        format!("expected a text that begins with `{start}`").into()
    }

    fn suffix_missing(&self, end: &dyn Display) -> Cow<'static, str> {
        format!("expected a text that ends with `{end}`").into()
    }

    fn phone_number_invalid(&self, _: InvalidPhoneNumber) -> Cow<'static, str> {
        "expected a phone number".into()
    }

    fn ip_invalid(&self, kind: IpKind) -> Cow<'static, str> {
        format!("expected an {kind} address").into()
    }

    fn matches_field_mismatch(&self, field: &dyn Display) -> Cow<'static, str> {
        format!("expected the same as in `{field}`").into()
    }

    fn email_invalid(&self, _: InvalidEmail) -> Cow<'static, str> {
        "expected a mail address".into()
    }

    fn ascii_invalid(&self) -> Cow<'static, str> {
        "expected ASCII characters only".into()
    }

    fn alphanumeric_invalid(&self) -> Cow<'static, str> {
        "expected letters and digits only".into()
    }

    fn required_not_set(&self) -> Cow<'static, str> {
        MISSING.into()
    }
}
