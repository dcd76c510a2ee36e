//! One policy as a template has it, read and checked on its own.

use std::str::FromStr;

use cedar_policy::{Policy, PolicyId, PolicySet};
use miette::Diagnostic;

use crate::finding::{Finding, Position};
use crate::room::depth;

/// Whether a policy decides, or is only tried out in the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EnforcementMode {
    /// It decides.
    #[default]
    Active,
    /// It is evaluated for the log and decides nothing.
    LogOnly,
}

/// A policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Its name: `[A-Za-z][A-Za-z0-9_]*`, at most 48 characters.
    pub id: String,
    /// One Cedar statement, of 35 to 10,000 characters.
    pub cedar: String,
    /// Whether it decides.
    pub mode: EnforcementMode,
}

/// API reference, `CedarPolicy`.
const LENGTH: std::ops::RangeInclusive<usize> = 35..=10_000;
/// API reference, `CreatePolicy`.
const LONGEST_NAME: usize = 48;
/// Each level takes stack at every call.
const DEEPEST: usize = 500;

impl Statement {
    /// The policy, or everything that is wrong with its text. To be called with [room for
    /// reading](crate::room::FOR_READING).
    pub(crate) fn policy(&self) -> Result<Policy, Vec<Finding>> {
        let mut findings = Vec::new();
        if !is_name(&self.id) {
            findings.push(Finding::error(
                &self.id,
                format!("`{}` is no name for a policy", self.id),
                format!("use a letter, then letters, digits and `_`, at most {LONGEST_NAME}"),
            ));
        }
        let length = self.cedar.chars().count();
        if !LENGTH.contains(&length) {
            findings.push(Finding::error(
                &self.id,
                format!("the statement has {length} characters"),
                "write 35 to 10,000; split what is longer into several policies",
            ));
        }
        // Not even read: the stack for reading is meant for no more.
        if length > *LENGTH.end() {
            return Err(findings);
        }
        match self.read() {
            Ok(policy) if findings.is_empty() => Ok(policy),
            Ok(_) => Err(findings),
            Err(finding) => {
                findings.push(finding);
                Err(findings)
            }
        }
    }

    fn read(&self) -> Result<Policy, Finding> {
        if brackets(&self.cedar) > DEEPEST {
            return Err(self.too_deep());
        }
        let set = PolicySet::from_str(&self.cedar).map_err(|errors| self.unparsable(&errors))?;
        let (policies, templates) = (set.num_of_policies(), set.num_of_templates());
        if templates > 0 {
            return Err(Finding::error(
                &self.id,
                "the statement has a slot (`?principal` or `?resource`), which makes it a template",
                "name the principal's type and the gateway instead",
            ));
        }
        if policies != 1 {
            return Err(Finding::error(
                &self.id,
                format!("{policies} statements in one policy"),
                "make each statement a policy of its own",
            ));
        }
        let policy = Policy::parse(Some(PolicyId::new(&self.id)), &self.cedar)
            .map_err(|errors| self.unparsable(&errors))?;
        if depth(&policy) > DEEPEST {
            return Err(self.too_deep());
        }
        Ok(policy)
    }

    fn too_deep(&self) -> Finding {
        Finding::error(
            &self.id,
            format!("the statement is nested more than {DEEPEST} deep"),
            "write `[..].contains(x)` for a long list of alternatives, or several policies",
        )
    }

    fn unparsable(&self, errors: &cedar_policy::ParseErrors) -> Finding {
        if self.cedar.contains("when guardrails")
            || self.cedar.contains("when temporal")
            || self.cedar.contains("unless guardrails")
            || self.cedar.contains("unless temporal")
        {
            return Finding::error(
                &self.id,
                "`guardrails` and `temporal` conditions are Dogwood, not Cedar",
                "write plain Cedar; only the service evaluates the others",
            );
        }
        let (at, message) = match errors.iter().next() {
            Some(first) => (place(first, &self.cedar), first.to_string()),
            None => (None, errors.to_string()),
        };
        let remedy = errors.iter().next().and_then(Diagnostic::help).map_or_else(
            || "see the Cedar grammar, docs.cedarpolicy.com".to_owned(),
            |help| help.to_string(),
        );
        Finding::error(&self.id, format!("not Cedar: {message}"), remedy).at(at)
    }
}

/// Where `problem` is in `text`.
pub(crate) fn place(problem: &dyn Diagnostic, text: &str) -> Option<Position> {
    let label = problem.labels()?.next()?;
    Some(Position::of(text, label.offset()))
}

fn is_name(id: &str) -> bool {
    id.starts_with(|first: char| first.is_ascii_alphabetic())
        && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && id.len() <= LONGEST_NAME
}

/// How deep brackets are nested; those in strings and comments count too, which does no harm.
fn brackets(text: &str) -> usize {
    let (mut now, mut deepest) = (0_usize, 0);
    for c in text.chars() {
        match c {
            '(' | '[' | '{' => now += 1,
            ')' | ']' | '}' => now = now.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(now);
    }
    deepest
}
