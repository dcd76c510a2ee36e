//! The authorizer as a layer in front of the MCP endpoint.

use std::{future::poll_fn, pin::Pin, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    body::{Body, HttpBody},
    extract::Request,
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::get,
};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{AUTHORIZATION, RETRY_AFTER, WWW_AUTHENTICATE},
};
use reqwest::Url;
use serde_json::{Value, json};

use crate::{Authorizer, ConfigError, IamAuthorizer, JwtAuthorizer, Principal, Refusal, iam};

/// Where RFC 9728 has the document about a resource at the root of its host.
const METADATA_PATH: &str = "/.well-known/oauth-protected-resource";

/// The longest body whose signature is checked, in bytes: a Lambda's event and the JSON-RPC
/// around it.
pub const MAX_SIGNED_BODY: usize = 6 * 1024 * 1024 + 64 * 1024;

/// A refused request's body is read up to here, so that a client that is still sending reads
/// the refusal instead of a broken connection.
const DRAINED: usize = 8 * 1024 * 1024;
const DRAINED_FOR: Duration = Duration::from_secs(2);

/// Puts `authorizer` before everything in `router`, its fallbacks too.
///
/// Who gets in stands as a [`Principal`] in the request's extensions. With a
/// [`JwtAuthorizer`], the RFC 9728 document about `resource_url` (the MCP endpoint as clients
/// know it, such as `http://127.0.0.1:8080/mcp`) is served to everyone at
/// `/.well-known/oauth-protected-resource`, and there under the resource's own path too.
///
/// # Errors
/// `resource_url` is not an http or https URL.
pub fn layer(
    router: Router,
    authorizer: Authorizer,
    resource_url: &str,
) -> Result<Router, ConfigError> {
    Ok(match authorizer {
        Authorizer::None => protect(router, async |mut request: Request| {
            request.extensions_mut().insert(Principal::Unauthenticated);
            Ok(request)
        }),
        Authorizer::Iam(iam) => {
            let iam = Arc::new(iam);
            protect(router, move |request| signed(Arc::clone(&iam), request))
        }
        Authorizer::Jwt(jwt) => bearers(router, Arc::new(jwt), resource_url)?,
    })
}

/// Asks `check` before each request; what it answers instead goes out at once.
fn protect<C, F>(router: Router, check: C) -> Router
where
    C: Fn(Request) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<Request, Refused>> + Send + 'static,
{
    // As the fallback of an empty router, so that nothing in `router` can be left uncovered.
    Router::new()
        .fallback_service(router)
        .layer(from_fn(move |request, next: Next| {
            let check = check.clone();
            async move {
                match check(request).await {
                    Ok(request) => next.run(request).await,
                    Err((answer, body)) => {
                        let _ = tokio::time::timeout(DRAINED_FOR, drain(body)).await;
                        answer
                    }
                }
            }
        }))
}

/// An answer, and what is left to read of the request.
type Refused = (Response, Body);

async fn signed(iam: Arc<IamAuthorizer>, request: Request) -> Result<Request, Refused> {
    let refuse = |refusal: iam::Refusal, body| {
        tracing::debug!(%refusal, "a signed request was refused");
        (refusal.into_response(), body)
    };
    let (mut parts, body) = request.into_parts();
    // All that can be said without the body comes first: nobody unknown fills the memory.
    let claimed = match iam.claimed(&parts) {
        Ok(claimed) => claimed,
        Err(refusal) => return Err(refuse(refusal, body)),
    };
    let Ok(body) = axum::body::to_bytes(body, MAX_SIGNED_BODY).await else {
        return Err(refuse(iam::Refusal::TooLarge, Body::empty()));
    };
    match claimed.verify(&parts, &body) {
        Ok(arn) => parts.extensions.insert(Principal::IamEntity { arn }),
        Err(refusal) => return Err(refuse(refusal, Body::empty())),
    };
    Ok(Request::from_parts(parts, body.into()))
}

fn bearers(
    router: Router,
    jwt: Arc<JwtAuthorizer>,
    resource_url: &str,
) -> Result<Router, ConfigError> {
    let resource = Url::parse(resource_url).ok().filter(|url| url.has_host());
    let resource = resource.ok_or_else(|| ConfigError::resource_url(resource_url))?;
    let at_root = |path: &str| {
        let mut url = resource.clone();
        url.set_path(path);
        url.set_query(None);
        url.set_fragment(None);
        url
    };
    let challenge = Challenge {
        metadata: at_root(METADATA_PATH).into(),
        scope: jwt.advertised_scopes().join(" "),
    };
    let challenge = Arc::new(challenge);

    let checking = Arc::clone(&jwt);
    let protected = protect(router, move |mut request: Request| {
        let (jwt, challenge) = (Arc::clone(&checking), Arc::clone(&challenge));
        async move {
            let checked = match bearer(request.headers_mut()) {
                Ok(token) => jwt.verify(&token).await,
                Err(refusal) => Err(refusal),
            };
            match checked {
                Ok(claims) => request.extensions_mut().insert(Principal::from(claims)),
                Err(refusal) => {
                    tracing::debug!(%refusal, "a bearer was refused");
                    return Err((challenge.answer(refusal), request.into_body()));
                }
            };
            Ok(request)
        }
    });

    let resource_url: Arc<str> = resource_url.into();
    let document = get(move || {
        let document = metadata(&jwt, &resource_url);
        async move { Json(document) }
    });
    // RFC 9728, section 3.1: the path of the resource comes after the well-known one.
    let under = format!("{METADATA_PATH}{}", resource.path().trim_end_matches('/'));
    let mut open = Router::new().route(METADATA_PATH, document.clone());
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.".contains(c);
    if under != METADATA_PATH && under.chars().all(plain) {
        open = open.route(&under, document);
    }
    Ok(open.fallback_service(protected))
}

/// RFC 9728, section 2.
fn metadata(jwt: &JwtAuthorizer, resource_url: &str) -> Value {
    let mut document = json!({
        "resource": resource_url,
        "authorization_servers": [jwt.issuer()],
        "bearer_methods_supported": ["header"],
    });
    let scopes = jwt.advertised_scopes();
    if let Some(document) = document.as_object_mut().filter(|_| !scopes.is_empty()) {
        document.insert("scopes_supported".into(), scopes.into());
    }
    document
}

/// The token in the one Authorization header. Tokens elsewhere (a query, a form) do not count.
fn bearer(headers: &mut HeaderMap) -> Result<String, Refusal> {
    if headers.get_all(AUTHORIZATION).iter().count() > 1 {
        return Err(Refusal::AmbiguousRequest);
    }
    let header = headers.get_mut(AUTHORIZATION).ok_or(Refusal::NoToken)?;
    // So that a `Debug` of the headers further in does not show it.
    header.set_sensitive(true);
    let not_ascii = |_| Refusal::InvalidToken("the token is not a JWT");
    let header = header.to_str().map_err(not_ascii)?;
    match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
            Ok(token.trim_matches(' ').to_owned())
        }
        _ => Err(Refusal::NoToken),
    }
}

/// What every refusal of a bearer says in `WWW-Authenticate`.
struct Challenge {
    metadata: String,
    scope: String,
}

impl Challenge {
    fn answer(&self, refusal: Refusal) -> Response {
        let (rpc_code, text) = match refusal {
            // -32001 and these words are what clients of the real Gateway have seen.
            Refusal::NoToken => (-32001, "Missing Bearer token".to_owned()),
            Refusal::InvalidToken(_) => (-32001, format!("Invalid Bearer token: {refusal}")),
            Refusal::AmbiguousRequest => (-32600, refusal.to_string()),
            Refusal::InsufficientScope | Refusal::ClaimMismatch => (-32001, refusal.to_string()),
            Refusal::Unavailable => (-32603, refusal.to_string()),
        };
        let error = json!({"code": rpc_code, "message": text});
        let body = Json(json!({"jsonrpc": "2.0", "id": null, "error": error}));
        let mut answer = (refusal.status(), body).into_response();
        let challenged = refusal.status() == StatusCode::UNAUTHORIZED || refusal.code().is_some();
        if let Some(value) = self.header(refusal).filter(|_| challenged) {
            answer.headers_mut().insert(WWW_AUTHENTICATE, value);
        }
        if refusal == Refusal::Unavailable {
            answer
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        answer
    }

    /// RFC 6750, section 3, with the parameter of RFC 9728, section 5.1. The scope is there on
    /// a 401 too, as the MCP specification and the Gateway's `advertisedScopeMapping` have it.
    fn header(&self, refusal: Refusal) -> Option<HeaderValue> {
        let mut header = format!("Bearer resource_metadata=\"{}\"", self.metadata);
        if !self.scope.is_empty() {
            header.push_str(&format!(", scope=\"{}\"", self.scope));
        }
        if let Some(code) = refusal.code() {
            header.push_str(&format!(
                ", error=\"{code}\", error_description=\"{refusal}\""
            ));
        }
        HeaderValue::try_from(header).ok()
    }
}

async fn drain(mut body: Body) {
    let mut total = 0_usize;
    while let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        total = total.saturating_add(frame.data_ref().map_or(0, |data| data.len()));
        if total > DRAINED {
            break;
        }
    }
}
