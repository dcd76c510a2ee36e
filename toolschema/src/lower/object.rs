//! Structs and maps.

use serde_json::Value;

use super::{Lowering, expand::Expanded};
use crate::definition::{Fields, SchemaDefinition, Shape};
use crate::words;

impl Lowering<'_> {
    pub(super) fn object(&mut self, expanded: &Expanded, path: &str) -> Option<SchemaDefinition> {
        let required: Vec<&str> = match expanded.keywords.get("required") {
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let mut fields = Fields::default();
        let mut complete = true;
        if let Some(Value::Object(properties)) = expanded.keywords.get("properties") {
            for (name, schema) in properties {
                let Some(lowered) = self.lower(schema, &format!("{path}.{name}")) else {
                    complete = false;
                    continue;
                };
                if required.contains(&name.as_str()) && !lowered.nullable {
                    fields.required.push(name.clone());
                }
                fields.properties.push((name.clone(), lowered.definition));
            }
        }
        let sentences = self.free_keys(expanded, path);
        let mut definition = SchemaDefinition::of(Shape::Object(fields));
        definition.sentences = sentences?;
        let closed = ["additionalProperties", "unevaluatedProperties"]
            .into_iter()
            .any(|key| expanded.keywords.get(key) == Some(&Value::Bool(false)));
        if closed && !expanded.keywords.contains_key("patternProperties") {
            definition.remarks.push("no other keys".to_owned());
        }
        if !complete {
            return None;
        }
        for group in &expanded.groups {
            definition = self.variants(definition, group, path)?;
        }
        if let Shape::Object(fields) = &definition.shape {
            let typeless = required.into_iter().find(|name| fields.get(name).is_none());
            if let Some(name) = typeless {
                return self.refuse(
                    path,
                    format!("requires {} but gives it no type", words::code(name)),
                    "declare the field",
                );
            }
        }
        Some(definition)
    }

    /// What the dialect cannot say of a map: its keys, and the type of its values.
    fn free_keys(&mut self, expanded: &Expanded, path: &str) -> Option<Vec<String>> {
        let keywords = &expanded.keywords;
        let mut sentences = Vec::new();
        let values_path = format!("{path}.*");
        if let Some(Value::Object(patterns)) = keywords.get("patternProperties") {
            for (pattern, values) in patterns {
                let keys = match pattern.as_str() {
                    r"^\d+$" => "Each key is a whole number from 0".to_owned(),
                    r"^-?\d+$" => "Each key is a whole number".to_owned(),
                    other => format!(
                        "Each key that matches the regular expression {} is free",
                        words::code(other)
                    ),
                };
                let values = self.values(values, &values_path)?;
                sentences.push(format!("{keys}, its value {values}"));
            }
        }
        let open = ["additionalProperties", "unevaluatedProperties"]
            .into_iter()
            .find_map(|key| keywords.get(key))
            .filter(|values| **values != Value::Bool(false));
        if let Some(values) = open {
            let known = keywords.contains_key("properties") || !expanded.groups.is_empty();
            let values = self.values(values, &values_path)?;
            sentences.push(if known {
                format!("Other keys are free, the value of each {values}")
            } else {
                format!("Each key is a free name, its value {values}")
            });
        }
        Some(sentences)
    }

    fn values(&mut self, schema: &Value, path: &str) -> Option<String> {
        let any =
            *schema == Value::Bool(true) || schema.as_object().is_some_and(|map| map.is_empty());
        if any {
            return Some("any JSON".to_owned());
        }
        let lowered = self.lower(schema, path)?;
        Some(words::schema(&lowered.definition))
    }
}
