//! The schema has the documented names and types.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics is a test that fails"
)]

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "support/gateway.rs"]
mod gateway;

use std::str::FromStr;

use cedar_policy::Schema;
use gateway::engine;

#[test]
fn tools_and_arguments_have_their_documented_names() {
    let engine = engine(&[]);
    let schema = engine.schema();
    for line in [
        "type Refund___process_refundInput = {",
        "amount: decimal,",
        "priority: Long,",
        "expedite?: Bool,",
        "reason?: String",
        "labels?: Set<String>,",
        "customer?: AgentCore::Refund___process_refund::Input::customer,",
        "country?: String,",
        "\"in\"?: String,",
        "\"reply-to\"?: String",
        "input: Refund___process_refundInput,",
        "system: SystemContext",
        "now: datetime",
        "action \"CallTool\" in [Action::\"Mcp\"];",
        "action \"Refund\" in [Action::\"CallTool\"];",
        "action \"Refund___process_refund\" in [Action::\"CallTool\", Action::\"Refund\"] appliesTo {",
        "action \"mail-target___send\" in [Action::\"CallTool\", Action::\"mail-target\"] appliesTo {",
        "principal: [IamEntity, OAuthUser, UnauthenticatedUser],",
        "resource: [Gateway],",
        "} tags String;",
    ] {
        assert!(schema.contains(line), "{line} is not in\n{schema}");
    }
}

#[test]
fn other_tools_can_read_the_schema() {
    let schema = Schema::from_str(engine(&[]).schema()).unwrap();
    assert_eq!(schema.actions().count(), 3 + 4);
}
