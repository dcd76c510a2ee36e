//! The issuer itself: one pool at one base URL.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::SystemTime;

use axum::Router;
use axum::routing::{get, post};
use serde_json::Value;
use uuid::Uuid;

use crate::claims::AccessClaims;
use crate::error::{ErrorCode, OAuthError};
use crate::grants::{Grants, SignIn};
use crate::keys::{KeyRing, SigningKey};
use crate::pool::{Client, Person, Pool, PoolError};
use crate::{authorize, discovery, token};

/// The issuer of a pool's tokens. Clones share keys and sign-ins.
#[derive(Clone)]
pub struct Issuer(Arc<Inner>);

struct Inner {
    pool: Pool,
    base_url: String,
    issuer_url: String,
    keys: RwLock<KeyRing>,
    grants: Mutex<Grants>,
}

/// Why there is no issuer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The pool cannot be served.
    #[error(transparent)]
    Pool(#[from] PoolError),
    /// Tokens could not name their issuer.
    #[error("`{0}` is no base URL; write `http://127.0.0.1:PORT`, without a query")]
    BaseUrl(String),
    /// There is no randomness, or no memory.
    #[error("no signing key could be made")]
    Key,
}

impl Issuer {
    /// An issuer for `pool`, reached at `base_url` (`http://127.0.0.1:PORT`), with a new signing
    /// key: that blocks the thread for a noticeable part of a second.
    pub fn new(pool: Pool, base_url: &str) -> Result<Self, StartError> {
        pool.check()?;
        let base_url = base_url.trim_end_matches('/').to_owned();
        if !is_base_url(&base_url) {
            return Err(StartError::BaseUrl(base_url));
        }
        let key = SigningKey::generate().map_err(|_| StartError::Key)?;
        Ok(Self(Arc::new(Inner {
            issuer_url: format!("{base_url}/{}", pool.id),
            pool,
            base_url,
            keys: RwLock::new(KeyRing::new(key)),
            grants: Mutex::default(),
        })))
    }

    /// Everything it serves, from the root of the base URL on.
    pub fn router(&self) -> Router {
        let pool = &self.0.pool.id;
        Router::new()
            .route(
                &format!("/{pool}/.well-known/openid-configuration"),
                get(discovery::configuration),
            )
            .route(
                &format!("/{pool}/.well-known/jwks.json"),
                get(discovery::jwks),
            )
            .route(
                "/oauth2/authorize",
                get(authorize::page).post(authorize::sign_in),
            )
            .route("/oauth2/token", post(token::token))
            .route("/oauth2/revoke", post(token::revoke))
            .with_state(self.clone())
    }

    /// The `iss` of its tokens: the base URL and the pool's id.
    pub fn issuer_url(&self) -> &str {
        &self.0.issuer_url
    }

    /// Where the discovery document is.
    pub fn discovery_url(&self) -> String {
        format!("{}/.well-known/openid-configuration", self.0.issuer_url)
    }

    /// Where tokens are asked for.
    pub fn token_endpoint(&self) -> String {
        format!("{}/oauth2/token", self.0.base_url)
    }

    /// From now on a new key signs, whose id is returned; the one before it stays in the JWKS
    /// until none of its tokens can be valid. Blocks as [`Issuer::new`] does.
    pub fn rotate(&self) -> Result<String, StartError> {
        let key = SigningKey::generate().map_err(|_| StartError::Key)?;
        let kid = key.kid().to_owned();
        let validity = self.0.pool.longest_validity();
        self.0
            .keys
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .rotate(key, now(), validity);
        Ok(kid)
    }

    /// The access token that a client would get for itself; `scopes` empty means all it may have.
    pub fn token_for_client(&self, client_id: &str, scopes: &[&str]) -> Result<String, OAuthError> {
        let client = self.known_client(client_id)?;
        let scopes = self.machine_scopes(client, Some(&scopes.join(" ")))?;
        self.client_token(client, &scopes)
    }

    /// The access token, with all scopes of the client, that a person would get by signing in.
    pub fn token_for_person(&self, username: &str, client_id: &str) -> Result<String, OAuthError> {
        let client = self.known_client(client_id)?;
        if !client.flows.code {
            return Err(flow_not_allowed("code"));
        }
        let person = self.0.pool.person(username).ok_or_else(|| {
            OAuthError::new(ErrorCode::InvalidGrant, "the pool has no such person")
        })?;
        let sign_in = SignIn::new(client, person, scopes(client, None)?, now());
        let claims = AccessClaims::of_person(self.issuer_url(), client, person, &sign_in, now());
        Ok(self.key().sign(&claims)?)
    }

    pub(crate) fn client_token(
        &self,
        client: &Client,
        scopes: &BTreeSet<String>,
    ) -> Result<String, OAuthError> {
        let claims = AccessClaims::of_client(self.issuer_url(), client, scopes, now());
        Ok(self.key().sign(&claims)?)
    }

    /// What a client may have for itself: of Cognito's own scopes, none.
    pub(crate) fn machine_scopes(
        &self,
        client: &Client,
        requested: Option<&str>,
    ) -> Result<BTreeSet<String>, OAuthError> {
        if !client.flows.client_credentials {
            return Err(flow_not_allowed("client_credentials"));
        }
        let allowed = client.scopes.intersection(&self.0.pool.scopes);
        narrowed(&allowed.cloned().collect(), requested)
    }

    pub(crate) fn pool(&self) -> &Pool {
        &self.0.pool
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.0.base_url
    }

    pub(crate) fn jwks(&self) -> Value {
        self.0
            .keys
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .published(now())
    }

    pub(crate) fn key(&self) -> Arc<SigningKey> {
        self.0
            .keys
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .current()
    }

    pub(crate) fn grants(&self) -> MutexGuard<'_, Grants> {
        self.0.grants.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known_client(&self, id: &str) -> Result<&Client, OAuthError> {
        self.0
            .pool
            .client(id)
            .ok_or_else(|| OAuthError::new(ErrorCode::InvalidClient, "the pool has no such client"))
    }
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Issuer").field(&self.issuer_url()).finish()
    }
}

impl SignIn {
    /// Of somebody whose password was right a moment ago.
    pub(crate) fn new(
        client: &Client,
        person: &Person,
        scopes: BTreeSet<String>,
        now: u64,
    ) -> Self {
        Self {
            client_id: client.id.clone(),
            username: person.username.clone(),
            scopes,
            nonce: None,
            auth_time: now,
            origin_jti: Uuid::new_v4().to_string(),
        }
    }
}

/// What a person's sign-in to `client` is for.
pub(crate) fn scopes(
    client: &Client,
    requested: Option<&str>,
) -> Result<BTreeSet<String>, OAuthError> {
    narrowed(&client.scopes, requested)
}

/// What was asked for, if all of it is allowed; all that is allowed, if nothing was.
pub(crate) fn narrowed(
    allowed: &BTreeSet<String>,
    requested: Option<&str>,
) -> Result<BTreeSet<String>, OAuthError> {
    let requested: BTreeSet<_> = requested
        .unwrap_or_default()
        .split(' ')
        .filter(|scope| !scope.is_empty())
        .map(str::to_owned)
        .collect();
    let refused = |why: String| Err(OAuthError::new(ErrorCode::InvalidScope, why));
    if let Some(foreign) = requested.difference(allowed).next() {
        let shown: String = foreign.chars().take(100).collect();
        return refused(format!("the client may not ask for the scope `{shown}`"));
    }
    match (requested.is_empty(), allowed.is_empty()) {
        (true, true) => refused("the client has no scopes that it could get here".to_owned()),
        (true, false) => Ok(allowed.clone()),
        (false, _) => Ok(requested),
    }
}

pub(crate) fn flow_not_allowed(flow: &str) -> OAuthError {
    OAuthError::new(
        ErrorCode::UnauthorizedClient,
        format!("the client does not have the flow {flow}"),
    )
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::UNIX_EPOCH
        .elapsed()
        .map_or(0, |since| since.as_secs())
}

fn is_base_url(url: &str) -> bool {
    let rest = url
        .strip_prefix("http://")
        .or_else(|| url.strip_prefix("https://"));
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && byte != b'?' && byte != b'#')
    })
}
