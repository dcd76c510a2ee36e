//! Cedar policies of Policy in Amazon Bedrock AgentCore, evaluated locally.
//!
//! An [`Engine`] is made of a gateway's tools and policies. It makes the Cedar schema that
//! AgentCore makes of the tools, refuses what the service refuses, decides calls, and says which
//! tools a caller can see: each that some arguments could be permitted for.
//!
//! Sources: the AgentCore developer guide, "Schema constraints", "Policy scope", "Principal-scoped
//! policies" and "Action and resource scoped policies", and the API reference of `CreatePolicy`.

mod decision;
mod engine;
mod finding;
mod index;
mod lint;
mod names;
mod partial;
mod principal;
mod readable;
mod room;
mod schema;
mod shape;
mod statement;
mod validate;

pub use authorizer::Principal;
pub use decision::{Decision, Verdict};
pub use engine::{Engine, Mode};
pub use finding::{Finding, Position, Severity};
pub use partial::{Condition, Outlook};
pub use principal::entity_json;
pub use schema::ToolSchema;
pub use statement::{EnforcementMode, Statement};
