//! The roles that a gateway knows, and how each comes to a token.

use std::{collections::BTreeMap, env};

use super::{AccessToken, Endpoints, LocalPerson, OAuthError, Session, login};

/// A role's credentials. No `Debug`: they are secret.
#[derive(Clone)]
pub enum Role {
    /// A machine client.
    Client {
        /// The client id.
        id: String,
        /// Its secret.
        secret: String,
    },
    /// A person of the local pool.
    Person(LocalPerson),
    /// A person who signs in in the own browser.
    Browser {
        /// The client id.
        client_id: String,
        /// Where the browser comes back to.
        callback_url: String,
    },
}

/// A role that is not there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RolesError {
    /// No such role.
    #[error("unknown role `{name}`: expected one of `{}`", known.join("`, `"))]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// Neither a local gateway nor a URL.
    #[error(
        "no local gateway runs here; start one with `gateway up`, or name a deployed one with --discovery-url and --client"
    )]
    NoGateway,
    /// The local gateway does not work with tokens.
    #[error(
        "the local gateway takes no tokens: it runs with AWS_IAM or without an authoriser; start it with AuthorizerType=CUSTOM_JWT"
    )]
    NoTokens,
    /// A client without a secret.
    #[error(
        "the secret of the client for `{role}` is missing: set the environment variable `{variable}`"
    )]
    NoSecret {
        /// The role.
        role: String,
        /// Where the secret is looked for.
        variable: String,
    },
    /// The token endpoint.
    #[error("no token for `{role}`")]
    Token {
        /// The role.
        role: String,
        /// Why.
        #[source]
        source: OAuthError,
    },
}

/// The roles of one gateway.
pub struct Roles {
    discovery_url: String,
    roles: BTreeMap<String, Role>,
}

impl Roles {
    /// No roles yet, of the issuer with this discovery document.
    pub fn new(discovery_url: String) -> Self {
        Self {
            discovery_url,
            roles: BTreeMap::new(),
        }
    }

    /// Adds a machine client.
    #[must_use]
    pub fn with_client(mut self, name: &str, id: String, secret: String) -> Self {
        self.roles
            .insert(name.to_owned(), Role::Client { id, secret });
        self
    }

    /// The roles of the local gateway: its machine clients and its people.
    ///
    /// # Errors
    /// The gateway needs no token.
    pub fn local(session: &Session) -> Result<Self, RolesError> {
        let clients = session.clients.iter().map(|(name, client)| {
            let (id, secret) = (client.id.clone(), client.secret.clone());
            (name.clone(), Role::Client { id, secret })
        });
        let people = session.people.iter();
        let people = people.map(|(name, person)| (name.clone(), Role::Person(person.clone())));
        Ok(Self {
            discovery_url: session.discovery_url.clone().ok_or(RolesError::NoTokens)?,
            roles: clients.chain(people).collect(),
        })
    }

    /// The roles of a deployed gateway: `clients` maps a role to its client id; the secrets come
    /// from the environment (see [`secret_variable`]) and are never stored.
    ///
    /// # Errors
    /// A secret is missing.
    pub fn deployed(
        discovery_url: String,
        clients: &[(String, String)],
    ) -> Result<Self, RolesError> {
        let role = |(name, id): &(String, String)| {
            let variable = secret_variable(name);
            let secret = env::var(&variable).or_else(|_| env::var("GATEWAY_CLIENT_SECRET"));
            match secret {
                Ok(secret) => Ok((
                    name.clone(),
                    Role::Client {
                        id: id.clone(),
                        secret,
                    },
                )),
                Err(_) => Err(RolesError::NoSecret {
                    role: name.clone(),
                    variable,
                }),
            }
        };
        Ok(Self {
            discovery_url,
            roles: clients.iter().map(role).collect::<Result<_, _>>()?,
        })
    }

    /// Adds a person who signs in in the own browser.
    #[must_use]
    pub fn with_browser(mut self, name: &str, client_id: String, callback_url: String) -> Self {
        let role = Role::Browser {
            client_id,
            callback_url,
        };
        self.roles.insert(name.to_owned(), role);
        self
    }

    /// The names, sorted.
    pub fn names(&self) -> Vec<String> {
        self.roles.keys().cloned().collect()
    }

    /// A fresh token for `name`.
    ///
    /// # Errors
    /// No such role, or no token for it.
    pub async fn token(&self, name: &str) -> Result<AccessToken, RolesError> {
        let role = self.roles.get(name).ok_or_else(|| RolesError::Unknown {
            name: name.to_owned(),
            known: self.names(),
        })?;
        let token = async {
            let endpoints = Endpoints::discover(&self.discovery_url).await?;
            match role {
                Role::Client { id, secret } => endpoints.client_credentials(id, secret).await,
                Role::Person(person) => login::local(&endpoints, name, person).await,
                Role::Browser {
                    client_id,
                    callback_url,
                } => login::browser(&endpoints, client_id, callback_url).await,
            }
        };
        token.await.map_err(|source| RolesError::Token {
            role: name.to_owned(),
            source,
        })
    }
}

/// `GATEWAY_CLIENT_SECRET_MANAGER` for the role `manager`.
pub fn secret_variable(role: &str) -> String {
    let role = role
        .to_ascii_uppercase()
        .replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    format!("GATEWAY_CLIENT_SECRET_{role}")
}
