//! The template of this project.

use std::collections::BTreeMap;
use std::path::Path;

#[test]
fn the_projects_own_template_is_clean() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = std::fs::read_to_string(root.join("template.yaml")).unwrap();
    let report = doctor::examine("template.yaml", &text, Some(&root), &BTreeMap::new());
    let found: Vec<_> = report
        .findings
        .iter()
        .map(|f| f.render("template.yaml"))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(report.scenarios > 30, "{}", report.summary());
}
