//! What is wrong with a tool, told so that its author knows what to do.

use std::fmt;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// AWS would refuse it, something is missing, or a secret would pass through the model.
    Error,
    /// A habit that helps the model, judged by a rule of thumb that can be wrong.
    Warning,
}

/// One problem. All problems of all tools are collected and shown together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How much it weighs.
    pub level: Level,
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
        let level = match self.level {
            Level::Error => "error",
            Level::Warning => "warning",
        };
        write!(f, "{level}: {}", self.tool)?;
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

impl Finding {
    /// An error on `tool` as a whole; see [`Self::at`] and [`Self::warning`].
    pub(crate) fn new(
        tool: impl Into<String>,
        rule: impl Into<String>,
        source: &'static str,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            level: Level::Error,
            tool: tool.into(),
            path: String::new(),
            rule: rule.into(),
            source,
            remedy: remedy.into(),
        }
    }

    pub(crate) fn at(mut self, path: &str) -> Self {
        path.clone_into(&mut self.path);
        self
    }

    pub(crate) fn warning(mut self) -> Self {
        self.level = Level::Warning;
        self
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
    /// How regions are marked in the template.
    pub(crate) const MARKERS: &str = "`toolschema write --help`, the markers in the template";
    /// How the Gateway makes a tool's name of its target's.
    pub(crate) const PREFIX: &str =
        "AgentCore developer guide, Gateway tool names (TargetName___ToolName)";
    /// Secrets do not pass through the model.
    pub(crate) const SECRETS: &str =
        "OWASP Top 10 for LLM applications 2025, LLM02 (sensitive information disclosure)";
    /// What has no rule but a reason.
    pub(crate) const PRACTICE: &str =
        "AgentCore developer guide, Gateway targets (the model chooses by descriptions)";
}
