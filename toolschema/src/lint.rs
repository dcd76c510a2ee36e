//! AWS's limits and the habits that matter, checked before AWS does.

use crate::definition::{SchemaDefinition, Shape, ToolDefinition};
use crate::finding::{Finding, source};
use crate::render::{self, Spelling};
use crate::targets::Lowered;
use crate::words::code;

/// Tools per target.
const MAX_TOOLS: usize = 1_000;
/// Bytes of a target's inline schema.
const MAX_INLINE: usize = 1_000_000;
/// Characters of a tool's name with the target's name and `___` before it.
const MAX_PREFIXED: usize = 64;
/// Letters and digits of a target's name, hyphens not counted.
const MAX_TARGET_NAME: usize = 100;

/// All findings on a target and its tools.
pub fn target(target: &Lowered) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find =
        |tool: String, path: &str, rule: String, source: &'static str, remedy: String| {
            findings.push(Finding {
                tool,
                path: path.to_owned(),
                rule,
                source,
                remedy,
            });
        };
    let name = target.name.to_owned();
    if !is_target_name(target.name) {
        find(
            name.clone(),
            "",
            format!("{} is no name for a target", code(target.name)),
            source::TARGET_NAME,
            format!(
                "use 1 to {MAX_TARGET_NAME} letters and digits, with single hyphens between them"
            ),
        );
    }
    if target.tools.len() > MAX_TOOLS {
        find(
            name.clone(),
            "",
            format!("has {} tools, {MAX_TOOLS} are allowed", target.tools.len()),
            source::QUOTAS,
            "spread them over several targets".to_owned(),
        );
    }
    let size = render::inline_payload(&target.tools, Spelling::Camel)
        .to_string()
        .len();
    if size > MAX_INLINE {
        find(
            name,
            "",
            format!("the inline schema has {size} bytes, {MAX_INLINE} are allowed"),
            source::QUOTAS,
            "shorten descriptions, or spread the tools over several targets".to_owned(),
        );
    }
    for tool in &target.tools {
        tool_findings(target.name, tool, &mut find);
    }
    findings
}

type Find<'a> = dyn FnMut(String, &str, String, &'static str, String) + 'a;

fn tool_findings(target: &str, tool: &ToolDefinition, find: &mut Find<'_>) {
    let prefixed = format!("{target}___{}", tool.name);
    let length = prefixed.chars().count();
    if tool.name.is_empty() || !tool.name.chars().all(is_tool_letter) {
        find(
            prefixed.clone(),
            "",
            format!("{} is no name for a tool", code(&tool.name)),
            source::TOOL_NAME,
            "use letters, digits, `_` and `-`".to_owned(),
        );
    }
    if length > MAX_PREFIXED {
        find(
            prefixed.clone(),
            "",
            format!(
                "the name with its target's prefix has {length} characters, {MAX_PREFIXED} are allowed"
            ),
            source::TOOL_NAME,
            format!("shorten it by {}", length - MAX_PREFIXED),
        );
    }
    if tool.description.is_empty() {
        find(
            prefixed.clone(),
            "",
            "has no description".to_owned(),
            source::PRACTICE,
            "say in `Tool::DESCRIPTION` what the tool does and when to use it".to_owned(),
        );
    }
    undescribed(&prefixed, "input", &tool.input, find);
    if let Some(output) = &tool.output {
        undescribed(&prefixed, "output", output, find);
    }
}

fn undescribed(tool: &str, path: &str, schema: &SchemaDefinition, find: &mut Find<'_>) {
    match &schema.shape {
        Shape::Array(items) => undescribed(tool, &format!("{path}[]"), items, find),
        Shape::Object(fields) => {
            for (name, field) in &fields.properties {
                let path = format!("{path}.{name}");
                if field.doc.is_empty() && field.sentences.is_empty() {
                    find(
                        tool.to_owned(),
                        &path,
                        "has no description".to_owned(),
                        source::PRACTICE,
                        "write a doc comment on the field that says what to put there".to_owned(),
                    );
                }
                undescribed(tool, &path, field, find);
            }
        }
        Shape::String | Shape::Number | Shape::Integer | Shape::Boolean => {}
    }
}

/// `([0-9a-zA-Z][-]?){1,100}`: no hyphen first, no two in a row.
fn is_target_name(name: &str) -> bool {
    let letters = name.chars().filter(|c| *c != '-').count();
    (1..=MAX_TARGET_NAME).contains(&letters)
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && !name.starts_with('-')
        && !name.contains("--")
}

fn is_tool_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::Fields;

    fn tool(name: &str, description: &str, field: Option<(&str, &str)>) -> ToolDefinition {
        let mut fields = Fields::default();
        if let Some((name, doc)) = field {
            let mut schema = SchemaDefinition::of(Shape::String);
            schema.doc = doc.to_owned();
            fields.properties.push((name.to_owned(), schema));
        }
        ToolDefinition {
            name: name.to_owned(),
            description: description.to_owned(),
            input: SchemaDefinition::of(Shape::Object(fields)),
            output: None,
        }
    }

    fn rules(name: &'static str, tools: Vec<ToolDefinition>) -> Vec<String> {
        target(&Lowered { name, tools })
            .into_iter()
            .map(|f| f.rule)
            .collect()
    }

    #[test]
    fn a_target_within_the_limits_has_no_findings() {
        let longest = "t".repeat(64 - "Report-Tools2___".len());
        assert_eq!(
            rules(
                "Report-Tools2",
                vec![tool(&longest, "Does it.", Some(("a", "A field")))]
            ),
            [""; 0]
        );
    }

    #[test]
    fn each_broken_limit_is_found() {
        for name in ["", "-a", "a--b", "a_b", "a b", "é"] {
            let rules = rules(name, vec![]);
            assert!(
                rules[0].ends_with("is no name for a target"),
                "{name}: {rules:?}"
            );
        }
        let long = "t".repeat(65 - "T___".len());
        let found = rules(
            "T",
            vec![
                tool("a.b", "d", None),
                tool(&long, "d", None),
                tool("c", "", Some(("x", ""))),
            ],
        );
        assert_eq!(
            found,
            [
                "`a.b` is no name for a tool",
                "the name with its target's prefix has 65 characters, 64 are allowed",
                "has no description",
                "has no description",
            ]
        );
    }

    #[test]
    fn too_many_tools_and_too_many_bytes_are_found() {
        let tools = vec![tool("t", &"d".repeat(1_000), None); 1_001];
        let found = rules("T", tools);
        assert_eq!(found[0], "has 1001 tools, 1000 are allowed");
        assert!(found[1].starts_with("the inline schema has "), "{found:?}");
    }
}
