//! Whether descriptions are there, say when to use a tool, and say something of their own.

use std::collections::HashMap;

use super::{each_field, name_words};
use crate::definition::{SchemaDefinition, Shape, ToolDefinition};
use crate::finding::{Finding, source};
use crate::targets::Lowered;
use crate::words::code;

pub(super) fn tool(name: &str, tool: &ToolDefinition, findings: &mut Vec<Finding>) {
    if tool.description.is_empty() {
        findings.push(Finding::new(
            name,
            "has no description",
            source::PRACTICE,
            "say in `Tool::DESCRIPTION` what the tool does and when to use it",
        ));
    } else if repeats(&tool.description, &tool.name) {
        findings.push(
            Finding::new(
                name,
                "the description only repeats the tool's name",
                source::PRACTICE,
                "say in `Tool::DESCRIPTION` what the tool does and when to use it",
            )
            .warning(),
        );
    } else if !says_when(&tool.description) {
        findings.push(
            Finding::new(
                name,
                "the description does not say when to use the tool",
                source::PRACTICE,
                "add a sentence such as \"Use this when ..\" or \"Use this to ..\" to \
                 `Tool::DESCRIPTION`",
            )
            .warning(),
        );
    }
    let schemas = [
        ("input", Some(&tool.input)),
        ("output", tool.output.as_ref()),
    ];
    for (path, schema) in schemas {
        if let Some(schema) = schema {
            fields(name, path, schema, &tool.description, findings);
        }
    }
}

/// Tools that one text describes: the model cannot choose between them.
pub(super) fn copied_tools(targets: &[Lowered], findings: &mut Vec<Finding>) {
    let mut seen: HashMap<String, String> = HashMap::new();
    for target in targets {
        for tool in target.tools.iter().filter(|t| !t.description.is_empty()) {
            let name = target.prefixed(&tool.name);
            let Some(first) = seen.get(&folded(&tool.description)) else {
                seen.insert(folded(&tool.description), name);
                continue;
            };
            findings.push(
                Finding::new(
                    name,
                    format!("has the same description as {}", code(first)),
                    source::PRACTICE,
                    "say what tells the two tools apart",
                )
                .warning(),
            );
        }
    }
}

fn fields(
    tool: &str,
    path: &str,
    schema: &SchemaDefinition,
    of_tool: &str,
    findings: &mut Vec<Finding>,
) {
    each_field(path, schema, &mut |path, name, field| {
        if field.doc.is_empty() && field.sentences.is_empty() {
            findings.push(
                Finding::new(
                    tool,
                    "has no description",
                    source::PRACTICE,
                    "write a doc comment on the field that says what to put there",
                )
                .at(path),
            );
        } else if repeats(&field.doc, name) {
            findings.push(
                Finding::new(
                    tool,
                    "the description only repeats the field's name",
                    source::PRACTICE,
                    "say what to put there: what it means, in which unit or form, with an example",
                )
                .at(path)
                .warning(),
            );
        } else if folded(&field.doc) == folded(of_tool) {
            findings.push(copied(tool, path, "has the tool's description"));
        }
    });
    copied_fields(tool, path, schema, findings);
}

/// Two fields side by side with one text. A type that is used twice has its texts twice; that is
/// no copy.
fn copied_fields(tool: &str, path: &str, schema: &SchemaDefinition, findings: &mut Vec<Finding>) {
    match &schema.shape {
        Shape::Array(items) => copied_fields(tool, &format!("{path}[]"), items, findings),
        Shape::Object(fields) => {
            let mut seen: HashMap<String, &str> = HashMap::new();
            for (name, field) in &fields.properties {
                let path = format!("{path}.{name}");
                let text = folded(&field.doc);
                if let Some(first) = seen.get(&text) {
                    let rule = format!("has the same description as {}", code(first));
                    findings.push(copied(tool, &path, &rule));
                } else if !text.is_empty() {
                    seen.insert(text, name);
                }
                copied_fields(tool, &path, field, findings);
            }
        }
        Shape::String | Shape::Number | Shape::Integer | Shape::Boolean => {}
    }
}

fn copied(tool: &str, path: &str, rule: &str) -> Finding {
    Finding::new(
        tool,
        rule,
        source::PRACTICE,
        "say what belongs into this field and not into the other",
    )
    .at(path)
    .warning()
}

/// Whether a description gives an occasion: "Use this when ..", "useful for ..", "call it to ..".
fn says_when(description: &str) -> bool {
    let words = words(description);
    let one = ["use", "useful", "when", "whenever", "instead"];
    let two = [["call", "this"], ["call", "it"]];
    words.iter().any(|word| one.contains(&word.as_str()))
        || words
            .windows(2)
            .any(|pair| two.iter().any(|two| pair == two))
}

/// Whether a text holds no word beyond those of the name.
fn repeats(text: &str, name: &str) -> bool {
    let mut said = words(text);
    said.retain(|word| !["a", "an", "the", "of", "to", "its"].contains(&word.as_str()));
    let name = name_words(name);
    !said.is_empty() && said.iter().all(|word| name.contains(word))
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// For comparing: case, spaces and the last period do not matter.
fn folded(text: &str) -> String {
    words(text).join(" ")
}
