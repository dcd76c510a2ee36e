//! The event as a tool's input: types first, with the path of the misfit, then constraints, all
//! that are broken at once.

mod constraints;
mod json;
mod misfit;
mod place;

use std::cell::Cell;

use serde_json::Value;
use serde_path_to_error::{Path, Segment};
use tools::Tool;

use self::misfit::Misfit;
use crate::ToolError;

/// Reads `event` as the input of `I`, or says which argument does not fit and what would.
pub(crate) fn parse<I: Tool>(event: &Value) -> Result<I, ToolError> {
    let tool = I::NAME;
    if !event.is_object() {
        return Err(invalid(format!(
            "the arguments of `{tool}` are {}: expected an object",
            misfit::kind(event)
        )));
    }
    let buffered = Cell::new(false);
    let arguments = json::Arguments {
        value: event,
        buffered: &buffered,
    };
    let input: I = serde_path_to_error::deserialize(arguments).map_err(|error| {
        let misfit = Misfit {
            path: shown(error.path()),
            value: value_at(event, error.path()),
            buffered: buffered.get(),
        };
        broken(tool, &misfit.describe(&error.into_inner().to_string()))
    })?;
    constraints::check(&input, event).map_err(|all| broken(tool, &all))?;
    Ok(input)
}

fn broken(tool: &str, what: &str) -> ToolError {
    invalid(format!("the arguments of `{tool}` do not fit: {what}"))
}

/// The path as the caller's JSON has it; empty at the top.
fn shown(path: &Path) -> String {
    match path.to_string() {
        top if top == "." => String::new(),
        path => path,
    }
}

fn value_at<'a>(event: &'a Value, path: &Path) -> Option<&'a Value> {
    path.iter().try_fold(event, |value, step| match step {
        Segment::Seq { index } => value.get(index),
        Segment::Map { key } => value.get(key),
        _ => Some(value),
    })
}

/// The event as JSON. Lambda's limits hold for its size (6 MB), serde_json's for its depth (128).
pub(crate) fn read(event: &[u8]) -> Result<Value, ToolError> {
    serde_json::from_slice(event)
        .map_err(|error| invalid(format!("the event is not valid JSON: {error}")))
}

fn invalid(message: String) -> ToolError {
    ToolError::new("invalid_arguments", message)
}

#[cfg(test)]
mod tests;
