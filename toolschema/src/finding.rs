//! What is wrong with a tool, told so that its author knows what to do.

use std::fmt;

/// One problem. All problems of all tools are collected and shown together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The target, or the tool as `Target___tool`.
    pub tool: String,
    /// The field, such as `input.sections[].table`; empty if the tool as a whole is meant.
    pub path: String,
    /// What breaks which rule, with the offending value.
    pub rule: String,
    /// Where the rule is written.
    pub source: &'static str,
    /// What to do about it.
    pub remedy: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.tool)?;
        if !self.path.is_empty() {
            write!(f, ", `{}`", self.path)?;
        }
        write!(
            f,
            ": {}\n  what to do: {}\n  the rule: {}",
            self.rule, self.remedy, self.source
        )
    }
}

/// The sources of the rules.
pub(crate) mod source {
    /// The types and keywords of the dialect.
    pub(crate) const DIALECT: &str = "AgentCore control-plane API, SchemaDefinition (type, properties, required, items, description)";
    /// How many and how large.
    pub(crate) const QUOTAS: &str = "AgentCore developer guide, quotas of Gateway";
    /// The name of a target.
    pub(crate) const TARGET_NAME: &str = "AgentCore control-plane API, CreateGatewayTarget, name";
    /// The name of a tool as the model sees it.
    pub(crate) const TOOL_NAME: &str =
        "Amazon Bedrock API, Converse, ToolSpecification name (64 of a-z, A-Z, 0-9, _ and -)";
    /// What has no rule but a reason.
    pub(crate) const PRACTICE: &str =
        "AgentCore developer guide, Gateway targets (the model chooses by descriptions)";
}
