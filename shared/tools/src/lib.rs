//! Every tool as the model sees it: input, output, name, description, and which target serves it.
//!
//! A tool is a type. From it follow the schema in `template.yaml` (made by `toolschema`), the
//! handler that a function registers (`target::Router::on`) and the action that Cedar policies
//! name. This crate knows none of them; it holds only what they all need.
//!
//! To add a tool: write its input type here, name it in its target's [`tools!`] list, register a
//! handler in the target's function, run `make schema`.

mod definition;
mod report;

#[doc(hidden)]
pub use definition::assert_distinct;
pub use definition::{Definition, Target, Tool, ToolOf};
pub use report::{
    EmailSent, FormatReport, FormattedReport, MarkdownToEmail, ReportSection, ReportTable,
};

tools! {
    /// Formats reports and mails them; served by `functions/report-tools`.
    pub struct ReportTools = "ReportTools" { MarkdownToEmail, FormatReport }
}
