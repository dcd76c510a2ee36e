//! Inline tool schemas: CloudFormation's PascalCase back into JSON Schema.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::Problem;
use crate::mcp::Tool;

/// The keys of a `ToolDefinition`.
const KEYS: [&str; 4] = ["Name", "Description", "InputSchema", "OutputSchema"];
/// What a `SchemaDefinition` may describe.
const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// The tools of an `InlinePayload`.
pub(super) fn tools(payload: &Value, at: &[&str]) -> Result<Vec<Tool>, Vec<Problem>> {
    let Some(items) = payload.as_array() else {
        return Err(vec![Problem::at(at, "expected a list of tools")]);
    };
    let mut problems = Vec::new();
    let mut tools = Vec::new();
    let mut names = BTreeSet::new();
    for (index, item) in items.iter().enumerate() {
        let mut problem = |message| {
            let index = index.to_string();
            problems.push(Problem::at(&[at, &[&index]].concat(), message));
        };
        match tool(item) {
            Ok(tool) if !names.insert(tool.name.clone()) => {
                problem(format!(
                    "another tool of the target is named `{}`",
                    tool.name
                ));
            }
            Ok(tool) => tools.push(tool),
            Err(message) => problem(message),
        }
    }
    if problems.is_empty() {
        Ok(tools)
    } else {
        Err(problems)
    }
}

fn tool(item: &Value) -> Result<Tool, String> {
    let entries = item.as_object().ok_or("a tool is a map")?;
    if let Some(odd) = entries.keys().find(|key| !KEYS.contains(&key.as_str())) {
        let keys = KEYS.join(", ");
        return Err(format!("`{odd}` is no key of a tool: only {keys} are"));
    }
    let text = |key: &str| {
        let value = item.get(key).and_then(Value::as_str);
        value
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .ok_or_else(|| format!("`{key}` is missing"))
    };
    let within = |key: &'static str| move |message: String| format!("in its `{key}`, {message}");
    let input = item.get("InputSchema").ok_or("`InputSchema` is missing")?;
    let output = item.get("OutputSchema").map(schema).transpose();
    Ok(Tool {
        name: text("Name")?,
        description: text("Description")?,
        input_schema: schema(input).map_err(within("InputSchema"))?,
        output_schema: output.map_err(within("OutputSchema"))?,
    })
}

/// A `SchemaDefinition` has five keys; the keys inside `Properties` are the tool's own.
fn schema(definition: &Value) -> Result<Map<String, Value>, String> {
    let definition = definition.as_object().ok_or("a schema is not a map")?;
    let mut schema = Map::new();
    for (key, value) in definition {
        let (key, value) = match key.as_str() {
            "Type" => ("type", kind(value)?),
            "Description" if value.is_string() => ("description", value.clone()),
            "Description" => return Err("`Description` is not text".to_owned()),
            "Required" => ("required", required(value)?),
            "Items" => ("items", Value::Object(self::schema(value)?)),
            "Properties" => {
                let properties = value.as_object().ok_or("`Properties` is not a map")?;
                let lowered = properties
                    .iter()
                    .map(|(name, value)| Ok((name.clone(), Value::Object(self::schema(value)?))));
                (
                    "properties",
                    lowered.collect::<Result<Map<_, _>, String>>()?.into(),
                )
            }
            other => {
                return Err(format!(
                    "`{other}` is no key of a schema: only Type, Properties, Required, Items and Description are"
                ));
            }
        };
        schema.insert(key.to_owned(), value);
    }
    schema.entry("type").or_insert_with(|| json!("object"));
    Ok(schema)
}

fn kind(value: &Value) -> Result<Value, String> {
    match value.as_str() {
        Some(kind) if TYPES.contains(&kind) => Ok(value.clone()),
        _ => Err(format!("the type {value} is none of {}", TYPES.join(", "))),
    }
}

fn required(value: &Value) -> Result<Value, String> {
    let names = value
        .as_array()
        .filter(|names| names.iter().all(Value::is_string));
    match names {
        Some(_) => Ok(value.clone()),
        None => Err("`Required` is not a list of names".to_owned()),
    }
}
