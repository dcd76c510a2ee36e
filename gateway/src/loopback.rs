//! Listeners that only this machine's own programs can use.
//!
//! Every listener of this crate is bound to 127.0.0.1, and [`serve`] puts the same guard before
//! each: a page in the developer's browser can reach loopback too, either through a name that
//! it points at 127.0.0.1 (DNS rebinding; the `Host` header gives it away) or by an ordinary
//! cross-site request (`Origin` and `Sec-Fetch-Site` do). Nothing here ever sends a CORS header.

mod late_end;

use std::future::{Future, poll_fn};
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::time::Duration;
use std::{fmt, io};

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use http::header::{HOST, ORIGIN};
use http::{Method, StatusCode};
use tokio::net::TcpListener;
use tokio::sync::watch;

use self::late_end::LateEndListener;

/// How long [`serve`] waits for open requests once it was told to end.
const GRACE: Duration = Duration::from_secs(2);

/// A body beyond its limit is read and thrown away up to this many times the limit, so that
/// a client that is still sending reads the refusal instead of a broken connection.
const DRAINED: usize = 8;

/// A bound, guarded listener on 127.0.0.1. Connections are accepted once it is [`serve`]d.
#[derive(Debug)]
pub struct Listener {
    inner: TcpListener,
    port: u16,
    page: Option<&'static str>,
}

impl Listener {
    /// Lets other sites link to the page at `path`, as an application does to a sign-in page: a
    /// browser may navigate there by GET. The page itself must refuse to be framed.
    #[must_use]
    pub fn with_page(mut self, path: &'static str) -> Self {
        self.page = Some(path);
        self
    }

    /// The port it is bound to.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// `127.0.0.1:PORT`.
    pub fn authority(&self) -> String {
        format!("{}:{}", Ipv4Addr::LOCALHOST, self.port)
    }

    /// `http://127.0.0.1:PORT`, without a trailing slash.
    pub fn url(&self) -> String {
        format!("http://{}", self.authority())
    }
}

/// A port could not be bound.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on 127.0.0.1 port `{port}`; choose a port that is free, or 0 for any")]
pub struct BindError {
    port: u16,
    #[source]
    source: io::Error,
}

/// Binds `port` on 127.0.0.1; 0 takes a free one.
pub async fn bind(port: u16) -> Result<Listener, BindError> {
    let failed = |source| BindError { port, source };
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let inner = TcpListener::bind(address).await.map_err(failed)?;
    let port = inner.local_addr().map_err(failed)?.port();
    let page = None;
    Ok(Listener { inner, port, page })
}

/// Serves `router` behind the guard until `shutdown` resolves, then lets open requests end
/// for at most two seconds.
pub async fn serve<F>(listener: Listener, router: Router, shutdown: F) -> io::Result<()>
where
    F: Future<Output = ()> + Send + 'static,
{
    let (ending, mut ended) = watch::channel(false);
    let inner = LateEndListener(listener.inner);
    let server = axum::serve(inner, guard(router, listener.port, listener.page))
        .with_graceful_shutdown(async move {
            shutdown.await;
            let _ = ending.send(true);
        });
    let overdue = async move {
        let _ = ended.wait_for(|ending| *ending).await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        result = server => result,
        () = overdue => Ok(()),
    }
}

/// `router` behind the guard, its fallbacks too, for a server other than [`serve`].
pub fn guarded(router: Router, port: u16) -> Router {
    guard(router, port, None)
}

fn guard(router: Router, port: u16, page: Option<&'static str>) -> Router {
    // As the fallback of an empty router, so that nothing in `router` can be left uncovered.
    Router::new().fallback_service(router).layer(from_fn(
        move |request: Request, next: Next| async move {
            match check(&request, port, page) {
                Ok(()) => next.run(request).await,
                Err(refusal) => refusal.into_response(),
            }
        },
    ))
}

/// Why the guard sent a request away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    AbsoluteForm,
    Host(u16),
    Origin(u16),
    FetchSite,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AbsoluteForm => {
                write!(f, "refused: this is no proxy; send a path, not a whole URL")
            }
            Self::Host(port) => write!(
                f,
                "refused: the Host header must be 127.0.0.1:{port}, localhost:{port} or [::1]:{port}, \
                 so that no web page gets here through a name of its own"
            ),
            Self::Origin(port) => write!(
                f,
                "refused: the Origin header names another site than http://127.0.0.1:{port}"
            ),
            Self::FetchSite => write!(f, "refused: the request comes from a page of another site"),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (StatusCode::FORBIDDEN, format!("{self}\n")).into_response()
    }
}

fn check(request: &Request, port: u16, page: Option<&str>) -> Result<(), Refusal> {
    let (uri, headers) = (request.uri(), request.headers());
    if uri.scheme().is_some() || uri.authority().is_some() {
        return Err(Refusal::AbsoluteForm);
    }
    // RFC 9112, section 3.2: exactly one Host.
    let mut hosts = headers.get_all(HOST).iter();
    match (hosts.next().map(|host| host.to_str()), hosts.next()) {
        (Some(Ok(host)), None) if is_ours(host, port) => {}
        _ => return Err(Refusal::Host(port)),
    }
    for origin in headers.get_all(ORIGIN) {
        let authority = origin
            .to_str()
            .ok()
            .and_then(|origin| origin.strip_prefix("http://"));
        if !authority.is_some_and(|authority| is_ours(authority, port)) {
            return Err(Refusal::Origin(port));
        }
    }
    // Sent by browsers only (Fetch Metadata); `same-site` is another port of localhost.
    let foreign = |site: &http::HeaderValue| !matches!(site.as_bytes(), b"same-origin" | b"none");
    let navigates = request.method() == Method::GET
        && headers
            .get("sec-fetch-mode")
            .is_some_and(|mode| mode == "navigate")
        && page == Some(uri.path());
    if headers.get_all("sec-fetch-site").iter().any(foreign) && !navigates {
        return Err(Refusal::FetchSite);
    }
    Ok(())
}

fn is_ours(authority: &str, port: u16) -> bool {
    let (host, given) = match authority.rsplit_once(':') {
        Some((host, given)) if !given.ends_with(']') => (host, Some(given)),
        _ => (authority, None),
    };
    let named = ["127.0.0.1", "localhost", "[::1]"]
        .iter()
        .any(|name| name.eq_ignore_ascii_case(host));
    named && given.map_or(port == 80, |given| given == port.to_string())
}

/// Why a body could not be read whole.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// It has more bytes than allowed.
    #[error("the body has more than {limit} bytes")]
    TooLarge {
        /// What is allowed, in bytes.
        limit: usize,
    },
    /// The connection broke off, or the body is not what its headers announce.
    #[error("the body broke off")]
    Broken(#[source] axum::Error),
}

/// Reads a body of at most `limit` bytes.
pub async fn read_body(mut body: Body, limit: usize) -> Result<Bytes, BodyError> {
    let mut read = Vec::new();
    let mut total = 0_usize;
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(data) = frame.map_err(BodyError::Broken)?.into_data() else {
            continue;
        };
        total = total.saturating_add(data.len());
        if total <= limit {
            read.extend_from_slice(&data);
        } else {
            read = Vec::new();
            if total > limit.saturating_mul(DRAINED) {
                break;
            }
        }
    }
    if total > limit {
        return Err(BodyError::TooLarge { limit });
    }
    Ok(read.into())
}
