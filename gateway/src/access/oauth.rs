//! The client's side of OAuth 2.0: discovery, client credentials, authorization code with PKCE.

use std::time::Duration;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use reqwest::{Client, Response, redirect::Policy};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::AccessToken;

/// Why there is no token. Holds no secret and no token.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OAuthError {
    /// Nothing answers there.
    #[error("no answer from `{url}`")]
    Unreachable {
        /// The endpoint.
        url: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// The discovery document lacks an endpoint.
    #[error("`{url}` is no OpenID discovery document: {reason}")]
    Discovery {
        /// The document.
        url: String,
        /// What is wrong.
        reason: String,
    },
    /// RFC 6749, section 5.2.
    #[error("the token endpoint refused: {error}{}", description.as_deref().map(|d| format!(": {d}")).unwrap_or_default())]
    Refused {
        /// `invalid_client`, `invalid_scope`, ..
        error: String,
        /// The server's own words.
        description: Option<String>,
    },
    /// Signing in did not come to a code.
    #[error("signing in failed: {0}")]
    SignIn(String),
}

/// An issuer's endpoints, from its discovery document.
#[derive(Debug, Clone, Deserialize)]
pub struct Endpoints {
    /// Where people sign in.
    pub authorization_endpoint: String,
    /// Where tokens are asked for.
    pub token_endpoint: String,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
}

#[derive(Deserialize)]
struct RefusedBody {
    error: String,
    error_description: Option<String>,
}

/// An HTTP client that follows no redirect by itself, since a code travels in one, and that
/// reaches loopback directly whatever proxy the environment names.
pub(crate) fn http(url: &str) -> Client {
    let builder = Client::builder()
        .redirect(Policy::none())
        .timeout(Duration::from_secs(30));
    let local = reqwest::Url::parse(url)
        .is_ok_and(|url| matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]")));
    let builder = if local { builder.no_proxy() } else { builder };
    builder.build().unwrap_or_default()
}

impl Endpoints {
    /// Reads the discovery document at `url`.
    ///
    /// # Errors
    /// No answer, or a document without the two endpoints.
    pub async fn discover(url: &str) -> Result<Self, OAuthError> {
        let response = sent(url, http(url).get(url)).await?;
        let status = response.status();
        let invalid = |reason: String| OAuthError::Discovery {
            url: url.to_owned(),
            reason,
        };
        if !status.is_success() {
            return Err(invalid(format!("it was answered with status {status}")));
        }
        response
            .json()
            .await
            .map_err(|error| invalid(error.to_string()))
    }

    /// A machine's token, with all scopes of its client.
    ///
    /// # Errors
    /// No answer, or the server's refusal.
    pub async fn client_credentials(
        &self,
        id: &str,
        secret: &str,
    ) -> Result<AccessToken, OAuthError> {
        let url = &self.token_endpoint;
        let form = [("grant_type", "client_credentials")];
        granted(
            url,
            http(url).post(url).basic_auth(id, Some(secret)).form(&form),
        )
        .await
    }

    /// A person's token for the code that signing in brought.
    ///
    /// # Errors
    /// No answer, or the server's refusal.
    pub async fn exchange(
        &self,
        request: &CodeRequest,
        code: &str,
    ) -> Result<AccessToken, OAuthError> {
        let url = &self.token_endpoint;
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", &request.client_id),
            ("redirect_uri", &request.redirect_uri),
            ("code", code),
            ("code_verifier", &request.verifier),
        ];
        granted(url, http(url).post(url).form(&form)).await
    }
}

/// One attempt to sign in, with what binds the code to it.
pub struct CodeRequest {
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) state: String,
    verifier: String,
}

impl CodeRequest {
    pub(super) fn new(client_id: &str, redirect_uri: &str) -> Self {
        // Two UUIDs are 244 random bits; RFC 7636 wants 43 to 128 characters.
        let random = || {
            format!(
                "{}{}",
                uuid::Uuid::new_v4().simple(),
                uuid::Uuid::new_v4().simple()
            )
        };
        Self {
            client_id: client_id.to_owned(),
            redirect_uri: redirect_uri.to_owned(),
            state: random(),
            verifier: random(),
        }
    }

    /// The URL of the page to sign in on.
    pub(super) fn url(&self, endpoints: &Endpoints) -> Result<reqwest::Url, OAuthError> {
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&self.verifier));
        let parameters = [
            ("response_type", "code"),
            ("client_id", &self.client_id),
            ("redirect_uri", &self.redirect_uri),
            ("scope", "openid tools/invoke"),
            ("state", &self.state),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        reqwest::Url::parse_with_params(&endpoints.authorization_endpoint, parameters)
            .map_err(|error| OAuthError::SignIn(format!("no authorization endpoint: {error}")))
    }

    /// The code out of the URL that the person was sent back to.
    pub(super) fn code(&self, back: &reqwest::Url) -> Result<String, OAuthError> {
        let value = |name: &str| {
            let found = back.query_pairs().find(|(key, _)| key == name);
            found.map(|(_, value)| value.into_owned())
        };
        if let Some(error) = value("error") {
            return Err(OAuthError::SignIn(error));
        }
        if value("state").as_deref() != Some(&self.state) {
            return Err(OAuthError::SignIn(
                "the state is not the one that was sent".to_owned(),
            ));
        }
        value("code").ok_or_else(|| OAuthError::SignIn("no code came back".to_owned()))
    }
}

pub(super) async fn sent(
    url: &str,
    request: reqwest::RequestBuilder,
) -> Result<Response, OAuthError> {
    request
        .send()
        .await
        .map_err(|source| OAuthError::Unreachable {
            url: url.to_owned(),
            source: source.without_url(),
        })
}

async fn granted(url: &str, request: reqwest::RequestBuilder) -> Result<AccessToken, OAuthError> {
    let response = sent(url, request).await?;
    let status = response.status();
    let body = response.bytes().await.unwrap_or_default();
    if status.is_success()
        && let Ok(granted) = serde_json::from_slice::<Granted>(&body)
    {
        return Ok(AccessToken(granted.access_token));
    }
    let refused = serde_json::from_slice::<RefusedBody>(&body).unwrap_or_else(|_| RefusedBody {
        error: format!("status {status}"),
        error_description: None,
    });
    Err(OAuthError::Refused {
        error: refused.error,
        description: refused.error_description,
    })
}
