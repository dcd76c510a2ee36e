//! Tagged enums: one object with the fields of all variants, and a description that tells which
//! variant takes which.

use serde_json::{Map, Value};

use super::{Lowering, expand::Group};
use crate::definition::{Fields, SchemaDefinition, Shape};
use crate::words::{self, code};

/// A variant in the dialect.
struct Variant {
    /// The tag's value, marked.
    value: String,
    doc: String,
    sentences: Vec<String>,
    /// Its fields, without the tag.
    fields: Fields,
}

/// A schema that a field has in the variant of this (marked) value.
type InVariant = (String, SchemaDefinition);

impl Lowering<'_> {
    /// Adds the variants' fields to `base`, which holds the fields that are always there.
    pub(super) fn variants(
        &mut self,
        mut base: SchemaDefinition,
        group: &Group,
        path: &str,
    ) -> Option<SchemaDefinition> {
        let (tag, variants) = self.read(group, path)?;
        let Shape::Object(fields) = &mut base.shape else {
            return self.refuse_alternatives(path);
        };

        let mut selector = SchemaDefinition::of(Shape::String);
        "Which variant this is".clone_into(&mut selector.doc);
        let values: Vec<_> = variants.iter().map(|v| v.value.clone()).collect();
        selector.remarks.push(match values.as_slice() {
            [one] => format!("always {one}"),
            several => format!("one of {}", several.join(", ")),
        });
        self.add(fields, tag.clone(), selector, !group.optional, path)?;

        let marked = code(&tag);
        let objects: Vec<_> = variants
            .iter()
            .map(|v| (v.value.clone(), &v.fields))
            .collect();
        let mut united = self.unite_fields(&marked, &objects, path)?;
        // An adjacently tagged enum has no place for a doc comment on its content.
        if let [(_, content)] = united.properties.as_mut_slice()
            && content.doc.is_empty()
            && content.sentences.is_empty()
        {
            "What the variant holds".clone_into(&mut content.doc);
        }
        for (name, field) in united.properties {
            let required = !group.optional && united.required.contains(&name);
            self.add(fields, name, field, required, path)?;
        }
        for variant in variants {
            let mut sentence = format!("{marked} {}", variant.value);
            let doc = variant.doc.trim_end_matches('.');
            if !doc.is_empty() {
                sentence.push_str(&format!(" ({doc})"));
            }
            sentence.push_str(&format!(" takes {}.", takes(&variant.fields)));
            base.sentences.push(sentence);
            base.sentences.extend(variant.sentences);
        }
        Some(base)
    }

    /// The tag's name, and the variants.
    fn read(&mut self, group: &Group, path: &str) -> Option<(String, Vec<Variant>)> {
        let entered = self.active.len();
        let mut tags: Vec<Map<String, Value>> = Vec::new();
        for alternative in &group.alternatives {
            let expanded = self.expand(alternative, path);
            self.active.truncate(entered);
            tags.push(candidates(&expanded?.keywords));
        }
        let Some(tag) = common(&tags) else {
            return self.refuse_alternatives(path);
        };
        // All of them before the first `?`, so that every variant's findings are told.
        let lowered: Vec<_> = group
            .alternatives
            .iter()
            .map(|alternative| self.lower(alternative, path))
            .collect();
        let mut variants = Vec::new();
        for (lowered, tags) in lowered.into_iter().zip(tags) {
            let definition = lowered?.definition;
            let Shape::Object(mut fields) = definition.shape else {
                return self.refuse_alternatives(path);
            };
            fields.properties.retain(|(name, _)| *name != tag);
            fields.required.retain(|name| *name != tag);
            variants.push(Variant {
                value: code(tags.get(&tag).and_then(Value::as_str).unwrap_or_default()),
                doc: definition.doc,
                sentences: definition.sentences,
                fields,
            });
        }
        Some((tag, variants))
    }

    fn add(
        &mut self,
        fields: &mut Fields,
        name: String,
        field: SchemaDefinition,
        required: bool,
        path: &str,
    ) -> Option<()> {
        match fields.get(&name) {
            Some(same) if same.shape != field.shape => {
                return self.refuse(
                    &format!("{path}.{name}"),
                    "is declared twice, with different types, by a struct and a flattened enum",
                    "rename one of the two fields",
                );
            }
            Some(_) => {}
            None => fields.properties.push((name.clone(), field)),
        }
        if required && !fields.requires(&name) {
            fields.required.push(name);
        }
        Some(())
    }

    /// The fields of several objects as one: those that all of them require are required.
    fn unite_fields(
        &mut self,
        tag: &str,
        objects: &[(String, &Fields)],
        path: &str,
    ) -> Option<Fields> {
        let mut united = Fields::default();
        for (name, _) in objects.iter().flat_map(|(_, fields)| &fields.properties) {
            if united.get(name).is_some() {
                continue;
            }
            let holders: Vec<InVariant> = objects
                .iter()
                .filter_map(|(value, fields)| Some((value.clone(), fields.get(name)?.clone())))
                .collect();
            let values: Vec<_> = holders.iter().map(|(value, _)| value.clone()).collect();
            let mut field = self.unite(tag, holders, &format!("{path}.{name}"))?;
            if values.len() < objects.len() {
                field
                    .remarks
                    .push(format!("only with {tag} {}", words::list(&values, "or")));
            }
            if objects.iter().all(|(_, fields)| fields.requires(name)) {
                united.required.push(name.clone());
            }
            united.properties.push((name.clone(), field));
        }
        Some(united)
    }

    /// One schema for a field that several variants have.
    fn unite(&mut self, tag: &str, parts: Vec<InVariant>, path: &str) -> Option<SchemaDefinition> {
        let (_, first) = parts.first()?;
        if parts.iter().all(|(_, part)| part == first) {
            return Some(first.clone());
        }
        let mut united = SchemaDefinition::of(self.unite_shapes(tag, &parts, path)?);
        let same_doc = parts.iter().all(|(_, part)| part.doc == first.doc);
        if same_doc {
            united.doc.clone_from(&first.doc);
        }
        for (value, mut part) in parts {
            if same_doc {
                part.doc.clear();
            }
            let mut says: Vec<_> = part.description().into_iter().collect();
            if let Shape::Object(fields) = &part.shape {
                says.push(takes(fields));
            }
            if !says.is_empty() {
                let says = says.join("; takes ");
                united.sentences.push(format!("With {tag} {value}: {says}"));
            }
        }
        Some(united)
    }

    fn unite_shapes(&mut self, tag: &str, parts: &[InVariant], path: &str) -> Option<Shape> {
        let (value, first) = parts.first()?;
        if let Some((other, part)) = parts
            .iter()
            .find(|(_, part)| part.shape.name() != first.shape.name())
        {
            let rule = format!(
                "has the type {} with {tag} {value} and {} with {tag} {other}, and the dialect has \
                 one type per field",
                code(first.shape.name()),
                code(part.shape.name()),
            );
            return self.refuse(
                path,
                rule,
                "give the field a name of its own in each variant (`#[serde(rename = ..)]`), with \
                 an internally tagged enum",
            );
        }
        match &first.shape {
            Shape::Array(_) => {
                let items: Vec<InVariant> = parts
                    .iter()
                    .filter_map(|(value, part)| match &part.shape {
                        Shape::Array(items) => Some((value.clone(), (**items).clone())),
                        _ => None,
                    })
                    .collect();
                let items = self.unite(tag, items, &format!("{path}[]"))?;
                Some(Shape::Array(Box::new(items)))
            }
            Shape::Object(_) => {
                let objects: Vec<_> = parts
                    .iter()
                    .filter_map(|(value, part)| match &part.shape {
                        Shape::Object(fields) => Some((value.clone(), fields)),
                        _ => None,
                    })
                    .collect();
                self.unite_fields(tag, &objects, path).map(Shape::Object)
            }
            scalar => Some(scalar.clone()),
        }
    }
}

/// The tag that tells all alternatives apart, and its value in each.
pub(crate) fn tag_of(alternatives: &[Value]) -> Option<(String, Vec<String>)> {
    let tags: Vec<_> = alternatives
        .iter()
        .map(|alternative| alternative.as_object().map(candidates))
        .collect::<Option<_>>()?;
    let tag = common(&tags)?;
    let value = |tags: &Map<String, Value>| tags.get(&tag)?.as_str().map(str::to_owned);
    let values = tags.iter().map(value).collect::<Option<_>>()?;
    Some((tag, values))
}

/// The required fields that have exactly one value, with that value.
fn candidates(keywords: &Map<String, Value>) -> Map<String, Value> {
    let mut candidates = Map::new();
    let required = keywords.get("required").and_then(Value::as_array);
    if let Some(Value::Object(properties)) = keywords.get("properties") {
        for (name, schema) in properties {
            let value = schema.get("const").or_else(|| match schema.get("enum") {
                Some(Value::Array(choices)) if choices.len() == 1 => choices.first(),
                _ => None,
            });
            let is_required = required.is_some_and(|names| names.iter().any(|n| n == name));
            if let Some(value) = value
                && value.is_string()
                && is_required
            {
                candidates.insert(name.clone(), value.clone());
            }
        }
    }
    candidates
}

/// The first field that tells all alternatives apart.
fn common(alternatives: &[Map<String, Value>]) -> Option<String> {
    let tells_apart = |name: &&String| {
        let values: Vec<_> = alternatives.iter().filter_map(|a| a.get(*name)).collect();
        let mut earlier = Vec::new();
        values.len() == alternatives.len()
            && values.into_iter().all(|value| {
                let new = !earlier.contains(&value);
                earlier.push(value);
                new
            })
    };
    alternatives.first()?.keys().find(tells_apart).cloned()
}

/// "`radius`, optionally `label`"
fn takes(fields: &Fields) -> String {
    let (required, optional): (Vec<_>, Vec<_>) = fields
        .properties
        .iter()
        .map(|(name, _)| name)
        .partition(|name| fields.requires(name));
    let quoted = |names: Vec<&String>| {
        let names: Vec<_> = names.into_iter().map(|name| code(name)).collect();
        words::list(&names, "and")
    };
    match (required.is_empty(), optional.is_empty()) {
        (true, true) => "no other field".to_owned(),
        (false, true) => quoted(required),
        (true, false) => format!("optionally {}", quoted(optional)),
        (false, false) => format!("{}, optionally {}", quoted(required), quoted(optional)),
    }
}
