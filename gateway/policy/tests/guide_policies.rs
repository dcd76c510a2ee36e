//! Policies after the examples of the AgentCore guide decide as it documents.

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

use gateway::{MAIL, REFUND, STATUS, at, call, engine, refund, user};
use policy::Principal;
use serde_json::{Value, json};

/// A whole scope among several.
const MANAGERS: &str = r#"permit(principal is AgentCore::OAuthUser, action == REFUND, resource == GATEWAY)
when {
  principal.hasTag("scope") && (
    principal.getTag("scope") == "manager" ||
    principal.getTag("scope") like "manager *" ||
    principal.getTag("scope") like "* manager" ||
    principal.getTag("scope") like "* manager *")
};"#;

fn allowed(policies: &[(&str, &str)], claims: Value, input: Value) -> bool {
    call(&engine(policies), &user(claims), REFUND, input).allowed
}

#[test]
fn a_whole_scope_counts_wherever_it_stands() {
    let engine = engine(&[("Managers", MANAGERS)]);
    assert_eq!(engine.warnings(), []);
    for scope in [
        "manager",
        "manager tools/invoke",
        "a manager",
        "a manager b",
    ] {
        let decision = call(
            &engine,
            &user(json!({"scope": scope})),
            REFUND,
            refund(json!(1)),
        );
        assert!(decision.allowed, "{scope}");
        assert_eq!(decision.verdict.reasons, ["Managers"]);
    }
}

#[test]
fn a_look_alike_scope_does_not_count() {
    let engine = engine(&[("Managers", MANAGERS)]);
    for scope in [
        "project-manager",
        "manager-readonly",
        "a project-manager b",
        "Manager",
        "manager,a",
        "",
    ] {
        let decision = call(
            &engine,
            &user(json!({"scope": scope})),
            REFUND,
            refund(json!(1)),
        );
        assert!(!decision.allowed, "{scope}");
    }
    assert!(!call(&engine, &user(json!({})), REFUND, refund(json!(1))).allowed);
}

#[test]
fn claims_are_strings_whatever_they_were() {
    let policy = r#"permit(principal is AgentCore::OAuthUser, action == REFUND, resource == GATEWAY)
when {
  principal.hasTag("exp") && principal.getTag("exp") == "1735689600" &&
  principal.hasTag("email_verified") && principal.getTag("email_verified") == "true" &&
  principal.hasTag("address") && principal.getTag("address") like "*\"city\":\"Lima\"*" &&
  !principal.hasTag("nothing") && principal.id == "user-1"
};"#;
    let claims = json!({
        "exp": 1_735_689_600, "email_verified": true, "address": {"city": "Lima"}, "nothing": null,
    });
    assert!(allowed(&[("Strings", policy)], claims, refund(json!(1))));
}

#[test]
fn groups_are_json_text() {
    let policy = r#"permit(principal is AgentCore::OAuthUser, action == REFUND, resource == GATEWAY)
when {
  principal.hasTag("cognito:groups") && principal.getTag("cognito:groups") like "*\"managers\"*"
};"#;
    let policies = [("Managers", policy)];
    let groups = |groups: &[&str]| json!({"cognito:groups": groups});
    assert!(allowed(&policies, groups(&["managers"]), refund(json!(1))));
    assert!(allowed(
        &policies,
        groups(&["a", "managers", "b"]),
        refund(json!(1))
    ));
    assert!(!allowed(
        &policies,
        groups(&["project-managers", "managers-eu"]),
        refund(json!(1))
    ));
    assert!(!allowed(&policies, groups(&[]), refund(json!(1))));
}

#[test]
fn arguments_limit_a_call() {
    let policy = r#"permit(principal is AgentCore::OAuthUser, action == REFUND, resource == GATEWAY)
when {
  context.input.amount.lessThan(decimal("500.0")) && context.input.priority < 3 &&
  context.input has customer && context.input.customer has country &&
  context.input.customer.country == "PE" &&
  context.input has labels && context.input.labels.contains("checked") &&
  context.input has expedite && !context.input.expedite
};"#;
    let policies = [("Small", policy)];
    let input = json!({
        "order_id": "A-1", "amount": 499.9999, "priority": 2, "expedite": false,
        "labels": ["new", "checked"], "customer": {"id": "c", "country": "PE"},
    });
    assert!(allowed(&policies, json!({}), input.clone()));
    for (argument, value) in [
        ("amount", json!(500)),
        ("priority", json!(3)),
        ("expedite", json!(true)),
        ("labels", json!(["new"])),
        ("customer", json!({"id": "c"})),
        ("customer", Value::Null),
    ] {
        let mut input = input.clone();
        input[argument] = value;
        assert!(!allowed(&policies, json!({}), input), "{argument}");
    }
}

#[test]
fn a_time_window_opens_and_closes() {
    let days = r#"permit(principal, action == REFUND, resource == GATEWAY)
when {
  context.system.now >= datetime("2026-01-01T00:00:00Z") &&
  context.system.now < datetime("2026-02-01T00:00:00Z")
};"#;
    let hours = r#"permit(principal, action == STATUS, resource == GATEWAY)
when {
  context.system.now.toTime() >= duration("9h") && context.system.now.toTime() < duration("17h")
};"#;
    let engine = engine(&[("January", days), ("Office", hours)]);
    let decide = |tool, input: &Value, time| {
        engine
            .decide(&user(json!({})), tool, input, at(time))
            .allowed
    };
    let (refund, status) = (refund(json!(1)), json!({"order_id": "A-1"}));
    assert!(decide(REFUND, &refund, "2026-01-01T00:00:00Z"));
    assert!(decide(REFUND, &refund, "2026-01-31T23:59:59.999Z"));
    assert!(!decide(REFUND, &refund, "2025-12-31T23:59:59.999Z"));
    assert!(!decide(REFUND, &refund, "2026-02-01T00:00:00Z"));
    assert!(decide(STATUS, &status, "2030-07-01T09:00:00Z"));
    assert!(!decide(STATUS, &status, "2030-07-01T17:00:00Z"));
}

#[test]
fn forbid_unless_holds_back_everything_else() {
    let permit = r#"permit(principal is AgentCore::OAuthUser, action in [REFUND, MAIL], resource == GATEWAY)
when { principal.hasTag("scope") };"#;
    let forbid = r#"forbid(principal is AgentCore::OAuthUser, action == MAIL, resource == GATEWAY)
unless { ["ana@example.com", "luz@example.com"].contains(context.input.recipient_email) };"#;
    let engine = engine(&[("All", permit), ("Listed", forbid)]);
    let who = user(json!({"scope": "x"}));
    let mail = |address: &str| call(&engine, &who, MAIL, json!({"recipient_email": address}));
    assert!(mail("luz@example.com").allowed);
    let denied = mail("eve@example.com");
    assert!(!denied.allowed);
    assert_eq!(denied.verdict.reasons, ["Listed"]);
    assert!(call(&engine, &who, REFUND, refund(json!(1))).allowed);
}

#[test]
fn forbid_wins_over_permit_and_the_denial_names_it() {
    let permit = r#"permit(principal is AgentCore::OAuthUser, action, resource is AgentCore::Gateway)
when { principal.hasTag("scope") };"#;
    let forbid = r#"forbid(principal is AgentCore::OAuthUser, action == REFUND, resource == GATEWAY)
when { principal.hasTag("username") && principal.getTag("username") == "guest" };"#;
    let engine = engine(&[("All", permit), ("NoGuests", forbid)]);
    let guest = user(json!({"scope": "x", "username": "guest"}));
    assert_eq!(
        call(&engine, &guest, REFUND, refund(json!(1)))
            .denial_text()
            .unwrap(),
        "Tool Execution Denied: Tool call not allowed due to policy enforcement \
         [Policy evaluation denied due to NoGuests]"
    );
    assert!(call(&engine, &guest, STATUS, json!({"order_id": "A-1"})).allowed);
}

#[test]
fn what_no_policy_applies_to_is_denied_by_default() {
    let text = "Tool Execution Denied: Tool call not allowed due to policy enforcement \
                [No policy applies to the request (denied by default).]";
    let engine = engine(&[]);
    let who = user(json!({}));
    let decision = call(&engine, &who, REFUND, refund(json!(1)));
    assert_eq!(decision.denial_text().unwrap(), text);
    let decision = call(&engine, &who, "Refund___no_such_tool", json!({}));
    assert_eq!(decision.denial_text().unwrap(), text);
}

#[test]
fn a_target_and_every_tool_are_groups() {
    let target = r#"permit(principal is AgentCore::OAuthUser, action in AgentCore::Action::"Refund", resource == GATEWAY)
when { principal.hasTag("a") };"#;
    let every = r#"permit(principal is AgentCore::OAuthUser, action in AgentCore::Action::"CallTool", resource == GATEWAY)
when { principal.hasTag("b") };"#;
    let engine = engine(&[("Target", target), ("Every", every)]);
    let decide =
        |claim: &str, tool, input| call(&engine, &user(json!({claim: 1})), tool, input).allowed;
    let mail = json!({"recipient_email": "ana@example.com"});
    assert!(decide("a", REFUND, refund(json!(1))));
    assert!(!decide("a", MAIL, mail.clone()));
    assert!(decide("b", REFUND, refund(json!(1))));
    assert!(decide("b", MAIL, mail));
}

#[test]
fn an_iam_caller_is_known_by_its_arn_alone() {
    let policy = r#"permit(principal is AgentCore::IamEntity, action == REFUND, resource == GATEWAY)
when { principal.id like "arn:aws:sts::123456789012:assumed-role/agents/*" };"#;
    let engine = engine(&[("Agents", policy)]);
    let decide = |who: &Principal| call(&engine, who, REFUND, refund(json!(1))).allowed;
    let arn = |arn: &str| Principal::IamEntity {
        arn: arn.to_owned(),
    };
    assert!(decide(&arn(
        "arn:aws:sts::123456789012:assumed-role/agents/s"
    )));
    assert!(!decide(&arn(
        "arn:aws:sts::123456789012:assumed-role/others/s"
    )));
    assert!(!decide(&user(
        json!({"id": "arn:aws:sts::123456789012:assumed-role/agents/s"})
    )));
    assert!(!decide(&Principal::Unauthenticated));
}

#[test]
fn anyone_is_a_type_of_principal() {
    let policy = r#"permit(principal is AgentCore::UnauthenticatedUser, action == STATUS, resource == GATEWAY)
when { context.input.order_id like "public-*" };"#;
    let engine = engine(&[("Public", policy)]);
    let decide = |who: &Principal, order: &str| {
        call(&engine, who, STATUS, json!({"order_id": order})).allowed
    };
    assert!(decide(&Principal::Unauthenticated, "public-1"));
    assert!(!decide(&Principal::Unauthenticated, "1"));
    assert!(!decide(&user(json!({})), "public-1"));
}

#[test]
fn an_engine_is_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&engine(&[]));
}
