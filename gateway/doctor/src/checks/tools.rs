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
                let mut at: Vec<_> = path.iter().map(ToString::to_string).collect();
                at.push("InputSchema".to_owned());
                let mut wrong = Vec::new();
                if schema.get("Type").and_then(Value::as_str) != Some("object") {
                    let what = format!("the input of `{own}` is no object");
                    wrong.push((at.clone(), what, "write `Type: object`"));
                }
                input(schema, &mut at, true, &mut wrong);
                for (at, what, remedy) in wrong {
                    let at: Vec<&str> = at.iter().map(String::as_str).collect();
                    let finding = view.error("tool-input", target, &at, what, remedy);
                    let vague = remedy == DESCRIBE;
                    findings.push(if vague { finding.warning() } else { finding });
                }
            }
        }
    }
    findings
}

const DESCRIBE: &str = "say what it is, with an example: the model knows nothing else of it";

/// What is wrong, and where.
type Wrong = (Vec<String>, String, &'static str);

/// Walks an input schema; only what stands at its `top` needs a description.
fn input(schema: &Value, at: &mut Vec<String>, top: bool, wrong: &mut Vec<Wrong>) {
    if at.len() > 100 {
        return;
    }
    let none = serde_json::Map::new();
    let properties = schema.get("Properties").and_then(Value::as_object);
    let properties = properties.unwrap_or(&none);
    for required in listed(schema.get("Required")) {
        if !properties.contains_key(&required) {
            let what = format!("`{required}` is required and not among the properties");
            let remedy = "declare it or take it out of Required";
            wrong.push((at.clone(), what, remedy));
        }
    }
    for (name, property) in properties {
        at.extend(["Properties".to_owned(), name.clone()]);
        if top && property.get("Description").is_none() {
            wrong.push((at.clone(), "has no description".to_owned(), DESCRIBE));
        }
        input(property, at, false, wrong);
        at.truncate(at.len() - 2);
    }
    if let Some(items) = schema.get("Items") {
        at.push("Items".to_owned());
        input(items, at, false, wrong);
        at.pop();
    }
}

/// The names of a target's tools that stand in the template.
pub(super) fn names(target: &Item<'_>) -> Vec<String> {
    let tools = target.list(&TOOLS).iter();
    tools
        .filter_map(|tool| tool.get("Name").and_then(text))
        .collect()
}
