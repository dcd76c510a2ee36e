//! Rust types into AgentCore tool definitions: lowered, linted, written into `template.yaml`.
//!
//! The types are those of the crate `tools`. [`lower`] turns their JSON Schemas into the small
//! dialect that AgentCore Gateway takes, [`lint`] knows AWS's limits and good habits, [`template`]
//! keeps the region of each target in `template.yaml` up to date, and [`render`] prints the same
//! definitions for those who deploy by other means. [`golden`] keeps a file per tool with all that
//! its types say, by which [`contract`] tells breaking changes from harmless ones. Which targets
//! there are stands in [`targets`].

pub mod contract;
pub mod declared;
pub mod definition;
pub mod file;
pub mod finding;
pub mod golden;
pub mod lint;
pub mod lower;
pub mod region;
pub mod render;
pub mod targets;
pub mod template;
mod words;
mod yaml;

pub use definition::{Fields, SchemaDefinition, Shape, ToolDefinition};
pub use finding::{Finding, Level};
pub use targets::Target;
