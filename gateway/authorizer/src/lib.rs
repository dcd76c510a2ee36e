//! Who gets in at a Gateway's MCP endpoint.
//!
//! [`layer`] stands in front of a router and answers as the Gateway of Amazon Bedrock AgentCore
//! does: with `CUSTOM_JWT` it lets in who brings a token that [`JwtAuthorizer`] accepts, with
//! `AWS_IAM` who signs with known credentials ([`IamAuthorizer`]). Who that was stands in the
//! request's extensions as a [`Principal`].
//!
//! No token, secret or claim (but `sub`) is in a log line, an error or a `Debug` of this crate.

mod iam;
mod jwt;
mod layer;
mod principal;
mod refusal;

pub use iam::{IamAuthorizer, IamCredential};
pub use jwt::{ClaimRule, Claims, ConfigError, CustomClaim, JwtAuthorizer, JwtConfig};
pub use layer::{MAX_SIGNED_BODY, layer};
pub use principal::Principal;
pub use refusal::Refusal;

/// How a gateway decides who gets in (`AuthorizerType` of `AWS::BedrockAgentCore::Gateway`).
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "a gateway has one")]
pub enum Authorizer {
    /// `NONE`: everyone.
    None,
    /// `CUSTOM_JWT`: whoever brings a token of the configured issuer.
    Jwt(JwtAuthorizer),
    /// `AWS_IAM`: whoever signs requests with known credentials (Signature Version 4).
    Iam(IamAuthorizer),
}
