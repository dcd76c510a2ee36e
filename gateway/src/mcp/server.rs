//! tools/list and tools/call, as the Gateway answers them.

use std::{borrow::Cow, sync::Arc};

use rmcp::{
    RoleServer, ServerHandler,
    model::{
        CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ErrorData,
        Implementation, ListToolsResult, MetaObject, PaginatedRequestParams, ProtocolVersion,
        ServerCapabilities, ServerConfig,
    },
    service::RequestContext,
};
use serde_json::Value;

use super::{
    CatalogError, Gateway, LambdaEndpoint, arguments,
    catalog::{Catalog, Entry},
    client_context,
    invoke::Invocation,
    policies::{Policies, principal},
};

/// What the caller reads when a function failed or could not be invoked.
const INTERNAL: &str = "An internal error occurred. Please retry later.";

#[derive(Clone)]
pub(super) struct Server(Arc<Inner>);

struct Inner {
    gateway: Gateway,
    catalog: Catalog,
    policies: Policies,
    lambda: LambdaEndpoint,
    page_size: usize,
}

impl Server {
    pub(super) fn new(
        gateway: Gateway,
        policies: Policies,
        lambda: LambdaEndpoint,
        page_size: usize,
    ) -> Result<Self, CatalogError> {
        let catalog = Catalog::new(&gateway)?;
        Ok(Self(Arc::new(Inner {
            gateway,
            catalog,
            policies,
            lambda,
            page_size,
        })))
    }

    async fn call(
        &self,
        entry: &Entry,
        arguments: Value,
        context: &RequestContext<RoleServer>,
    ) -> CallToolResult {
        if let Some(refusal) = arguments::refusal(&entry.validator, &arguments) {
            return CallToolResult::error(vec![ContentBlock::text(refusal)]);
        }
        let Inner {
            gateway, lambda, ..
        } = &*self.0;
        let target = &entry.target;
        let tool = &entry.listed.name;
        let client_context = client_context::json(&gateway.id, &target.id, tool, &context.id);
        let call = Invocation {
            function: &target.function,
            tool,
            client_context: &client_context,
            arguments: &arguments,
        };
        match lambda.invoke(call).await {
            Ok(answer) => CallToolResult::success(vec![ContentBlock::text(compact(&answer))]),
            Err(error) => {
                tracing::warn!(tool = %entry.listed.name, %error, "a call failed");
                let mut result = CallToolResult::error(vec![ContentBlock::text(INTERNAL)]);
                if gateway.debug {
                    let mut meta = MetaObject::default();
                    meta.insert("debug".to_owned(), Value::String(error.to_string()));
                    result.meta = Some(meta);
                }
                result
            }
        }
    }
}

/// A function's return value as the one text block that the client reads.
fn compact(answer: &[u8]) -> String {
    serde_json::from_slice::<Value>(answer).map_or_else(
        |_| String::from_utf8_lossy(answer).into_owned(),
        |json| json.to_string(),
    )
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let gateway = &self.0.gateway;
        let capabilities = ServerCapabilities::builder().enable_tools().build();
        let mut info = ServerConfig::new(capabilities).with_server_info(Implementation::new(
            &gateway.name,
            env!("CARGO_PKG_VERSION"),
        ));
        info.instructions.clone_from(&gateway.instructions);
        info
    }

    fn supported_protocol_versions(&self) -> Cow<'static, [ProtocolVersion]> {
        self.0.gateway.versions.clone().into()
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let cursor = request.and_then(|request| request.cursor);
        let Inner {
            catalog,
            policies,
            page_size,
            ..
        } = &*self.0;
        let visible = policies.visible(&principal(&context.extensions));
        let page = catalog.page(cursor.as_deref(), *page_size, |tool| {
            visible
                .as_ref()
                .is_none_or(|visible| visible.contains(tool))
        });
        let (tools, next_cursor) = page.ok_or_else(|| {
            let message = "unknown cursor: pass the `nextCursor` of the page before";
            ErrorData::invalid_params(message, None)
        })?;
        let mut result = ListToolsResult::with_all_items(tools);
        result.next_cursor = next_cursor;
        Ok(result)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(entry) = self.0.catalog.get(&request.name) else {
            let name: String = request.name.chars().take(100).collect();
            let message = format!("Unknown tool: {name}");
            return Err(ErrorData::invalid_params(message, None));
        };
        let arguments = Value::Object(request.arguments.unwrap_or_default());
        // The policies are asked before the arguments are checked, as the live service does.
        let who = principal(&context.extensions);
        self.0.policies.check(&who, &request.name, &arguments)?;
        Ok(self.call(entry, arguments, &context).await.into())
    }
}
