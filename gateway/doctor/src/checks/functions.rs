//! Settings of a function that should not be left to chance.

use crate::finding::Finding;
use crate::view::{Item, LOG_GROUP, View};

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for function in view.functions() {
        settings(view, function, &mut findings);
    }
    findings
}

fn settings(view: &View<'_>, function: &Item<'_>, findings: &mut Vec<Finding>) {
    let mut warn = |check, what: String, remedy: &str| {
        findings.push(view.error(check, function, &[], what, remedy).warning());
    };
    for (name, without) in [("Timeout", "3 seconds"), ("MemorySize", "128 MB")] {
        if function.get(&[name]).is_none() {
            warn(
                "function-limits",
                format!("has no {name} and gets {without}"),
                "say what it needs",
            );
        }
    }
    let traced = match function.kind {
        "AWS::Serverless::Function" => function.text(&["Tracing"]),
        _ => function.text(&["TracingConfig", "Mode"]),
    };
    if traced.as_deref() != Some("Active") {
        warn(
            "function-tracing",
            "its calls are not traced".to_owned(),
            "add `Tracing: Active` (in a plain Lambda function `TracingConfig: {Mode: Active}`)",
        );
    }
    if function.text(&["LoggingConfig", "LogFormat"]).as_deref() != Some("JSON") {
        warn(
            "function-logs",
            "its log lines are plain text".to_owned(),
            "add `LogFormat: JSON` to LoggingConfig, so that they can be searched by field",
        );
    }
    if log_group(view, function).is_none() {
        warn(
            "function-logs",
            "its log group is made by Lambda and kept for ever".to_owned(),
            "declare an AWS::Logs::LogGroup with RetentionInDays and name it in LoggingConfig.LogGroup",
        );
    }
    let publishes = function.get(&["AutoPublishAlias"]).is_some();
    let all = function.text(&["AutoPublishAliasAllProperties"]);
    if publishes && all.as_deref() != Some("true") {
        warn(
            "function-alias",
            "a change of its settings alone makes no new version, so its alias keeps the old ones"
                .to_owned(),
            "add `AutoPublishAliasAllProperties: true`",
        );
    }
    // SAM compares the template's text, in which a parameter reads the same whatever its value.
    let before = view.first.and_then(|all| all.resources.get(function.id));
    let before = before.and_then(|resource| resource.properties.as_ref().ok());
    let differs =
        before.is_some_and(|all| all.get("Environment") != function.get(&["Environment"]));
    let described = function.get(&["VersionDescription"]).is_some();
    if publishes && !described && differs && !view.scenario.other_stack {
        warn(
            "function-alias",
            "a parameter alone that changes makes no new version, so its alias keeps the old value"
                .to_owned(),
            "make its VersionDescription of the parameters' values",
        );
    }
}

/// The log group of the template that the function writes to.
pub(super) fn log_group<'v, 'a>(view: &'v View<'a>, function: &Item<'_>) -> Option<&'v Item<'a>> {
    match function.text(&["LoggingConfig", "LogGroup"]) {
        Some(group) => view.named_in(LOG_GROUP, &group).or_else(|| {
            let mut groups = view.of_kind(LOG_GROUP);
            groups.find(|item| item.text(&["LogGroupName"]).as_ref() == Some(&group))
        }),
        None => view.of_kind(LOG_GROUP).find(|item| {
            let name = item.text(&["LogGroupName"]).unwrap_or_default();
            let of = view.physical(&format!("/aws/lambda/${{{}}}", function.id));
            view.physical(&name) == of
        }),
    }
}
