//! A gateway with a few tools, and shorthand for its policies.

use chrono::{DateTime, Utc};
use policy::{Decision, EnforcementMode, Engine, Finding, Mode, Principal, Statement, ToolSchema};
use serde_json::{Value, json};

pub(crate) const GATEWAY: &str =
    "arn:aws:bedrock-agentcore:eu-west-1:123456789012:gateway/tools-a1b2c3";
pub(crate) const REFUND: &str = "Refund___process_refund";
pub(crate) const STATUS: &str = "Refund___get_status";
pub(crate) const MAIL: &str = "mail-target___send";

pub(crate) fn tool(name: &str, properties: Value, required: &[&str]) -> ToolSchema {
    let schema = json!({"type": "object", "properties": properties, "required": required});
    ToolSchema {
        name: name.to_owned(),
        description: String::new(),
        input_schema: schema.as_object().unwrap().clone(),
    }
}

pub(crate) fn tools() -> Vec<ToolSchema> {
    let refund = json!({
        "order_id": {"type": "string"},
        "amount": {"type": "number"},
        "priority": {"type": "integer"},
        "expedite": {"type": "boolean"},
        "reason": {"type": "string"},
        "labels": {"type": "array", "items": {"type": "string"}},
        "customer": {
            "type": "object",
            "properties": {"id": {"type": "string"}, "country": {"type": "string"}},
            "required": ["id"],
        },
    });
    let mail = json!({
        "recipient_email": {"type": "string"},
        "in": {"type": "string"},
        "reply-to": {"type": "string"},
    });
    vec![
        tool(REFUND, refund, &["order_id", "amount", "priority"]),
        tool(
            STATUS,
            json!({"order_id": {"type": "string"}}),
            &["order_id"],
        ),
        tool(MAIL, mail, &["recipient_email"]),
    ]
}

/// `GATEWAY`, `REFUND`, `STATUS` and `MAIL` in the text stand for the entities.
pub(crate) fn cedar(text: &str) -> String {
    text.replace("GATEWAY", &format!("AgentCore::Gateway::\"{GATEWAY}\""))
        .replace("REFUND", &format!("AgentCore::Action::\"{REFUND}\""))
        .replace("STATUS", &format!("AgentCore::Action::\"{STATUS}\""))
        .replace("MAIL", &format!("AgentCore::Action::\"{MAIL}\""))
}

pub(crate) fn statement(id: &str, text: &str) -> Statement {
    Statement {
        id: id.to_owned(),
        cedar: cedar(text),
        mode: EnforcementMode::Active,
    }
}

pub(crate) fn engine(policies: &[(&str, &str)]) -> Engine {
    let statements = policies
        .iter()
        .map(|(id, text)| statement(id, text))
        .collect();
    Engine::new(GATEWAY, &tools(), statements, Mode::Enforce)
        .unwrap_or_else(|findings| panic!("{findings:#?}"))
}

pub(crate) fn findings(text: &str) -> Vec<Finding> {
    match Engine::new(
        GATEWAY,
        &tools(),
        vec![statement("Tried", text)],
        Mode::Enforce,
    ) {
        Ok(engine) => engine.warnings().to_vec(),
        Err(findings) => findings,
    }
}

pub(crate) fn user(claims: Value) -> Principal {
    Principal::OAuthUser {
        sub: "user-1".to_owned(),
        claims: claims.as_object().unwrap().clone(),
    }
}

pub(crate) fn at(time: &str) -> DateTime<Utc> {
    time.parse().unwrap()
}

pub(crate) fn call(engine: &Engine, who: &Principal, tool: &str, input: Value) -> Decision {
    engine.decide(who, tool, &input, at("2026-03-04T10:00:00Z"))
}

pub(crate) fn refund(amount: Value) -> Value {
    json!({"order_id": "A-1", "amount": amount, "priority": 1})
}

pub(crate) fn seen(engine: &Engine, who: &Principal) -> Vec<String> {
    engine.visible(who).map(str::to_owned).collect()
}
