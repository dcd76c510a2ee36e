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
//!   `Fn::If`, `Fn::Join`, `Fn::Select`, `Fn::Split`, `Fn::Sub`; under `Conditions`: `Condition`,
//!   `Fn::And`, `Fn::Equals`, `Fn::Not`, `Fn::Or`. Other functions are an error in the resource
//!   that uses them. `Fn::ForEach` and a `Fn::Transform` around resources are not taken.
//! - Dynamic references (`{{resolve:ssm:...}}`) stay as they stand.
//! - As in CloudFormation, keys are unique, there are no merge keys, and a template is one document
//!   of at most 1 MB. Aliases, which the SAM CLI writes out, are taken. JSON must hold a character
//!   beyond U+FFFF as itself: YAML knows no pair of `\u` escapes.

mod conditions;
mod error;
mod evaluate;
mod functions;
mod globals;
mod near;
mod parameters;
mod resolve;
mod sub;
mod template;
mod yaml;

pub use error::{Error, Errors, Place};
pub use resolve::{Environment, Reference, Resolved, Resource};
pub use template::Template;
