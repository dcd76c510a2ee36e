//! JSON Schema as schemars writes it (draft 2020-12) into the Gateway's dialect.
//!
//! The one place where a type's full schema becomes what AWS takes. What the dialect cannot carry
//! (choices, ranges, formats, defaults) goes into the description in plain words, and the function
//! enforces it, because the Gateway does not. What cannot be told at all becomes a [`Finding`] with
//! advice. The passes: [`expand`] resolves references, `allOf` and nulls; then this file chooses
//! the type and hands on to [`object`], [`variants`], [`array`] or [`choices`].
//!
//! A field that may be null is a field that is not required; an explicit null, which serde takes,
//! is not in the dialect.

mod array;
mod choices;
mod expand;
mod object;
mod remarks;
mod resolved;
#[cfg(test)]
mod tests;
mod variants;

use serde_json::{Map, Value};
use tools::Definition;

use crate::definition::{SchemaDefinition, Shape, ToolDefinition};
use crate::finding::{Finding, source};
use crate::words;
use expand::Expanded;

pub(crate) use resolved::resolved;
pub(crate) use variants::tag_of;

/// How deep schemas may nest. AWS names no limit; a person stops understanding long before.
const MAX_DEPTH: usize = 64;
/// How many schemas one tool may hold once all references are inlined: more cannot fit into the
/// 1 MB of a target's inline schema, and types that fan out double with each level.
const MAX_NODES: usize = 20_000;

/// Lowers a tool, called `Target___tool` in findings; the output schema only if asked for.
///
/// # Errors
/// All problems of the tool.
pub fn tool(
    target: &str,
    definition: &Definition,
    with_output: bool,
) -> Result<ToolDefinition, Vec<Finding>> {
    let tool = format!("{target}___{}", definition.name);
    let input = root(&tool, "input", definition.input.as_value());
    let output = if with_output {
        root(&tool, "output", definition.output.as_value()).map(Some)
    } else {
        Ok(None)
    };
    match (input, output) {
        (Ok(input), Ok(output)) => Ok(ToolDefinition {
            name: definition.name.to_owned(),
            description: words::unwrap(definition.description),
            input,
            output,
        }),
        (input, output) => {
            let mut findings = input.err().unwrap_or_default();
            findings.extend(output.err().unwrap_or_default());
            Err(findings)
        }
    }
}

/// Lowers one whole schema document; `path` names it in findings.
///
/// # Errors
/// All problems of the schema.
pub fn root(tool: &str, path: &str, schema: &Value) -> Result<SchemaDefinition, Vec<Finding>> {
    let mut lowering = Lowering::new(tool, path, schema);
    let lowered = lowering.lower(schema, path);
    if let Some(lowered) = &lowered
        && !matches!(lowered.definition.shape, Shape::Object(_))
    {
        lowering.refuse::<()>(
            path,
            format!("is {}, not an object", words::schema(&lowered.definition)),
            "make the type a struct with named fields",
        );
    }
    match lowered {
        Some(lowered) if lowering.findings.is_empty() => {
            let mut definition = lowered.definition;
            // The type's own doc comment is for readers of the code: beside the tool's description
            // the model gains nothing from "Input of ..".
            definition.doc.clear();
            Ok(definition)
        }
        _ => {
            // A variant is read twice, for its tag and for its fields.
            let mut findings: Vec<Finding> = Vec::new();
            for finding in lowering.findings {
                if !findings.contains(&finding) {
                    findings.push(finding);
                }
            }
            Err(findings)
        }
    }
}

/// A schema in the dialect, and whether null was accepted too.
struct Lowered {
    definition: SchemaDefinition,
    nullable: bool,
}

/// One schema document on its way into the dialect.
struct Lowering<'a> {
    tool: &'a str,
    document: &'a Value,
    findings: Vec<Finding>,
    /// The references that lead to where we are, with the path at which each was entered.
    active: Vec<(String, String)>,
    depth: usize,
    nodes: usize,
}

impl<'a> Lowering<'a> {
    fn new(tool: &'a str, path: &str, document: &'a Value) -> Self {
        Self {
            tool,
            document,
            findings: Vec::new(),
            active: vec![("#".to_owned(), path.to_owned())],
            depth: 0,
            nodes: 0,
        }
    }

    /// Lowers the schema at `path`; `None` after a finding.
    fn lower(&mut self, schema: &Value, path: &str) -> Option<Lowered> {
        let entered = self.active.len();
        let lowered = self.nested(path, |this| {
            let expanded = this.expand(schema, path)?;
            this.shape(expanded, path)
        });
        self.active.truncate(entered);
        lowered
    }

    /// Runs `inner` one level deeper, unless that is too deep or the tool too large.
    fn nested<T>(&mut self, path: &str, inner: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            // Once: everything after it is too large as well.
            if self.nodes == MAX_NODES + 1 {
                self.refuse::<()>(
                    path,
                    format!(
                        "the schema has more than {MAX_NODES} parts once references are inlined"
                    ),
                    "split the tool, or take nested data as text",
                );
            }
            return None;
        }
        if self.depth >= MAX_DEPTH {
            return self.refuse(
                path,
                format!("nests deeper than {MAX_DEPTH} levels"),
                "flatten the type",
            );
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn shape(&mut self, expanded: Expanded, path: &str) -> Option<Lowered> {
        self.refuse_inexpressible(&expanded.keywords, path);
        let nullable = expanded.nullable == Some(true);
        let doc = expanded
            .keywords
            .get("description")
            .and_then(Value::as_str)
            .map(words::unwrap)
            .unwrap_or_default();
        let remarks = remarks::of(&expanded.keywords);

        let mut definition = if let Some(choices) = choices::of(&expanded) {
            self.choices(choices, path)?
        } else {
            match self.kind(&expanded, path)? {
                "object" => self.object(&expanded, path)?,
                "array" => self.array(&expanded.keywords, path)?,
                "string" => SchemaDefinition::of(Shape::String),
                "number" => SchemaDefinition::of(Shape::Number),
                "integer" => SchemaDefinition::of(Shape::Integer),
                "boolean" => SchemaDefinition::of(Shape::Boolean),
                "null" => {
                    return self.refuse(
                        path,
                        "is always null, which the dialect has no type for",
                        "remove the field, or give it a type that carries something",
                    );
                }
                other => {
                    return self.refuse(
                        path,
                        format!(
                            "has the type {}, which the dialect has not",
                            words::code(other)
                        ),
                        "use string, number, integer, boolean, an array or an object",
                    );
                }
            }
        };
        definition.doc = doc;
        definition.remarks.extend(remarks);
        Some(Lowered {
            definition,
            nullable,
        })
    }

    /// The one type of the schema: said, or clear from what else it says.
    fn kind<'e>(&mut self, expanded: &'e Expanded, path: &str) -> Option<&'e str> {
        let keywords = &expanded.keywords;
        let has = |keys: &[&str]| keys.iter().any(|key| keywords.contains_key(*key));
        match keywords.get("type") {
            Some(Value::String(kind)) => {
                if !expanded.groups.is_empty() && kind != "object" {
                    return self.refuse_alternatives(path);
                }
                Some(kind)
            }
            Some(_) => self.refuse(
                path,
                "accepts values of several types",
                "choose one type; for one of several objects use a tagged enum \
                 (`#[serde(tag = \"kind\")]`)",
            ),
            None if !expanded.groups.is_empty()
                || has(&["properties", "additionalProperties", "patternProperties"]) =>
            {
                Some("object")
            }
            None if has(&["items", "prefixItems"]) => Some("array"),
            None => self.refuse(
                path,
                "accepts any JSON value, and the dialect has no type for that",
                "name the fields that you expect in a struct, take free keys as \
                 `HashMap<String, _>`, or take JSON text as a String",
            ),
        }
    }

    fn refuse_alternatives<T>(&mut self, path: &str) -> Option<T> {
        self.refuse(
            path,
            "is one of several types that no tag tells apart (an untagged or externally tagged \
             enum), and the dialect has no alternatives",
            "put `#[serde(tag = \"kind\")]` on the enum, or use a struct with optional fields",
        )
    }

    /// Keywords that narrow a schema in a way that no short sentence tells.
    fn refuse_inexpressible(&mut self, keywords: &Map<String, Value>, path: &str) {
        const INEXPRESSIBLE: [&str; 12] = [
            "not",
            "if",
            "then",
            "else",
            "dependentRequired",
            "dependentSchemas",
            "contains",
            "minContains",
            "maxContains",
            "propertyNames",
            "$dynamicRef",
            "$recursiveRef",
        ];
        for keyword in INEXPRESSIBLE {
            if keywords.contains_key(keyword) {
                self.refuse::<()>(
                    path,
                    format!("uses the keyword {}", words::code(keyword)),
                    "say it in the doc comment, check it in the function, and drop the keyword",
                );
            }
        }
    }

    fn refuse<T>(
        &mut self,
        path: &str,
        rule: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Option<T> {
        self.findings
            .push(Finding::new(self.tool, rule, source::DIALECT, remedy).at(path));
        None
    }
}
