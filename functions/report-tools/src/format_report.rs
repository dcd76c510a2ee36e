//! The tool `format_report`: a structured report as Markdown.
//!
//! Whatever the parts hold, the result has the report's structure: a cell cannot end its row, a
//! bullet cannot become a heading, and nothing that a section leaves open reaches the next one.

mod body;
mod line;
mod table;

use target::{Call, ToolError};
use tools::{FormatReport, FormattedReport, ReportSection};

use crate::mailer::Mailer;

/// The most cells of one table, padding included. Short rows are padded, so that a table with one
/// long row among many short ones grows with their product.
const MOST_CELLS: usize = 500_000;

/// Formats the report.
///
/// # Errors
/// `report_too_large` when a table has more than half a million cells.
pub async fn format_report(
    _call: Call<Mailer>,
    input: FormatReport,
) -> Result<FormattedReport, ToolError> {
    markdown(&input)
        .map(|markdown| FormattedReport { markdown })
        .map_err(|error| ToolError::new("report_too_large", error.to_string()))
}

/// A table with more cells than a report can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "`sections[{section}].table` has {cells} cells: send at most {MOST_CELLS}, or rows of equal length"
)]
pub struct TooLarge {
    section: usize,
    cells: usize,
}

/// The report as GitHub-flavoured Markdown (<https://github.github.com/gfm/>).
///
/// # Errors
/// When a table has more than half a million cells.
pub fn markdown(report: &FormatReport) -> Result<String, TooLarge> {
    let mut out = String::new();
    heading(&mut out, "#", &report.title);
    block(&mut out, report.summary.as_deref().map(body::closed));
    for (place, section) in report.sections.iter().enumerate() {
        if let Some(table) = &section.table {
            let cells = table::cells(table);
            if cells > MOST_CELLS {
                return Err(TooLarge {
                    section: place,
                    cells,
                });
            }
        }
        write_section(&mut out, section);
    }
    Ok(out)
}

fn write_section(out: &mut String, section: &ReportSection) {
    heading(out, "##", &section.heading);
    block(out, section.body.as_deref().map(body::closed));
    block(out, section.bullets.as_deref().map(bullets));
    block(out, section.table.as_ref().map(table::markdown));
}

fn heading(out: &mut String, marks: &str, text: &str) {
    block(out, Some(format!("{marks} {}", line::heading(text))));
}

fn bullets(bullets: &[String]) -> String {
    let lines = bullets.iter().map(|bullet| line::paragraph(bullet));
    let lines = lines.filter(|line| !line.is_empty());
    lines.map(|line| format!("- {line}\n")).collect()
}

/// Appends a block, with a blank line between it and what stands before.
fn block(out: &mut String, text: Option<String>) {
    let Some(text) = text else { return };
    let text = text.trim_end();
    if text.is_empty() {
        return;
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out.push_str(text);
    out.push('\n');
}

#[cfg(test)]
mod tests;
