//! Reads an AWS SAM or CloudFormation template and evaluates it without AWS.
//!
//! [`Template::parse`] reads YAML (or JSON, which YAML includes) and checks that it has a
//! template's shape; [`Template::resolve`] evaluates parameters, conditions and intrinsic functions
//! and gives each resource with its properties as JSON. What only a running service knows (the ARN
//! of a function, the URL of a gateway) comes from the caller. Every error says where in the file
//! it lies and what would be right.
//!
//! ```
//! use template::{Environment, Template};
//!
//! let template = Template::parse(
//!     "
//! Resources:
//!   Topic:
//!     Type: AWS::SNS::Topic
//!     Properties: {DisplayName: !Sub 'news from ${AWS::Region}'}
//! ",
//! )?;
//! let resolved = template.resolve(&Environment::default(), &|_| None)?;
//! let properties = resolved.resources["Topic"].properties.as_ref().unwrap();
//! assert_eq!(properties["DisplayName"], "news from us-east-1");
//! # Ok::<(), template::Errors>(())
//! ```
//!
//! - Evaluated, in short and long form: `Ref`, `Fn::Base64`, `Fn::FindInMap`, `Fn::GetAtt`,
//!   `Fn::If`, `Fn::Join`, `Fn::Length`, `Fn::Select`, `Fn::Split`, `Fn::Sub`, `Fn::ToJsonString`;
//!   under `Conditions`: `Condition`, `Fn::And`, `Fn::Equals`, `Fn::Not`, `Fn::Or`. Other functions
//!   are an error in the resource that uses them. `Fn::ForEach` and `Fn::Transform` among resources
//!   are resources of that type: what they would make is not there.
//! - Dynamic references (`{{resolve:ssm:...}}`) stay as they stand.
//! - As in CloudFormation, keys are unique, there are no merge keys, and a template is one document
//!   of at most 1 MB. Aliases, which the SAM CLI writes out, are taken.

mod conditions;
mod declared;
mod error;
mod evaluate;
mod functions;
mod generated;
mod globals;
mod near;
mod parameters;
mod resolve;
mod sub;
mod surrogates;
mod template;
mod transforms;
mod uses;
mod yaml;

pub use declared::{Declared, Written};
pub use error::{Error, Errors, Place};
pub use evaluate::scalar_text;
pub use parameters::Parameter;
pub use resolve::{Environment, Reference, Resolved, Resource};
pub use template::Template;
