//! A table as aligned columns of plain text.

use pulldown_cmark::Alignment;

/// The widest that a column is padded to, in characters; a longer cell runs over. It also bounds
/// what padding adds to a large table.
const WIDEST: usize = 40;

/// Collects a table's cells until the widths of its columns are known.
#[derive(Debug)]
pub(super) struct TextTable {
    columns: Vec<(Alignment, usize)>,
    rows: Vec<Vec<String>>,
}

impl TextTable {
    pub(super) fn new(columns: &[Alignment]) -> Self {
        Self {
            columns: columns.iter().map(|align| (*align, 0)).collect(),
            rows: Vec::new(),
        }
    }

    /// Starts a row.
    pub(super) fn row(&mut self) {
        self.rows.push(Vec::new());
    }

    /// Adds a cell to the row.
    pub(super) fn cell(&mut self, text: String) {
        let Some(row) = self.rows.last_mut() else {
            return;
        };
        if let Some((_, width)) = self.columns.get_mut(row.len()) {
            *width = (*width).max(text.chars().count().min(WIDEST));
        }
        row.push(text);
    }

    /// The table's lines: the headings, a line under each, the rows.
    pub(super) fn finish(self) -> String {
        let mut out = String::new();
        for (place, row) in self.rows.iter().enumerate() {
            for (cell, (align, width)) in row.iter().zip(&self.columns) {
                let width = *width;
                match align {
                    Alignment::Right => out.push_str(&format!("{cell:>width$}  ")),
                    Alignment::Center => out.push_str(&format!("{cell:^width$}  ")),
                    _ => out.push_str(&format!("{cell:<width$}  ")),
                }
            }
            out.push('\n');
            if place == 0 {
                for (_, width) in &self.columns {
                    out.push_str(&"-".repeat(*width));
                    out.push_str("  ");
                }
                out.push('\n');
            }
        }
        out
    }
}
