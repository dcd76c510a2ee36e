//! Names that the schema generator can take.
//!
//! It makes a Cedar type name of each tool and each property, so they must be Cedar identifiers.
//! Gateway targets may have hyphens in their names, and properties any character. Such a name is
//! replaced for the generator and put back into what it made.

use std::collections::{HashMap, HashSet};

/// Cedar's keywords, and the names of types that a property's own type would hide.
const TAKEN: [&str; 23] = [
    "true",
    "false",
    "if",
    "then",
    "else",
    "in",
    "is",
    "like",
    "has",
    "__cedar",
    "Bool",
    "Boolean",
    "Entity",
    "Extension",
    "Long",
    "Record",
    "Set",
    "String",
    "decimal",
    "datetime",
    "duration",
    "ipaddr",
    "Unknown",
];
const MARK: &str = "_renamed_";

/// What was replaced by what, for all tools of one schema.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// The generator's name of a tool → the tool's.
    tools: HashMap<String, String>,
    /// The generator's name of a property → the property's.
    properties: HashMap<String, String>,
    used: HashSet<String>,
}

impl Names {
    /// A name for `tool` that no other tool has.
    pub(crate) fn tool(&mut self, tool: &str) -> String {
        let mut name = if fits(tool) {
            tool.to_owned()
        } else {
            fitting(tool)
        };
        let plain = name.clone();
        let mut count = 1;
        while !self.used.insert(name.clone()) {
            count += 1;
            name = format!("{plain}_{count}");
        }
        self.tools.insert(name.clone(), tool.to_owned());
        name
    }

    /// A name for `property`; the same one if nothing speaks against it.
    pub(crate) fn property(&mut self, property: &str) -> String {
        if fits(property) {
            return property.to_owned();
        }
        let name = format!("{}{MARK}{}", fitting(property), self.properties.len() + 1);
        self.properties.insert(name.clone(), property.to_owned());
        name
    }

    /// The tool that the generator knows as `name`.
    pub(crate) fn tool_behind(&self, name: &str) -> Option<&str> {
        self.tools.get(name).map(String::as_str)
    }

    /// The property that the generator knows as `name`, if it was replaced.
    pub(crate) fn property_behind(&self, name: &str) -> Option<&str> {
        self.properties.get(name).map(String::as_str)
    }
}

fn fits(name: &str) -> bool {
    let mut chars = name.chars();
    chars
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !TAKEN.contains(&name)
        && !name.contains(MARK)
        && !name.starts_with("__cedar")
}

fn fitting(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = name.replace(MARK, "_").chars().map(plain).collect();
    // A leading digit or a keyword is as much in the way as a hyphen.
    if fits(&name) {
        name
    } else {
        format!("x_{name}")
    }
}
