//! The tools of a target as the model sees them.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::finding::Finding;
use crate::view::{Item, TARGET, View, listed, text};

const TOOLS: [&str; 5] = [
    "TargetConfiguration",
    "Mcp",
    "Lambda",
    "ToolSchema",
    "InlinePayload",
];
/// Amazon Bedrock's Converse takes names of this length.
const LONGEST_NAME: usize = 64;

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for target in view.of_kind(TARGET) {
        let name = target.text(&["Name"]).unwrap_or_default();
        let mut seen = BTreeSet::new();
        for (index, tool) in target.list(&TOOLS).iter().enumerate() {
            let index = index.to_string();
            let path: Vec<&str> = TOOLS.into_iter().chain([index.as_str()]).collect();
            let own = tool.get("Name").and_then(text).unwrap_or_default();
            let full = format!("{name}___{own}");
            let mut error = |check, what: String, remedy: &str| {
                findings.push(view.error(check, target, &path, what, remedy));
            };
            if full.chars().count() > LONGEST_NAME && !full.contains("${") {
                error(
                    "tool-name",
                    format!(
                        "`{full}` is longer than the {LONGEST_NAME} characters that models take"
                    ),
                    "shorten the name of the tool or the target",
                );
            }
            let odd = |c: char| !c.is_ascii_alphanumeric() && !"_-".contains(c);
            if own.contains(odd) {
                error(
                    "tool-name",
                    format!("`{own}` holds more than letters, digits, `_` and `-`"),
                    "rename the tool",
                );
            }
            if !seen.insert(own.clone()) {
                error(
                    "tool-name",
                    format!("the target has two tools `{own}`"),
                    "rename one of them",
                );
            }
            if let Some(schema) = tool.get("InputSchema") {
                let mut wrong = Vec::new();
                if schema.get("Type").and_then(Value::as_str) != Some("object") {
                    wrong.push(("the input is no object".to_owned(), "write `Type: object`"));
                }
                input(schema, "", &mut wrong, 0);
                for (what, remedy) in wrong {
                    let finding = view.error(
                        "tool-input",
                        target,
                        &path,
                        format!("`{own}`: {what}"),
                        remedy,
                    );
                    let vague = remedy == DESCRIBE;
                    let mut finding = if vague { finding.warning() } else { finding };
                    // Several fields of one tool are several findings.
                    finding.path = format!(
                        "{}: {}",
                        finding.path,
                        what.split('`').nth(1).unwrap_or_default()
                    );
                    findings.push(finding);
                }
            }
        }
    }
    findings
}

const DESCRIBE: &str = "say what it is, with an example: the model knows nothing else of it";

/// Walks an input schema.
fn input(schema: &Value, at: &str, wrong: &mut Vec<(String, &'static str)>, depth: usize) {
    if depth > 50 {
        return;
    }
    let none = serde_json::Map::new();
    let properties = schema
        .get("Properties")
        .and_then(Value::as_object)
        .unwrap_or(&none);
    for required in listed(schema.get("Required")) {
        if !properties.contains_key(&required) {
            wrong.push((
                format!("`{at}{required}` is required and not among the properties"),
                "declare it or take it out of Required",
            ));
        }
    }
    for (name, property) in properties {
        let path = format!("{at}{name}");
        if at.is_empty() && property.get("Description").is_none() {
            wrong.push((format!("`{path}` has no description"), DESCRIBE));
        }
        input(property, &format!("{path}."), wrong, depth + 1);
    }
    if let Some(items) = schema.get("Items") {
        input(
            items,
            &format!("{}[].", at.trim_end_matches('.')),
            wrong,
            depth + 1,
        );
    }
}

/// The names of a target's tools that stand in the template.
pub(super) fn names(target: &Item<'_>) -> Vec<String> {
    let tools = target.list(&TOOLS).iter();
    tools
        .filter_map(|tool| tool.get("Name").and_then(text))
        .collect()
}
