//! What tokens say, as Cognito's do (developer guide, "Understanding the access token" and
//! "Understanding the identity (ID) token").

use serde::Serialize;
use uuid::Uuid;

use crate::grants::SignIn;
use crate::pool::{Client, Person};
use crate::secret::{base64url, sha256};

/// An access token's. There is no `aud`: whoever checks one looks at `client_id`.
#[derive(Serialize)]
pub(crate) struct AccessClaims<'a> {
    sub: &'a str,
    #[serde(rename = "cognito:groups", skip_serializing_if = "<[_]>::is_empty")]
    groups: &'a [String],
    iss: &'a str,
    version: u8,
    client_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin_jti: Option<&'a str>,
    token_use: &'static str,
    scope: String,
    auth_time: u64,
    exp: u64,
    iat: u64,
    jti: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<&'a str>,
}

impl<'a> AccessClaims<'a> {
    /// A machine's: its subject is the client itself.
    pub(crate) fn of_client(
        iss: &'a str,
        client: &'a Client,
        scopes: impl IntoIterator<Item = &'a String>,
        now: u64,
    ) -> Self {
        Self {
            sub: &client.id,
            groups: &[],
            iss,
            version: 2,
            client_id: &client.id,
            origin_jti: None,
            token_use: "access",
            scope: joined(scopes),
            auth_time: now,
            exp: now.saturating_add(client.access_token_validity.as_secs()),
            iat: now,
            jti: Uuid::new_v4().to_string(),
            username: None,
        }
    }

    pub(crate) fn of_person(
        iss: &'a str,
        client: &'a Client,
        person: &'a Person,
        sign_in: &'a SignIn,
        now: u64,
    ) -> Self {
        Self {
            sub: &person.sub,
            groups: &person.groups,
            origin_jti: Some(&sign_in.origin_jti),
            auth_time: sign_in.auth_time,
            username: Some(&person.username),
            ..Self::of_client(iss, client, &sign_in.scopes, now)
        }
    }
}

/// An ID token's.
#[derive(Serialize)]
pub(crate) struct IdClaims<'a> {
    at_hash: String,
    sub: &'a str,
    #[serde(rename = "cognito:groups", skip_serializing_if = "<[_]>::is_empty")]
    groups: &'a [String],
    email_verified: bool,
    iss: &'a str,
    #[serde(rename = "cognito:username")]
    username: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    origin_jti: &'a str,
    aud: &'a str,
    token_use: &'static str,
    auth_time: u64,
    exp: u64,
    iat: u64,
    jti: String,
    email: &'a str,
}

impl<'a> IdClaims<'a> {
    pub(crate) fn new(
        iss: &'a str,
        client: &'a Client,
        person: &'a Person,
        sign_in: &'a SignIn,
        access_token: &str,
        now: u64,
    ) -> Self {
        // OpenID Connect Core, section 3.1.3.6: the left half of the hash.
        let half = sha256(access_token).into_iter().take(16);
        Self {
            at_hash: base64url(&half.collect::<Vec<_>>()),
            sub: &person.sub,
            groups: &person.groups,
            email_verified: true,
            iss,
            username: &person.username,
            nonce: sign_in.nonce.as_deref(),
            origin_jti: &sign_in.origin_jti,
            aud: &client.id,
            token_use: "id",
            auth_time: sign_in.auth_time,
            exp: now.saturating_add(client.access_token_validity.as_secs()),
            iat: now,
            jti: Uuid::new_v4().to_string(),
            email: &person.email,
        }
    }
}

/// RFC 6749, section 3.3.
fn joined<'a>(scopes: impl IntoIterator<Item = &'a String>) -> String {
    let scopes: Vec<_> = scopes.into_iter().map(String::as_str).collect();
    scopes.join(" ")
}
