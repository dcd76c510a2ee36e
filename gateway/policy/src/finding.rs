//! What is wrong with a policy, and what to do about it.

use std::fmt;

/// Whether the service would take the policy nevertheless.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The service refuses it, or it can never do anything.
    Error,
    /// It is taken, but hardly says what was meant.
    Warning,
}

/// A place inside a statement, both counted from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line of the statement.
    pub line: usize,
    /// The character in that line.
    pub column: usize,
}

impl Position {
    /// The place of the byte `offset` in `text`.
    pub(crate) fn of(text: &str, offset: usize) -> Self {
        let mut end = offset.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let before = text.get(..end).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        Self { line, column }
    }
}

/// One thing that is wrong, with its remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The policy's id; none where a tool's schema is at fault, or all policies together.
    pub policy: Option<String>,
    /// How bad it is.
    pub severity: Severity,
    /// Where in the statement, if it has one place.
    pub at: Option<Position>,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub remedy: String,
}

impl Finding {
    pub(crate) fn error(
        policy: &str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            policy: Some(policy.to_owned()),
            severity: Severity::Error,
            at: None,
            message: message.into(),
            remedy: remedy.into(),
        }
    }

    pub(crate) fn warning(
        policy: &str,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(policy, message, remedy)
        }
    }

    pub(crate) fn at(mut self, at: Option<Position>) -> Self {
        self.at = at;
        self
    }
}

/// `ManagersMail:3:7: error: what is wrong; what would be right`.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(policy) = &self.policy {
            write!(f, "{policy}")?;
            if let Some(Position { line, column }) = self.at {
                write!(f, ":{line}:{column}")?;
            }
            f.write_str(": ")?;
        }
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{severity}: {}; {}", self.message, self.remedy)
    }
}
