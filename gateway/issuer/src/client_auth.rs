//! Which client is asking (RFC 6749, section 2.3).

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderMap, HeaderValue, header};

use crate::error::{ErrorCode, OAuthError};
use crate::params::{Params, decode};
use crate::pool::{Client, Pool};

/// The client, once it has proved who it is: by its secret in a Basic header or in the form,
/// never in both; a public client by its id alone.
pub(crate) fn authenticate<'p>(
    pool: &'p Pool,
    headers: &HeaderMap,
    params: &Params,
) -> Result<&'p Client, OAuthError> {
    let mut authorizations = headers.get_all(header::AUTHORIZATION).iter();
    match (authorizations.next(), authorizations.next()) {
        (None, _) => by_form(pool, params),
        (Some(header), None) => by_header(pool, header, params),
        (Some(_), Some(_)) => Err(OAuthError::new(
            ErrorCode::InvalidRequest,
            "there are two Authorization headers; send one",
        )),
    }
}

fn by_form<'p>(pool: &'p Pool, params: &Params) -> Result<&'p Client, OAuthError> {
    let client = pool.client(params.require("client_id")?);
    match (client, params.get("client_secret")) {
        (Some(client), None) if client.secret.is_none() => Ok(client),
        (Some(client), Some(given)) if is_secret_of(client, given) => Ok(client),
        _ => Err(refused()),
    }
}

fn by_header<'p>(
    pool: &'p Pool,
    header: &HeaderValue,
    params: &Params,
) -> Result<&'p Client, OAuthError> {
    if params.get("client_secret").is_some() {
        return Err(OAuthError::new(
            ErrorCode::InvalidRequest,
            "the client authenticates twice; use the Authorization header or client_secret",
        ));
    }
    let (id, secret) = basic(header).ok_or_else(|| {
        OAuthError::new(
            ErrorCode::InvalidClient,
            "the Authorization header must be `Basic` with client id and secret",
        )
        .challenged()
    })?;
    if params.get("client_id").is_some_and(|given| given != id) {
        return Err(OAuthError::new(
            ErrorCode::InvalidRequest,
            "client_id and the Authorization header name different clients",
        ));
    }
    pool.client(&id)
        .filter(|client| is_secret_of(client, &secret))
        .ok_or_else(|| refused().challenged())
}

/// Id and secret are form-encoded before they are joined (RFC 6749, section 2.3.1).
fn basic(header: &HeaderValue) -> Option<(String, String)> {
    let (scheme, credentials) = header.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let joined = String::from_utf8(BASE64_STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let (id, secret) = joined.split_once(':')?;
    Some((decode(id)?, decode(secret)?))
}

fn is_secret_of(client: &Client, given: &str) -> bool {
    client
        .secret
        .as_ref()
        .is_some_and(|secret| secret.matches(given))
}

/// The same for an unknown client and for a wrong secret.
fn refused() -> OAuthError {
    OAuthError::new(
        ErrorCode::InvalidClient,
        "the client is unknown, or its secret is not right",
    )
}
