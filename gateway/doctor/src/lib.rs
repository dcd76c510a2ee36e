//! Reads a SAM or CloudFormation template and says what AWS would refuse or what is unsafe in it,
//! with place and remedy, before anything is deployed.
//!
//! What a resource's schema already forbids (a property that is missing or unknown) is `cfn-lint`'s
//! work. The doctor looks at how resources fit together: who may invoke whom, what waits for what,
//! whom a role trusts, and which names a parameter or a stack's name can break. For that it
//! evaluates the template in many [scenarios](scenario): with each allowed value, with empty and
//! hostile parameters, with hostile stack names. What only AWS knows is a symbol such as
//! `${Gateway}`, by which checks see what refers to what.

mod checks;
mod finding;
mod functions;
mod graph;
mod iam;
mod placeholder;
mod scenario;
mod symbols;
mod view;
mod workspace;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use template::Template;

pub use finding::{Finding, Level};
use scenario::Scenario;
use view::{Once, View};

/// What was found, and how thorough the search was.
#[derive(Debug)]
pub struct Report {
    /// The findings in the order of the text.
    pub findings: Vec<Finding>,
    /// How many checks ran.
    pub checks: usize,
    /// How many resources the template declares.
    pub resources: usize,
    /// In how many scenarios they were looked at.
    pub scenarios: usize,
    /// How many scenarios there would be beyond those that are looked at.
    pub left_out: usize,
    /// The parameters of the first: those given, and made up ones where there is no default.
    pub parameters: BTreeMap<String, String>,
}

/// Examines a template.
///
/// `file` is its name in messages; `folder` is where its code lies, if that is to be looked at;
/// `parameters` are given by name and hold in every scenario.
#[must_use]
pub fn examine(
    file: &str,
    text: &str,
    folder: Option<&Path>,
    parameters: &BTreeMap<String, String>,
) -> Report {
    let mut report = Report {
        findings: Vec::new(),
        checks: checks::ALL.len(),
        resources: 0,
        scenarios: 0,
        left_out: 0,
        parameters: parameters.clone(),
    };
    let template = match Template::parse(text) {
        Ok(template) => template,
        Err(errors) => {
            report.findings = errors.iter().map(finding::unreadable).collect();
            return report;
        }
    };
    report.resources = template.declared().count();
    let once = Once {
        file,
        text,
        template: &template,
        folder,
        binaries: RefCell::default(),
    };
    let scenario::All {
        scenarios,
        left_out,
        findings,
    } = scenario::all(&template, parameters);
    report.findings = findings;
    report.left_out = left_out;
    if let Some(first) = scenarios.first() {
        report.parameters.clone_from(&first.environment.parameters);
    }
    let mut seen = BTreeSet::new();
    let mut first = None;
    for (index, scenario) in scenarios.iter().enumerate() {
        let resolved = match symbols::resolve(&template, &scenario.environment) {
            Ok(resolved) => resolved,
            // Only the parameters that were given decide whether the base can be resolved at all.
            Err(errors) if index == 0 => {
                report.findings.extend(
                    errors
                        .iter()
                        .map(|error| finding::unreadable(error).without(&scenario.secrets)),
                );
                break;
            }
            Err(_) => continue,
        };
        report.scenarios += 1;
        let view = View::of(&once, scenario, &resolved, first.as_ref());
        // One scenario may find several things at a place; later ones find them again in other words.
        let mut now = BTreeSet::new();
        for finding in checks::ALL.iter().flat_map(|check| check(&view)) {
            let key = (finding.check, finding.place, finding.path.clone());
            if !seen.contains(&key) && now.insert((key, finding.what.clone())) {
                report.findings.push(finding.in_scenario(scenario));
            }
        }
        seen.extend(now.into_iter().map(|(key, _)| key));
        first.get_or_insert(resolved);
    }
    report
        .findings
        .sort_by(|a, b| (a.place, a.level, a.check).cmp(&(b.place, b.level, b.check)));
    report
}

impl Report {
    /// How many findings are of this level.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|f| f.level == level).count()
    }

    /// One line that says how it stands.
    #[must_use]
    pub fn summary(&self) -> String {
        let counted = |count: usize, what: &str| match count {
            1 => format!("1 {what}"),
            _ => format!("{count} {what}s"),
        };
        let found = match (self.count(Level::Error), self.count(Level::Warning)) {
            (0, 0) => "nothing found".to_owned(),
            (errors, warnings) => format!(
                "{}, {}",
                counted(errors, "error"),
                counted(warnings, "warning")
            ),
        };
        let left_out = match self.left_out {
            0 => String::new(),
            count => format!(" ({count} more left out; give parameters for fewer)"),
        };
        format!(
            "{}, {}, {}{left_out}: {found}",
            counted(self.checks, "check"),
            counted(self.resources, "resource"),
            counted(self.scenarios, "scenario"),
        )
    }
}
