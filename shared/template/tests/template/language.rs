//! `docs/template-language.md`: each of its examples gives what stands beside it.

use serde_json::{Value, json};
use template::{Environment, Reference, Template};

const DOCUMENT: &str = include_str!("../../../../docs/template-language.md");

/// A fenced block: what stands after the fence, and the text inside.
struct Block {
    line: usize,
    kind: &'static str,
    text: String,
}

fn blocks() -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut inside = false;
    for (index, line) in DOCUMENT.lines().enumerate() {
        match line.strip_prefix("```") {
            Some(_) if inside => inside = false,
            Some(kind) => {
                inside = true;
                let (line, text) = (index + 2, String::new());
                blocks.push(Block { line, kind, text });
            }
            None if inside => {
                if let Some(block) = blocks.last_mut() {
                    block.text += line;
                    block.text.push('\n');
                }
            }
            None => {}
        }
    }
    blocks
}

/// The expressions of a list, each with what it gives.
fn examples(block: &Block) -> Vec<(String, String)> {
    let mut examples: Vec<(String, String)> = Vec::new();
    let mut expression = String::new();
    for line in block.text.lines() {
        let line = match line.strip_prefix("- ") {
            Some(first) => first,
            None => line.trim_start_matches("  "),
        };
        match line.rsplit_once("# ") {
            Some((last, expected)) => {
                let whole = expression.clone() + last.trim_end();
                examples.push((whole, expected.to_owned()));
                expression.clear();
            }
            // One deeper than the property that it stands in.
            None => expression += &format!("{line}\n        "),
        }
    }
    assert!(expression.is_empty(), "{expression} is without a value");
    examples
}

/// What the gateway knows of these resources.
fn known(reference: Reference<'_>) -> Option<Value> {
    let id = reference.logical_id;
    Some(json!(match (reference.kind, reference.attribute) {
        ("AWS::Serverless::Function", Some("Arn")) =>
            format!("arn:aws:lambda:us-east-1:123456789012:function:{id}"),
        ("AWS::IAM::Role", Some("Arn")) => format!("arn:aws:iam::123456789012:role/{id}"),
        ("AWS::Lambda::Url", Some("FunctionUrl")) => {
            let id = id.to_lowercase();
            format!("https://{id}-local.lambda-url.us-east-1.on.aws/")
        }
        (_, None) => id.to_owned(),
        _ => return None,
    }))
}

/// The resources' properties, or the condition `Example`; or what is wrong.
fn evaluated(source: &str) -> Result<(Value, Option<bool>), String> {
    let template = Template::parse(source).map_err(|errors| errors.to_string())?;
    let resolved = template
        .resolve(&Environment::default(), &known)
        .map_err(|errors| errors.to_string())?;
    let condition = resolved.conditions.get("Example").copied();
    let mut properties = serde_json::Map::new();
    for (id, resource) in resolved.resources {
        let value = resource.properties.map_err(|errors| errors.to_string())?;
        properties.insert(id, value);
    }
    Ok((properties.into(), condition))
}

/// Checks one example; what is different, if anything.
fn difference(setting: &str, kind: &str, expression: &str, expected: &str) -> Option<String> {
    let source = match kind {
        "yaml condition" => setting.replace(
            "Resources:\n",
            &format!("  Example: {expression}\nResources:\n"),
        ),
        _ => {
            let transform = match kind {
                "yaml extended" => "Transform: AWS::LanguageExtensions\n",
                _ => "",
            };
            format!(
                "{transform}{setting}  R:\n    Type: X::Y::Z\n    Properties:\n      V: {expression}\n"
            )
        }
    };
    let actual = evaluated(&source);
    let fits = match (&actual, expected.split_at(expected.len().min(2))) {
        (Err(errors), ("! ", message)) => errors.lines().any(|error| error.ends_with(message)),
        (Ok((_, Some(held))), ("= ", value)) => held.to_string() == value,
        (Ok((all, None)), ("= ", value)) => {
            let value: Option<Value> = serde_json::from_str(value).ok();
            value.is_some() && all.pointer("/R/V") == value.as_ref()
        }
        (Ok((all, None)), _) if expected == "removed" => all.get("R") == Some(&json!({})),
        _ => false,
    };
    (!fits).then(|| format!("{expression}\n  expected {expected}\n  got      {actual:?}"))
}

#[test]
fn each_example_of_the_document_gives_what_stands_beside_it() {
    let blocks = blocks();
    let setting = blocks.iter().find(|block| block.kind == "yaml setting");
    let setting = &setting.unwrap().text;
    let mut different = Vec::new();
    let mut count = 0;
    for (block, next) in blocks.iter().zip(blocks.iter().skip(1)) {
        match block.kind {
            "yaml" | "yaml condition" | "yaml extended" => {
                for (expression, expected) in examples(block) {
                    count += 1;
                    let found = difference(setting, block.kind, &expression, &expected);
                    different.extend(found.map(|found| format!("line {}: {found}", block.line)));
                }
            }
            "yaml template" => {
                count += 1;
                let actual = evaluated(&block.text);
                let fits = match (&actual, next.kind) {
                    (Ok((value, _)), "json") => {
                        *value == serde_json::from_str::<Value>(&next.text).unwrap()
                    }
                    (Err(errors), "text") => errors.trim() == next.text.trim(),
                    _ => false,
                };
                if !fits {
                    different.push(format!("line {}: got {actual:?}", block.line));
                }
            }
            "yaml setting" | "json" | "text" => {}
            odd => panic!("line {}: a block of the kind `{odd}`", block.line),
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert!(count > 100, "only {count} examples");
}
