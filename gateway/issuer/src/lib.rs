//! A local stand-in for an Amazon Cognito user pool and its domain.
//!
//! [`Issuer`] serves one [`Pool`]: OpenID Connect discovery and the JWKS under the pool's id,
//! and the domain's `/oauth2/authorize`, `/oauth2/token` and `/oauth2/revoke`. Machines get
//! tokens by client credentials, people by an authorisation code with PKCE and a login page.
//! What the tokens and the discovery document say follows Cognito's developer guide ("Using
//! tokens with user pools", "User pool endpoints and managed login reference"), errors follow
//! RFC 6749.
//!
//! It is for development: the login page shows how to sign in, keys and sign-ins are kept in
//! memory and are gone with the process, and nobody counts wrong passwords. It belongs behind
//! a listener that only this machine reaches.

mod authorize;
mod claims;
mod client_auth;
mod discovery;
mod error;
mod grants;
mod issuer;
mod keys;
mod login_page;
mod params;
mod pool;
mod secret;
mod token;

pub use error::{ErrorCode, OAuthError};
pub use issuer::{Issuer, StartError};
pub use pool::{Client, Flows, Person, Pool, PoolError};
pub use secret::Secret;
