//! Two contracts side by side.
//!
//! An input breaks when it takes less than before, an output when it holds less. Golden files are
//! edited by people and merged by git: whatever stands in one, nothing here panics, and what is not
//! understood counts as breaking.

use serde_json::{Map, Value};

use super::limits::{self, Direction};
use super::read::{Variants, choices, entries, groups, keywords, kind, requires, variants};
use super::{Change, Effect};
use crate::words::{code, list, literal};

/// All that is different in `new`; empty if the two mean the same.
pub fn changes(old: &Value, new: &Value) -> Vec<Change> {
    let mut comparison = Comparison {
        changes: Vec::new(),
        side: Side::Input,
    };
    if old.get("description") != new.get("description") {
        comparison.harmless("", "the tool is described anew");
    }
    let null = Value::Null;
    for (side, key, path) in [
        (Side::Input, "inputSchema", "input"),
        (Side::Output, "outputSchema", "output"),
    ] {
        comparison.side = side;
        let (old, new) = (old.get(key), new.get(key));
        comparison.schema(path, old.unwrap_or(&null), new.unwrap_or(&null));
    }
    let mut changes = comparison.changes;
    if changes.is_empty() && old != new {
        changes.push(Change {
            effect: Effect::Harmless,
            path: String::new(),
            what: "the same in another order or form".to_owned(),
        });
    }
    changes
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Input,
    Output,
}

struct Comparison {
    changes: Vec<Change>,
    side: Side,
}

impl Comparison {
    fn schema(&mut self, path: &str, old: &Value, new: &Value) {
        if old == new {
            return;
        }
        let any = Map::new();
        let (Some(old), Some(new)) = (keywords(old, &any), keywords(new, &any)) else {
            return self.breaking(path, "is no JSON Schema in one of the two");
        };
        if !self.kind(path, old, new) {
            return;
        }
        if old.get("description") != new.get("description") {
            self.harmless(path, "is described anew");
        }
        self.nulls(path, old, new);
        self.choices(path, old, new);
        for (direction, what) in limits::changes(old, new) {
            match direction {
                Direction::Narrower if self.side == Side::Input => self.breaking(path, &what),
                Direction::Narrower | Direction::Wider => self.harmless(path, &what),
            }
        }
        self.fields(path, old, new);
        self.parts(path, old, new);
        self.others(path, old, new);
    }

    /// Keywords that only describe, and keywords that nothing here knows.
    fn others(&mut self, path: &str, old: &Map<String, Value>, new: &Map<String, Value>) {
        let keys = old
            .keys()
            .chain(new.keys().filter(|key| !old.contains_key(*key)));
        for key in keys.filter(|key| old.get(*key) != new.get(*key)) {
            if ANNOTATIONS.contains(&key.as_str()) {
                let told = |value: Option<&Value>| value.map_or("not set".to_owned(), literal);
                let (was, is) = (told(old.get(key)), told(new.get(key)));
                self.harmless(path, &format!("has {} {is}, was {was}", code(key)));
            } else if !COMPARED.contains(&key.as_str()) && !limits::knows(key) {
                self.breaking(
                    path,
                    &format!("has another {}: judge it yourself", code(key)),
                );
            }
        }
    }

    /// Whether the type is the same, so that the rest can be compared.
    fn kind(&mut self, path: &str, old: &Map<String, Value>, new: &Map<String, Value>) -> bool {
        let (was, is) = (kind(old), kind(new));
        if was == is {
            return true;
        }
        let name = |kind: &Option<String>| kind.as_deref().map_or("of any type".to_owned(), code);
        let what = format!("is {} now, was {}", name(&is), name(&was));
        let harmless = match (was.as_deref(), is.as_deref(), self.side) {
            (Some("integer"), Some("number"), Side::Input)
            | (Some("number"), Some("integer"), Side::Output) => true,
            (None, _, Side::Output) => groups(old).is_empty(),
            (_, None, Side::Input) => groups(new).is_empty(),
            _ => false,
        };
        if harmless {
            self.harmless(path, &what);
        } else {
            self.breaking(path, &what);
        }
        false
    }

    fn nulls(&mut self, path: &str, old: &Map<String, Value>, new: &Map<String, Value>) {
        let is = |map: &Map<String, Value>| map.get("nullable") == Some(&Value::Bool(true));
        match (self.side, is(old), is(new)) {
            (Side::Input, true, false) => self.breaking(path, "may not be null any more"),
            (Side::Output, false, true) => self.breaking(path, "may be null now"),
            (_, false, true) => self.harmless(path, "may be null now"),
            (_, true, false) => self.harmless(path, "is never null any more"),
            _ => {}
        }
    }

    fn choices(&mut self, path: &str, old: &Map<String, Value>, new: &Map<String, Value>) {
        let (was, is) = match (choices(old), choices(new)) {
            (None, None) => return self.alternatives(path, old, new),
            (Some(_), None) => return self.harmless(path, "has no fixed choices any more"),
            (None, Some(is)) => {
                let what = format!("is one of {} now", names(is.iter()));
                return self.narrower(path, &what);
            }
            (Some(was), Some(is)) => (was, is),
        };
        let gone: Vec<_> = was.iter().filter(|value| !is.contains(value)).collect();
        let added: Vec<_> = is.iter().filter(|value| !was.contains(value)).collect();
        if !gone.is_empty() {
            let what = format!("has no choice {} any more", names(gone.iter().copied()));
            self.narrower(path, &what);
        }
        if !added.is_empty() {
            let what = format!("has the new choice {}", names(added.iter().copied()));
            self.harmless(path, &what);
        }
        if gone.is_empty() && added.is_empty() && old.get("anyOf") != new.get("anyOf") {
            self.harmless(path, "has its choices described anew");
        }
    }

    /// The variants of a tagged enum are compared one by one. Of other alternatives it is only told
    /// that they are not the same.
    fn alternatives(&mut self, path: &str, old: &Map<String, Value>, new: &Map<String, Value>) {
        let (were, are) = (groups(old), groups(new));
        if were == are {
            return;
        }
        let was: Option<Vec<_>> = were.iter().map(variants).collect();
        let is: Option<Vec<_>> = are.iter().map(variants).collect();
        let (Some(was), Some(is)) = (was, is) else {
            return self.breaking(path, "has other alternatives, and no tag tells them apart");
        };
        if was.len() != is.len() {
            return self.breaking(path, "is another enum");
        }
        for (was, is) in was.iter().zip(&is) {
            self.variants(path, was, is);
        }
    }

    fn variants(&mut self, path: &str, was: &Variants<'_>, is: &Variants<'_>) {
        match (was.optional, is.optional, self.side) {
            (true, false, Side::Input) => self.breaking(path, "needs one of its variants now"),
            (false, true, Side::Output) => self.breaking(path, "may have no variant now"),
            (true, false, _) => self.harmless(path, "always has one of its variants now"),
            (false, true, _) => self.harmless(path, "needs none of its variants now"),
            _ => {}
        }
        for (name, old) in &was.variants {
            let path = format!("{path}({name})");
            match is.variants.iter().find(|(other, _)| other == name) {
                Some((_, new)) => self.schema(&path, old, new),
                None => self.narrower(&path, "is gone"),
            }
        }
        for (name, _) in &is.variants {
            if was.variants.iter().all(|(other, _)| other != name) {
                self.harmless(&format!("{path}({name})"), "is a new variant");
            }
        }
    }

    fn fields(&mut self, path: &str, old: &Map<String, Value>, new: &Map<String, Value>) {
        let none = Map::new();
        let fields = |map: &Map<String, Value>| -> Option<Map<String, Value>> {
            map.get("properties")?.as_object().cloned()
        };
        let (was, is) = (fields(old), fields(new));
        let (was, is) = (was.as_ref().unwrap_or(&none), is.as_ref().unwrap_or(&none));
        for (name, field) in was {
            let path = format!("{path}.{name}");
            let Some(now) = is.get(name) else {
                self.breaking(&path, "is gone");
                continue;
            };
            match (requires(old, name), requires(new, name), self.side) {
                (false, true, Side::Input) => self.breaking(&path, "is required now"),
                (true, false, Side::Input) => self.harmless(&path, "is optional now"),
                (true, false, Side::Output) => self.breaking(&path, "may be absent or null now"),
                (false, true, Side::Output) => self.harmless(&path, "is always there now"),
                _ => {}
            }
            self.schema(&path, field, now);
        }
        for name in is.keys().filter(|name| !was.contains_key(*name)) {
            let path = format!("{path}.{name}");
            match (requires(new, name), self.side) {
                (true, Side::Input) => self.breaking(&path, "is new and required"),
                (false, Side::Input) => self.harmless(&path, "is new and optional"),
                (_, Side::Output) => self.harmless(&path, "is new"),
            }
        }
    }

    /// Items, places and values of free keys.
    fn parts(&mut self, path: &str, old: &Map<String, Value>, new: &Map<String, Value>) {
        let any = Value::Bool(true);
        for (keys, path) in [
            (["items", "items"], format!("{path}[]")),
            (
                ["additionalProperties", "unevaluatedProperties"],
                format!("{path}.*"),
            ),
        ] {
            let part = |map| {
                keys.into_iter()
                    .find_map(|key| Map::get(map, key))
                    .unwrap_or(&any)
            };
            match (part(old), part(new)) {
                (was, is) if was == is => {}
                (Value::Bool(false), _) => self.harmless(&path, "may be there now"),
                (_, Value::Bool(false)) => self.narrower(&path, "may not be there any more"),
                (was, is) => self.schema(&path, was, is),
            }
        }
        for (key, places) in [("prefixItems", false), ("patternProperties", true)] {
            if old.get(key) == new.get(key) {
                continue;
            }
            let (was, is) = (entries(old.get(key)), entries(new.get(key)));
            if was.len() != is.len() || was.iter().zip(&is).any(|(was, is)| was.0 != is.0) {
                self.breaking(path, &format!("has other {}", code(key)));
                continue;
            }
            for ((name, was), (_, is)) in was.iter().zip(&is) {
                let path = match places {
                    false => format!("{path}[{name}]"),
                    true => format!("{path}.*"),
                };
                self.schema(&path, was, is);
            }
        }
    }

    /// Fewer values than before.
    fn narrower(&mut self, path: &str, what: &str) {
        match self.side {
            Side::Input => self.breaking(path, what),
            Side::Output => self.harmless(path, what),
        }
    }

    fn breaking(&mut self, path: &str, what: &str) {
        self.push(Effect::Breaking, path, what);
    }

    fn harmless(&mut self, path: &str, what: &str) {
        self.push(Effect::Harmless, path, what);
    }

    fn push(&mut self, effect: Effect, path: &str, what: &str) {
        self.changes.push(Change {
            effect,
            path: path.to_owned(),
            what: what.to_owned(),
        });
    }
}

/// Keywords that only describe.
const ANNOTATIONS: [&str; 6] = [
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "$comment",
];
/// Keywords that are compared each in its own way, beside the limits.
const COMPARED: [&str; 14] = [
    "type",
    "description",
    "nullable",
    "enum",
    "const",
    "anyOf",
    "allOf",
    "properties",
    "required",
    "items",
    "additionalProperties",
    "unevaluatedProperties",
    "prefixItems",
    "patternProperties",
];

fn names<'a>(values: impl Iterator<Item = &'a Value>) -> String {
    let values: Vec<_> = values.map(literal).collect();
    list(&values, "and")
}
