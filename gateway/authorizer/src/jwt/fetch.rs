//! Documents of the issuer, over HTTP.

use std::{net::IpAddr, time::Duration};

use reqwest::{Client, ClientBuilder, Url, redirect};
use serde_json::Value;

use super::config::ConfigError;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const TIMEOUT: Duration = Duration::from_secs(5);
/// The longest document that is read, in bytes.
const MAX_LENGTH: usize = 256 * 1024;
const MAX_REDIRECTS: usize = 3;

/// Fetches JSON: from this machine directly, from elsewhere through the environment's proxy.
pub(super) struct Fetcher {
    client: Client,
}

/// Why a document could not be had. URLs are shown without what could be secret in them.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error("`{0}` cannot be fetched")]
    Http(String, #[source] reqwest::Error),
    #[error("`{0}` answers with status {1}")]
    Status(String, u16),
    #[error("`{0}` answers with more than {MAX_LENGTH} bytes")]
    TooLong(String),
    #[error("`{0}` is not {1}")]
    NotA(String, &'static str),
}

impl Fetcher {
    /// For the documents of the issuer at `url`.
    pub(super) fn new(url: &Url) -> Result<Self, ConfigError> {
        let builder = if is_loopback(url) {
            builder().no_proxy()
        } else {
            builder()
        };
        let client = builder.build().map_err(ConfigError::Client)?;
        Ok(Self { client })
    }

    pub(super) async fn json(&self, url: &Url) -> Result<Value, FetchError> {
        let failed = |error: reqwest::Error| FetchError::Http(shown(url), error.without_url());
        let mut response = self.client.get(url.clone()).send().await.map_err(failed)?;
        if !response.status().is_success() {
            return Err(FetchError::Status(shown(url), response.status().as_u16()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if body.len().saturating_add(chunk.len()) > MAX_LENGTH {
                return Err(FetchError::TooLong(shown(url)));
            }
            body.extend_from_slice(&chunk);
        }
        serde_json::from_slice(&body).map_err(|_| FetchError::NotA(shown(url), "JSON"))
    }
}

fn builder() -> ClientBuilder {
    // A redirect never leads to plain HTTP, nor from elsewhere to this machine.
    let redirects = redirect::Policy::custom(|attempt| {
        let too_many = attempt.previous().len() > MAX_REDIRECTS;
        let from = attempt.previous().last();
        if too_many || !from.is_some_and(|from| may_lead_to(from, attempt.url())) {
            return attempt.error("it redirects to where it may not");
        }
        attempt.follow()
    });
    Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TIMEOUT)
        .redirect(redirects)
        .user_agent(concat!("gateway-authorizer/", env!("CARGO_PKG_VERSION")))
}

/// Whether `from`, or a document read there, may send us on to `to`.
pub(super) fn may_lead_to(from: &Url, to: &Url) -> bool {
    from.scheme() == to.scheme() && is_loopback(from) == is_loopback(to)
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

/// `url` without user, password, query and fragment.
pub(super) fn shown(url: &Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_leads_us_to_another_scheme_or_onto_this_machine() {
        let may = |from: &str, to: &str| may_lead_to(&from.parse().unwrap(), &to.parse().unwrap());
        assert!(may("https://issuer.example/a", "https://keys.example/b"));
        assert!(may("http://127.0.0.1:8081/a", "http://localhost:8082/b"));
        for to in [
            "http://issuer.example/",
            "https://localhost/",
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://[::1]/",
            "file:///etc/passwd",
        ] {
            assert!(!may("https://issuer.example/a", to), "{to}");
        }
        assert!(!may("http://127.0.0.1:8081/a", "http://issuer.example/"));
    }

    #[test]
    fn a_url_is_shown_without_what_could_be_secret() {
        let url = "https://user:pass@issuer.example/a?key=1#x"
            .parse()
            .unwrap();
        assert_eq!(shown(&url), "https://issuer.example/a");
    }
}
