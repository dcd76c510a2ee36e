//! What partial evaluation leaves of a policy, as a person would write it.

use cedar_policy::Policy;
use chrono::DateTime;

/// The condition of a policy whose scope is unconstrained.
pub(crate) fn condition(policy: &Policy) -> String {
    let text = policy.to_string();
    let inner = text
        .split_once("when {")
        .map(|(_, rest)| rest.trim_end_matches([';', ' ']));
    let Some(inner) = inner.and_then(|rest| rest.strip_suffix('}')) else {
        return text;
    };
    comparisons(&times(inner.trim()))
}

/// Cedar writes a known time as an offset in milliseconds.
fn times(text: &str) -> String {
    const START: &str = "datetime(\"1970-01-01\").offset(duration(\"";
    let mut pieces = text.split(START);
    let mut written = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let time = piece.split_once("ms\"))").and_then(|(offset, rest)| {
            let time = DateTime::from_timestamp_millis(offset.parse().ok()?)?;
            Some((
                time.format("%Y-%m-%dT%H:%M:%S%.3fZ")
                    .to_string()
                    .replace(".000Z", "Z"),
                rest,
            ))
        });
        match time {
            Some((time, rest)) => written += &format!("datetime(\"{time}\"){rest}"),
            None => written += &format!("{START}{piece}"),
        }
    }
    written
}

const OPPOSITES: [(&str, &str); 6] = [
    (" <= ", " > "),
    (" < ", " >= "),
    (" == ", " != "),
    (" >= ", " < "),
    (" > ", " <= "),
    (" != ", " == "),
];

/// Cedar knows `a > b` as `!(a <= b)`, `a >= b` as `!(a < b)` and `a != b` as `!(a == b)`.
fn comparisons(text: &str) -> String {
    let mut written = String::new();
    let mut rest = text;
    while let Some((before, after)) = split_negation(rest) {
        written += before;
        match closing(after).and_then(|end| Some((after.get(..end)?, after.get(end + 1..)?))) {
            Some((inner, after)) => {
                let inner = comparisons(inner);
                let turned = OPPOSITES.into_iter().find_map(|(from, to)| {
                    let (left, right) = inner.split_once(from)?;
                    let alone = |side: &str| closing(side).is_none() && !has_operator(side);
                    (alone(left) && alone(right)).then(|| format!("{left}{to}{right}"))
                });
                written += &turned.unwrap_or_else(|| format!("!({inner})"));
                rest = after;
            }
            None => {
                written += "!(";
                rest = after;
            }
        }
    }
    written + rest
}

/// Splits at the first `!(` that is not in a string.
fn split_negation(text: &str) -> Option<(&str, &str)> {
    let mut quoted = Quoted::default();
    for (place, c) in text.char_indices() {
        let after = text.get(place..)?;
        if !quoted.read(c) && after.starts_with("!(") {
            return Some((text.get(..place)?, after.get(2..)?));
        }
    }
    None
}

/// Where the bracket is closed that was opened before `text`.
fn closing(text: &str) -> Option<usize> {
    let (mut quoted, mut depth) = (Quoted::default(), 0_usize);
    for (place, c) in text.char_indices() {
        if quoted.read(c) {
            continue;
        }
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return Some(place),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Whether there is anything in `text` that binds no closer than a comparison.
fn has_operator(text: &str) -> bool {
    let mut quoted = Quoted::default();
    let bare: String = text
        .chars()
        .map(|c| if quoted.read(c) { '_' } else { c })
        .collect();
    let outside = |sign: &str| bare.contains(sign);
    // What is in brackets is taken for an operator too: better left as it was than wrong.
    [
        " && ", " || ", " == ", " != ", " < ", " <= ", " > ", " >= ", " has ", " like ", " in ",
        " is ", "if ",
    ]
    .into_iter()
    .any(outside)
        || bare.matches('(').count() != bare.matches(')').count()
        || quoted.inside
}

/// Whether a text is inside a string, letter by letter.
#[derive(Default)]
struct Quoted {
    inside: bool,
    escaped: bool,
}

impl Quoted {
    fn read(&mut self, c: char) -> bool {
        let was = self.inside;
        match c {
            _ if self.escaped => self.escaped = false,
            '\\' if self.inside => self.escaped = true,
            '"' => self.inside = !self.inside,
            _ => {}
        }
        was || self.inside
    }
}
