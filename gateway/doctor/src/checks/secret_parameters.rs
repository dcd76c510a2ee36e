//! Secrets that are given as plain parameters.

use template::Parameter;

use super::secrets::is_secret;
use crate::finding::Finding;
use crate::view::View;

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    if !view.is_first() {
        return Vec::new();
    }
    let parameters = view.once.template.parameters();
    parameters
        .filter_map(|parameter| of_parameter(view, &parameter))
        .collect()
}

fn of_parameter(view: &View<'_>, parameter: &Parameter<'_>) -> Option<Finding> {
    let path = |key| ["Parameters", parameter.name(), key];
    let stored = parameter
        .text("Type")
        .is_some_and(|kind| kind.starts_with("AWS::"));
    let default = parameter.text("Default").unwrap_or_default();
    if parameter.is_secret() {
        return (!default.is_empty() && !stored).then(|| {
            view.error_at(
                "secret-parameter",
                &path("Default"),
                "a secret's default stands in the template for everyone to read",
                "take the default away",
            )
        });
    }
    let named = {
        let text = parameter
            .text("Description")
            .unwrap_or_default()
            .to_lowercase();
        ["name or arn", "arn or name", "arn of", "name of"]
            .iter()
            .any(|words| text.contains(words))
    };
    let fixed = !parameter.allowed_values().is_empty() || parameter.text("Type") == Some("Number");
    (is_secret(parameter.name()) && !named && !stored && !fixed).then(|| {
        view.error_at(
            "secret-parameter",
            &["Parameters", parameter.name()],
            "looks like a secret, and its value is shown to everyone who sees the stack",
            "take the name or ARN of a secret in Secrets Manager instead, or at least set `NoEcho: true`",
        )
    })
}
