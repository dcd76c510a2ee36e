//! Enums of plain values: the value's type, with the choices in the description.

use serde_json::Value;

use super::{Lowering, expand::Expanded};
use crate::definition::{SchemaDefinition, Shape};
use crate::words::{self, literal};

/// A value that may be given, and what its author wrote about it.
pub(super) struct Choice {
    value: Value,
    doc: String,
}

/// The choices, if plain values are all that the schema accepts.
pub(super) fn of(expanded: &Expanded) -> Option<Vec<Choice>> {
    let listed = own(&Value::Object(expanded.keywords.clone()), false);
    match (listed, expanded.groups.as_slice()) {
        (Some(choices), []) => Some(choices),
        (None, [group]) if !group.optional => {
            let choices: Option<Vec<_>> = group.alternatives.iter().map(|a| own(a, true)).collect();
            Some(choices?.into_iter().flatten().collect())
        }
        _ => None,
    }
}

/// The choices that one schema lists in `const` or `enum`.
fn own(schema: &Value, with_doc: bool) -> Option<Vec<Choice>> {
    let doc = match schema.get("description").and_then(Value::as_str) {
        Some(doc) if with_doc => words::unwrap(doc),
        _ => String::new(),
    };
    let values = match (schema.get("const"), schema.get("enum")) {
        (Some(value), _) => vec![value.clone()],
        (None, Some(Value::Array(values))) => values.clone(),
        _ => return None,
    };
    Some(
        values
            .into_iter()
            .map(|value| Choice {
                value,
                doc: doc.clone(),
            })
            .collect(),
    )
}

impl Lowering<'_> {
    pub(super) fn choices(&mut self, choices: Vec<Choice>, path: &str) -> Option<SchemaDefinition> {
        let mut shapes = choices.iter().map(|choice| shape(&choice.value));
        let shape = match shapes.next() {
            Some(Some(first)) if shapes.all(|shape| shape.as_ref() == Some(&first)) => first,
            None => {
                return self.refuse(
                    path,
                    "accepts no value at all (an enum without variants)",
                    "remove the field, or give the enum variants",
                );
            }
            _ => {
                return self.refuse(
                    path,
                    "has choices that are not all texts, all numbers or all booleans",
                    "use an enum of unit variants",
                );
            }
        };
        let mut definition = SchemaDefinition::of(shape);
        let names: Vec<_> = choices
            .iter()
            .map(|Choice { value, doc }| match doc.trim_end_matches('.') {
                "" => literal(value),
                doc => format!("{} ({doc})", literal(value)),
            })
            .collect();
        if let [one] = names.as_slice() {
            definition.remarks.push(format!("always {one}"));
        } else if choices.iter().all(|choice| choice.doc.is_empty()) {
            definition
                .remarks
                .push(format!("one of {}", names.join(", ")));
        } else {
            definition
                .sentences
                .push(format!("One of {}", names.join(", ")));
        }
        Some(definition)
    }
}

fn shape(value: &Value) -> Option<Shape> {
    Some(match value {
        Value::String(_) => Shape::String,
        Value::Bool(_) => Shape::Boolean,
        Value::Number(number) if number.is_f64() => Shape::Number,
        Value::Number(_) => Shape::Integer,
        _ => return None,
    })
}
