//! The regions of a file that this tool owns, between two comment lines:
//!
//! ```yaml
//! # toolschema:begin ReportTools
//! InlinePayload: ..
//! # toolschema:end ReportTools
//! ```
//!
//! Everything outside them stays as it is, to the byte. A region takes its indentation and its line
//! ends from the line that begins it.

use std::fmt;
use std::ops::Range;

use thiserror::Error;

const MARK: &str = "# toolschema:";

/// A region's place in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// The target's name.
    pub name: String,
    /// The line of the begin marker, from 1.
    pub line: usize,
    /// The bytes between the two marker lines.
    pub inner: Range<usize>,
    indent: String,
    line_end: &'static str,
}

/// What is wrong with a marker.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}: {problem}")]
pub struct MarkerError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what would be right.
    pub problem: MarkerProblem,
}

/// See [`MarkerError`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MarkerProblem {
    /// Neither `begin NAME` nor `end NAME`.
    Malformed(String),
    /// A begin without an end.
    Unclosed(String),
    /// An end without a begin.
    Unopened(String),
    /// A begin before the end of another.
    Nested {
        /// The region that is still open.
        open: String,
        /// Where it began.
        since: usize,
    },
    /// An end of another name than the begin.
    Mismatched {
        /// The name at the begin.
        begin: String,
        /// The name at the end.
        end: String,
    },
    /// A second region of one name.
    Duplicate {
        /// The name.
        name: String,
        /// Where the first began.
        first: usize,
    },
}

impl fmt::Display for MarkerProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(text) => write!(
                f,
                "`{text}` is no marker: write `{MARK}begin NAME` or `{MARK}end NAME`, alone on its line"
            ),
            Self::Unclosed(name) => {
                write!(
                    f,
                    "the region `{name}` is not closed: add `{MARK}end {name}` after it"
                )
            }
            Self::Unopened(name) => write!(
                f,
                "the region `{name}` ends without having begun: add `{MARK}begin {name}` before it"
            ),
            Self::Nested { open, since } => write!(
                f,
                "a region begins inside the region `{open}` of line {since}: close that first with \
                 `{MARK}end {open}`"
            ),
            Self::Mismatched { begin, end } => write!(
                f,
                "the region `{begin}` is closed as `{end}`: write `{MARK}end {begin}`"
            ),
            Self::Duplicate { name, first } => write!(
                f,
                "the region `{name}` is here a second time, after line {first}: keep one of the two"
            ),
        }
    }
}

/// Finds all regions.
///
/// # Errors
/// All markers that are wrong, in the order of their lines.
pub fn find(text: &str) -> Result<Vec<Region>, Vec<MarkerError>> {
    let mut regions: Vec<Region> = Vec::new();
    let mut errors = Vec::new();
    let mut open: Option<Region> = None;
    let mut offset = 0;
    for (index, raw) in text.split_inclusive('\n').enumerate() {
        let (start, end) = (offset, offset + raw.len());
        offset = end;
        let Some(mark) = raw.trim().strip_prefix(MARK) else {
            continue;
        };
        let line = index + 1;
        let mut wrong = |problem| errors.push(MarkerError { line, problem });
        match mark.split_once(' ').map(|(verb, name)| (verb, name.trim())) {
            Some(("begin", name)) if is_name(name) => {
                if let Some(open) = &open {
                    wrong(MarkerProblem::Nested {
                        open: open.name.clone(),
                        since: open.line,
                    });
                }
                if let Some(first) = regions.iter().find(|region| region.name == name) {
                    wrong(MarkerProblem::Duplicate {
                        name: name.to_owned(),
                        first: first.line,
                    });
                }
                let indent = raw.len() - raw.trim_start().len();
                open = Some(Region {
                    name: name.to_owned(),
                    line,
                    inner: end..end,
                    indent: raw.get(..indent).unwrap_or_default().to_owned(),
                    line_end: if raw.ends_with("\r\n") { "\r\n" } else { "\n" },
                });
            }
            Some(("end", name)) if is_name(name) => match open.take() {
                Some(mut region) => {
                    if region.name != name {
                        wrong(MarkerProblem::Mismatched {
                            begin: region.name.clone(),
                            end: name.to_owned(),
                        });
                    }
                    region.inner.end = start;
                    regions.push(region);
                }
                None => wrong(MarkerProblem::Unopened(name.to_owned())),
            },
            _ => wrong(MarkerProblem::Malformed(raw.trim().to_owned())),
        }
    }
    if let Some(open) = open {
        errors.push(MarkerError {
            line: open.line,
            problem: MarkerProblem::Unclosed(open.name),
        });
    }
    if errors.is_empty() {
        Ok(regions)
    } else {
        errors.sort_by_key(|error| error.line);
        Err(errors)
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(char::is_whitespace)
}

/// The text with the lines of each region replaced; `lines` gives them by the region's name.
pub fn replace(text: &str, regions: &[Region], lines: impl Fn(&str) -> Vec<String>) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut from = 0;
    for region in regions {
        replaced.push_str(text.get(from..region.inner.start).unwrap_or_default());
        for line in lines(&region.name) {
            replaced.push_str(&region.indent);
            replaced.push_str(&line);
            replaced.push_str(region.line_end);
        }
        from = region.inner.end;
    }
    replaced.push_str(text.get(from..).unwrap_or_default());
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        find(text)
            .unwrap_err()
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    fn replaced(text: &str) -> String {
        replace(text, &find(text).unwrap(), |name| {
            vec![format!("tool: {name}"), "  x: y".into()]
        })
    }

    #[test]
    fn only_what_stands_between_the_markers_changes() {
        let text = "a: 1 \n  # toolschema:begin T\n  old\n\n  # toolschema:end T\nlast: é";
        assert_eq!(
            replaced(text),
            "a: 1 \n  # toolschema:begin T\n  tool: T\n    x: y\n  # toolschema:end T\nlast: é"
        );
        assert_eq!(replaced(&replaced(text)), replaced(text));
    }

    #[test]
    fn each_region_keeps_its_own_line_ends_and_indentation() {
        let text = "\u{feff}x\r\n\t# toolschema:begin A\r\n\t# toolschema:end A\r\n# toolschema:begin B\n# toolschema:end B";
        assert_eq!(
            replaced(text),
            "\u{feff}x\r\n\t# toolschema:begin A\r\n\ttool: A\r\n\t  x: y\r\n\t# toolschema:end A\r\n\
             # toolschema:begin B\ntool: B\n  x: y\n# toolschema:end B"
        );
    }

    #[test]
    fn a_text_without_markers_has_no_regions() {
        assert_eq!(find("a: 1\n# toolschemas\n"), Ok(vec![]));
    }

    #[test]
    fn each_wrong_marker_is_named_with_its_line() {
        let text = "# toolschema:end A\n# toolschema:begin B\n# toolschema:end C\n\
                    # toolschema:begin\n# toolschema:open D\n# toolschema:begin B\n# toolschema:begin E";
        let problems = problems(text);
        let starts = [
            "line 1: the region `A` ends without having begun",
            "line 3: the region `B` is closed as `C`",
            "line 4: `# toolschema:begin` is no marker",
            "line 5: `# toolschema:open D` is no marker",
            "line 6: the region `B` is here a second time, after line 2",
            "line 7: a region begins inside the region `B` of line 6",
            "line 7: the region `E` is not closed",
        ];
        assert_eq!(problems.len(), starts.len(), "{problems:#?}");
        for (problem, start) in problems.iter().zip(starts) {
            assert!(problem.starts_with(start), "{problem}");
        }
    }
}
