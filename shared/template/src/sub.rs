//! `Fn::Sub`: text with `${Name}`, `${Resource.Attribute}` and `${!Literal}`.

use serde_json::Value;

use crate::error::{Errors, Path};
use crate::evaluate::{Evaluation, scalar_text};
use crate::yaml::Node;

enum Part<'t> {
    Text(&'t str),
    Name(&'t str),
}

impl Evaluation<'_> {
    pub(crate) fn sub(&self, argument: &Node, path: &Path<'_>) -> Result<Value, Errors> {
        let mut variables = Value::Null;
        let text = match argument.list() {
            None => argument,
            Some([text, own]) if own.is_map() => {
                variables = self.required(own, path)?;
                text
            }
            Some(_) => {
                let message = "`Fn::Sub` takes a text, or a list of a text and a map of variables";
                return Err(path.error(argument.place, message));
            }
        };
        let Some(template) = text.text() else {
            return Err(path.error(
                text.place,
                "`Fn::Sub` takes its text as it stands, not from a function",
            ));
        };
        let mut errors = Errors::default();
        let mut out = String::new();
        for part in parts(template) {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Name(name) => {
                    let value = match variables.get(name) {
                        Some(value) => Ok(Some(value.clone())),
                        None => self.substitute(name, text, path),
                    };
                    let text = value.and_then(|value| match value {
                        None => Ok(String::new()),
                        Some(value) => scalar_text(&value).ok_or_else(|| {
                            path.error(
                                text.place,
                                format!(
                                    "`${{{name}}}` is no text; `Fn::Join` makes text of a list"
                                ),
                            )
                        }),
                    });
                    out.extend(errors.take(text));
                }
            }
            self.charge(out.len(), text, path)?;
        }
        errors.unless_empty(Value::String(out))
    }

    fn substitute(
        &self,
        name: &str,
        node: &Node,
        path: &Path<'_>,
    ) -> Result<Option<Value>, Errors> {
        let valid = |c: char| c.is_ascii_alphanumeric() || "_.:".contains(c);
        if name.is_empty() || !name.chars().all(valid) {
            let message = format!(
                "`${{{name}}}` is no name for `Fn::Sub` (letters, digits, `_`, `.`, `:`); \
                 `${{!{name}}}` stands for the text itself"
            );
            return Err(path.error(node.place, message));
        }
        match name.split_once('.') {
            Some((id, attribute)) => self.attribute(id, attribute, node, path).map(Some),
            None => self.reference(name, node, path),
        }
    }
}

/// Cuts the text at its `${...}`. A `${` that is never closed is text.
fn parts(template: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, next)) = after.split_once('}') else {
            break;
        };
        parts.push(Part::Text(before));
        match name.strip_prefix('!') {
            Some(literal) => parts.extend(["${", literal, "}"].map(Part::Text)),
            None => parts.push(Part::Name(name.trim())),
        }
        rest = next;
    }
    parts.push(Part::Text(rest));
    parts
}
