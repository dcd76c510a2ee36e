//! The Gateway itself: its targets' tools over MCP, each call invoked on a Lambda function.
//!
//! rmcp speaks the protocol (streamable HTTP, without sessions, JSON responses). What is the
//! Gateway's own stands here: names with the target's prefix, the check of the arguments, the
//! client context, and how a function's answer becomes a tool's result.

mod arguments;
mod catalog;
mod client_context;
mod invoke;
mod policies;
mod server;

use std::sync::Arc;

use rmcp::{
    model::ProtocolVersion,
    transport::streamable_http_server::{
        StreamableHttpServerConfig, StreamableHttpService, session::never::NeverSessionManager,
    },
};
use serde_json::{Map, Value};

pub use catalog::CatalogError;
pub use invoke::LambdaEndpoint;
pub use policies::Policies;

/// What a Lambda takes as an event, in bytes, plus the JSON-RPC around it.
const REQUEST_LIMIT: usize = 6 * 1024 * 1024 + 64 * 1024;

/// A Gateway as its template declares it.
#[derive(Debug, Clone)]
pub struct Gateway {
    /// The name from the template; shown to clients.
    pub name: String,
    /// The id, as functions read it in the client context.
    pub id: String,
    /// What the clients' models are told about the whole.
    pub instructions: Option<String>,
    /// The protocol revisions that clients may speak.
    pub versions: Vec<ProtocolVersion>,
    /// Whether a failed call carries its cause (`ExceptionLevel: DEBUG`).
    pub debug: bool,
    /// The targets in the template's order.
    pub targets: Vec<Target>,
}

/// A target: tools that one Lambda function serves.
#[derive(Debug, Clone)]
pub struct Target {
    /// The prefix of its tools' names.
    pub name: String,
    /// The id, as functions read it in the client context.
    pub id: String,
    /// The function's name or ARN, as the Invoke API takes it.
    pub function: String,
    /// The inline schema.
    pub tools: Vec<Tool>,
}

impl Target {
    /// A tool's name as clients and policies see it.
    fn qualified(&self, tool: &Tool) -> String {
        format!("{}___{}", self.name, tool.name)
    }
}

/// A tool definition of a target.
#[derive(Debug, Clone)]
pub struct Tool {
    /// The name without the target's prefix.
    pub name: String,
    /// What the model reads.
    pub description: String,
    /// The arguments' JSON Schema (camelCase keys).
    pub input_schema: Map<String, Value>,
    /// The result's JSON Schema, if the target declares one.
    pub output_schema: Option<Map<String, Value>>,
}

impl Gateway {
    /// The tools under the names that clients see, each with its definition.
    pub fn tools(&self) -> impl Iterator<Item = (String, &Tool)> {
        self.targets.iter().flat_map(|target| {
            let tools = target.tools.iter();
            tools.map(|tool| (target.qualified(tool), tool))
        })
    }
}

/// The routes of a Gateway: `/mcp`.
///
/// # Errors
/// Two tools of one name, or a schema that is none.
pub fn router(
    gateway: Gateway,
    policies: Policies,
    lambda: LambdaEndpoint,
    page_size: usize,
) -> Result<axum::Router, CatalogError> {
    let server = server::Server::new(gateway, policies, lambda, page_size)?;
    // The loopback guard in front has checked Host and Origin already.
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(REQUEST_LIMIT)
        .disable_allowed_hosts();
    let service = StreamableHttpService::new(
        move || Ok(server.clone()),
        Arc::new(NeverSessionManager::default()),
        config,
    );
    Ok(axum::Router::new().route_service("/mcp", service))
}
