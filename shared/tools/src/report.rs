//! The report tools: text into Markdown, Markdown into a mail.

use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Tool;

/// Input of `markdown_to_email`.
#[derive(Deserialize, JsonSchema, Validate)]
pub struct MarkdownToEmail {
    /// The report as Markdown (tables, lists, code and links are rendered; raw HTML and remote
    /// images are not)
    #[garde(length(chars, min = 1))]
    pub markdown_content: String,
    /// The one address to send to, such as `ana@example.com`, without a display name
    #[garde(length(chars, min = 3, max = 320))]
    pub recipient_email: String,
    /// The subject line; if left out, the first heading of the document
    #[garde(length(chars, max = 200))]
    pub subject: Option<String>,
}

/// Output of `markdown_to_email`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EmailSent {
    /// Always `success`: a mail that was not sent is an error
    pub status: &'static str,
    /// What happened, in words
    pub message: String,
    /// The id that Amazon SES gave the mail
    pub message_id: String,
}

impl Tool for MarkdownToEmail {
    const NAME: &'static str = "markdown_to_email";
    const DESCRIPTION: &'static str = "Converts Markdown text to a styled HTML email and sends it to one recipient. \
         Use this when the user wants a report or a notification sent by email.";
    type Output = EmailSent;
}

/// Input of `format_report`.
#[derive(Deserialize, JsonSchema, Validate)]
pub struct FormatReport {
    /// The report's title
    #[garde(length(chars, min = 1, max = 200))]
    pub title: String,
    /// One paragraph that says what matters most
    #[garde(skip)]
    pub summary: Option<String>,
    /// The sections, in the order in which they are read
    #[garde(dive)]
    pub sections: Vec<ReportSection>,
}

/// One section of a report.
#[derive(Deserialize, JsonSchema, Validate)]
pub struct ReportSection {
    /// The section's heading
    #[garde(length(chars, min = 1, max = 200))]
    pub heading: String,
    /// Paragraphs of text, Markdown allowed
    #[garde(skip)]
    pub body: Option<String>,
    /// Bullet points, one line each
    #[garde(skip)]
    pub bullets: Option<Vec<String>>,
    /// A table of figures
    #[garde(dive)]
    pub table: Option<ReportTable>,
}

/// A table in a report.
#[derive(Deserialize, JsonSchema, Validate)]
pub struct ReportTable {
    /// The column headings, from left to right
    #[garde(length(min = 1))]
    pub columns: Vec<String>,
    /// The rows, each with one cell per column
    #[garde(skip)]
    pub rows: Vec<Vec<String>>,
}

/// Output of `format_report`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FormattedReport {
    /// The report as Markdown, ready for `markdown_to_email`
    pub markdown: String,
}

impl Tool for FormatReport {
    const NAME: &'static str = "format_report";
    const DESCRIPTION: &'static str = "Formats a title, a summary and sections with text, bullet points and tables as one Markdown report. \
         Use this to lay out findings before showing them or sending them with markdown_to_email.";
    type Output = FormattedReport;
}
