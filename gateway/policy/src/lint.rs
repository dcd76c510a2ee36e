//! Matches of scopes and groups that also match others.

use cedar_policy::Policy;
use serde_json::Value;

use crate::finding::Finding;
use crate::statement::Statement;

/// Claims with several values in one string, separated by spaces (RFC 6749, section 3.3).
const SPACED: [&str; 2] = ["scope", "scp"];
/// Claims that are arrays, so their tag is JSON text.
const ARRAYS: [&str; 4] = ["cognito:groups", "groups", "roles", "permissions"];

/// Warns of each `like` that takes a part of a value for the whole.
pub(crate) fn scopes(statement: &Statement, policy: &Policy) -> Vec<Finding> {
    let Ok(policy) = policy.to_json() else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    let mut rest = vec![&policy];
    while let Some(expression) = rest.pop() {
        match expression {
            Value::Object(map) => {
                if let Some(finding) = map.get("like").and_then(|like| loose(statement, like)) {
                    findings.push(finding);
                }
                rest.extend(map.values());
            }
            Value::Array(values) => rest.extend(values),
            _ => {}
        }
    }
    findings
}

fn loose(statement: &Statement, like: &Value) -> Option<Finding> {
    let claim = like.pointer("/left/getTag/right/Value")?.as_str()?;
    let (spaced, array) = (SPACED.contains(&claim), ARRAYS.contains(&claim));
    if !spaced && !array {
        return None;
    }
    let pattern = like.get("pattern")?.as_array()?;
    let literal = |part: &Value| {
        part.get("Literal")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    // Cedar writes a pattern letter by letter.
    let text: String = pattern
        .iter()
        .map(|part| literal(part).unwrap_or_else(|| "*".to_owned()))
        .collect();
    let wild = |part: Option<&Value>| part.is_some_and(|part| literal(part).is_none());
    let value = text.trim_matches('*');
    let edge = |c: Option<char>| match c {
        Some(' ') => spaced,
        // A scope claim may be an array too.
        Some('"') => true,
        _ => false,
    };
    let loose_start = wild(pattern.first()) && !edge(value.chars().next());
    let loose_end = wild(pattern.last()) && !edge(value.chars().next_back());
    let value = value.trim_matches([' ', '"']);
    if value.is_empty() || value.contains('*') || !(loose_start || loose_end) {
        return None;
    }
    let also = match (loose_start, loose_end) {
        (true, true) => format!("`project-{value}` and `{value}-readonly`"),
        (true, false) => format!("`project-{value}`"),
        _ => format!("`{value}-readonly`"),
    };
    let tag = format!("principal.getTag(\"{claim}\")");
    let remedy = if spaced {
        format!(
            "match a whole scope: `{tag} == \"{value}\" || {tag} like \"{value} *\" || \
             {tag} like \"* {value}\" || {tag} like \"* {value} *\"`"
        )
    } else {
        format!("match a whole value of the JSON text: `{tag} like \"*\\\"{value}\\\"*\"`")
    };
    Some(Finding::warning(
        &statement.id,
        format!("`like \"{text}\"` also matches {also}"),
        remedy,
    ))
}
