//! What only logs changes nothing, and says what it would have done.

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

use gateway::{GATEWAY, REFUND, call, refund, seen, statement, tools, user};
use policy::{EnforcementMode, Engine, Mode, Statement};
use serde_json::json;

const SMALL: &str = r#"permit(principal is AgentCore::OAuthUser, action == REFUND, resource == GATEWAY)
when { context.input.amount.lessThan(decimal("10.0")) };"#;
const URGENT: &str = r#"forbid(principal is AgentCore::OAuthUser, action == REFUND, resource == GATEWAY)
when { context.input.priority == 1 };"#;

fn engine(mode: Mode, trial: &[(&str, &str)]) -> Engine {
    let mut statements = vec![statement("Small", SMALL)];
    statements.extend(trial.iter().map(|(id, text)| Statement {
        mode: EnforcementMode::LogOnly,
        ..statement(id, text)
    }));
    Engine::new(GATEWAY, &tools(), statements, mode).unwrap()
}

#[test]
fn an_engine_that_only_logs_lets_everything_through() {
    let engine = engine(Mode::LogOnly, &[]);
    let who = user(json!({}));
    let large = call(&engine, &who, REFUND, refund(json!(11)));
    assert!(large.allowed && large.would_deny());
    assert_eq!(large.denial_text(), None);
    assert!(
        large
            .verdict
            .denial_text()
            .unwrap()
            .contains("denied by default")
    );
    let small = call(&engine, &who, REFUND, refund(json!(9)));
    assert!(small.allowed && !small.would_deny());
    assert_eq!(small.verdict.reasons, ["Small"]);
    assert!(call(&engine, &who, REFUND, json!({"amount": "?"})).allowed);
    assert_eq!(seen(&engine, &who).len(), 3);
}

#[test]
fn a_policy_that_only_logs_decides_nothing() {
    let engine = engine(Mode::Enforce, &[("Urgent", URGENT)]);
    let decision = call(&engine, &user(json!({})), REFUND, refund(json!(9)));
    assert!(decision.allowed);
    assert_eq!(decision.verdict.reasons, ["Small"]);
    let trial = decision.trial.unwrap();
    assert!(!trial.allowed);
    assert_eq!(trial.reasons, ["Urgent"]);
}

#[test]
fn a_permit_that_only_logs_permits_nothing_and_shows_nothing() {
    let status = r#"permit(principal is AgentCore::OAuthUser, action == STATUS, resource == GATEWAY)
when { context.input.order_id like "*" };"#;
    let engine = engine(Mode::Enforce, &[("Status", status)]);
    let who = user(json!({}));
    let decision = call(&engine, &who, gateway::STATUS, json!({"order_id": "A"}));
    assert!(!decision.allowed);
    assert_eq!(decision.trial.unwrap().reasons, ["Status"]);
    assert_eq!(seen(&engine, &who), [REFUND]);
}

#[test]
fn a_trial_without_consequences_is_not_mentioned() {
    let engine = engine(Mode::Enforce, &[("Urgent", URGENT)]);
    let input = json!({"order_id": "A", "amount": 9, "priority": 2});
    assert_eq!(call(&engine, &user(json!({})), REFUND, input).trial, None);
}

#[test]
fn a_policy_that_only_logs_is_validated_too() {
    let wrong = Statement {
        mode: EnforcementMode::LogOnly,
        ..statement("Wrong", &SMALL.replace("amount", "amuont"))
    };
    assert!(Engine::new(GATEWAY, &tools(), vec![wrong], Mode::LogOnly).is_err());
}
