//! `gateway doctor`: what is wrong with a template, without AWS.

use std::{path::Path, process::ExitCode};

use doctor::{Finding, Level, Report};
use policy::{Engine, Severity};
use template::Template;

use crate::{
    cli::{Doctor, Format},
    deployment::Deployment,
};

/// Examines the template and prints what is found.
#[must_use]
pub fn run(options: &Doctor) -> ExitCode {
    let path = &options.template;
    let file = path.display().to_string();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            note!(
                "error: cannot read the template `{file}`: {error}; name another with --template"
            );
            return ExitCode::from(2);
        }
    };
    let parameters = options.parameters.iter().cloned().collect();
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut report = doctor::examine(&file, &text, Some(folder), &parameters);
    report.findings.extend(policies(path, &text, &report));
    report.findings.sort_by_key(|finding| finding.place);
    match options.format {
        Format::Json => {
            let findings: Vec<_> = report.findings.iter().map(Finding::json).collect();
            say!("{:#}", serde_json::Value::from(findings));
        }
        Format::Text => {
            for finding in &report.findings {
                say!("{}", finding.render(&file));
            }
            say!("{}", report.summary());
        }
    }
    let bad =
        report.count(Level::Error) + usize::from(options.strict) * report.count(Level::Warning);
    ExitCode::from(u8::from(bad > 0))
}

/// What Cedar says of the policies, if the gateways can be read here.
fn policies(path: &Path, text: &str, report: &Report) -> Vec<Finding> {
    let deployment = Deployment::load(path, report.parameters.clone());
    let (Ok(template), Ok(deployment)) = (Template::parse(text), deployment) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for declared in deployment.gateways.values() {
        let Some(set) = &declared.policies else {
            continue;
        };
        let engine = Engine::new(
            &declared.arn,
            &declared.schemas(),
            set.statements.clone(),
            set.mode,
        );
        let found = match &engine {
            Ok(engine) => engine.warnings(),
            Err(errors) => errors,
        };
        findings.extend(found.iter().map(|finding| of_policy(&template, finding)));
    }
    findings
}

fn of_policy(template: &Template, finding: &policy::Finding) -> Finding {
    let mut path = vec!["Resources"];
    if let Some(id) = &finding.policy {
        path.extend([id, "Properties", "Definition", "Cedar", "Statement"]);
    }
    let at = finding
        .at
        .map(|at| format!(" (line {} of the statement)", at.line));
    Finding {
        check: "policy-statement",
        level: match finding.severity {
            Severity::Error => Level::Error,
            Severity::Warning => Level::Warning,
        },
        place: template.place_of(&path),
        path: path.join("."),
        what: format!("{}{}", finding.message, at.unwrap_or_default()),
        remedy: finding.remedy.clone(),
        scenario: None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    #[test]
    fn what_cedar_says_of_a_policy_is_a_finding_at_its_place() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/doctor/tests/doctor/data/");
        let good = std::fs::read_to_string(format!("{folder}good.yaml")).unwrap();
        for (text, found) in [
            (good.clone(), None),
            (
                good.replace("input.text", "input.txet"),
                Some("Resources.Permit."),
            ),
        ] {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), &text).unwrap();
            let report = doctor::examine("t.yaml", &text, None, &BTreeMap::new());
            let findings = super::policies(file.path(), &text, &report);
            let first = findings.first().map(|finding| finding.path.as_str());
            assert_eq!(first.is_some(), found.is_some(), "{findings:#?}");
            assert!(
                first
                    .unwrap_or_default()
                    .starts_with(found.unwrap_or_default())
            );
        }
    }
}
