//! What a running `gateway up` leaves for the other commands: its URLs and the credentials of its
//! local clients and people, in a file that only its user can read.

use std::{
    collections::BTreeMap,
    fs, io,
    io::Write,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use authorizer::{IamAuthorizer, IamCredential};
use issuer::Pool;
use serde::{Deserialize, Serialize};

/// The local gateway that runs now. No `Debug`: it holds the local pool's secrets.
#[derive(Clone, Serialize, Deserialize)]
pub struct Session {
    /// The MCP endpoint.
    pub gateway: String,
    /// The issuer's discovery document; absent where no token is needed.
    pub discovery_url: Option<String>,
    /// The machine clients by role, which is their `ClientName`.
    pub clients: BTreeMap<String, LocalClient>,
    /// The seeded people by user name.
    pub people: BTreeMap<String, LocalPerson>,
    /// AWS keys to sign requests with, where the gateway asks for that.
    pub keys: Option<LocalKeys>,
}

/// AWS access keys that only this gateway knows.
#[derive(Clone, Serialize, Deserialize)]
pub struct LocalKeys {
    /// `AWS_ACCESS_KEY_ID`.
    pub access_key_id: String,
    /// `AWS_SECRET_ACCESS_KEY`, made anew by each `gateway up`.
    pub secret_access_key: String,
    /// Whom a request that is signed with them comes from.
    pub arn: String,
}

impl LocalKeys {
    /// Fresh keys.
    pub(crate) fn new() -> Self {
        Self {
            access_key_id: "AKIALOCALGATEWAY0000".to_owned(),
            secret_access_key: uuid::Uuid::new_v4().simple().to_string(),
            arn: "arn:aws:iam::123456789012:user/local".to_owned(),
        }
    }

    /// Lets in who signs with these keys, in the region that templates are read for.
    pub(crate) fn authorizer(&self) -> IamAuthorizer {
        let credential = IamCredential {
            secret: self.secret_access_key.clone(),
            session_token: None,
            arn: self.arn.clone(),
        };
        let region = template::Environment::default().region;
        IamAuthorizer::new(&region, [(self.access_key_id.clone(), credential)].into())
    }
}

/// A client of the local pool.
#[derive(Clone, Serialize, Deserialize)]
pub struct LocalClient {
    /// The client id.
    pub id: String,
    /// Its secret, made anew by each `gateway up`.
    pub secret: String,
}

/// A person of the local pool, who signs in through the page as everyone does.
#[derive(Clone, Serialize, Deserialize)]
pub struct LocalPerson {
    /// The password.
    pub password: String,
    /// The client that people sign in with.
    pub client_id: String,
    /// Where that client sends them back to.
    pub callback_url: String,
}

impl Session {
    /// A gateway that needs no credentials.
    pub(crate) fn new(gateway: String) -> Self {
        Self {
            gateway,
            discovery_url: None,
            clients: BTreeMap::new(),
            people: BTreeMap::new(),
            keys: None,
        }
    }

    /// Adds a pool's machine clients and people.
    pub(crate) fn add_pool(&mut self, pool: &Pool) {
        for client in &pool.clients {
            if let Some(secret) = client
                .secret
                .as_ref()
                .filter(|_| client.flows.client_credentials)
            {
                let local = LocalClient {
                    id: client.id.clone(),
                    secret: secret.expose().to_owned(),
                };
                self.clients.insert(client.name.clone(), local);
            }
        }
        let sign_in = pool
            .clients
            .iter()
            .find(|client| client.flows.code && client.secret.is_none());
        let Some((client, callback)) = sign_in.and_then(|c| Some((c, c.callback_urls.first()?)))
        else {
            return;
        };
        for person in &pool.people {
            let local = LocalPerson {
                password: person.password.expose().to_owned(),
                client_id: client.id.clone(),
                callback_url: callback.clone(),
            };
            self.people.insert(person.username.clone(), local);
        }
    }

    /// Writes the file with mode 0600. Removing it is for the one who ends the gateway.
    ///
    /// # Errors
    /// The folder or the file cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<Written> {
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.as_file()
            .set_permissions(fs::Permissions::from_mode(0o600))?;
        file.write_all(serde_json::to_string_pretty(self)?.as_bytes())?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(Written(path.to_owned()))
    }

    /// The session in `path`, or nothing when no local gateway runs.
    pub fn read(path: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(path).ok()?).ok()
    }
}

/// A session's file; gone when this is.
pub struct Written(PathBuf);

impl Drop for Written {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
