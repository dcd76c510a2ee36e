//! `AWS_IAM`: requests signed with Signature Version 4.
//!
//! The request is signed once more with the secret that belongs to its access key id, by the
//! crate that AWS's own SDK signs with, and the two signatures are compared.

mod claimed;
mod refusal;

use std::{collections::HashMap, fmt};

use http::request::Parts;

pub(crate) use claimed::Claimed;
pub(crate) use refusal::Refusal;

/// The service that requests to a Gateway are signed for.
const SERVICE: &str = "bedrock-agentcore";

/// Accepts requests that are signed with one of its credentials.
pub struct IamAuthorizer {
    region: String,
    credentials: HashMap<String, IamCredential>,
}

/// What belongs to an access key id. `Debug` shows the caller alone.
#[derive(Clone)]
pub struct IamCredential {
    /// The secret access key.
    pub secret: String,
    /// The session token, for temporary credentials.
    pub session_token: Option<String>,
    /// Whose credentials these are.
    pub arn: String,
}

impl IamAuthorizer {
    /// Of `credentials` by their access key id, for a gateway in `region`.
    pub fn new(region: &str, credentials: HashMap<String, IamCredential>) -> Self {
        Self {
            region: region.to_owned(),
            credentials,
        }
    }

    /// Who the request says that it comes from, if all but its signature is right.
    pub(crate) fn claimed(&self, parts: &Parts) -> Result<Claimed<'_>, Refusal> {
        Claimed::read(self, parts, chrono::Utc::now())
    }
}

impl fmt::Debug for IamAuthorizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let callers = self.credentials.values().map(|credential| &credential.arn);
        f.debug_struct("IamAuthorizer")
            .field("region", &self.region)
            .field("callers", &callers.collect::<Vec<_>>())
            .finish()
    }
}

impl fmt::Debug for IamCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IamCredential")
            .field("arn", &self.arn)
            .finish_non_exhaustive()
    }
}
