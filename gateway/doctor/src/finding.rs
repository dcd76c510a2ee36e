//! What is wrong, told so that the template's author knows what to do.

use std::fmt;

use serde_json::{Value, json};
use template::{Error, Place};

use crate::Scenario;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// AWS would refuse it, it cannot work, or it is unsafe.
    Error,
    /// It works, but not as one would want it to in production, or it cannot be judged.
    Warning,
}

/// One problem at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The check's name, in kebab-case; it stays the same between versions.
    pub check: &'static str,
    /// How much it weighs.
    pub level: Level,
    /// Where it stands.
    pub place: Place,
    /// The way to it, such as `Resources.Gateway.Properties.Name`.
    pub path: String,
    /// What is wrong: lower case, no period.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
    /// Under which circumstances, if not as the template stands: `with GatewayName=a--b`.
    pub scenario: Option<String>,
}

impl Finding {
    pub(crate) fn in_scenario(mut self, scenario: &Scenario) -> Self {
        self.scenario.clone_from(&scenario.label);
        self.without(&scenario.secrets)
    }

    /// Secrets are never told.
    pub(crate) fn without(mut self, secrets: &[String]) -> Self {
        for secret in secrets {
            for text in [&mut self.what, &mut self.remedy] {
                if text.contains(secret) {
                    *text = text.replace(secret, "(a secret)");
                }
            }
        }
        self
    }

    pub(crate) fn warning(mut self) -> Self {
        self.level = Level::Warning;
        self
    }

    /// One line for a compiler-like report, and the remedy on a second.
    #[must_use]
    pub fn render(&self, file: &str) -> String {
        format!("{file}:{}: {self}", self.place)
    }

    /// For other programs.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({
            "check": self.check,
            "level": self.level.to_string(),
            "line": self.place.line,
            "column": self.place.column,
            "path": self.path,
            "what": self.what,
            "remedy": self.remedy,
            "scenario": self.scenario,
        })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding {
            check,
            level,
            path,
            what,
            remedy,
            ..
        } = self;
        write!(f, "{level}[{check}]: ")?;
        if !path.is_empty() {
            write!(f, "{path}: ")?;
        }
        if let Some(scenario) = &self.scenario {
            write!(f, "{scenario}: ")?;
        }
        write!(f, "{what}\n  remedy: {remedy}")
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Level::Error => "error",
            Level::Warning => "warning",
        })
    }
}

/// A template that is none, or parameters that it does not take.
pub(crate) fn unreadable(error: &Error) -> Finding {
    Finding {
        check: "template",
        level: Level::Error,
        place: error.place,
        path: error.path.clone(),
        what: error.message.clone(),
        remedy: "correct it: CloudFormation would refuse it, too".to_owned(),
        scenario: None,
    }
}
