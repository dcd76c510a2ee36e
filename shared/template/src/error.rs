//! What is wrong in a template, and where.

use std::fmt;

/// A point in the template's text. Line and column count from 1, the column in characters, as
/// editors do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Place {
    pub(crate) const START: Place = Place { line: 1, column: 1 };
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// One thing that is wrong. Displays as `line:column: path: message`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{place}: {path}{}{message}", if path.is_empty() { "" } else { ": " })]
pub struct Error {
    /// Where in the text.
    pub place: Place,
    /// Where in the tree: `Resources.Gateway.Properties.Name`, with `[0]` for an item of a list.
    /// Empty if the text cannot be read as a tree.
    pub path: String,
    /// What is wrong and what would be right: lower case, no period.
    pub message: String,
    /// Whether the template may well be right, and only the value is not known outside AWS.
    pub unknown: bool,
}

/// Everything found wrong, in the order of the text. Displays as one line per error.
#[derive(Debug, Clone, Default, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.lines(""))]
pub struct Errors(Vec<Error>);

impl Errors {
    /// Each error.
    pub fn iter(&self) -> std::slice::Iter<'_, Error> {
        self.0.iter()
    }

    /// The errors as a compiler prints them: `template.yaml:12:5: path: message`, one per line.
    #[must_use]
    pub fn render(&self, file: &str) -> String {
        self.lines(&format!("{file}:"))
    }

    fn lines(&self, prefix: &str) -> String {
        let lines: Vec<_> = self.0.iter().map(|e| format!("{prefix}{e}")).collect();
        lines.join("\n")
    }

    pub(crate) fn at(place: Place, path: String, message: impl Into<String>) -> Errors {
        Errors(vec![Error {
            place,
            path,
            message: message.into(),
            unknown: false,
        }])
    }

    /// Takes the errors out of `result`, and gives the value if there was one.
    pub(crate) fn take<T>(&mut self, result: Result<T, Errors>) -> Option<T> {
        result.map_err(|more| self.0.extend(more.0)).ok()
    }

    pub(crate) fn unless_empty<T>(mut self, value: T) -> Result<T, Errors> {
        if self.0.is_empty() {
            return Ok(value);
        }
        self.0.sort();
        self.0.dedup();
        Err(self)
    }
}

/// The way from the template's root to a value: a chain on the stack, written out only for an
/// error.
#[derive(Clone, Copy)]
pub(crate) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Item(usize),
}

impl<'a> Path<'a> {
    pub(crate) fn root(section: &'a str) -> Self {
        Path {
            parent: None,
            step: Step::Key(section),
        }
    }

    pub(crate) fn key(&'a self, key: &'a str) -> Self {
        Path {
            parent: Some(self),
            step: Step::Key(key),
        }
    }

    pub(crate) fn item(&'a self, index: usize) -> Self {
        Path {
            parent: Some(self),
            step: Step::Item(index),
        }
    }

    pub(crate) fn error(&self, place: Place, message: impl Into<String>) -> Errors {
        Errors::at(place, self.to_string(), message)
    }

    /// An error about a value that only AWS knows.
    pub(crate) fn unknown(&self, place: Place, message: impl Into<String>) -> Errors {
        let mut errors = self.error(place, message);
        for error in &mut errors.0 {
            error.unknown = true;
        }
        errors
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.step {
            Step::Key(key) if self.parent.is_some() => write!(f, ".{key}"),
            Step::Key(key) => f.write_str(key),
            Step::Item(index) => write!(f, "[{index}]"),
        }
    }
}
