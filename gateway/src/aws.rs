//! Everything of AWS that is not emulated: named, and refused at once.
//!
//! Functions are told that all of AWS lies at one local endpoint. What no service of this crate
//! serves ends here, so that a call that was meant for the real AWS never leaves the machine
//! and its author reads which service it was.

use axum::Router;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode, header};
use serde_json::json;

use crate::lambda::LogSink;

/// `router`, and for whatever it does not serve the answer 501 `NotEmulated`; each such request
/// is one line in `log`, without any header's value but the service's name.
pub fn with_catch_all(router: Router, log: LogSink) -> Router {
    let refuse = move |request: Request| {
        let response = answer(&request, &log);
        async move { response }
    };
    router
        .method_not_allowed_fallback(refuse.clone())
        .fallback(refuse)
}

fn answer(request: &Request, log: &LogSink) -> Response {
    let (method, path) = (request.method(), request.uri().path());
    if is_probe(request) {
        return StatusCode::NO_CONTENT.into_response();
    }
    let service = service(request.headers(), path);
    let what = match operation(request.headers()) {
        Some(operation) => format!("{service} {operation}"),
        None => format!("{service} {method} {}", clip(path)),
    };
    log(&format!("aws | not emulated: {what}"));
    let message = format!(
        "not emulated: {what}; the local gateway has no such service, and does not call the real one"
    );
    let body = json!({"__type": "NotEmulated", "message": message, "service": service});
    (
        StatusCode::NOT_IMPLEMENTED,
        [("x-amzn-errortype", "NotEmulated")],
        axum::Json(body),
    )
        .into_response()
}

/// A function warms its connection with a bare request; that is no call of a service.
fn is_probe(request: &Request) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
        && request.uri().path() == "/"
        && request.uri().query().is_none()
        && !request.headers().contains_key(header::AUTHORIZATION)
        && !request.headers().contains_key("x-amz-target")
}

/// The service that a request is for: as it was signed, else as its target or path tells.
fn service(headers: &HeaderMap, path: &str) -> String {
    let signed = text(headers, "authorization").and_then(scope_service);
    let target = || text(headers, "x-amz-target").and_then(target_service);
    signed
        .or_else(target)
        .or_else(|| path_service(path))
        .unwrap_or("an unknown service")
        .to_owned()
}

/// From `Credential=KEY/DATE/REGION/SERVICE/aws4_request` (AWS Signature Version 4).
fn scope_service(authorization: &str) -> Option<&str> {
    let (_, credential) = authorization.split_once("Credential=")?;
    let scope = credential.split([',', ' ']).next()?;
    let (scope, end) = scope.rsplit_once('/')?;
    let (_, service) = scope.rsplit_once('/')?;
    (end == "aws4_request" && is_name(service)).then_some(service)
}

/// From `DynamoDB_20120810.GetItem`.
fn target_service(target: &str) -> Option<&str> {
    let (service, _) = target.split_once('.')?;
    let service = service.split('_').next()?;
    is_name(service).then_some(service)
}

fn operation(headers: &HeaderMap) -> Option<&str> {
    let (_, operation) = text(headers, "x-amz-target")?.rsplit_once('.')?;
    is_name(operation).then_some(operation)
}

fn path_service(path: &str) -> Option<&'static str> {
    const PATHS: [(&str, &str); 5] = [
        ("/v2/email/", "ses"),
        ("/2015-03-31/", "lambda"),
        ("/identities/", "bedrock-agentcore"),
        ("/oauth2/", "cognito-idp"),
        ("/model/", "bedrock"),
    ];
    PATHS
        .iter()
        .find(|(prefix, _)| path.starts_with(prefix))
        .map(|(_, service)| *service)
}

/// What may stand in a log line and an answer: never a part of a signature or a token.
fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn clip(path: &str) -> &str {
    path.char_indices()
        .nth(200)
        .and_then(|(end, _)| path.get(..end))
        .unwrap_or(path)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
