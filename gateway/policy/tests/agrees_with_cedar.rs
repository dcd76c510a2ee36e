//! Decisions are those of plain Cedar over all policies, and a hidden tool is one that no arguments
//! could be permitted for.

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

use std::collections::HashSet;
use std::str::FromStr;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityUid, Policy, PolicyId, PolicySet, Request,
    Schema,
};
use gateway::{GATEWAY, MAIL, REFUND, STATUS, at, cedar, statement, tools};
use policy::{Engine, Mode, Outlook, Principal, Severity, Statement};
use serde_json::{Value, json};

/// The constants of Knuth's MMIX: the same numbers on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

const PRINCIPALS: [&str; 4] = [
    "principal is AgentCore::OAuthUser",
    "principal is AgentCore::IamEntity",
    "principal is AgentCore::UnauthenticatedUser",
    "principal",
];
const ABOUT_USERS: [&str; 5] = [
    r#"principal.hasTag("scope") && principal.getTag("scope") == "manager""#,
    r#"principal.hasTag("scope") && principal.getTag("scope") like "* manager""#,
    r#"principal.hasTag("cognito:groups") && principal.getTag("cognito:groups") like "*\"a\"*""#,
    r#"principal.hasTag("age") && principal.getTag("age") == "7""#,
    r#"principal.id == "ana" || !principal.hasTag("scope")"#,
];
const ABOUT_ANY: [&str; 5] = [
    r#"context.system.now >= datetime("2026-01-01")"#,
    r#"context.system.now.toTime() < duration("12h")"#,
    r#"action in AgentCore::Action::"Refund""#,
    r#"principal == AgentCore::OAuthUser::"ana""#,
    "true",
];
const ABOUT_REFUNDS: [&str; 9] = [
    r#"context.input.amount.lessThan(decimal("10.5"))"#,
    "context.input.priority * 2 > 4",
    "context.input.priority + 9223372036854775807 > 0",
    r#"context.input has reason && context.input.reason like "*broken*""#,
    r#"context.input has labels && context.input.labels.containsAny(["x", "y"])"#,
    r#"context.input has customer && context.input.customer has country && context.input.customer.country == "PE""#,
    "context.input has expedite && context.input.expedite",
    r#"if context.input has reason then context.input.order_id != "A" else context.input.priority == 1"#,
    "context.input has labels && context.input.labels.isEmpty()",
];

fn policy(dice: &mut Dice) -> String {
    let effect = *dice.one(&["permit", "permit", "forbid"]);
    let principal = *dice.one(&PRINCIPALS);
    let (action, refund) = *dice.one(&[
        ("action == REFUND", true),
        ("action in [REFUND]", true),
        ("action == STATUS", false),
        ("action in [STATUS, MAIL]", false),
        ("action in AgentCore::Action::\"Refund\"", false),
        (
            "action in [AgentCore::Action::\"mail-target\", REFUND]",
            false,
        ),
        ("action in AgentCore::Action::\"CallTool\"", false),
        ("action in AgentCore::Action::\"Mcp\"", false),
        ("action", false),
    ]);
    let resource = if action == "action" {
        "resource is AgentCore::Gateway"
    } else {
        "resource == GATEWAY"
    };
    let mut pool: Vec<&str> = ABOUT_ANY.to_vec();
    if principal.contains("OAuthUser") {
        pool.extend(ABOUT_USERS);
    }
    if refund {
        pool.extend(ABOUT_REFUNDS);
    }
    let mut text = format!("{effect}({principal}, {action}, {resource})");
    for _ in 0..dice.below(3) {
        let clause = *dice.one(&["when", "when", "unless"]);
        let join = *dice.one(&["&&", "||"]);
        text += &format!(
            " {clause} {{ ({}) {join} ({}) }}",
            dice.one(&pool),
            dice.one(&pool)
        );
    }
    cedar(&(text + ";"))
}

fn caller(dice: &mut Dice) -> (Principal, Value) {
    let id = *dice.one(&["ana", "luz"]);
    let entity = |kind: &str, attrs: Value, tags: Value| json!({"uid": {"type": format!("AgentCore::{kind}"), "id": id}, "attrs": attrs, "parents": [], "tags": tags});
    match dice.below(6) {
        0 => {
            let mut entity = entity("IamEntity", json!({"id": id}), json!({}));
            entity.as_object_mut().unwrap().remove("tags");
            (Principal::IamEntity { arn: id.to_owned() }, entity)
        }
        1 => {
            let mut entity = entity("UnauthenticatedUser", json!({}), json!({}));
            entity["uid"]["id"] = json!("unauthenticated");
            entity.as_object_mut().unwrap().remove("tags");
            (Principal::Unauthenticated, entity)
        }
        _ => {
            let (mut claims, mut tags) = (json!({}), json!({}));
            if dice.below(3) > 0 {
                let scope = *dice.one(&["manager", "a manager", "project-manager", ""]);
                claims["scope"] = json!(scope);
                tags["scope"] = json!(scope);
            }
            if dice.below(2) > 0 {
                claims["cognito:groups"] = json!(["a", "b"]);
                tags["cognito:groups"] = json!("[\"a\",\"b\"]");
            }
            if dice.below(2) > 0 {
                claims["age"] = json!(7);
                tags["age"] = json!("7");
            }
            let claims = claims.as_object().unwrap().clone();
            let user = Principal::OAuthUser {
                sub: id.to_owned(),
                claims,
            };
            (user, entity("OAuthUser", json!({"id": id}), tags))
        }
    }
}

/// Arguments as the tool gets them, and as Cedar reads them by its schema.
fn arguments(tool: &str, dice: &mut Dice) -> (Value, Value) {
    if tool == MAIL {
        let input = json!({"recipient_email": "ana@example.com", "in": "x"});
        return (input.clone(), input);
    }
    let mut input = json!({"order_id": *dice.one(&["A", "B"])});
    if tool == STATUS {
        return (input.clone(), input);
    }
    input["priority"] = json!(dice.one(&[0, 1, 2, 3, i64::MAX]));
    if dice.below(2) > 0 {
        input["reason"] = json!(*dice.one(&["it is broken", ""]));
    }
    if dice.below(2) > 0 {
        input["labels"] = dice
            .one(&[json!([]), json!(["x"]), json!(["z", "z"])])
            .clone();
    }
    if dice.below(2) > 0 {
        input["customer"] = dice
            .one(&[json!({"id": "c"}), json!({"id": "c", "country": "PE"})])
            .clone();
    }
    if dice.below(2) > 0 {
        input["expedite"] = json!(dice.below(2) > 0);
    }
    let mut plain = input.clone();
    let (number, text) = dice
        .one(&[
            (json!(10.5), "10.5"),
            (json!(3), "3.0"),
            (json!(-0.25), "-0.25"),
        ])
        .clone();
    input["amount"] = number;
    plain["amount"] = json!(text);
    (input, plain)
}

struct Plain {
    schema: Schema,
    policies: PolicySet,
}

impl Plain {
    fn new(schema: &str, statements: &[Statement]) -> Self {
        let mut policies = PolicySet::new();
        for statement in statements {
            let id = PolicyId::new(&statement.id);
            policies
                .add(Policy::parse(Some(id), &statement.cedar).unwrap())
                .unwrap();
        }
        Self {
            schema: Schema::from_str(schema).unwrap(),
            policies,
        }
    }

    fn decide(
        &self,
        who: &Value,
        tool: &str,
        input: &Value,
        now: &str,
    ) -> (bool, Vec<String>, usize) {
        let entities = Entities::from_json_value(json!([who]), Some(&self.schema)).unwrap();
        let id = |kind: &str, id: &str| {
            EntityUid::from_json(json!({"type": format!("AgentCore::{kind}"), "id": id})).unwrap()
        };
        let action = id("Action", tool);
        let context = json!({"input": input, "system": {"now": now}});
        let context = Context::from_json_value(context, Some((&self.schema, &action))).unwrap();
        let principal = EntityUid::from_json(who["uid"].clone()).unwrap();
        let request = Request::new(
            principal,
            action,
            id("Gateway", GATEWAY),
            context,
            Some(&self.schema),
        )
        .unwrap();
        let response = Authorizer::new().is_authorized(&request, &self.policies, &entities);
        let mut reasons: Vec<_> = response
            .diagnostics()
            .reason()
            .map(ToString::to_string)
            .collect();
        reasons.sort();
        (
            response.decision() == Decision::Allow,
            reasons,
            response.diagnostics().errors().count(),
        )
    }
}

#[test]
fn decisions_and_lists_agree_with_plain_cedar() {
    const TIMES: [&str; 3] = [
        "2025-06-01T08:00:00Z",
        "2026-06-01T08:00:00Z",
        "2026-06-01T15:00:00Z",
    ];
    let mut dice = Dice(5);
    let (mut allowed, mut denied, mut failed) = (0, 0, 0);
    let (mut shown, mut hidden) = (HashSet::new(), 0);
    let mut engines = 0;
    while engines < 40 {
        let statements: Vec<_> = (0..1 + dice.below(6))
            .map(|n| statement(&format!("P{n}"), &policy(&mut dice)))
            .collect();
        let engine = match Engine::new(GATEWAY, &tools(), statements.clone(), Mode::Enforce) {
            Ok(engine) => engine,
            Err(findings) => {
                // Conditions drawn by chance may exclude each other; nothing else is wrong.
                let errors = findings.iter().filter(|f| f.severity == Severity::Error);
                for error in errors {
                    assert!(
                        error.message.contains("can never apply"),
                        "{error}\n{statements:#?}"
                    );
                }
                continue;
            }
        };
        engines += 1;
        let plain = Plain::new(engine.schema(), &statements);
        for _ in 0..4 {
            let (who, entity) = caller(&mut dice);
            let visible: Vec<&str> = engine.visible(&who).collect();
            for tool in [REFUND, STATUS, MAIL] {
                let outlook = engine.outlook(&who, tool).unwrap();
                assert_eq!(
                    visible.contains(&tool),
                    !matches!(outlook, Outlook::Deny { .. })
                );
                for _ in 0..12 {
                    let (input, by_schema) = arguments(tool, &mut dice);
                    let now = *dice.one(&TIMES);
                    let decision = engine.decide(&who, tool, &input, at(now));
                    let verdict = decision.verdict;
                    let expected = plain.decide(&entity, tool, &by_schema, now);
                    let got = (
                        verdict.allowed,
                        verdict.reasons.clone(),
                        verdict.errors.len(),
                    );
                    assert_eq!(
                        got, expected,
                        "{who:?} {tool} {input} {now}\n{statements:#?}"
                    );
                    assert_eq!(decision.allowed, verdict.allowed);
                    assert!(
                        !verdict.allowed || visible.contains(&tool),
                        "{statements:#?}"
                    );
                    match outlook {
                        Outlook::Allow { .. } => assert!(verdict.allowed, "{statements:#?}"),
                        Outlook::Deny { .. } => assert!(!verdict.allowed, "{statements:#?}"),
                        Outlook::Depends { .. } => {}
                    }
                    if verdict.allowed {
                        allowed += 1
                    } else {
                        denied += 1
                    }
                    failed += verdict.errors.len();
                }
                if visible.contains(&tool) {
                    shown.insert((engines, tool));
                } else {
                    hidden += 1;
                }
            }
        }
    }
    // The dice fell so that each case was tried.
    assert!(
        allowed > 300 && denied > 300 && failed > 10,
        "{allowed} {denied} {failed}"
    );
    assert!(shown.len() > 30 && hidden > 30, "{} {hidden}", shown.len());
}
