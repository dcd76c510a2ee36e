//! What the service refuses is refused here, with the reason and the remedy.

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

use gateway::{GATEWAY, REFUND, findings, statement, tool, tools};
use policy::{Engine, Finding, Mode, Position, Severity};
use serde_json::json;

/// The only finding of a policy.
#[track_caller]
fn only(text: &str) -> Finding {
    let found = findings(text);
    assert_eq!(found.len(), 1, "{found:#?}");
    found[0].clone()
}

#[track_caller]
fn refused(text: &str, message: &str, remedy: &str) -> Finding {
    let found = only(text);
    assert_eq!(found.severity, Severity::Error, "{found}");
    assert!(found.message.contains(message), "{found}");
    assert!(found.remedy.contains(remedy), "{found}");
    found
}

fn refund(condition: &str) -> String {
    format!(
        "permit(principal is AgentCore::OAuthUser,\n  action == REFUND,\n  resource == GATEWAY)\n\
         when {{ {condition} }};"
    )
}

#[test]
fn a_tag_is_read_after_a_check() {
    let found = refused(
        &refund(r#"principal.getTag("scope") == "x""#),
        "unable to guarantee safety of access to tag `\"scope\"`",
        "principal.hasTag",
    );
    assert_eq!(found.at, Some(Position { line: 4, column: 8 }));
}

#[test]
fn an_optional_argument_is_read_after_a_check() {
    refused(
        &refund(r#"context.input.reason == "x""#),
        "unable to guarantee safety of access to optional attribute `input.reason`",
        "context.input has x",
    );
    assert_eq!(
        findings(&refund(
            r#"context.input has reason && context.input.reason == "x""#
        )),
        []
    );
}

#[test]
fn a_named_action_needs_its_gateway() {
    for resource in ["resource", "resource is AgentCore::Gateway"] {
        refused(
            &format!(
                "permit(principal is AgentCore::OAuthUser, action == REFUND, {resource}) when {{ context.input.priority < 1 }};"
            ),
            "must name its gateway",
            &format!("resource == AgentCore::Gateway::\"{GATEWAY}\""),
        );
    }
}

#[test]
fn a_resource_is_never_a_wildcard() {
    refused(
        r#"permit(principal is AgentCore::OAuthUser, action, resource) when { principal.hasTag("x") };"#,
        "a wildcard resource was detected",
        "resource is AgentCore::Gateway",
    );
}

#[test]
fn another_gateway_is_suspicious() {
    let found = only(
        r#"permit(principal is AgentCore::OAuthUser, action == REFUND, resource == AgentCore::Gateway::"arn:other") when { principal.hasTag("x") };"#,
    );
    assert_eq!(found.severity, Severity::Warning);
    assert!(found.message.contains("arn:other"));
}

#[test]
fn an_unknown_tool_is_no_action() {
    let with = |action: &str| {
        format!(
            "permit(principal is AgentCore::OAuthUser, action == AgentCore::Action::\"{action}\", \
             resource == GATEWAY) when {{ context.input.amount.lessThan(decimal(\"1.0\")) }};"
        )
    };
    let message = "unable to find an applicable action";
    refused(&with("Refund__process_refund"), message, REFUND);
    refused(&with("process_refund"), message, REFUND);
    refused(&with("Nothing___like_it"), message, "three underscores");
    refused(&with("Refund___*"), "no wildcards", "action in [..]");
}

#[test]
fn an_unknown_argument_is_named() {
    refused(
        &refund("context.input.amuont == 1"),
        "`input.amuont`",
        "schema",
    );
}

#[test]
fn types_must_agree() {
    refused(
        &refund("context.input.amount < 5"),
        "expected Long but saw decimal",
        "lessThan",
    );
    refused(
        &refund(r#"context.input.priority == "5""#),
        "not compatible",
        "one type",
    );
    refused(
        &refund(r#"context.input.order_id.contains("5")"#),
        "expected Set",
        "one type",
    );
}

#[test]
fn callers_without_claims_have_no_tags() {
    let text = r#"permit(principal is AgentCore::IamEntity, action == REFUND, resource == GATEWAY) when { principal.getTag("x") == "y" };"#;
    refused(text, "tag", "principal is AgentCore::OAuthUser");
}

#[test]
fn an_impossible_policy_is_an_error() {
    let message = "can never apply";
    refused(
        &refund(r#"principal.hasTag("x") && !principal.hasTag("x")"#),
        message,
        "exclude",
    );
    refused(
        &refund("principal is AgentCore::IamEntity"),
        message,
        "exclude",
    );
    refused(&refund("false"), message, "exclude");
}

#[test]
fn a_policy_is_one_statement() {
    let one = r#"permit(principal is AgentCore::OAuthUser, action, resource is AgentCore::Gateway) when { principal.hasTag("x") };"#;
    refused(&format!("{one}\n{one}"), "2 statements", "of its own");
    refused(
        &format!("// nothing at all {}", "-".repeat(40)),
        "0 statements",
        "",
    );
    refused(
        "permit(principal == ?principal, action, resource is AgentCore::Gateway);",
        "slot",
        "name",
    );
    let dogwood =
        "permit(principal, action, resource is AgentCore::Gateway) when guardrails { a };";
    refused(dogwood, "Dogwood", "plain Cedar");
}

#[test]
fn a_syntax_error_has_its_place_in_the_statement() {
    let found = refused(
        "permit(principal is AgentCore::OAuthUser,\n  action,\n  resouce is AgentCore::Gateway);",
        "resouce",
        "resource",
    );
    assert_eq!(found.at, Some(Position { line: 3, column: 3 }));
    assert!(
        found
            .to_string()
            .starts_with("Tried:3:3: error: not Cedar:"),
        "{found}"
    );
    // Columns are characters, not bytes.
    let found = refused(
        &refund(r#"context.input.order_id == "ñandú" && "#),
        "not Cedar",
        "",
    );
    assert_eq!(
        found.at,
        Some(Position {
            line: 4,
            column: 46
        })
    );
}

#[test]
fn a_statement_has_35_to_10000_characters() {
    let found = findings("permit(principal,action,resource);");
    assert!(found[0].message.contains("34 characters"), "{found:?}");
    let text = refund(&format!(
        "context.input.order_id != \"{}\"",
        "ñ".repeat(9_700)
    ));
    assert_eq!(findings(&text), []);
    refused(&text.replace("ñ", "ññ"), "characters", "several policies");
}

#[test]
fn a_name_is_one_that_the_service_takes() {
    let tried = |id: &str| {
        let statement = statement(id, &refund("context.input.priority < 1"));
        Engine::new(GATEWAY, &tools(), vec![statement], Mode::Enforce).is_ok()
    };
    assert!(tried("A_1") && tried(&"a".repeat(48)));
    for id in ["", "1a", "_a", "a-b", "a b", "ñ", &"a".repeat(49)] {
        assert!(!tried(id), "{id}");
    }
}

#[test]
fn all_findings_come_at_once() {
    let text = refund("context.input.priority < 1");
    let statements = vec![
        statement("Twice", &text),
        statement("Twice", &text),
        statement(
            "Tags",
            &refund(r#"principal.getTag("a") == principal.getTag("b")"#),
        ),
        statement("Short", "permit"),
    ];
    let found = Engine::new(GATEWAY, &tools(), statements, Mode::Enforce).unwrap_err();
    let of = |id: &str| {
        found
            .iter()
            .filter(|f| f.policy.as_deref() == Some(id))
            .count()
    };
    assert_eq!(
        (of("Twice"), of("Tags"), of("Short")),
        (1, 2, 2),
        "{found:#?}"
    );
}

#[test]
fn a_scope_matched_by_a_part_is_doubtful() {
    let like = |tag: &str, pattern: &str| {
        findings(&refund(&format!(
            "principal.hasTag(\"{tag}\") && principal.getTag(\"{tag}\") like \"{pattern}\""
        )))
    };
    for (pattern, also) in [
        ("*manager*", "`project-manager` and `manager-readonly`"),
        ("* manager*", "`manager-readonly`"),
        ("manager*", "`manager-readonly`"),
        ("*manager", "`project-manager`"),
    ] {
        let found = like("scope", pattern);
        assert_eq!(found.len(), 1, "{pattern}: {found:?}");
        assert_eq!(found[0].severity, Severity::Warning);
        assert!(found[0].message.contains(also), "{}", found[0]);
        assert!(
            found[0].remedy.contains("like \"* manager *\""),
            "{}",
            found[0]
        );
    }
    for pattern in [
        "manager *",
        "* manager",
        "* manager *",
        r#"*\"manager\"*"#,
        "manager",
    ] {
        assert_eq!(like("scope", pattern), [], "{pattern}");
    }
    assert_eq!(like("cognito:groups", "*managers*").len(), 1);
    assert_eq!(like("cognito:groups", r#"*\"managers\"*"#), []);
    assert_eq!(like("email", "*@example.com"), []);
}

#[test]
fn a_permit_without_conditions_is_doubtful() {
    let found =
        only("permit(principal is AgentCore::OAuthUser, action == REFUND, resource == GATEWAY);");
    assert_eq!(found.severity, Severity::Warning);
    assert!(found.message.contains("overly permissive"));
    let forbid =
        "forbid(principal is AgentCore::OAuthUser, action == REFUND, resource == GATEWAY);";
    assert_eq!(findings(forbid), []);
}

#[test]
fn a_tool_that_is_listed_twice_is_named() {
    let twice = [tool("T___a", json!({}), &[]), tool("T___a", json!({}), &[])];
    let found = Engine::new(GATEWAY, &twice, Vec::new(), Mode::Enforce).unwrap_err();
    assert!(found[0].message.contains("`T___a`"), "{}", found[0]);
}
