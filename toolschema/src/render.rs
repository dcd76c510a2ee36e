//! Definitions as JSON values, in the spelling that each reader expects.
//!
//! The keys of the dialect change with the spelling; the names of fields never do.

use serde_json::{Map, Value, json};

use crate::definition::{SchemaDefinition, Shape, ToolDefinition};

/// How the keys of the dialect are spelt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// `InputSchema`, `Type`: CloudFormation.
    Pascal,
    /// `inputSchema`, `type`: the AgentCore API (boto3, the AWS CLI) and MCP.
    Camel,
}

impl Spelling {
    fn key(self, camel: &str) -> String {
        match self {
            Self::Camel => camel.to_owned(),
            Self::Pascal => {
                let mut letters = camel.chars();
                letters
                    .next()
                    .map(|first| first.to_ascii_uppercase())
                    .into_iter()
                    .chain(letters)
                    .collect()
            }
        }
    }
}

/// A tool as `ToolDefinition`.
pub fn tool(tool: &ToolDefinition, spelling: Spelling) -> Value {
    let mut map = Map::new();
    map.insert(spelling.key("name"), json!(tool.name));
    map.insert(spelling.key("description"), json!(tool.description));
    map.insert(spelling.key("inputSchema"), schema(&tool.input, spelling));
    if let Some(output) = &tool.output {
        map.insert(spelling.key("outputSchema"), schema(output, spelling));
    }
    Value::Object(map)
}

/// A target's tools as `InlinePayload`.
pub fn inline_payload(tools: &[ToolDefinition], spelling: Spelling) -> Value {
    let tools: Vec<_> = tools.iter().map(|one| tool(one, spelling)).collect();
    let mut map = Map::new();
    map.insert(spelling.key("inlinePayload"), Value::Array(tools));
    Value::Object(map)
}

/// A tool as MCP's tools/list shows it, with the target's prefix.
pub fn mcp_tool(target: &str, definition: &ToolDefinition) -> Value {
    let mut value = tool(definition, Spelling::Camel);
    if let Some(name) = value.get_mut("name") {
        *name = json!(format!("{target}___{}", definition.name));
    }
    value
}

/// A schema as `SchemaDefinition`.
pub fn schema(definition: &SchemaDefinition, spelling: Spelling) -> Value {
    let mut map = Map::new();
    map.insert(spelling.key("type"), json!(definition.shape.name()));
    if let Some(description) = definition.description() {
        map.insert(spelling.key("description"), json!(description));
    }
    match &definition.shape {
        Shape::Array(items) => {
            map.insert(spelling.key("items"), schema(items, spelling));
        }
        Shape::Object(fields) => {
            if !fields.properties.is_empty() {
                let properties: Map<_, _> = fields
                    .properties
                    .iter()
                    .map(|(name, field)| (name.clone(), schema(field, spelling)))
                    .collect();
                map.insert(spelling.key("properties"), Value::Object(properties));
            }
            if !fields.required.is_empty() {
                map.insert(spelling.key("required"), json!(fields.required));
            }
        }
        Shape::String | Shape::Number | Shape::Integer | Shape::Boolean => {}
    }
    Value::Object(map)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::Fields;

    #[test]
    fn keys_inside_properties_keep_their_case_in_every_spelling() {
        let names = ["type", "Type", "camelCase", "UPPER-x", "items", "é"];
        let text = || SchemaDefinition::of(Shape::String);
        let mut fields = Fields::default();
        for name in names {
            fields.properties.push((name.to_owned(), text()));
            fields.required.push(name.to_owned());
        }
        let input = SchemaDefinition::of(Shape::Object(fields));
        let tool = ToolDefinition {
            name: "t".to_owned(),
            description: "Does it".to_owned(),
            output: Some(SchemaDefinition::of(Shape::Array(Box::new(input.clone())))),
            input,
        };
        let pascal = super::tool(&tool, Spelling::Pascal);
        for (schema, properties, required) in [
            (&pascal["InputSchema"], "Properties", "Required"),
            (&pascal["OutputSchema"]["Items"], "Properties", "Required"),
            (
                &mcp_tool("T", &tool)["inputSchema"],
                "properties",
                "required",
            ),
            (
                &super::tool(&tool, Spelling::Camel)["outputSchema"]["items"],
                "properties",
                "required",
            ),
        ] {
            let keys: Vec<_> = schema[properties].as_object().unwrap().keys().collect();
            assert_eq!(keys, names);
            assert_eq!(schema[required], json!(names));
        }
    }
}
