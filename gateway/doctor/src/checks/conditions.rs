//! Conditions that hold when there is nothing to compare.

use serde_json::Value;

use crate::finding::Finding;
use crate::view::View;

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for statement in view.statements() {
        let Some(operators) = statement.value.get("Condition").and_then(Value::as_object) else {
            continue;
        };
        let needed = |key: &str| {
            let keys = operators.get("Null").and_then(Value::as_object);
            let mut same = keys
                .into_iter()
                .flatten()
                .filter(|(name, _)| name.eq_ignore_ascii_case(key));
            same.any(|(_, value)| crate::view::text(value).as_deref() == Some("false"))
        };
        for (operator, keys) in operators {
            let keys_of = || keys.as_object().into_iter().flatten();
            let empty = keys_of().find(|(_, values)| values.as_array().is_some_and(Vec::is_empty));
            if let Some((key, _)) = empty {
                let mut path = statement.path();
                path.extend(["Condition", operator, key]);
                let what = format!("`{key}` is compared with nothing");
                findings.push(view.error(
                    "condition-empty",
                    &statement.item,
                    &path,
                    what,
                    "name what it may be",
                ));
            }
            if !operator.starts_with("ForAllValues:") {
                continue;
            }
            for key in keys.as_object().into_iter().flatten().map(|(key, _)| key) {
                if !needed(key) {
                    let mut path = statement.path();
                    path.extend(["Condition", operator]);
                    findings.push(view.error(
                        "condition-empty",
                        &statement.item,
                        &path,
                        format!("`{operator}` also holds for a request without `{key}`"),
                        format!("add `\"Null\": {{{key}: \"false\"}}` to the condition"),
                    ));
                }
            }
        }
    }
    findings
}
