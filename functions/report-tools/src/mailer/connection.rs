//! The connection to SES, opened before a mail needs it.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, SystemTime},
};

use aws_sdk_sesv2::config::{SharedHttpClient, http::HttpRequest};
use aws_smithy_http_client::{
    Connector,
    tls::{Provider, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorSettings, SharedHttpConnector, http_client_fn,
};

/// How long a connection may take to open.
const CONNECT: Duration = Duration::from_secs(2);
/// How long warming may take, at most.
const WARM: Duration = Duration::from_secs(2);
/// After so long without a request the connection is tried before a mail is trusted to it.
const IDLE_SECONDS: u64 = 10;

/// A pool of connections to one server, shared by the SES client and by what keeps it warm.
#[derive(Debug)]
pub(super) struct Connection {
    connector: SharedHttpConnector,
    url: String,
    /// When the connection was last used, in seconds of the wall clock.
    used: AtomicU64,
}

impl Connection {
    /// Makes the connector, which loads the system's certificates; nothing is opened yet.
    pub(super) fn new(url: String) -> Self {
        let settings = HttpConnectorSettings::builder()
            .connect_timeout(CONNECT)
            .build();
        let connector = Connector::builder()
            .connector_settings(settings)
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build();
        Self {
            connector: SharedHttpConnector::new(connector),
            url,
            used: AtomicU64::new(0),
        }
    }

    /// The client for the SDK. It always gives this one connector, whatever time-outs the SDK
    /// asks for: connectors share no connections with each other.
    pub(super) fn http_client(&self) -> SharedHttpClient {
        let connector = self.connector.clone();
        http_client_fn(move |_, _| connector.clone())
    }

    /// The server.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Opens the connection, best effort, in two seconds at most.
    pub(super) async fn warm(&self) {
        self.try_out(WARM).await;
    }

    /// Tries the connection if it has been idle, for so long at most. Between invocations Lambda
    /// freezes the process, and the server closes the connection meanwhile; a mail that is
    /// written to it then is lost in a way that cannot be told from a mail that was sent. This
    /// request may be lost, and takes the dead connection with it.
    ///
    /// The wall clock, because a monotonic one may stand still while the process does.
    pub(super) async fn rouse(&self, limit: Duration) {
        let idle = now().checked_sub(self.used.load(Ordering::Relaxed));
        if idle.is_none_or(|idle| idle > IDLE_SECONDS) {
            self.try_out(limit.min(WARM)).await;
        }
    }

    /// Sends an unsigned request, which needs no permission: whatever the answer is, the
    /// connection stays open.
    async fn try_out(&self, limit: Duration) {
        let mut request = HttpRequest::empty();
        let head = request.set_method("HEAD");
        if head
            .and_then(|()| request.set_uri(self.url.as_str()))
            .is_err()
        {
            return;
        }
        match tokio::time::timeout(limit, self.connector.call(request)).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::debug!(%error, "the connection to SES is not warm"),
            Err(_) => tracing::debug!("the connection to SES is not warm: no answer"),
        }
        // Used or gone: either way the next mail does not meet a dead connection.
        self.touch();
    }

    /// Notes that the connection was used.
    pub(super) fn touch(&self) {
        self.used.store(now(), Ordering::Relaxed);
    }
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.unwrap_or_default().as_secs()
}
