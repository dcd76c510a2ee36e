//! The check of a call's arguments before the function is invoked, in the Gateway's words.
//!
//! Missing fields and wrong types are refused; properties that the schema does not name pass.

use jsonschema::{
    Validator,
    error::{TypeKind, ValidationError, ValidationErrorKind},
};
use serde_json::Value;

/// What the caller reads when `arguments` do not fit, or nothing when they do.
pub(super) fn refusal(validator: &Validator, arguments: &Value) -> Option<String> {
    let lines: Vec<String> = validator
        .iter_errors(arguments)
        .map(|error| line(&error))
        .collect();
    if lines.is_empty() {
        return None;
    }
    Some(format!(
        "ValidationException - Parameter validation failed: Invalid request parameters:\n{}",
        lines.join("\n")
    ))
}

fn line(error: &ValidationError<'_>) -> String {
    let at = error.instance_path();
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let property = property.as_str().unwrap_or_default();
            let inside = match at.as_str() {
                "" => String::new(),
                at => format!(" in '{at}'"),
            };
            format!("- Missing required field(s){inside}: '{property}'")
        }
        ValidationErrorKind::Type {
            kind: TypeKind::Single(expected),
        } => format!(
            "- Field '{at}' has invalid type: {} found, {expected} expected",
            found(error.instance())
        ),
        // The dialect of tool schemas has no other keyword that could fail.
        other => format!("- Field '{at}' is invalid: `{}`", other.keyword()),
    }
}

fn found(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn validator() -> Validator {
        let schema = json!({
            "type": "object",
            "properties": {
                "recipient_email": {"type": "string"},
                "subject": {"type": "string"},
                "rows": {"type": "array", "items": {"type": "object", "required": ["a"]}},
            },
            "required": ["recipient_email"],
        });
        jsonschema::validator_for(&schema).unwrap()
    }

    #[test]
    fn a_refusal_reads_as_the_gateways() {
        let said = refusal(&validator(), &json!({"subject": 5, "rows": [{"a": 1}, {}]})).unwrap();
        let mut lines: Vec<_> = said.lines().collect();
        assert_eq!(
            lines.remove(0),
            "ValidationException - Parameter validation failed: Invalid request parameters:"
        );
        lines.sort_unstable();
        assert_eq!(
            lines,
            [
                "- Field '/subject' has invalid type: integer found, string expected",
                "- Missing required field(s) in '/rows/1': 'a'",
                "- Missing required field(s): 'recipient_email'",
            ]
        );
    }

    #[test]
    fn unknown_properties_pass() {
        assert_eq!(
            refusal(&validator(), &json!({"recipient_email": "a", "x": 1})),
            None
        );
    }
}
