//! An MCP client: what an agent does, for the demo and for `gateway verify`.

use std::error::Error;

use reqwest::Url;
use rmcp::{
    ServiceExt,
    service::{RoleClient, RunningService},
    transport::{
        StreamableHttpClientTransport, streamable_http_client::StreamableHttpClientTransportConfig,
    },
};

use crate::access::{self, AccessToken};

/// A connection to a gateway.
pub(crate) type Client = RunningService<RoleClient, ()>;

/// Connects to the MCP endpoint at `url`, with a token if the gateway asks for one.
pub(crate) async fn connect(
    url: &str,
    token: Option<&AccessToken>,
) -> Result<Client, Box<dyn Error + Send + Sync>> {
    let url: Url = url
        .parse()
        .map_err(|error| format!("`{url}` is no URL: {error}"))?;
    let http = access::http(url.as_str());
    let mut config = StreamableHttpClientTransportConfig::with_uri(url.as_str());
    if let Some(token) = token {
        config = config.auth_header(token.reveal());
    }
    let transport = StreamableHttpClientTransport::with_client(http, config);
    Ok(().serve(transport).await?)
}
