//! A tool is listed if some arguments could be permitted, and the outlook says which.

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

use gateway::{MAIL, REFUND, STATUS, engine, seen, user};
use policy::{Outlook, Principal};
use serde_json::json;

const MANAGERS: &str = r#"permit(principal is AgentCore::OAuthUser, action in [REFUND, STATUS], resource == GATEWAY)
when { principal.hasTag("role") && principal.getTag("role") == "manager" };"#;

#[test]
fn a_tool_that_the_caller_can_never_use_is_not_listed() {
    let engine = engine(&[("Managers", MANAGERS)]);
    assert_eq!(
        seen(&engine, &user(json!({"role": "manager"}))),
        [REFUND, STATUS]
    );
    assert_eq!(seen(&engine, &user(json!({"role": "developer"}))), [""; 0]);
    assert_eq!(seen(&engine, &user(json!({}))), [""; 0]);
    assert_eq!(seen(&engine, &Principal::Unauthenticated), [""; 0]);
    let arn = Principal::IamEntity {
        arn: "arn:aws:iam::1:role/manager".to_owned(),
    };
    assert_eq!(seen(&engine, &arn), [""; 0]);
}

#[test]
fn without_policies_nothing_is_listed() {
    assert_eq!(seen(&engine(&[]), &user(json!({}))), [""; 0]);
}

#[test]
fn a_tool_that_depends_on_its_arguments_is_listed() {
    let small = r#"permit(principal is AgentCore::OAuthUser, action == REFUND, resource == GATEWAY)
when { context.input.amount.lessThan(decimal("10.0")) };"#;
    let engine = engine(&[("Small", small)]);
    assert_eq!(seen(&engine, &user(json!({}))), [REFUND]);
}

#[test]
fn a_tool_whose_time_window_is_closed_is_listed() {
    let past = r#"permit(principal, action == REFUND, resource == GATEWAY)
when { context.system.now < datetime("1999-01-01T00:00:00Z") };"#;
    assert_eq!(seen(&engine(&[("Past", past)]), &user(json!({}))), [REFUND]);
}

#[test]
fn a_forbid_hides_only_if_it_always_applies() {
    let guests = r#"forbid(principal is AgentCore::OAuthUser, action == REFUND, resource == GATEWAY)
when { principal.hasTag("guest") };"#;
    let large = r#"forbid(principal is AgentCore::OAuthUser, action == STATUS, resource == GATEWAY)
when { context.input.order_id like "secret-*" };"#;
    let engine = engine(&[
        ("Managers", MANAGERS),
        ("NoGuests", guests),
        ("NoSecrets", large),
    ]);
    assert_eq!(
        seen(&engine, &user(json!({"role": "manager", "guest": true}))),
        [STATUS]
    );
    assert_eq!(
        seen(&engine, &user(json!({"role": "manager"}))),
        [REFUND, STATUS]
    );
}

#[test]
fn the_outlook_names_the_policies() {
    let guests = r#"forbid(principal is AgentCore::OAuthUser, action, resource is AgentCore::Gateway)
when { principal.hasTag("guest") };"#;
    let engine = engine(&[("Managers", MANAGERS), ("NoGuests", guests)]);
    let manager = user(json!({"role": "manager"}));
    let by = |policy: &str| vec![policy.to_owned()];
    assert_eq!(
        engine.outlook(&manager, REFUND),
        Some(Outlook::Allow { by: by("Managers") })
    );
    assert_eq!(
        engine.outlook(&manager, MAIL),
        Some(Outlook::Deny { by: Vec::new() })
    );
    let guest = user(json!({"role": "manager", "guest": "yes"}));
    assert_eq!(
        engine.outlook(&guest, REFUND),
        Some(Outlook::Deny { by: by("NoGuests") })
    );
    assert_eq!(engine.outlook(&guest, "Refund___none"), None);
}

#[test]
fn the_outlook_says_on_what_it_depends() {
    let small = r#"permit(principal is AgentCore::OAuthUser, action == REFUND, resource == GATEWAY)
when { principal.hasTag("role") && context.input.priority > 2 && context.input.order_id != "!(a <= b)" };"#;
    let early = r#"forbid(principal is AgentCore::OAuthUser, action == REFUND, resource == GATEWAY)
unless { context.system.now >= datetime("2026-01-01") };"#;
    let engine = engine(&[("Small", small), ("Early", early)]);
    let Some(Outlook::Depends { on }) = engine.outlook(&user(json!({"role": "x"})), REFUND) else {
        panic!("it depends");
    };
    let on: Vec<String> = on.iter().map(ToString::to_string).collect();
    assert_eq!(
        on,
        [
            "Small permits when (context.input.priority > 2) && \
             (context.input.order_id != \"!(a <= b)\")",
            "Early forbids when context.system.now < datetime(\"2026-01-01T00:00:00Z\")",
        ]
    );
}

#[test]
fn a_permit_without_conditions_makes_the_others_irrelevant() {
    let small = r#"permit(principal, action == STATUS, resource == GATEWAY)
when { context.input.order_id like "a*" };"#;
    let never = r#"forbid(principal, action == STATUS, resource == GATEWAY)
when { context.input.order_id == "" };"#;
    let engine = engine(&[("Managers", MANAGERS), ("Small", small), ("Never", never)]);
    let outlook = engine.outlook(&user(json!({"role": "manager"})), STATUS);
    let Some(Outlook::Depends { on }) = outlook else {
        panic!("{outlook:?}")
    };
    let on: Vec<String> = on.iter().map(ToString::to_string).collect();
    assert_eq!(
        on,
        [
            "Managers permits always",
            "Never forbids when context.input.order_id == \"\""
        ]
    );
}
