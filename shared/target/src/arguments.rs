//! The event as a tool's input: types first, with the path of the misfit, then constraints, all
//! that are broken at once.

mod json;
mod misfit;

use garde::Report;
use serde_json::Value;
use tools::Tool;

use crate::ToolError;

/// Reads `event` as the input of `I`, or says which argument does not fit and what would.
pub(crate) fn parse<I: Tool>(event: &Value) -> Result<I, ToolError> {
    let tool = I::NAME;
    if !event.is_object() {
        return Err(invalid(format!(
            "the arguments of `{tool}` are {}: expected an object",
            misfit::kind(event)
        )));
    }
    let input: I = serde_path_to_error::deserialize(json::Arguments(event)).map_err(|error| {
        let path = error.path().to_string();
        invalid(format!(
            "the arguments of `{tool}` do not fit: {}",
            misfit::describe(&path, &error.into_inner().to_string())
        ))
    })?;
    input
        .validate()
        .map_err(|report| invalid(broken(tool, &report)))?;
    Ok(input)
}

/// The event as JSON. Lambda's limits hold for its size (6 MB), serde_json's for its depth (128).
pub(crate) fn read(event: &[u8]) -> Result<Value, ToolError> {
    serde_json::from_slice(event)
        .map_err(|error| invalid(format!("the event is not valid JSON: {error}")))
}

fn invalid(message: String) -> ToolError {
    ToolError::new("invalid_arguments", message)
}

fn broken(tool: &str, report: &Report) -> String {
    let each: Vec<String> = report
        .iter()
        .map(|(path, error)| format!("`{path}`: {error}"))
        .collect();
    format!("the arguments of `{tool}` do not fit: {}", each.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use tools::{FormatReport, MarkdownToEmail};

    fn refusal<I: Tool>(event: Value) -> String {
        let error = parse::<I>(&event).err().unwrap();
        assert_eq!(error.code(), "invalid_arguments");
        error.to_string()
    }

    #[test]
    fn a_wrong_type_is_named_with_its_path() {
        let event = json!({"title": "T", "sections": [{"heading": "H"}, {"heading": 5}]});
        let said = refusal::<FormatReport>(event);
        assert!(
            said.ends_with("`sections[1].heading` is a number: expected a string"),
            "{said}"
        );
    }

    #[test]
    fn a_missing_field_is_named_with_its_path() {
        let said = refusal::<FormatReport>(json!({"title": "T", "sections": [{}]}));
        assert!(said.ends_with("`sections[0].heading` is missing"), "{said}");
        let said = refusal::<MarkdownToEmail>(json!({"recipient_email": "a@example.com"}));
        assert!(said.ends_with("`markdown_content` is missing"), "{said}");
    }

    #[test]
    fn an_object_is_not_taken_from_an_array() {
        let said = refusal::<FormatReport>(json!({"title": "T", "sections": [["H"]]}));
        assert!(
            said.ends_with("`sections[0]` is an array: expected an object"),
            "{said}"
        );
        for odd in [json!(["T", []]), json!("text"), json!(null), json!(5)] {
            assert!(refusal::<FormatReport>(odd).ends_with("expected an object"));
        }
    }

    #[test]
    fn all_broken_constraints_come_at_once() {
        let event = json!({"title": "", "sections": [{"heading": ""}]});
        let said = refusal::<FormatReport>(event);
        assert!(
            said.contains("`title`") && said.contains("`sections[0].heading`"),
            "{said}"
        );
    }

    #[test]
    fn a_value_of_the_wrong_type_is_not_repeated() {
        let said = refusal::<FormatReport>(json!({"title": "T", "sections": "the secret"}));
        assert!(!said.contains("secret"), "{said}");
        assert!(
            said.ends_with("`sections` is a string: expected an array"),
            "{said}"
        );
    }

    #[test]
    fn deep_nesting_is_an_error() {
        let event = "[".repeat(100_000);
        assert_eq!(
            read(event.as_bytes()).unwrap_err().code(),
            "invalid_arguments"
        );
    }
}
