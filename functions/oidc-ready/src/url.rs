//! The addresses that the function speaks to.

use std::{fmt, net::IpAddr};

use http::Uri;

use crate::text::without_query;

/// An https address; on the loopback interface, for tests, http too.
///
/// Shown without its query, which can hold credentials.
#[derive(Clone, PartialEq, Eq)]
pub struct Url(String);

/// Why a text is no address to speak to. The text itself is left out: it may be a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidUrl {
    /// Not an address at all.
    #[error("is not an absolute https address")]
    NotAbsolute,
    /// Unencrypted, and not on this machine.
    #[error("is not https: http is only for this machine's own addresses")]
    NotHttps,
    /// `https://user:password@host`.
    #[error("has a user name before its host: leave it out")]
    UserInfo,
}

impl Url {
    /// Reads an absolute address.
    ///
    /// # Errors
    /// See [`InvalidUrl`].
    pub fn parse(text: &str) -> Result<Self, InvalidUrl> {
        let uri: Uri = text.parse().map_err(|_| InvalidUrl::NotAbsolute)?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(InvalidUrl::NotAbsolute);
        };
        if authority.as_str().contains('@') {
            return Err(InvalidUrl::UserInfo);
        }
        // `https://user:password?@host`: the URI ends early, and its password looks like a port.
        if authority.as_str() != authority.host() && authority.port().is_none() {
            return Err(InvalidUrl::NotAbsolute);
        }
        match scheme {
            "https" => Ok(Self(text.to_owned())),
            "http" if is_loopback(authority.host()) => Ok(Self(text.to_owned())),
            "http" => Err(InvalidUrl::NotHttps),
            _ => Err(InvalidUrl::NotAbsolute),
        }
    }

    /// All of it, query included.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_loopback(host: &str) -> bool {
    let ip = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || ip.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&without_query(&self.0))
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Url({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_this_machine_are_spoken_to() {
        for text in [
            "https://example.com/a?b=c%20d",
            "http://127.0.0.1:8080/",
            "http://[::1]:80",
            "http://localhost",
        ] {
            assert_eq!(Url::parse(text).unwrap().as_str(), text);
        }
        for (text, why) in [
            ("", InvalidUrl::NotAbsolute),
            ("/path", InvalidUrl::NotAbsolute),
            ("example.com", InvalidUrl::NotAbsolute),
            ("ftp://example.com/", InvalidUrl::NotAbsolute),
            ("https://ex ample.com/", InvalidUrl::NotAbsolute),
            ("https://example.com:port/", InvalidUrl::NotAbsolute),
            (
                "https://user:pass#word@example.com/",
                InvalidUrl::NotAbsolute,
            ),
            ("http://example.com/", InvalidUrl::NotHttps),
            ("http://169.254.169.254/latest", InvalidUrl::NotHttps),
            ("http://localhost.example.com/", InvalidUrl::NotHttps),
            ("https://localhost@example.com/", InvalidUrl::UserInfo),
            ("http://127.0.0.1@example.com/", InvalidUrl::UserInfo),
        ] {
            assert_eq!(Url::parse(text), Err(why), "{text}");
        }
    }

    #[test]
    fn the_query_is_not_shown() {
        let url = Url::parse("https://a.b/c?X-Amz-Signature=hush").unwrap();
        assert_eq!(format!("{url} {url:?}"), "https://a.b/c Url(https://a.b/c)");
    }
}
