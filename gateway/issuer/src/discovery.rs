//! The two documents by which anybody can verify a token.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use http::header::CACHE_CONTROL;
use serde_json::json;

use crate::issuer::Issuer;
use crate::pool::STANDARD_SCOPES;

/// OpenID Connect Discovery, section 4.2, with what Cognito puts in it. Cognito leaves out
/// `code_challenge_methods_supported`, so it is left out here: a client that insists on it
/// should fail on a laptop already.
pub(crate) async fn configuration(State(issuer): State<Issuer>) -> impl IntoResponse {
    let (base, iss) = (issuer.base_url(), issuer.issuer_url());
    // Cognito lists four of them.
    let scopes = STANDARD_SCOPES
        .iter()
        .filter(|scope| !scope.starts_with("aws."));
    Json(json!({
        "authorization_endpoint": format!("{base}/oauth2/authorize"),
        "id_token_signing_alg_values_supported": ["RS256"],
        "issuer": iss,
        "jwks_uri": format!("{iss}/.well-known/jwks.json"),
        "response_types_supported": ["code"],
        "revocation_endpoint": format!("{base}/oauth2/revoke"),
        "scopes_supported": scopes.collect::<Vec<_>>(),
        "subject_types_supported": ["public"],
        "token_endpoint": format!("{base}/oauth2/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    }))
}

/// RFC 7517. Not to be cached by what lies between: a key can be rotated at any moment.
pub(crate) async fn jwks(State(issuer): State<Issuer>) -> impl IntoResponse {
    ([(CACHE_CONTROL, "no-cache")], Json(issuer.jwks()))
}
