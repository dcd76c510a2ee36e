//! A function whose failures nobody hears of.

use crate::finding::Finding;
use crate::symbols::{mentions, texts};
use crate::view::View;

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for function in view.functions() {
        // CloudFormation hears of a custom resource's failures itself.
        if view.is_custom_resource(function) {
            continue;
        }
        let watched = |metric: &str| {
            view.of_kind("AWS::CloudWatch::Alarm").any(|alarm| {
                let mut found = false;
                texts(alarm.properties, &mut |text| found |= text == metric);
                found && mentions(alarm.properties, function.id)
            })
        };
        let missing: Vec<_> = ["Errors", "Throttles"]
            .into_iter()
            .filter(|metric| !watched(metric))
            .collect();
        if !missing.is_empty() {
            findings.push(
                view.error(
                    "function-alarm",
                    function,
                    &[],
                    format!("no alarm watches its {}", missing.join(" and ")),
                    "add an AWS::CloudWatch::Alarm on the metric in AWS/Lambda with the dimension FunctionName",
                )
                .warning(),
            );
        }
    }
    findings
}
