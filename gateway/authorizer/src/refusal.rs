//! Why a bearer does not get in.

use http::StatusCode;

/// Why a request without an acceptable token does not get in. Holds nothing of the token.
///
/// The statuses and error codes are those of RFC 6750, section 3.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// 401 without an error code: no bearer token came.
    #[error("a bearer token is missing")]
    NoToken,
    /// 400: the request says twice who it comes from.
    #[error("there must be one Authorization header")]
    AmbiguousRequest,
    /// 401: broken, forged, expired, or meant for another.
    #[error("{0}")]
    InvalidToken(&'static str),
    /// 403: the token holds none of the allowed scopes.
    #[error("the token has none of the allowed scopes")]
    InsufficientScope,
    /// 403: a custom claim is not what the configuration asks for.
    #[error("a claim of the token is not as the gateway requires")]
    ClaimMismatch,
    /// 503: the issuer's keys cannot be had, so nobody can tell what the token is worth.
    #[error("the issuer's keys cannot be fetched; see that the discovery URL answers")]
    Unavailable,
}

impl Refusal {
    /// The HTTP status it is answered with.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NoToken | Self::InvalidToken(_) => StatusCode::UNAUTHORIZED,
            Self::AmbiguousRequest => StatusCode::BAD_REQUEST,
            Self::InsufficientScope | Self::ClaimMismatch => StatusCode::FORBIDDEN,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The `error` of the challenge, where RFC 6750 has one.
    pub(crate) fn code(&self) -> Option<&'static str> {
        match self {
            Self::AmbiguousRequest => Some("invalid_request"),
            Self::InvalidToken(_) => Some("invalid_token"),
            Self::InsufficientScope => Some("insufficient_scope"),
            // A client that reads `insufficient_scope` asks for more scopes; here none would help.
            Self::NoToken | Self::ClaimMismatch | Self::Unavailable => None,
        }
    }
}
