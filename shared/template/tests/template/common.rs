//! What the tests share: resolving a text as a person would.

use serde_json::{Value, json};
use template::{Environment, Reference, Resolved, Template};

/// Resolves with the parameters `given`, knowing every resource's `Ref` and `Arn`.
pub(crate) fn resolve_with(source: &str, given: &[(&str, &str)]) -> Result<Resolved, String> {
    let parameters = given
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_string()));
    let environment = Environment {
        parameters: parameters.collect(),
        ..Environment::default()
    };
    Template::parse(source)
        .and_then(|template| template.resolve(&environment, &known))
        .map_err(|errors| errors.render("t.yaml"))
}

pub(crate) fn resolve(source: &str) -> Result<Resolved, String> {
    resolve_with(source, &[])
}

/// The properties of the resource `R`.
pub(crate) fn properties(source: &str) -> Result<Value, String> {
    properties_with(source, &[])
}

pub(crate) fn properties_with(source: &str, given: &[(&str, &str)]) -> Result<Value, String> {
    let mut resolved = resolve_with(source, given)?;
    let resource = resolved.resources.remove("R").ok_or("no resource `R`")?;
    resource
        .properties
        .map_err(|errors| errors.render("t.yaml"))
}

/// A template whose resource `R` has the property `V: {text}`, beside a resource `Other` and
/// what `rest` adds.
pub(crate) fn with_value(text: &str, rest: &str) -> String {
    format!(
        "Resources:\n  Other: {{Type: A::B::C}}\n  R:\n    Type: X::Y::Z\n    Properties:\n      V: {text}\n{rest}"
    )
}

/// The one property of such a template.
pub(crate) fn value(text: &str, rest: &str) -> Result<Value, String> {
    properties(&with_value(text, rest))
        .map(|all| all.get("V").cloned().unwrap_or(json!("(removed)")))
}

fn known(reference: Reference<'_>) -> Option<Value> {
    match reference.attribute {
        None => Some(json!(format!("id-of-{}", reference.logical_id))),
        Some("Arn") => Some(json!(format!("arn-of-{}", reference.logical_id))),
        Some("Names") => Some(json!(["one", "two"])),
        Some(_) => None,
    }
}
