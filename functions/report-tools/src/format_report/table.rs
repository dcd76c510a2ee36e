//! A table in GitHub-flavoured Markdown (GFM, section 4.10).

use std::iter;

use tools::ReportTable;

use super::line::{escaped, one_line};

/// How many cells the table has when every row is as long as the longest.
pub(super) fn cells(table: &ReportTable) -> usize {
    width(table).saturating_mul(table.rows.len() + 1)
}

/// The table, every row as long as the longest: short rows get empty cells, and columns without
/// a heading an empty one, so that nothing is lost. Columns of figures are aligned to the right.
pub(super) fn markdown(table: &ReportTable) -> String {
    let width = width(table);
    if width == 0 {
        return String::new();
    }
    let mut out = String::new();
    row(&mut out, &table.columns, width);
    for column in 0..width {
        out.push_str(if is_figures(table, column) {
            "| ---: "
        } else {
            "| --- "
        });
    }
    out.push_str("|\n");
    for cells in &table.rows {
        row(&mut out, cells, width);
    }
    out
}

fn width(table: &ReportTable) -> usize {
    let rows = table.rows.iter().map(Vec::len);
    rows.chain(iter::once(table.columns.len()))
        .max()
        .unwrap_or(0)
}

fn row(out: &mut String, cells: &[String], width: usize) {
    let padded = cells.iter().map(String::as_str).chain(iter::repeat(""));
    for text in padded.take(width) {
        out.push_str("| ");
        out.push_str(&cell(text));
        out.push(' ');
    }
    out.push_str("|\n");
}

/// A cell's text on one line, its pipes escaped unless they are already.
fn cell(text: &str) -> String {
    let line = one_line(text);
    let mut out = String::with_capacity(line.len());
    for (place, c) in line.char_indices() {
        if c == '|' && !escaped(&line, place) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Whether every cell of the column that is not blank is a number, perhaps with a sign, a
/// currency, a unit of at most three letters or a percent sign.
fn is_figures(table: &ReportTable, column: usize) -> bool {
    let mut cells = table
        .rows
        .iter()
        .filter_map(|row| row.get(column))
        .map(|cell| cell.trim())
        .filter(|cell| !cell.is_empty() && !matches!(*cell, "-" | "–" | "—"))
        .peekable();
    cells.peek().is_some() && cells.all(is_figure)
}

fn is_figure(text: &str) -> bool {
    let text = text.trim_start_matches([
        '+', '-', '−', '±', '~', '<', '>', '≈', '$', '€', '£', '¥', ' ',
    ]);
    let digits =
        |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '\'' | ' ' | '\u{a0}' | '\u{202f}');
    let unit = text.trim_start_matches(digits).trim();
    text.starts_with(|c: char| c.is_ascii_digit())
        && (unit.is_empty()
            || matches!(unit, "%" | "$" | "€" | "£" | "¥")
            || (unit.len() <= 3 && unit.chars().all(|c| c.is_ascii_alphabetic())))
}
