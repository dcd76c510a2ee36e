//! References, `allOf` and nulls resolved: one level of a schema as plain keywords.

use serde_json::{Map, Value, map::Entry};

use super::Lowering;
use crate::words;

/// One level of a schema, with nothing left to look up.
#[derive(Default)]
pub(super) struct Expanded {
    /// All keywords but `$ref`, `allOf`, `oneOf` and `anyOf`; `type` without null.
    pub(super) keywords: Map<String, Value>,
    /// What was in `oneOf` and `anyOf`: each group must be met by one of its alternatives.
    pub(super) groups: Vec<Group>,
    /// Whether null is accepted; `None` where nothing says so.
    pub(super) nullable: Option<bool>,
}

/// Alternatives, none of them null.
pub(super) struct Group {
    pub(super) alternatives: Vec<Value>,
    /// Whether none of them need be met, as with a flattened `Option` of an enum.
    pub(super) optional: bool,
}

impl Lowering<'_> {
    /// Expands one level. References that it enters stay on `self.active`, for the caller to leave
    /// once the fields are lowered too.
    pub(super) fn expand(&mut self, schema: &Value, path: &str) -> Option<Expanded> {
        self.nested(path, |this| match schema {
            Value::Bool(true) => Some(Expanded::default()),
            Value::Object(map) => this.expand_map(map, path),
            _ => this.refuse(
                path,
                "accepts no value at all",
                "remove the field, or use a type that has values",
            ),
        })
    }

    fn expand_map(&mut self, map: &Map<String, Value>, path: &str) -> Option<Expanded> {
        let mut expanded = Expanded::default();
        for (key, value) in map {
            if !matches!(key.as_str(), "$ref" | "allOf" | "oneOf" | "anyOf" | "$defs") {
                expanded.keywords.insert(key.clone(), value.clone());
            }
        }
        expanded.take_nulls();

        if let Some(reference) = map.get("$ref") {
            let target = self.enter(reference, path)?;
            let inner = self.expand(&target, path)?;
            self.merge(&mut expanded, inner, path);
        }
        for member in map
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let inner = self.expand(member, path)?;
            self.merge(&mut expanded, inner, path);
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(alternatives) = map.get(key).and_then(Value::as_array) {
                let inner = self.alternatives(alternatives, path)?;
                self.merge(&mut expanded, inner, path);
            }
        }
        Some(expanded)
    }

    /// `[T, null]` is T, nullable; `[T, {}]` is a flattened option; everything else is a group.
    fn alternatives(&mut self, alternatives: &[Value], path: &str) -> Option<Expanded> {
        let mut real: Vec<_> = alternatives.iter().filter(|a| !is_null(a)).collect();
        let nullable = real.len() < alternatives.len();
        let some = real.len();
        real.retain(|alternative| alternative.as_object().is_none_or(|map| !map.is_empty()));
        let optional = real.len() < some;

        let mut expanded = match real.as_slice() {
            [] if nullable => {
                let mut null = Expanded::default();
                null.keywords.insert("type".to_owned(), "null".into());
                null
            }
            [] => Expanded::default(),
            [one] => self.expand(one, path)?,
            several => Expanded {
                groups: vec![Group {
                    alternatives: several.iter().map(|one| (*one).clone()).collect(),
                    optional: false,
                }],
                ..Expanded::default()
            },
        };
        if nullable {
            expanded.nullable = Some(true);
        }
        if optional {
            expanded.keywords.remove("required");
            for group in &mut expanded.groups {
                group.optional = true;
            }
        }
        Some(expanded)
    }

    /// Looks a reference up, and refuses it if it leads back to where we came from.
    fn enter(&mut self, reference: &Value, path: &str) -> Option<Value> {
        let reference = reference.as_str().unwrap_or_default();
        let name = self.type_name(reference);
        if let Some((_, first)) = self.active.iter().find(|(active, _)| active == reference) {
            let rule = format!(
                "contains itself: {name} at `{first}` has another {name} at `{path}`, and the \
                 dialect has no references"
            );
            return self.refuse(
                path,
                rule,
                "nest a fixed number of levels, or take a flat list whose items name their parent",
            );
        }
        let Some(target) = pointer(reference).and_then(|pointer| self.document.pointer(&pointer))
        else {
            return self.refuse(
                path,
                format!(
                    "refers to {}, which is not in the schema",
                    words::code(reference)
                ),
                "refer to a type in `$defs`",
            );
        };
        let target = target.clone();
        self.active.push((reference.to_owned(), path.to_owned()));
        Some(target)
    }

    /// What a reference names, for people.
    fn type_name(&self, reference: &str) -> String {
        let pointer = pointer(reference).unwrap_or_else(|| reference.to_owned());
        match pointer.rsplit_once('/') {
            Some((_, name)) => words::code(&name.replace("~1", "/").replace("~0", "~")),
            None => match self.document.get("title").and_then(Value::as_str) {
                Some(title) => words::code(title),
                None => "the type".to_owned(),
            },
        }
    }

    /// Adds what `inner` says. Where both say something the outer one wins if it only describes,
    /// and both must hold if it constrains.
    fn merge(&mut self, outer: &mut Expanded, inner: Expanded, path: &str) {
        outer.groups.extend(inner.groups);
        outer.nullable = match (outer.nullable, inner.nullable) {
            (Some(a), Some(b)) => Some(a && b),
            (a, b) => a.or(b),
        };
        for (key, value) in inner.keywords {
            let mut entry = match outer.keywords.entry(key) {
                Entry::Vacant(entry) => {
                    entry.insert(value);
                    continue;
                }
                Entry::Occupied(entry) if *entry.get() == value => continue,
                Entry::Occupied(entry) => entry,
            };
            let key = entry.key().to_owned();
            match (key.as_str(), entry.get_mut(), value) {
                (
                    "properties" | "patternProperties",
                    Value::Object(ours),
                    Value::Object(theirs),
                ) => {
                    for (name, schema) in theirs {
                        both(ours, name, schema);
                    }
                }
                ("required", Value::Array(ours), Value::Array(theirs)) => {
                    for name in theirs {
                        if !ours.contains(&name) {
                            ours.push(name);
                        }
                    }
                }
                ("type", Value::String(ours), Value::String(theirs))
                    if matches!(
                        (ours.as_str(), theirs.as_str()),
                        ("integer", "number") | ("number", "integer")
                    ) =>
                {
                    "integer".clone_into(ours);
                }
                (key, _, _) if constrains(key) => {
                    self.refuse::<()>(
                        path,
                        format!("is given two different values of {}", words::code(key)),
                        "keep one of them",
                    );
                }
                _ => {}
            }
        }
    }
}

impl Expanded {
    /// Takes null out of `type` and `enum`.
    fn take_nulls(&mut self) {
        if let Some(kind) = self.keywords.get_mut("type") {
            let mut nullable = false;
            if let Value::Array(kinds) = kind {
                let before = kinds.len();
                kinds.retain(|kind| kind != "null");
                nullable = kinds.len() < before;
                let single = match kinds.as_slice() {
                    [] => Some(Value::from("null")),
                    [one] => Some(one.clone()),
                    _ => None,
                };
                if let Some(single) = single {
                    *kind = single;
                }
            }
            self.nullable = Some(nullable);
        }
        if let Some(Value::Array(choices)) = self.keywords.get_mut("enum") {
            let before = choices.len();
            choices.retain(|choice| !choice.is_null());
            if choices.len() < before {
                self.nullable = Some(self.nullable.unwrap_or(true));
            }
        }
    }
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|kind| kind == "null")
        || schema.get("const").is_some_and(Value::is_null)
}

fn both(ours: &mut Map<String, Value>, name: String, schema: Value) {
    match ours.entry(name) {
        Entry::Vacant(entry) => {
            entry.insert(schema);
        }
        Entry::Occupied(mut entry) if *entry.get() != schema => {
            let own = entry.get_mut().take();
            entry.insert(serde_json::json!({ "allOf": [own, schema] }));
        }
        Entry::Occupied(_) => {}
    }
}

/// Whether a keyword narrows what is accepted, so that two values of it cannot be one.
fn constrains(keyword: &str) -> bool {
    matches!(
        keyword,
        "type"
            | "enum"
            | "const"
            | "format"
            | "pattern"
            | "minimum"
            | "maximum"
            | "exclusiveMinimum"
            | "exclusiveMaximum"
            | "multipleOf"
            | "minLength"
            | "maxLength"
            | "minItems"
            | "maxItems"
            | "minProperties"
            | "maxProperties"
            | "items"
            | "prefixItems"
    )
}

/// The JSON Pointer of a reference within the document (RFC 3986 fragment, RFC 6901).
fn pointer(reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#')?;
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}
