//! Who a request comes from.

use std::fmt;

use serde_json::{Map, Value};

/// Who a request comes from; [`layer`](crate::layer()) puts it into the request's extensions.
///
/// Named after the entity types of Policy in AgentCore.
#[derive(Clone, PartialEq)]
pub enum Principal {
    /// Whom a verified token speaks for.
    OAuthUser {
        /// A person's id; in a token for client credentials, the client's.
        sub: String,
        /// All claims of the token, `sub` among them.
        claims: Map<String, Value>,
    },
    /// Whose credentials signed the request.
    IamEntity {
        /// The caller's ARN.
        arn: String,
    },
    /// Anyone: the gateway has no authorizer.
    Unauthenticated,
}

/// Shows no claim but `sub`.
impl fmt::Debug for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OAuthUser { sub, .. } => {
                let mut shown = f.debug_struct("OAuthUser");
                shown.field("sub", sub).finish_non_exhaustive()
            }
            Self::IamEntity { arn } => f.debug_struct("IamEntity").field("arn", arn).finish(),
            Self::Unauthenticated => f.write_str("Unauthenticated"),
        }
    }
}
