//! Every tool as the model sees it: input, output, name, description, and which target serves it.
//!
//! A tool is a type. From it follow the schema in `template.yaml` (made by `toolschema`), the
//! handler that a function registers (`target::Router::on`) and the action that Cedar policies
//! name. This crate knows none of them; it holds only what they all need.
//!
//! To add a tool: write its input type here, name it in its target's [`tools!`] list, register a
//! handler in the target's function, run `make schema`. What is forgotten does not compile, but
//! for the handler: that fails the test of `Router::check` and keeps the function from starting.
//!
//! # Constraints
//!
//! A constraint is a [garde](https://docs.rs/garde) rule on a field. AWS's schemas carry types
//! only, so the model reads the rule in the field's description, and the function enforces it.
//! Each field has a rule, or says `#[garde(skip)]`; a field whose type has rules of its own says
//! `#[garde(dive)]`.
//!
//! | rule | holds for | the model reads it | the caller reads |
//! |---|---|---|---|
//! | the type itself | all | yes | `` `sections[1].heading` is a number: expected a string `` |
//! | an enum of unit variants | choices | yes | `` `format` is none of the choices: expected `html` or `text` `` |
//! | `length(chars, min = 1, max = 200)` | `String` | yes | `` `subject` has 240 characters: expected at most 200 `` |
//! | `length(min = 1, max = 9)` | `Vec`, maps | yes | `` `columns` has 0 items: expected at least 1 `` |
//! | `range(min = 1, max = 50)` | numbers | yes | `` `limit` is `51`: expected at most 50 `` |
//! | `contains("@")` | `String` | yes | ``.. does not fit: expected a text that contains `@` `` |
//! | `ip`, `ipv4`, `ipv6` | `String` | yes | `.. does not fit: expected an IP address` |
//! | `required` | `Option` | yes | `` `subject` is missing `` |
//! | `inner(..)` | the items of a `Vec` | yes | `` `limits[3]` is `51`: expected at most 50 `` |
//! | `prefix(..)`, `suffix(..)`, `ascii`, `alphanumeric`, `matches(..)` | `String` | **no**: write it in the doc comment | `.. does not fit: expected ..` |
//! | `custom(function)` | all | **no**: write it in the doc comment | the function's message, best `expected ..` |
//!
//! A wrong type is told alone, with its path; broken constraints are told all at once. A text's
//! content is never repeated, a number is. The rules that need a regular expression (`email`,
//! `url`, `pattern("..")`) are switched off: they would cost each function a megabyte.
//!
//! Where the description and the enforcement could part:
//! - `#[schemars(length(..))]`, `#[schemars(email)]` and the like are described and not enforced:
//!   write the garde rule, or `custom` beside them.
//! - `length` on a `String` without `chars` counts bytes, while the schema means characters: write
//!   `chars`.
//! - a set (`BTreeSet`) drops a doubled item instead of refusing it.
//! - garde's `inner` takes one more level for `Option<Vec<..>>`, the schema does not: write
//!   `#[serde(default)]` and a plain `Vec`.
//! - a broken constraint is told by the argument's name in JSON through `rename_all`, `flatten`,
//!   newtypes, raw identifiers (`r#type`) and tagged enums, but not through a field's own
//!   `#[serde(rename = "..")]`: name the field as the argument.
//! - inside `#[serde(tag = "..")]` and `#[serde(flatten)]` serde reads from a copy. A wrong type is
//!   told with its full path if only one value there can be meant, else with the path of the
//!   whole; and there a struct is also read from an array of its fields, and `1.0` is no integer.

mod assertions;
mod definition;
mod report;

#[doc(hidden)]
pub use assertions::{assert_target, assert_tool};
pub use definition::{Definition, Target, Tool, ToolOf};
pub use report::{
    EmailSent, FormatReport, FormattedReport, MarkdownToEmail, ReportSection, ReportTable,
};

tools! {
    /// Formats reports and mails them; served by `functions/report-tools`.
    pub struct ReportTools = "ReportTools" { MarkdownToEmail, FormatReport }
}
