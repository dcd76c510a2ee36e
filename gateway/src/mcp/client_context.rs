//! What the Gateway tells a function beside the arguments.

use rmcp::model::RequestId;
use serde_json::json;

/// The client context of one call, as JSON.
pub(super) fn json(gateway: &str, target: &str, tool: &str, message: &RequestId) -> String {
    let context = json!({"custom": {
        "bedrockAgentCoreMessageVersion": "1.0",
        "bedrockAgentCoreAwsRequestId": uuid::Uuid::new_v4().to_string(),
        "bedrockAgentCoreMcpMessageId": message.to_string(),
        "bedrockAgentCoreGatewayId": gateway,
        "bedrockAgentCoreTargetId": target,
        "bedrockAgentCoreToolName": tool,
    }});
    context.to_string()
}
