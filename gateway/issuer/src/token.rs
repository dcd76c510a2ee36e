//! `/oauth2/token` (RFC 6749, section 3.2) and `/oauth2/revoke` (RFC 7009).

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::claims::{AccessClaims, IdClaims};
use crate::client_auth::authenticate;
use crate::error::{ErrorCode, OAuthError, no_store};
use crate::grants::{Presented, SignIn};
use crate::issuer::{Issuer, flow_not_allowed, narrowed, now};
use crate::params::Params;
use crate::pool::Client;

/// What Cognito answers; no `scope`, though RFC 6749 would like one.
#[derive(Serialize)]
struct Tokens {
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    access_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    expires_in: u64,
    token_type: &'static str,
}

pub(crate) async fn token(State(issuer): State<Issuer>, request: Request) -> Response {
    let (headers, params) = match Params::of_form(request).await {
        Ok(form) => form,
        Err(error) => return error.into_response(),
    };
    let grant = || {
        let grant_type = params.require("grant_type")?;
        let client = authenticate(issuer.pool(), &headers, &params)?;
        match grant_type {
            "client_credentials" => by_credentials(&issuer, client, &params),
            "authorization_code" => by_code(&issuer, client, &params),
            "refresh_token" => by_refresh_token(&issuer, client, &params),
            _ => Err(OAuthError::new(
                ErrorCode::UnsupportedGrantType,
                "grant_type must be client_credentials, authorization_code or refresh_token",
            )),
        }
    };
    match grant() {
        Ok(tokens) => (no_store(), Json(tokens)).into_response(),
        Err(error) => error.into_response(),
    }
}

fn by_credentials(issuer: &Issuer, client: &Client, params: &Params) -> Result<Tokens, OAuthError> {
    let scopes = issuer.machine_scopes(client, params.get("scope"))?;
    Ok(Tokens {
        id_token: None,
        access_token: issuer.client_token(client, &scopes)?,
        refresh_token: None,
        expires_in: client.access_token_validity.as_secs(),
        token_type: "Bearer",
    })
}

fn by_code(issuer: &Issuer, client: &Client, params: &Params) -> Result<Tokens, OAuthError> {
    if !client.flows.code {
        return Err(flow_not_allowed("code"));
    }
    let presented = Presented {
        code: params.require("code")?,
        client_id: &client.id,
        redirect_uri: params.require("redirect_uri")?,
        verifier: params.get("code_verifier"),
    };
    let validity = client.refresh_token_validity.as_secs();
    let (sign_in, refresh_token) = issuer.grants().redeem(&presented, validity, now())?;
    for_person(issuer, client, &sign_in, Some(refresh_token))
}

fn by_refresh_token(
    issuer: &Issuer,
    client: &Client,
    params: &Params,
) -> Result<Tokens, OAuthError> {
    let token = params.require("refresh_token")?;
    let mut sign_in = issuer.grants().refresh(token, &client.id, now())?;
    sign_in.scopes = narrowed(&sign_in.scopes, params.get("scope"))?;
    for_person(issuer, client, &sign_in, None)
}

fn for_person(
    issuer: &Issuer,
    client: &Client,
    sign_in: &SignIn,
    refresh_token: Option<String>,
) -> Result<Tokens, OAuthError> {
    let person = issuer.pool().person(&sign_in.username).ok_or_else(|| {
        OAuthError::new(
            ErrorCode::InvalidGrant,
            "the person is no longer in the pool",
        )
    })?;
    let (iss, now, key) = (issuer.issuer_url(), now(), issuer.key());
    let access_token = key.sign(&AccessClaims::of_person(iss, client, person, sign_in, now))?;
    let id_token = sign_in
        .scopes
        .contains("openid")
        .then(|| {
            key.sign(&IdClaims::new(
                iss,
                client,
                person,
                sign_in,
                &access_token,
                now,
            ))
        })
        .transpose()?;
    Ok(Tokens {
        id_token,
        access_token,
        refresh_token,
        expires_in: client.access_token_validity.as_secs(),
        token_type: "Bearer",
    })
}

/// Refresh tokens can be revoked; access tokens are valid until they expire.
pub(crate) async fn revoke(State(issuer): State<Issuer>, request: Request) -> Response {
    let (headers, params) = match Params::of_form(request).await {
        Ok(form) => form,
        Err(error) => return error.into_response(),
    };
    let revoke = || {
        let token = params.require("token")?;
        let client = authenticate(issuer.pool(), &headers, &params)?;
        // A JWT has dots, a refresh token of ours has none.
        if token.contains('.') {
            return Err(OAuthError::new(
                ErrorCode::UnsupportedTokenType,
                "only refresh tokens can be revoked",
            ));
        }
        issuer.grants().revoke(token, &client.id);
        Ok(())
    };
    match revoke() {
        Ok(()) => no_store().into_response(),
        Err(error) => error.into_response(),
    }
}
