//! Other ways to a function behind a Gateway. Its event and its context are whatever its caller
//! writes, so whoever may invoke it can pass for the Gateway.

use serde_json::Value;

use crate::finding::Finding;
use crate::symbols::{ids, names};
use crate::view::{GATEWAY, Item, View};

const REMEDY: &str =
    "let the Gateway's role alone invoke it, and give other callers a function of their own";

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for function in view.functions().filter(|f| view.is_behind_gateway(f)) {
        if let Some(url) = function.get(&["FunctionUrlConfig"]) {
            let path = ["FunctionUrlConfig"];
            findings.push(url_of(view, function, &path, url.get("AuthType")));
        }
        let events = function.get(&["Events"]).and_then(Value::as_object);
        for (name, event) in events.into_iter().flatten() {
            let kind = event
                .get("Type")
                .and_then(Value::as_str)
                .unwrap_or_default();
            findings.push(view.error(
                "target-exposed",
                function,
                &["Events", name],
                format!("a function behind the Gateway is also invoked by `{kind}`"),
                REMEDY,
            ));
        }
    }
    for item in &view.items {
        let name = ["FunctionName", "TargetFunctionArn"]
            .iter()
            .find_map(|key| item.text(&[key]))
            .unwrap_or_default();
        let behind = || {
            let named = view.function_in(&name)?;
            view.is_behind_gateway(named.function)
                .then_some(named.function.id)
        };
        match item.kind {
            "AWS::Lambda::Url" if behind().is_some() => {
                findings.push(url_of(view, item, &["AuthType"], item.get(&["AuthType"])));
            }
            "AWS::Lambda::Permission" => {
                if let Some(function) = behind() {
                    let who = item.text(&["Principal"]).unwrap_or_default();
                    // That of the Gateway itself is let in, not another.
                    let mut gateways = view
                        .of_kind(GATEWAY)
                        .filter_map(|one| one.text(&["RoleArn"]));
                    if gateways.any(|role| role == who || ids(&role).any(|id| names(&who, id))) {
                        continue;
                    }
                    let what = format!(
                        "a resource policy lets `{who}` invoke `{function}`, which is behind the Gateway"
                    );
                    findings.push(view.error("target-exposed", item, &["Principal"], what, REMEDY));
                }
            }
            _ => {}
        }
    }
    findings
}

fn url_of(view: &View<'_>, item: &Item<'_>, path: &[&str], kind: Option<&Value>) -> Finding {
    let what = match kind.and_then(Value::as_str) {
        Some("NONE") => {
            "a function URL without authorisation: everyone on the internet can invoke a function behind the Gateway"
        }
        _ => "a function URL leads past the Gateway and its policies",
    };
    view.error("target-exposed", item, path, what, REMEDY)
}
