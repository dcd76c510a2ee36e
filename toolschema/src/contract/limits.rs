//! Keywords that narrow what a value may be.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use crate::words::{code, literal};

/// Whether fewer or more values fit than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Narrower,
    Wider,
}

/// What a larger value of the keyword means.
#[derive(Clone, Copy)]
enum Kind {
    Lower,
    Upper,
    /// Any other value is another rule.
    Rule,
}

const LIMITS: [(&str, Kind); 15] = [
    ("minimum", Kind::Lower),
    ("exclusiveMinimum", Kind::Lower),
    ("minLength", Kind::Lower),
    ("minItems", Kind::Lower),
    ("minProperties", Kind::Lower),
    ("maximum", Kind::Upper),
    ("exclusiveMaximum", Kind::Upper),
    ("maxLength", Kind::Upper),
    ("maxItems", Kind::Upper),
    ("maxProperties", Kind::Upper),
    ("multipleOf", Kind::Rule),
    ("pattern", Kind::Rule),
    ("format", Kind::Rule),
    ("contentEncoding", Kind::Rule),
    ("uniqueItems", Kind::Rule),
];

pub(super) fn knows(keyword: &str) -> bool {
    LIMITS.iter().any(|(known, _)| *known == keyword)
}

/// Each limit that differs: in which direction, and in words.
pub(super) fn changes(
    old: &Map<String, Value>,
    new: &Map<String, Value>,
) -> Vec<(Direction, String)> {
    let differing = LIMITS
        .iter()
        .filter(|(key, _)| old.get(*key) != new.get(*key));
    differing
        .map(|(key, kind)| {
            let (was, is) = (old.get(*key), new.get(*key));
            let told = |value: Option<&Value>| value.map_or("not set".to_owned(), literal);
            let what = format!("has {} {}, was {}", code(key), told(is), told(was));
            (direction(*kind, was, is), what)
        })
        .collect()
}

fn direction(kind: Kind, was: Option<&Value>, is: Option<&Value>) -> Direction {
    let wider = match (was, is) {
        (Some(_), None) => true,
        (None, _) => false,
        (Some(was), Some(is)) => match kind {
            Kind::Lower => compare(is, was) == Some(Ordering::Less),
            Kind::Upper => compare(is, was) == Some(Ordering::Greater),
            // `uniqueItems: false` is none.
            Kind::Rule => *is == Value::Bool(false),
        },
    };
    if wider {
        Direction::Wider
    } else {
        Direction::Narrower
    }
}

fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    let whole = |value: &Value| {
        let signed = value.as_i64().map(i128::from);
        signed.or_else(|| value.as_u64().map(i128::from))
    };
    match (whole(a), whole(b)) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}
