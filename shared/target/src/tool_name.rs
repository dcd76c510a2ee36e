//! Which tool is meant: `TargetName___ToolName` from the client context.

use crate::ToolError;

/// Where the Gateway puts the tool's name, in the client context's `custom`.
pub(crate) const KEY: &str = "bedrockAgentCoreToolName";

const SEPARATOR: &str = "___";

/// The tool's name without its target.
///
/// Target names hold no underscore (`([0-9a-zA-Z][-]?){1,100}`), so the first separator ends the
/// target's name and a tool's name may hold `___` itself. A name without separator is bare.
pub(crate) fn strip(qualified: &str) -> Result<&str, ToolError> {
    let name = qualified
        .split_once(SEPARATOR)
        .map_or(qualified, |(_, name)| name);
    if name.is_empty() {
        return Err(ToolError::new(
            "missing_tool_name",
            format!(
                "`{}` names no tool: expected `TargetName___ToolName`",
                shown(qualified)
            ),
        ));
    }
    Ok(name)
}

/// No name at all.
pub(crate) fn missing() -> ToolError {
    ToolError::new(
        "missing_tool_name",
        format!(
            "the client context names no tool: expected `custom.{KEY}` to be `TargetName___ToolName`"
        ),
    )
}

/// A name that this target does not serve.
pub(crate) fn unknown(name: &str, served: &[&str]) -> ToolError {
    ToolError::new(
        "unknown_tool",
        format!(
            "unknown tool `{}`: this target serves `{}`",
            shown(name),
            served.join("`, `")
        ),
    )
}

/// A name as it may be repeated in a message: cut, and without control characters.
pub(crate) fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_separator_ends_the_target() {
        assert_eq!(strip("T___a___b").unwrap(), "a___b");
        assert_eq!(strip("T___a").unwrap(), "a");
        assert_eq!(strip("markdown_to_email").unwrap(), "markdown_to_email");
    }

    #[test]
    fn a_name_without_tool_is_an_error_that_shows_the_form() {
        for empty in ["", "___", "T___"] {
            let error = strip(empty).unwrap_err();
            assert_eq!(error.code(), "missing_tool_name");
            assert!(error.to_string().contains("TargetName___ToolName"));
        }
    }
}
