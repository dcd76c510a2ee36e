//! Secrets that stand in the template's text.

use crate::finding::Finding;
use crate::view::View;

/// How values begin that are secrets whatever they are called, and how long they are at least.
const LITERALS: [(&str, usize); 9] = [
    ("AKIA", 20),
    ("ASIA", 20),
    ("ghp_", 20),
    ("github_pat_", 20),
    ("gho_", 20),
    ("sk_live_", 16),
    ("xoxb-", 16),
    ("AIza", 30),
    ("-----BEGIN ", 20),
];

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    match view.is_first() {
        true => literals(view).collect(),
        false => Vec::new(),
    }
}

/// What looks like a secret anywhere in the text, comments and branches not taken included.
fn literals<'v>(view: &'v View<'_>) -> impl Iterator<Item = Finding> + 'v {
    let lines = view.once.text.lines().enumerate();
    lines.filter_map(|(index, line)| {
        let start = literal(line)?;
        let what = format!("what looks like a secret stands here, `{start}...`");
        let remedy = "withdraw it, and keep its successor in Secrets Manager";
        let mut finding = view.error_at("secret-literal", &[], what, remedy);
        finding.place.line = index + 1;
        finding.place.column = line.find(start).map_or(1, |at| {
            line.get(..at)
                .map_or(1, |before| before.chars().count() + 1)
        });
        Some(finding)
    })
}

/// How a secret in the text begins, if there is one.
fn literal(text: &str) -> Option<&'static str> {
    let key = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
    LITERALS.iter().find_map(|(start, length)| {
        let found = text.match_indices(start).any(|(at, _)| {
            let rest = text.get(at..).unwrap_or_default();
            let before = text.get(..at).and_then(|before| before.chars().last());
            let whole = match start.starts_with('-') {
                true => rest.contains("PRIVATE KEY"),
                false => rest.chars().take_while(|c| key(*c)).count() >= *length,
            };
            whole && !before.is_some_and(key)
        });
        found.then_some(*start)
    })
}
