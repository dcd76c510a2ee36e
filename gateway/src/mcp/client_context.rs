//! What the Gateway tells a function beside the arguments.

use base64::prelude::{BASE64_STANDARD, Engine};
use rmcp::model::RequestId;
use serde_json::json;

/// The client context of one call, as the Invoke API's header takes it (base64 of JSON).
pub(super) fn header(gateway: &str, target: &str, tool: &str, message: &RequestId) -> String {
    let context = json!({"custom": {
        "bedrockAgentCoreMessageVersion": "1.0",
        "bedrockAgentCoreAwsRequestId": uuid::Uuid::new_v4().to_string(),
        "bedrockAgentCoreMcpMessageId": message.to_string(),
        "bedrockAgentCoreGatewayId": gateway,
        "bedrockAgentCoreTargetId": target,
        "bedrockAgentCoreToolName": tool,
    }});
    BASE64_STANDARD.encode(context.to_string())
}
