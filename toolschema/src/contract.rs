//! What a tool takes and answers, in full, and what a change of it means to those who call it.
//!
//! The definition that the model reads tells choices, ranges and lengths in words; a contract keeps
//! them as JSON Schema keywords (draft 2020-12, references inlined), so that two states of a type
//! can be compared.

mod compare;
mod limits;
mod read;

use std::fmt;

use serde_json::{Value, json};
use tools::Definition;

use crate::{lower, words};

pub use compare::changes;

/// A tool's contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// The tool's name without the target's prefix.
    pub tool: String,
    /// `name`, `description`, `inputSchema`, `outputSchema`.
    pub value: Value,
}

impl Contract {
    /// What the types say. A schema that cannot be written without references (a recursive output)
    /// stays as schemars made it.
    pub fn of(definition: &Definition) -> Self {
        let schema = |schema: &Value| {
            let mut resolved = lower::resolved(schema).unwrap_or_else(|_| schema.clone());
            if let Some(map) = resolved.as_object_mut() {
                // The types' own doc comments are for readers of the code (see `lower::root`).
                map.shift_remove("description");
            }
            resolved
        };
        Self {
            tool: definition.name.to_owned(),
            value: json!({
                "name": definition.name,
                "description": words::unwrap(definition.description),
                "inputSchema": schema(definition.input.as_value()),
                "outputSchema": schema(definition.output.as_value()),
            }),
        }
    }
}

/// What a change does to those who call the tool as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// A call that was right may be refused now, or an answer lacks what it held.
    Breaking,
    /// Calls and answers go on.
    Harmless,
}

/// One difference between two contracts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it does.
    pub effect: Effect,
    /// Where, such as `input.sections[].heading`; empty for the tool as a whole.
    pub path: String,
    /// What is different, in words that follow the path.
    pub what: String,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let effect = match self.effect {
            Effect::Breaking => "breaking",
            Effect::Harmless => "harmless",
        };
        match self.path.as_str() {
            "" => write!(f, "{effect}: {}", self.what),
            path => write!(f, "{effect}: `{path}` {}", self.what),
        }
    }
}

#[cfg(test)]
mod tests;
