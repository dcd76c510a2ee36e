//! `CUSTOM_JWT`: tokens of an OpenID Connect issuer.

mod claims;
mod config;
mod fetch;
mod jwks;
mod keys;
mod token;

use std::fmt;

use jsonwebtoken::crypto;
use serde_json::{Map, Value};

pub use config::{ClaimRule, ConfigError, CustomClaim, JwtConfig};

use crate::{Principal, Refusal};
use keys::{KeyCache, NotFound};
use token::Token;

/// Accepts or refuses tokens of one issuer.
///
/// The issuer's discovery document and keys are fetched when the first token comes, and again
/// when a token names a key that is not known yet (a rotation) or after five minutes.
pub struct JwtAuthorizer {
    config: JwtConfig,
    keys: KeyCache,
}

impl fmt::Debug for JwtAuthorizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("JwtAuthorizer");
        shown.field("config", &self.config).finish_non_exhaustive()
    }
}

impl JwtAuthorizer {
    /// Fetches nothing yet.
    ///
    /// # Errors
    /// The discovery URL or a scope is not what a Gateway takes.
    pub fn new(config: JwtConfig) -> Result<Self, ConfigError> {
        let discovery = config.check()?;
        let keys = KeyCache::new(discovery)?;
        Ok(Self { config, keys })
    }

    /// The claims of `token`, if it is to be let in.
    ///
    /// Checked: the signature by the issuer's keys, `iss`, `exp`, `nbf`, `iat`, a `sub`, and what
    /// the configuration asks for. `token_use` is not: the Gateway leaves it alone. Waits up to
    /// a second for new keys when the token names one that is not known.
    ///
    /// # Errors
    /// Why it is not let in.
    pub async fn verify(&self, token: &str) -> Result<Claims, Refusal> {
        let token = Token::read(token)?;
        let found = self
            .keys
            .find(&token.kid)
            .await
            .map_err(|not_found| match not_found {
                NotFound::NoSuchKey => Refusal::InvalidToken("the token's key is not the issuer's"),
                NotFound::Unavailable => Refusal::Unavailable,
            })?;
        // The key says what it is for; the token has no say in it.
        if token.algorithm != found.key.name {
            return Err(Refusal::InvalidToken(
                "the token's algorithm is not its key's",
            ));
        }
        let signed = crypto::verify(
            token.signature,
            token.signed.as_bytes(),
            &found.key.key,
            found.key.algorithm,
        );
        if !matches!(signed, Ok(true)) {
            return Err(Refusal::InvalidToken("the token's signature is wrong"));
        }
        let claims = token.claims()?;
        let now = chrono::Utc::now().timestamp();
        let sub = claims::check(&claims, &found.issuer, &self.config, now)?;
        Ok(Claims { sub, claims })
    }

    /// The issuer by its own word, or, before that was fetched, by its discovery URL.
    pub(crate) fn issuer(&self) -> String {
        self.keys
            .issuer()
            .unwrap_or_else(|| self.config.base().to_owned())
    }

    /// The scopes that clients are told to ask for.
    pub(crate) fn advertised_scopes(&self) -> Vec<&str> {
        let advertised = |scope: &'_ String| {
            self.config
                .advertised_scope_mapping
                .get(scope)
                .map(String::as_str)
        };
        let scopes = self.config.allowed_scopes.iter();
        scopes
            .map(|scope| advertised(scope).unwrap_or(scope))
            .collect()
    }
}

/// The claims of a token that was let in. `Debug` shows `sub` alone.
#[derive(Clone, PartialEq)]
pub struct Claims {
    sub: String,
    claims: Map<String, Value>,
}

impl Claims {
    /// Whom the token speaks for; never empty.
    pub fn sub(&self) -> &str {
        &self.sub
    }

    /// All claims, `sub` among them.
    pub fn as_map(&self) -> &Map<String, Value> {
        &self.claims
    }
}

impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claims")
            .field("sub", &self.sub)
            .finish_non_exhaustive()
    }
}

impl From<Claims> for Principal {
    fn from(Claims { sub, claims }: Claims) -> Self {
        Self::OAuthUser { sub, claims }
    }
}
