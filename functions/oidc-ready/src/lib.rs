//! The CloudFormation custom resource `oidc-ready`: waits for what AWS makes slowly, so that what
//! needs it is made after it, and always answers CloudFormation, so that no stack hangs.
//!
//! Properties, all optional:
//! - `DiscoveryUrl`: until it serves the discovery document of its issuer;
//! - `TokenEndpoint`: until it refuses a request without credentials as token endpoints do;
//! - `GatewayIdentifier` and `TargetIds`: until each target is READY;
//! - `After`: a list that is not read. What stands there is made before the wait, and when it
//!   changes, such as a role's ARN or the time of a target's last update, there is a new wait;
//! - `SettleSeconds`: to wait so long once more, 300 at most. IAM and a Gateway's list of tools are
//!   ready some time before they are ready everywhere.
//!
//! Attributes: `ElapsedSeconds`, and `Digest`, which stands for the values of `After`: where other
//! values must mean another resource, such as a function's version, it names the digest.
//!
//! The wait takes 600 seconds at most, settling included, with 30 between two rounds, and ends 30
//! before the function's own time-out; for tests the environment sets other numbers, see
//! [`settings::Timing`]. What the credentials are used for is `GetGatewayTarget`, at
//! `AWS_ENDPOINT_URL_BEDROCK_AGENTCORE_CONTROL`, else `AWS_ENDPOINT_URL`, else the region's
//! endpoint.

pub mod answer;
pub mod deliver;
pub mod discovery;
pub mod http;
pub mod log;
pub mod properties;
pub mod request;
pub mod settings;
pub mod targets;
mod text;
pub mod token_endpoint;
pub mod url;
pub mod wait;
mod waiter;

pub use waiter::Waiter;
