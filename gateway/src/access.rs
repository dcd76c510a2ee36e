//! Getting in: tokens for roles and people, for the local gateway and for a deployed one alike.

mod login;
mod oauth;
mod roles;
mod session;
pub mod user_pool;
mod visibility;

pub(crate) use oauth::http;
pub use oauth::{Endpoints, OAuthError};
pub use roles::{Role, Roles, RolesError, secret_variable};
pub use session::{LocalClient, LocalKeys, LocalPerson, Session, Written};
pub use visibility::{Expected, TableError};

/// A token as it came from a token endpoint. No `Debug`: whoever holds it gets in.
pub struct AccessToken(String);

impl AccessToken {
    /// The token itself, for the one place where it goes.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}
