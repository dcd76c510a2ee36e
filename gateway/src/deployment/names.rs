//! The names under which a template's functions go: logical id, `FunctionName`, alias, ARN.

use std::collections::BTreeMap;

use template::Resolved;

use super::{
    functions::KINDS,
    properties::{get, text},
};

/// What names a function by its property `FunctionName`.
const PUBLISHED: [&str; 2] = ["AWS::Lambda::Alias", "AWS::Lambda::Version"];

/// From each name to the one that it stands for.
pub(super) struct Names(BTreeMap<String, String>);

/// A function that a target or another resource names.
pub(super) enum Named {
    /// One of the template, by logical id.
    Here(String),
    /// Another one, by its name.
    Elsewhere(String),
}

impl Names {
    pub(super) fn of(resolved: &Resolved) -> Self {
        let mut names = BTreeMap::new();
        for resource in resolved.resources.values() {
            let kind = resource.kind.as_str();
            let id = &resource.logical_id;
            let name = get(&resource.known, &["FunctionName"]).and_then(text);
            if KINDS.contains(&kind) {
                names.extend(name.map(|name| (name, id.clone())));
                if let Some(alias) = get(&resource.known, &["AutoPublishAlias"]).and_then(text) {
                    names.insert(format!("{id}Alias{alias}"), id.clone());
                }
            } else if PUBLISHED.contains(&kind)
                && let Some(name) = name
            {
                names.insert(id.clone(), bare(&name).to_owned());
            }
        }
        // Last, so that a logical id is never taken for another function's name.
        for resource in resolved.resources.values() {
            if KINDS.contains(&resource.kind.as_str()) {
                let id = &resource.logical_id;
                names.insert(id.clone(), id.clone());
            }
        }
        Self(names)
    }

    /// The function behind an ARN, a name, or one of either with a version or alias; nothing for
    /// a text that can be none.
    pub(super) fn function(&self, arn: &str) -> Option<Named> {
        let mut name = bare(arn);
        let known = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
        if name.is_empty() || name.len() > 140 || !name.chars().all(known) {
            return None;
        }
        // An alias, the name that it gives, that one's logical id.
        for _ in 0..3 {
            match self.0.get(name) {
                Some(same) if same == name => return Some(Named::Here(name.to_owned())),
                Some(next) => name = next,
                None => break,
            }
        }
        Some(Named::Elsewhere(name.to_owned()))
    }
}

/// `NAME` out of `arn:..:function:NAME`, `arn:..:function:NAME:live` or `NAME:live`.
fn bare(arn: &str) -> &str {
    let name = arn.split_once(":function:").map_or(arn, |(_, name)| name);
    name.split(':').next().unwrap_or(name)
}
