//! `toolschema print`.

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use toolschema::render::{self, Spelling};
use toolschema::{targets, template};

use crate::{Failure, has_errors, report, say, usage};

#[derive(Args)]
pub(crate) struct Print {
    /// For whom
    #[arg(long, value_enum, default_value_t = Format::Cloudformation)]
    format: Format,
    /// Only this target; needed when there are several, except for mcp
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// Only this tool, by its name without the target's prefix
    #[arg(long, value_name = "NAME")]
    tool: Option<String>,
    /// Prints output schemas too
    #[arg(long)]
    output_schemas: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// YAML for a GatewayTarget's ToolSchema
    Cloudformation,
    /// JSON for the AgentCore API: boto3, the AWS CLI
    Api,
    /// JSON as MCP's tools/list shows it
    Mcp,
}

pub(crate) fn print(options: &Print) -> Result<(), Failure> {
    let (mut targets, findings) = targets::lower_all(targets::ALL, options.output_schemas);
    if has_errors(&findings) {
        return Err(Failure::Differs(report(findings)));
    }
    if let Some(name) = &options.target {
        targets.retain(|target| target.name == *name);
        if targets.is_empty() {
            return Err(usage(format!(
                "no target is called `{name}`; known: {}",
                names()
            )));
        }
    }
    if let Some(name) = &options.tool {
        for target in &mut targets {
            target.tools.retain(|tool| tool.name == *name);
        }
        targets.retain(|target| !target.tools.is_empty());
        if targets.is_empty() {
            return Err(usage(format!("no tool is called `{name}`")));
        }
    }
    if options.format == Format::Mcp {
        let tools: Vec<_> = targets
            .iter()
            .flat_map(|target| {
                target
                    .tools
                    .iter()
                    .map(|tool| render::mcp_tool(target.name, tool))
            })
            .collect();
        return say_json(&json!({ "tools": tools }));
    }
    let [target] = targets.as_slice() else {
        return Err(usage(format!(
            "say which target with --target; known: {}",
            names()
        )));
    };
    match (
        options.format,
        options.tool.is_some(),
        target.tools.as_slice(),
    ) {
        (Format::Api, true, [tool]) => say_json(&render::tool(tool, Spelling::Camel)),
        (Format::Api, ..) => say_json(&render::inline_payload(&target.tools, Spelling::Camel)),
        _ => say(&(template::lines(target).join("\n") + "\n")),
    }
}

fn names() -> String {
    let names: Vec<_> = targets::ALL
        .iter()
        .map(|target| format!("`{}`", target.name))
        .collect();
    names.join(", ")
}

fn say_json(value: &Value) -> Result<(), Failure> {
    say(&format!("{value:#}\n"))
}
