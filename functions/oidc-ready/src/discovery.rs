//! Whether an issuer's discovery document is there (OpenID Connect Discovery 1.0, sections 3, 4).

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use serde_json::Value;

use crate::{
    http::Reply,
    text::{excerpt, without_query},
    url::Url,
    wait::Found,
};

/// What stands behind an issuer's address.
pub(crate) const WELL_KNOWN: &str = "/.well-known/openid-configuration";

/// Asks for the document.
pub(crate) fn request(url: &Url) -> Option<HttpRequest> {
    HttpRequest::get(url.as_str()).ok()
}

/// Judges the answer. An issuer that is another one stays another one; all else may still come.
pub(crate) fn judge(url: &Url, reply: &Reply) -> Found {
    if reply.status != 200 {
        return Found::NotYet(format!("HTTP {}", reply.status));
    }
    if reply.body.is_none() {
        return Found::NotYet("HTTP 200 with more than 64 KB, no discovery document".to_owned());
    }
    let Some(Value::Object(document)) = reply.json() else {
        return Found::NotYet("HTTP 200 without a JSON document".to_owned());
    };
    let Some(issuer) = document.get("issuer").and_then(Value::as_str) else {
        return Found::NotYet("a JSON document without `issuer`".to_owned());
    };
    // Section 4: one slash at the end of an issuer is taken off before the path is put there.
    let stem = issuer.strip_suffix('/').unwrap_or(issuer);
    if url.as_str().strip_suffix(WELL_KNOWN) != Some(stem) {
        return Found::Never(format!(
            "the document's issuer is `{}`, so it belongs at `{}{WELL_KNOWN}`, not at `{url}`",
            excerpt(&without_query(issuer), 200),
            excerpt(&without_query(stem), 200),
        ));
    }
    match document.get("jwks_uri").and_then(Value::as_str) {
        Some(_) => Found::Ready,
        None => Found::NotYet("a JSON document without `jwks_uri`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn judged(status: u16, body: impl Into<Option<Vec<u8>>>) -> Found {
        let url = Url::parse("https://a.b/pool/.well-known/openid-configuration").unwrap();
        let body = body.into();
        judge(&url, &Reply { status, body })
    }

    fn document(issuer: &str) -> Vec<u8> {
        let jwks = format!("{issuer}/jwks.json");
        let all = json!({"issuer": issuer, "jwks_uri": jwks});
        all.to_string().into_bytes()
    }

    #[test]
    fn the_issuer_s_own_document_is_ready() {
        assert_eq!(judged(200, document("https://a.b/pool")), Found::Ready);
        assert_eq!(judged(200, document("https://a.b/pool/")), Found::Ready);
    }

    #[test]
    fn another_issuer_is_final() {
        for issuer in [
            "https://a.b",
            "https://a.b/pool//",
            "http://a.b/pool",
            "https://a.b/Pool",
            "",
        ] {
            let found = judged(200, document(issuer));
            assert!(matches!(found, Found::Never(_)), "{issuer}: {found:?}");
        }
    }

    #[test]
    fn anything_else_may_still_come() {
        let html = || b"<html></html>".to_vec();
        let no_keys = || json!({"issuer": "https://a.b/pool"}).to_string().into();
        for found in [
            judged(404, document("https://a.b/pool")),
            judged(503, document("https://other")),
            judged(302, html()),
            judged(200, html()),
            judged(200, None),
            judged(200, b"[]".to_vec()),
            judged(200, b"{\"issuer\": 7}".to_vec()),
            judged(200, Some(no_keys())),
        ] {
            assert!(matches!(found, Found::NotYet(_)), "{found:?}");
        }
    }
}
