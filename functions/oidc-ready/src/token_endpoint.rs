//! Whether a token endpoint is there (RFC 6749, sections 3.2 and 5.2).

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use serde_json::Value;

use crate::{http::Reply, url::Url, wait::Found};

/// Asks for a token without saying for whom, which every endpoint refuses.
pub(crate) fn request(url: &Url) -> Option<HttpRequest> {
    let mut request = HttpRequest::new("grant_type=client_credentials".into());
    request.set_method("POST").ok()?;
    request.set_uri(url.as_str()).ok()?;
    let headers = request.headers_mut();
    headers.insert("content-type", "application/x-www-form-urlencoded");
    Some(request)
}

/// Judges the answer: a refusal as a token endpoint words it is as good as a token.
pub(crate) fn judge(reply: &Reply) -> Found {
    let says_error = || reply.json().is_some_and(|body| is_refusal(&body));
    match reply.status {
        400 | 401 | 405 => Found::Ready,
        404 | 300..=399 | 500..=599 => Found::NotYet(format!("HTTP {}", reply.status)),
        _ if says_error() => Found::Ready,
        status => Found::NotYet(format!("HTTP {status} without an OAuth error")),
    }
}

fn is_refusal(body: &Value) -> bool {
    body.get("error").is_some_and(Value::is_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_ready_and_anything_else_may_still_come() {
        const REFUSAL: &str = "{\"error\": \"invalid_client\"}";
        for (status, body, ready) in [
            (400, "", true),
            (401, REFUSAL, true),
            (405, "<html>", true),
            (403, REFUSAL, true),
            (200, REFUSAL, true),
            (200, "<html>", false),
            (200, "{\"error\": 7}", false),
            (403, "", false),
            (302, REFUSAL, false),
            (404, REFUSAL, false),
            (503, REFUSAL, false),
        ] {
            let body = Some(body.as_bytes().to_vec());
            let found = judge(&Reply { status, body });
            assert_eq!(found == Found::Ready, ready, "{status}: {found:?}");
        }
    }
}
