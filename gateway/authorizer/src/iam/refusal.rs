//! Why a signed request does not get in, in the words of AWS.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderName, StatusCode};
use serde_json::json;

/// Why a signed request does not get in. The texts are the ones that AWS services answer with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("Missing Authentication Token")]
    Unsigned,
    #[error("The Authorization header is not a complete AWS4-HMAC-SHA256 signature.")]
    Incomplete,
    #[error("The security token included in the request is invalid.")]
    UnknownCredential,
    #[error("Credential should be scoped to this gateway's region and to bedrock-agentcore.")]
    OtherScope,
    #[error("Signature not yet current or expired; the clocks differ by more than 5 minutes.")]
    OtherTime,
    #[error("'host' and all 'x-amz-' headers must be SignedHeaders in the Authorization header.")]
    UnsignedHeader,
    #[error(
        "The request signature we calculated does not match the signature you provided. \
         Check your AWS Secret Access Key and signing method."
    )]
    Mismatch,
    #[error("The request is longer than 6 MB.")]
    TooLarge,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, kind) = match self {
            Self::Unsigned => (StatusCode::FORBIDDEN, "MissingAuthenticationTokenException"),
            Self::Incomplete => (StatusCode::FORBIDDEN, "IncompleteSignatureException"),
            Self::UnknownCredential => (StatusCode::FORBIDDEN, "UnrecognizedClientException"),
            Self::OtherScope | Self::OtherTime | Self::UnsignedHeader | Self::Mismatch => {
                (StatusCode::FORBIDDEN, "InvalidSignatureException")
            }
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "RequestEntityTooLargeException",
            ),
        };
        let header = [(HeaderName::from_static("x-amzn-errortype"), kind)];
        (status, header, Json(json!({"message": self.to_string()}))).into_response()
    }
}
