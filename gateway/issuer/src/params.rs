//! Parameters of a query or a form body, read strictly.

use std::collections::BTreeMap;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use http::{HeaderMap, StatusCode, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::error::{ErrorCode, OAuthError};

/// What a form of these endpoints may weigh, in bytes.
const BODY_LIMIT: usize = 16 * 1024;

/// RFC 3986, section 2.3: everything but the unreserved characters.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Each parameter once (RFC 6749, section 3.1). No `Debug`: it can hold secrets.
pub(crate) struct Params(BTreeMap<String, String>);

impl Params {
    pub(crate) fn parse(text: &str) -> Result<Self, OAuthError> {
        let refused = |why| Err(OAuthError::new(ErrorCode::InvalidRequest, why));
        let mut params = BTreeMap::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (Some(name), Some(value)) = (decode(name), decode(value)) else {
                return refused(
                    "the parameters must be percent-encoded UTF-8 without control characters",
                );
            };
            if params.insert(name, value).is_some() {
                return refused("a parameter is given twice; give each once");
            }
        }
        Ok(Self(params))
    }

    /// The parameters of a form that is the body of `request`.
    pub(crate) async fn of_form(request: Request) -> Result<(HeaderMap, Self), OAuthError> {
        let (parts, body) = request.into_parts();
        if parts.uri.query().is_some_and(|query| !query.is_empty()) {
            return Err(OAuthError::new(
                ErrorCode::InvalidRequest,
                "parameters belong in the body, not in the URL",
            ));
        }
        if !is_form(&parts.headers) {
            return Err(OAuthError::new(
                ErrorCode::InvalidRequest,
                "the body must be sent as application/x-www-form-urlencoded",
            ));
        }
        Ok((parts.headers, Self::parse(&read(body).await?)?))
    }

    /// `None` when it is missing or empty, which is the same (RFC 6749, section 3.1).
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    pub(crate) fn require(&self, name: &str) -> Result<&str, OAuthError> {
        self.get(name).ok_or_else(|| {
            OAuthError::new(ErrorCode::InvalidRequest, format!("`{name}` is missing"))
        })
    }
}

async fn read(body: Body) -> Result<String, OAuthError> {
    let bytes = to_bytes(body, BODY_LIMIT).await.map_err(|_| {
        OAuthError::new(
            ErrorCode::InvalidRequest,
            format!("the body broke off, or has more than {BODY_LIMIT} bytes"),
        )
        .with_status(StatusCode::PAYLOAD_TOO_LARGE)
    })?;
    String::from_utf8(bytes.into())
        .map_err(|_| OAuthError::new(ErrorCode::InvalidRequest, "the body must be UTF-8"))
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| {
            kind.trim()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        })
}

/// One name or value; `None` for what a careful client would never send.
pub(crate) fn decode(text: &str) -> Option<String> {
    let escapes_are_whole = text.split('%').skip(1).all(|rest| {
        rest.get(..2)
            .is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
    });
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().ok()?;
    (escapes_are_whole && !decoded.contains(char::is_control)).then(|| decoded.into_owned())
}

/// `url` with `params` added to its query.
pub(crate) fn with_query(url: &str, params: &[(&str, &str)]) -> String {
    let mut url = url.to_owned();
    for (name, value) in params {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(name);
        url.push('=');
        url.extend(utf8_percent_encode(value, ENCODED));
    }
    url
}
