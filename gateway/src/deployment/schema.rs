//! Inline tool schemas: CloudFormation's PascalCase back into JSON Schema.

use serde_json::{Map, Value, json};

use super::Problem;
use crate::mcp::Tool;

/// The tools of an `InlinePayload`.
pub(super) fn tools(payload: &Value, at: &[&str]) -> Result<Vec<Tool>, Vec<Problem>> {
    let problem = |message: String| Problem::at(at, message);
    let Some(items) = payload.as_array() else {
        return Err(vec![problem("expected a list of tools".to_owned())]);
    };
    let mut problems = Vec::new();
    let mut tools = Vec::new();
    for (index, item) in items.iter().enumerate() {
        match tool(item) {
            Ok(tool) => tools.push(tool),
            Err(message) => problems.push(problem(format!("tool {}: {message}", index + 1))),
        }
    }
    if problems.is_empty() {
        Ok(tools)
    } else {
        Err(problems)
    }
}

fn tool(item: &Value) -> Result<Tool, String> {
    let text = |key: &str| {
        let value = item.get(key).and_then(Value::as_str);
        value
            .map(str::to_owned)
            .ok_or_else(|| format!("`{key}` is missing"))
    };
    let input = item.get("InputSchema").ok_or("`InputSchema` is missing")?;
    Ok(Tool {
        name: text("Name")?,
        description: text("Description")?,
        input_schema: schema(input)?,
        output_schema: item.get("OutputSchema").map(schema).transpose()?,
    })
}

/// A `SchemaDefinition` has five keys; the keys inside `Properties` are the tool's own.
fn schema(definition: &Value) -> Result<Map<String, Value>, String> {
    let definition = definition.as_object().ok_or("a schema is not a map")?;
    let mut schema = Map::new();
    for (key, value) in definition {
        let (key, value) = match key.as_str() {
            "Type" => ("type", value.clone()),
            "Description" => ("description", value.clone()),
            "Required" => ("required", value.clone()),
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
