//! Running the doctor as its command does.

use std::collections::BTreeMap;
use std::path::Path;

use doctor::{Finding, Report};

/// A whole stack with nothing wrong in it.
pub(crate) const GOOD: &str = include_str!("data/good.yaml");

/// Beside a workspace that has the binary `a-tool`.
pub(crate) fn examined(text: &str) -> Report {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/doctor/data/workspace");
    doctor::examine("t.yaml", text, Some(&folder), &BTreeMap::new())
}

/// `check path: what` for each finding.
pub(crate) fn found(text: &str) -> Vec<String> {
    examined(text).findings.iter().map(line).collect()
}

pub(crate) fn line(finding: &Finding) -> String {
    let Finding {
        check, path, what, ..
    } = finding;
    format!("{check} {path}: {what}")
}

/// The text with the first of each `from` as its `to`.
pub(crate) fn edited(text: &str, edits: &[(String, String)]) -> String {
    edits.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "nothing to edit: {from}");
        text.replacen(from, to, 1)
    })
}
