//! Which role should see which tool: a small table in a text file.
//!
//! ```text
//! # tool                           manager  developer
//! ReportTools___markdown_to_email  yes      no
//! ReportTools___format_report      yes      yes
//! ```
//!
//! The first line that holds anything names the roles, a `#` before it or not; the others name a
//! tool and say `yes` or `no` for each role. Empty lines and further lines with `#` are skipped.

use std::collections::{BTreeMap, BTreeSet};

/// The tools that each role should see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The roles in the table's order.
    pub roles: Vec<String>,
    /// All tools of the table.
    pub tools: BTreeSet<String>,
    visible: BTreeMap<String, BTreeSet<String>>,
}

/// A table that cannot be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("line {line}: {message}")]
pub struct TableError {
    line: usize,
    message: String,
}

impl Expected {
    /// Reads the table.
    ///
    /// # Errors
    /// No roles, a row of another length, or a cell that is neither `yes` nor `no`.
    pub fn parse(text: &str) -> Result<Self, TableError> {
        let mut lines = text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty());
        let at = |line: usize, message: String| TableError {
            line: line + 1,
            message,
        };
        let (first, head) = lines
            .next()
            .ok_or_else(|| at(0, "the table is empty".to_owned()))?;
        let roles: Vec<String> = head
            .trim_start_matches('#')
            .split_whitespace()
            .skip(1)
            .map(str::to_owned)
            .collect();
        if roles.is_empty() {
            return Err(at(
                first,
                "expected `tool` and the names of roles".to_owned(),
            ));
        }
        let mut expected = Self {
            visible: roles
                .iter()
                .map(|role| (role.clone(), BTreeSet::new()))
                .collect(),
            tools: BTreeSet::new(),
            roles,
        };
        for (number, line) in lines.filter(|(_, line)| !line.trim_start().starts_with('#')) {
            let cells: Vec<&str> = line.split_whitespace().collect();
            let (tool, cells) = cells
                .split_first()
                .ok_or_else(|| at(number, "no tool".to_owned()))?;
            if cells.len() != expected.roles.len() {
                let wanted = expected.roles.len();
                return Err(at(
                    number,
                    format!("`{tool}` has {} cells: expected {wanted}", cells.len()),
                ));
            }
            expected.tools.insert((*tool).to_owned());
            for (role, cell) in expected.roles.iter().zip(cells) {
                match (*cell, expected.visible.get_mut(role)) {
                    ("yes", Some(tools)) => {
                        tools.insert((*tool).to_owned());
                    }
                    ("no", _) => {}
                    _ => return Err(at(number, format!("`{cell}`: expected `yes` or `no`"))),
                }
            }
        }
        Ok(expected)
    }

    /// Whether `role` should see `tool`.
    pub fn sees(&self, role: &str, tool: &str) -> bool {
        self.visible
            .get(role)
            .is_some_and(|tools| tools.contains(tool))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_says_who_sees_what() {
        let text = "# tool  manager developer\n\n# mail\nT___mail  yes  no\nT___format yes yes\n";
        let table = Expected::parse(text).unwrap();
        assert_eq!(table.roles, ["manager", "developer"]);
        assert!(table.sees("manager", "T___mail") && !table.sees("developer", "T___mail"));
        assert!(!table.sees("nobody", "T___mail") && table.tools.len() == 2);
    }

    #[test]
    fn what_is_wrong_has_its_line() {
        for (text, says) in [
            ("", "line 1: the table is empty"),
            ("tool\n", "line 1: expected `tool` and the names of roles"),
            (
                "tool a b\nT___x yes",
                "line 2: `T___x` has 1 cells: expected 2",
            ),
            (
                "tool a\nT___x maybe",
                "line 2: `maybe`: expected `yes` or `no`",
            ),
        ] {
            assert_eq!(Expected::parse(text).unwrap_err().to_string(), says);
        }
    }
}
