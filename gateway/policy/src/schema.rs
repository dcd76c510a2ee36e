//! The Cedar schema that AgentCore makes of a gateway's tools.
//!
//! Made by `cedar-policy-mcp-schema-generator`, the crate that AWS names as its reference, with
//! objects as records and numbers as decimals. On top of it each target is an action that its
//! tools belong to (AgentCore guide, "Policy scope": a target as an action group).

use cedar_policy::{Schema, SchemaFragment};
use cedar_policy_mcp_schema_generator::{SchemaGenerator, SchemaGeneratorConfig};
use mcp_tools_sdk::description::ServerDescription;
use serde_json::{Map, Value, json};

use crate::finding::{Finding, Severity};
use crate::names::Names;
use crate::shape::Record;

/// A tool as the gateway lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolSchema {
    /// The name with its target, `Target___tool`.
    pub name: String,
    /// What the tool does.
    pub description: String,
    /// The JSON Schema of its arguments.
    pub input_schema: Map<String, Value>,
}

/// What every gateway has, whatever its tools.
const STUB: &str = r#"namespace AgentCore {
  @mcp_principal("OAuthUser")
  entity OAuthUser = { id: String } tags String;
  @mcp_principal("IamEntity")
  entity IamEntity = { id: String };
  @mcp_principal("UnauthenticatedUser")
  entity UnauthenticatedUser;
  @mcp_resource("Gateway")
  entity Gateway;
  @mcp_context("system")
  type SystemContext = { now: datetime };
  action Mcp;
  @mcp_action("CallTool")
  action CallTool in [Mcp];
}
"#;

/// The groups that every tool's action is in.
pub(crate) const GROUPS: [&str; 2] = ["CallTool", "Mcp"];

/// What is made of a gateway's tools.
pub(crate) struct Generated {
    pub(crate) schema: Schema,
    /// The schema as Cedar writes it.
    pub(crate) text: String,
    /// The arguments of each tool, in the order of the tools.
    pub(crate) arguments: Vec<Record>,
}

/// The target of a tool `Target___tool`.
pub(crate) fn target(tool: &str) -> Option<&str> {
    let (target, _) = tool.split_once("___")?;
    (!target.is_empty() && !GROUPS.contains(&target)).then_some(target)
}

/// Makes the schema of all tools, or says which tools no schema can be made of.
pub(crate) fn generate(tools: &[ToolSchema]) -> Result<Generated, Vec<Finding>> {
    let mut seen = std::collections::HashSet::new();
    let twice: Vec<_> = tools
        .iter()
        .filter(|tool| !seen.insert(&tool.name))
        .collect();
    if !twice.is_empty() {
        let finding = |tool: &&ToolSchema| {
            about_tool(
                &tool.name,
                "is listed twice",
                "list each tool once".to_owned(),
            )
        };
        return Err(twice.iter().map(finding).collect());
    }
    make(tools).map_err(|problem| {
        let culprits: Vec<_> = tools
            .iter()
            .filter_map(|tool| Some((tool, make(std::slice::from_ref(tool)).err()?)))
            .map(|(tool, problem)| {
                about_tool(&tool.name, "has no place in a Cedar schema", problem)
            })
            .collect();
        if culprits.is_empty() {
            vec![about_tool("*", "have no common Cedar schema", problem)]
        } else {
            culprits
        }
    })
}

fn about_tool(tool: &str, message: &str, remedy: String) -> Finding {
    Finding {
        policy: None,
        severity: Severity::Error,
        at: None,
        message: format!("tool `{tool}` {message}"),
        remedy,
    }
}

fn make(tools: &[ToolSchema]) -> Result<Generated, String> {
    let arguments: Vec<Record> = tools
        .iter()
        .map(|tool| Record::of(&tool.input_schema))
        .collect();
    let mut names = Names::default();
    let descriptions: Vec<Value> = tools
        .iter()
        .zip(&arguments)
        .map(|(tool, arguments)| {
            let name = names.tool(&tool.name);
            json!({"name": name, "inputSchema": arguments.for_generator(&mut names)})
        })
        .collect();
    let server = ServerDescription::from_json_str(&Value::Array(descriptions).to_string())
        .map_err(|error| error.to_string())?;

    let config = SchemaGeneratorConfig::default()
        .objects_as_records(true)
        .encode_numbers_as_decimal(true);
    let mut generator = SchemaGenerator::from_cedarschema_str_with_config(STUB, config)
        .map_err(|error| error.to_string())?;
    generator
        .add_actions_from_server_description(&server)
        .map_err(|error| error.to_string())?;

    let mut made = serde_json::to_value(generator.get_schema()).map_err(|e| e.to_string())?;
    put_names_back(&mut made, &names);
    add_targets(&mut made, tools);
    let schema = Schema::from_json_value(made.clone()).map_err(|error| error.to_string())?;
    let text = SchemaFragment::from_json_value(made)
        .map_err(|error| error.to_string())?
        .to_cedarschema()
        .map_err(|error| error.to_string())?;
    Ok(Generated {
        schema,
        text,
        arguments,
    })
}

fn put_names_back(schema: &mut Value, names: &Names) {
    for namespace in schema.as_object_mut().into_iter().flat_map(Map::values_mut) {
        if let Some(actions) = namespace.get_mut("actions").and_then(Value::as_object_mut) {
            rename(actions, |name| names.tool_behind(name));
        }
        let types = namespace
            .get_mut("commonTypes")
            .and_then(Value::as_object_mut);
        for made in types.into_iter().flat_map(Map::values_mut) {
            if let Some(attributes) = made.get_mut("attributes").and_then(Value::as_object_mut) {
                rename(attributes, |name| names.property_behind(name));
            }
        }
    }
}

fn rename<'a>(map: &mut Map<String, Value>, behind: impl Fn(&str) -> Option<&'a str>) {
    *map = std::mem::take(map)
        .into_iter()
        .map(|(name, value)| (behind(&name).map_or(name.clone(), str::to_owned), value))
        .collect();
}

fn add_targets(schema: &mut Value, tools: &[ToolSchema]) {
    let Some(actions) = schema
        .get_mut("AgentCore")
        .and_then(|namespace| namespace.get_mut("actions"))
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    for tool in tools {
        let Some(target) = target(&tool.name) else {
            continue;
        };
        if let Some(action) = actions.get_mut(&tool.name).and_then(Value::as_object_mut) {
            action.insert(
                "memberOf".to_owned(),
                json!([{"id": "CallTool"}, {"id": target}]),
            );
        }
        actions
            .entry(target)
            .or_insert_with(|| json!({"memberOf": [{"id": "CallTool"}]}));
    }
}
