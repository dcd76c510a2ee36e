//! What a user pool holds: scopes, clients and people.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::secret::{Secret, sha256};

/// The scopes that every pool has beside those of its resource servers.
pub(crate) const STANDARD_SCOPES: [&str; 5] = [
    "openid",
    "email",
    "phone",
    "profile",
    "aws.cognito.signin.user.admin",
];

/// A user pool with everything that was configured in it.
#[derive(Debug, Clone)]
pub struct Pool {
    /// Such as `us-east-1_UserPool`.
    pub id: String,
    /// The scopes of its resource servers, each as `server/scope`.
    pub scopes: BTreeSet<String>,
    /// The app clients.
    pub clients: Vec<Client>,
    /// Who can sign in. The login page shows all of them, with their passwords.
    pub people: Vec<Person>,
}

/// An app client.
#[derive(Debug, Clone)]
pub struct Client {
    /// The `client_id`.
    pub id: String,
    /// What the login page calls it.
    pub name: String,
    /// `None` for a public client, which then must use PKCE.
    pub secret: Option<Secret>,
    /// What it may do (`AllowedOAuthFlows`).
    pub flows: Flows,
    /// What it may ask for (`AllowedOAuthScopes`); all of it, when it asks for nothing.
    pub scopes: BTreeSet<String>,
    /// Where a person is sent back to; compared character by character.
    pub callback_urls: Vec<String>,
    /// How long its access and ID tokens are valid, in whole seconds; Cognito's default is an hour.
    pub access_token_validity: Duration,
    /// How long its refresh tokens are valid, in whole seconds; Cognito's default is 30 days.
    pub refresh_token_validity: Duration,
}

/// The OAuth flows of a client.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flows {
    /// `client_credentials`: the client acts for itself.
    pub client_credentials: bool,
    /// `code`: a person signs in.
    pub code: bool,
}

/// Somebody who can sign in.
#[derive(Debug, Clone)]
pub struct Person {
    /// What they type, and the `username` of their tokens.
    pub username: String,
    /// Told in ID tokens; may be typed instead of the user name.
    pub email: String,
    /// Shown on the login page: never one that is used elsewhere.
    pub password: Secret,
    /// Their id, a UUID; see [`Person::stable_sub`].
    pub sub: String,
    /// The groups of the pool that they are in.
    pub groups: Vec<String>,
}

impl Person {
    /// A UUID for a user name that is the same after every restart.
    pub fn stable_sub(pool_id: &str, username: &str) -> String {
        let mut bytes = [0; 16];
        for (byte, hashed) in bytes
            .iter_mut()
            .zip(sha256(&format!("{pool_id}\n{username}")))
        {
            *byte = hashed;
        }
        uuid::Builder::from_random_bytes(bytes)
            .into_uuid()
            .to_string()
    }
}

/// A pool that cannot be served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PoolError {
    /// Its id would not make a path.
    #[error(
        "`{0}` is no user pool id; write a region, `_` and letters or digits: `us-east-1_Pool`"
    )]
    Id(String),
    /// Two clients have one id.
    #[error("two clients have the id `{0}`; give each its own")]
    ClientTwice(String),
    /// Two people have one user name or email address.
    #[error("two people are called `{0}`; give each a user name and an email address of their own")]
    PersonTwice(String),
    /// A client may ask for what the pool does not have.
    #[error(
        "client `{client}` lists the scope `{scope}`, which no resource server of the pool has"
    )]
    Scope {
        /// The client's id.
        client: String,
        /// The unknown scope.
        scope: String,
    },
    /// A client has both flows; Cognito refuses that too.
    #[error("client `{0}` has both flows; make one client for client_credentials and one for code")]
    BothFlows(String),
    /// A machine's client must be able to prove who it is.
    #[error("client `{0}` has the flow client_credentials but no secret; give it one")]
    NoSecret(String),
    /// A person could not come back from the login page.
    #[error("client `{0}` has the flow code but no callback URL; list at least one")]
    NoCallback(String),
    /// Not a URL that a browser can be sent to.
    #[error(
        "`{url}`, a callback URL of client `{client}`, must be an absolute URL without a fragment"
    )]
    Callback {
        /// The client's id.
        client: String,
        /// The URL.
        url: String,
    },
}

impl Pool {
    pub(crate) fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }

    /// By user name or email address.
    pub(crate) fn person(&self, name: &str) -> Option<&Person> {
        self.people
            .iter()
            .find(|person| person.username == name || person.email == name)
    }

    /// For how long a token that was signed just now can be valid, in seconds.
    pub(crate) fn longest_validity(&self) -> u64 {
        self.clients
            .iter()
            .map(|client| client.access_token_validity.as_secs())
            .max()
            .unwrap_or(0)
    }

    pub(crate) fn check(&self) -> Result<(), PoolError> {
        if !is_pool_id(&self.id) {
            return Err(PoolError::Id(self.id.clone()));
        }
        let mut ids = BTreeSet::new();
        for client in &self.clients {
            if !ids.insert(&client.id) {
                return Err(PoolError::ClientTwice(client.id.clone()));
            }
            self.check_client(client)?;
        }
        let mut names = BTreeSet::new();
        for person in &self.people {
            // One person's two names may be the same text.
            for name in BTreeSet::from([&person.username, &person.email]) {
                if !names.insert(name) {
                    return Err(PoolError::PersonTwice(name.clone()));
                }
            }
        }
        Ok(())
    }

    fn check_client(&self, client: &Client) -> Result<(), PoolError> {
        let id = || client.id.clone();
        let known =
            |scope: &String| self.scopes.contains(scope) || STANDARD_SCOPES.contains(&&**scope);
        if let Some(scope) = client.scopes.iter().find(|scope| !known(scope)) {
            return Err(PoolError::Scope {
                client: id(),
                scope: scope.clone(),
            });
        }
        if client.flows.client_credentials && client.flows.code {
            return Err(PoolError::BothFlows(id()));
        }
        if client.flows.client_credentials && client.secret.is_none() {
            return Err(PoolError::NoSecret(id()));
        }
        if client.flows.code && client.callback_urls.is_empty() {
            return Err(PoolError::NoCallback(id()));
        }
        if let Some(url) = client.callback_urls.iter().find(|url| !is_callback(url)) {
            return Err(PoolError::Callback {
                client: id(),
                url: url.clone(),
            });
        }
        Ok(())
    }
}

fn is_pool_id(id: &str) -> bool {
    id.split_once('_').is_some_and(|(region, name)| {
        let is = |text: &str, more: &[u8]| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || more.contains(&byte))
        };
        is(region, b"-") && is(name, b"")
    })
}

/// Absolute, without a fragment (RFC 6749, section 3.1.2), and fit for a `Location` header.
fn is_callback(url: &str) -> bool {
    let has_scheme = url.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
            && !rest.is_empty()
    });
    has_scheme && !url.contains('#') && url.bytes().all(|byte| byte.is_ascii_graphic())
}
