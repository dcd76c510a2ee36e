//! Fields that look as if a secret should pass through the model.

use super::{each_field, name_words};
use crate::definition::{SchemaDefinition, Shape};
use crate::finding::{Finding, source};
use crate::words::code;

/// Words that name a secret when a field's name ends with them.
const SECRETS: [&str; 15] = [
    "token",
    "secret",
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "passcode",
    "credential",
    "authorization",
    "authorisation",
    "auth",
    "bearer",
    "jwt",
    "otp",
    "apikey",
];
/// What a `key` is of when it is a secret.
const KEYS: [&str; 8] = [
    "api",
    "access",
    "secret",
    "private",
    "signing",
    "encryption",
    "account",
    "license",
];
/// What a `token` is for when it is none to sign in with.
const PLAIN_TOKENS: [&str; 11] = [
    "page",
    "next",
    "pagination",
    "continuation",
    "cursor",
    "sync",
    "resume",
    "idempotency",
    "client",
    "stop",
    "start",
];
/// Words at the end that say nothing about what the value is.
const FORMS: [&str; 9] = [
    "value", "text", "string", "header", "plain", "raw", "base64", "json", "data",
];

/// Adds a finding for each field of `schema` that looks like a secret.
pub(crate) fn find(tool: &str, path: &str, schema: &SchemaDefinition, findings: &mut Vec<Finding>) {
    each_field(path, schema, &mut |path, name, field| {
        if holds_text(field) && is_secret(name) {
            findings.push(
                Finding::new(
                    tool,
                    format!(
                        "{} looks like a secret, and the model reads all that it passes on",
                        code(name)
                    ),
                    source::SECRETS,
                    "let the function get it by itself, from AgentCore Identity or its \
                     environment; if it is no secret, rename the field after what it is",
                )
                .at(path),
            );
        }
    });
}

/// A number of tokens or a switch holds no secret.
fn holds_text(field: &SchemaDefinition) -> bool {
    match &field.shape {
        Shape::String | Shape::Object(_) => true,
        Shape::Array(items) => holds_text(items),
        Shape::Number | Shape::Integer | Shape::Boolean => false,
    }
}

/// By the last word, which says what a thing is: `access_token` is a token, `token_count` a count.
fn is_secret(name: &str) -> bool {
    let words = name_words(name);
    let mut words = words.as_slice();
    while let [rest @ .., last] = words
        && !rest.is_empty()
        && FORMS.contains(&last.as_str())
    {
        words = rest;
    }
    let [rest @ .., last] = words else {
        return false;
    };
    let last = last.strip_suffix('s').unwrap_or(last);
    let before = rest.last().map(String::as_str);
    match (last, before) {
        ("token", Some(kind)) => !PLAIN_TOKENS.contains(&kind),
        ("key", Some(kind)) => KEYS.contains(&kind),
        _ => SECRETS.contains(&last),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_secret_by_its_last_words() {
        for name in [
            "token",
            "access_token",
            "accessToken",
            "refresh-token",
            "tokens",
            "API_KEY",
            "apiKey",
            "APIKey",
            "apikey",
            "secret",
            "client_secret",
            "clientSecret",
            "password",
            "passwords",
            "Authorization",
            "authorization_header",
            "bearer",
            "bearer_token",
            "credentials",
            "credentials_json",
            "private_key",
            "next_token_secret",
            "auth",
            "page_access_token",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "token_count",
            "max_tokens_total",
            "next_page_token",
            "pageToken",
            "nextToken",
            "continuation_token",
            "secretary",
            "password_policy",
            "api_key_id",
            "secret_arn",
            "author",
            "authority",
            "key",
            "keys",
            "primary_key",
            "keyboard",
            "value",
            "text",
            "",
            "_",
            "tokenizer",
            "passenger",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn what_holds_no_text_holds_no_secret() {
        let list = |shape| Shape::Array(Box::new(SchemaDefinition::of(shape)));
        for (shape, holds) in [
            (Shape::String, true),
            (list(Shape::String), true),
            (Shape::Integer, false),
            (list(Shape::Boolean), false),
        ] {
            assert_eq!(holds_text(&SchemaDefinition::of(shape)), holds);
        }
    }
}
