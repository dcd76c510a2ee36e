//! AWS's limits and the habits that matter, checked before AWS does.
//!
//! What AWS refuses, what is missing and what would leak is an error. A habit that is judged by a
//! rule of thumb is a warning, because the rule can be wrong.

mod descriptions;
mod secrets;

use crate::definition::{SchemaDefinition, Shape, ToolDefinition};
use crate::finding::{Finding, source};
use crate::render::{self, Spelling};
use crate::targets::Lowered;
use crate::words::code;

pub(crate) use secrets::find as secrets;

/// Tools per target.
const MAX_TOOLS: usize = 1_000;
/// Bytes of a target's inline schema.
const MAX_INLINE: usize = 1_000_000;
/// Characters of a tool's name with the target's name and `___` before it.
const MAX_PREFIXED: usize = 64;
/// Letters and digits of a target's name, hyphens not counted.
const MAX_TARGET_NAME: usize = 100;

/// All findings on the targets and their tools.
pub fn all(targets: &[Lowered]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for target in targets {
        limits(target, &mut findings);
        for tool in &target.tools {
            let name = target.prefixed(&tool.name);
            tool_name(&name, tool, &mut findings);
            descriptions::tool(&name, tool, &mut findings);
            secrets::find(&name, "input", &tool.input, &mut findings);
        }
    }
    descriptions::copied_tools(targets, &mut findings);
    findings
}

fn limits(target: &Lowered, findings: &mut Vec<Finding>) {
    if !is_target_name(target.name) {
        findings.push(Finding::new(
            target.name,
            format!("{} is no name for a target", code(target.name)),
            source::TARGET_NAME,
            format!(
                "use 1 to {MAX_TARGET_NAME} letters and digits, with single hyphens between them"
            ),
        ));
    }
    if target.tools.len() > MAX_TOOLS {
        findings.push(Finding::new(
            target.name,
            format!("has {} tools, {MAX_TOOLS} are allowed", target.tools.len()),
            source::QUOTAS,
            "spread them over several targets",
        ));
    }
    let size = render::inline_payload(&target.tools, Spelling::Camel)
        .to_string()
        .len();
    if size > MAX_INLINE {
        findings.push(Finding::new(
            target.name,
            format!("the inline schema has {size} bytes, {MAX_INLINE} are allowed"),
            source::QUOTAS,
            "shorten descriptions, or spread the tools over several targets",
        ));
    }
}

fn tool_name(prefixed: &str, tool: &ToolDefinition, findings: &mut Vec<Finding>) {
    if tool.name.is_empty() || !tool.name.chars().all(is_tool_letter) {
        findings.push(Finding::new(
            prefixed,
            format!("{} is no name for a tool", code(&tool.name)),
            source::TOOL_NAME,
            "use letters, digits, `_` and `-`",
        ));
    }
    let length = prefixed.chars().count();
    if length > MAX_PREFIXED {
        findings.push(Finding::new(
            prefixed,
            format!(
                "the name with its target's prefix has {length} characters, {MAX_PREFIXED} are allowed"
            ),
            source::TOOL_NAME,
            format!("shorten it by {}", length - MAX_PREFIXED),
        ));
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

/// Calls `visit` for each field at any depth, with its path and its name.
fn each_field<'a>(
    path: &str,
    schema: &'a SchemaDefinition,
    visit: &mut impl FnMut(&str, &'a str, &'a SchemaDefinition),
) {
    match &schema.shape {
        Shape::Array(items) => each_field(&format!("{path}[]"), items, visit),
        Shape::Object(fields) => {
            for (name, field) in &fields.properties {
                let path = format!("{path}.{name}");
                visit(&path, name, field);
                each_field(&path, field, visit);
            }
        }
        Shape::String | Shape::Number | Shape::Integer | Shape::Boolean => {}
    }
}

/// A name's words in lower case: `apiKey`, `api_key` and `APIKey` are `api`, `key`.
fn name_words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = vec![String::new()];
    for (i, letter) in letters.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|i| letters.get(i));
        let after = letters.get(i + 1);
        let begins = letter.is_uppercase()
            && (before.is_some_and(|c| !c.is_uppercase())
                || after.is_some_and(|c| c.is_lowercase()));
        if begins || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests;
