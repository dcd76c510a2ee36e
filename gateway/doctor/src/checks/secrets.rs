//! Secrets that can be read in a console or an output.

use serde_json::Value;

use crate::finding::Finding;
use crate::symbols::texts;
use crate::view::{RUNTIME, View, get};

const WORDS: [&str; 7] = [
    "secret",
    "password",
    "passwd",
    "token",
    "apikey",
    "api_key",
    "privatekey",
];
/// What follows such a word where a secret is only named.
const NAMED: [&str; 12] = [
    "arn", "name", "id", "uri", "url", "ref", "endpoint", "path", "ttl", "validity", "provider",
    "version",
];
/// Words beside such a word where something is said of secrets: how many, how long.
const BOUNDS: [&str; 8] = [
    "max", "maximum", "min", "minimum", "limit", "count", "length", "policy",
];

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for item in &view.items {
        let environment = match item.kind {
            RUNTIME => &["EnvironmentVariables"][..],
            _ if item.is_function() => &["Environment", "Variables"],
            _ => {
                client_secret(view, item, &mut findings);
                continue;
            }
        };
        let variables = get(item.properties, environment).and_then(Value::as_object);
        for (name, value) in variables.into_iter().flatten() {
            let Some(value) = value.as_str() else {
                continue;
            };
            if let Some(what) = shown(view, value).or_else(|| plain(name, value)) {
                let path: Vec<&str> = environment.iter().copied().chain([name.as_str()]).collect();
                let what = format!(
                    "{what} in an environment variable, where whoever may look at the function reads it"
                );
                findings.push(view.error(
                    "secret-shown",
                    item,
                    &path,
                    what,
                    "pass the secret's ARN and read it when the function runs",
                ));
            }
        }
    }
    for (name, value) in &view.resolved.outputs {
        let value = value
            .as_ref()
            .ok()
            .and_then(Value::as_str)
            .unwrap_or_default();
        if let Some(what) = shown(view, value) {
            let path = ["Outputs", name, "Value"];
            findings.push(view.error_at(
                "secret-shown",
                &path,
                format!("{what} in an output, which everyone who sees the stack reads"),
                "take the output away",
            ));
        }
    }
    findings
}

/// A secret that a value shows.
fn shown(view: &View<'_>, value: &str) -> Option<String> {
    if view
        .scenario
        .secrets
        .iter()
        .any(|secret| value.contains(secret))
    {
        return Some("a parameter with NoEcho stands".to_owned());
    }
    if value.contains(".ClientSecret}") {
        return Some("a client's secret stands".to_owned());
    }
    let dynamic = ["{{resolve:secretsmanager:", "{{resolve:ssm-secure:"];
    let resolved = dynamic.iter().any(|start| value.contains(start));
    resolved.then(|| "a secret is resolved when the stack is made, and stands".to_owned())
}

/// A value that its variable's name says is a secret.
fn plain(name: &str, value: &str) -> Option<String> {
    let reference =
        value.is_empty() || value.contains("${") || value.contains(':') || value.contains('/');
    let number = value.parse::<f64>().is_ok() || ["true", "false"].contains(&value);
    (is_secret(name) && !reference && !number)
        .then(|| "what is called a secret stands as plain text".to_owned())
}

fn client_secret(view: &View<'_>, item: &crate::view::Item<'_>, findings: &mut Vec<Finding>) {
    let mut found = false;
    texts(item.properties, &mut |text| {
        found |= text.contains(".ClientSecret}")
    });
    if found {
        findings.push(
            view.error(
                "secret-shown",
                item,
                &[],
                "a client's secret is resolved into the stack",
                "keep it in Secrets Manager and let the provider read it there (`ClientSecretSource: EXTERNAL` with ClientSecretConfig)",
            )
            .warning(),
        );
    }
}

/// Whether a name says that what it names is a secret, and not where one lies.
pub(super) fn is_secret(name: &str) -> bool {
    if words(name)
        .iter()
        .any(|word| BOUNDS.contains(&word.as_str()))
    {
        return false;
    }
    let name = name.to_ascii_lowercase();
    let word = WORDS.iter().any(|word| name.contains(word));
    word && !NAMED.iter().any(|end| name.ends_with(end))
}

/// The words of `MaxTokens`, `MAX_TOKENS` and `max-tokens`, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = 'A';
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() || (c.is_ascii_uppercase() && before.is_ascii_lowercase()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_ascii_alphanumeric()) {
            word.push(c.to_ascii_lowercase());
        }
        before = c;
    }
    words
}
