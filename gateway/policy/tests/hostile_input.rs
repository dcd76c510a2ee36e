//! Nothing that a caller or a policy's author can write ends the process or gets round a policy.

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

use gateway::{
    GATEWAY, MAIL, REFUND, at, call, engine, findings, refund, statement, tool, tools, user,
};
use policy::{Engine, Mode, Principal};
use serde_json::{Value, json};

const ANY: &str = r#"permit(principal, action, resource is AgentCore::Gateway)
when { context.system.now > datetime("2000-01-01") };"#;

/// What the policies could not be asked about.
#[track_caller]
fn unjudged(input: Value) -> String {
    let decision = call(&engine(&[("Any", ANY)]), &user(json!({})), REFUND, input);
    assert!(!decision.allowed);
    let text = decision.denial_text().unwrap();
    assert!(
        text.contains("[Policy evaluation failed: argument `"),
        "{text}"
    );
    decision.verdict.unjudged.unwrap()
}

#[test]
fn arguments_that_cannot_be_expressed_are_denied_by_name() {
    for beyond in [
        json!(1e300),
        json!(-1e300),
        json!(922_337_203_685_477.6),
        json!(u64::MAX),
    ] {
        assert_eq!(
            unjudged(refund(beyond)),
            "argument `amount` is beyond the range of a Cedar decimal"
        );
    }
    assert_eq!(
        unjudged(refund(json!("12"))),
        "argument `amount` must be a number"
    );
    assert_eq!(
        unjudged(refund(Value::Null)),
        "argument `amount` is required and must not be null"
    );
    let with = |argument: &str, value: Value| {
        let mut input = refund(json!(1));
        input[argument] = value;
        unjudged(input)
    };
    assert_eq!(
        with("priority", json!(1.5)),
        "argument `priority` must be a whole number of 64 bits"
    );
    assert_eq!(
        with("priority", json!(1e30)),
        "argument `priority` must be a whole number of 64 bits"
    );
    assert_eq!(
        with("labels", json!(["a", 1])),
        "argument `labels[1]` must be a string"
    );
    assert_eq!(
        with("labels", json!("a")),
        "argument `labels` must be an array"
    );
    assert_eq!(
        with("customer", json!({})),
        "argument `customer.id` is required"
    );
    assert_eq!(
        with("customer", json!([])),
        "argument `customer` must be an object"
    );
    assert_eq!(
        with("expedite", json!("true")),
        "argument `expedite` must be true or false"
    );
    assert_eq!(unjudged(Value::Null), "argument `amount` is required");
    assert_eq!(
        unjudged(json!([])),
        "argument `arguments` must be an object"
    );
}

#[test]
fn numbers_keep_four_places() {
    let engine = engine(&[(
        "Exact",
        r#"permit(principal, action == REFUND, resource == GATEWAY)
when { context.input.amount == decimal("0.3000") && context.input.priority == 5 };"#,
    )]);
    let decide = |amount: Value, priority: Value| {
        let input = json!({"order_id": "", "amount": amount, "priority": priority});
        call(&engine, &user(json!({})), REFUND, input).allowed
    };
    assert!(decide(json!(0.1 + 0.2), json!(5)));
    assert!(decide(json!(0.3), json!(5.0)));
    assert!(!decide(json!(0.3001), json!(5)));
    assert!(!decide(json!(3), json!(5)));
}

#[test]
fn the_range_of_a_decimal_is_used_to_its_ends() {
    let engine = engine(&[("Any", ANY)]);
    for amount in [
        json!(922_337_203_685_477_i64),
        json!(-922_337_203_685_477_i64),
        json!(-0.0),
    ] {
        let decision = call(&engine, &user(json!({})), REFUND, refund(amount));
        assert!(decision.allowed, "{decision:?}");
    }
}

#[test]
fn unknown_arguments_and_optional_nulls_are_left_out() {
    let policy = r#"permit(principal, action == REFUND, resource == GATEWAY)
when { !(context.input has reason) };"#;
    let engine = engine(&[("NoReason", policy)]);
    let mut input = refund(json!(1));
    input["reason"] = Value::Null;
    input["__proto__"] = json!({"reason": "x"});
    input["context"] = json!([[[]]]);
    assert!(call(&engine, &user(json!({})), REFUND, input.clone()).allowed);
    input["reason"] = json!("");
    assert!(!call(&engine, &user(json!({})), REFUND, input).allowed);
}

#[test]
fn a_target_or_an_argument_may_have_any_name() {
    let policy = r#"permit(principal, action == MAIL, resource == GATEWAY)
when { context.input has "in" && context.input["in"] == "x" && context.input has "reply-to" };"#;
    let engine = engine(&[("Odd", policy)]);
    let input = json!({"recipient_email": "", "in": "x", "reply-to": "y"});
    assert!(call(&engine, &user(json!({})), MAIL, input).allowed);

    let odd = [
        "",
        "::",
        "a::b",
        "__cedar",
        "x\"y",
        "\u{0}",
        "ñ",
        "String",
        "a b",
        "a_renamed_1",
        "🦀",
    ];
    let object = |names: &[&str]| {
        let field = |name: &&str| {
            (
                (*name).to_owned(),
                json!({"type": "object", "properties": {"n": {"type": "number"}}}),
            )
        };
        Value::Object(names.iter().map(field).collect())
    };
    let tools: Vec<_> = odd
        .iter()
        .map(|name| tool(&format!("{name}___t"), object(&odd), &[]))
        .collect();
    let engine = Engine::new(GATEWAY, &tools, vec![statement("Any", ANY)], Mode::Enforce).unwrap();
    for tool in &tools {
        let decision = call(
            &engine,
            &user(json!({})),
            &tool.name,
            json!({"a::b": {"n": 1}}),
        );
        assert!(decision.allowed, "{}", tool.name);
    }
    assert_eq!(engine.visible(&user(json!({}))).count(), odd.len());
}

#[test]
fn names_that_differ_in_a_hyphen_stay_apart() {
    let policy = r#"permit(principal, action == AgentCore::Action::"a-b___t", resource == GATEWAY)
when { context.input has x };"#;
    let tools =
        ["a_b___t", "a-b___t"].map(|name| tool(name, json!({"x": {"type": "string"}}), &[]));
    let engine = Engine::new(
        GATEWAY,
        &tools,
        vec![statement("One", policy)],
        Mode::Enforce,
    )
    .unwrap();
    assert_eq!(
        engine.visible(&user(json!({}))).collect::<Vec<_>>(),
        ["a-b___t"]
    );
}

#[test]
fn a_schema_may_be_anything() {
    let mut deep = json!({"type": "string"});
    for _ in 0..120 {
        deep = json!({"type": "object", "properties": {"a": deep}});
    }
    let properties = json!({
        "deep": deep, "none": {}, "any": true, "many": {"type": ["string", "null"]},
        "list": {"type": "array"}, "what": {"type": "what"}, "ref": {"$ref": "#/x"},
        "enum": {"type": "string", "enum": [1]}, "additional": {"additionalProperties": {"type": "x"}},
    });
    let tools = [tool("T___odd", properties, &["none", "missing"])];
    let engine = Engine::new(GATEWAY, &tools, vec![statement("Any", ANY)], Mode::Enforce).unwrap();
    let input = json!({"none": null, "any": [1], "list": [{}, null, "a"], "what": 1, "enum": "x"});
    assert!(call(&engine, &user(json!({})), "T___odd", input).allowed);
}

#[test]
fn callers_may_be_anyone() {
    let engine = engine(&[("Any", ANY)]);
    for text in [
        "",
        "\"",
        "a\"::b",
        "\u{0}",
        "\u{202e}",
        "🦀",
        &"x".repeat(100_000),
    ] {
        let claims = json!({text: text, "scope": [[{"a": text}]]})
            .as_object()
            .unwrap()
            .clone();
        let user = Principal::OAuthUser {
            sub: text.to_owned(),
            claims,
        };
        let arn = Principal::IamEntity {
            arn: text.to_owned(),
        };
        for who in [user, arn] {
            assert!(call(&engine, &who, REFUND, refund(json!(1))).allowed);
            assert_eq!(engine.visible(&who).count(), 3);
        }
    }
}

#[test]
fn a_time_that_cedar_does_not_know_is_denied() {
    let engine = engine(&[("Any", ANY)]);
    let far = chrono::DateTime::<chrono::Utc>::MAX_UTC;
    let decision = engine.decide(&user(json!({})), REFUND, &refund(json!(1)), far);
    assert!(!decision.allowed && decision.verdict.unjudged.is_some());
    let leap = at("2016-12-31T23:59:60.5Z");
    assert!(
        !engine
            .decide(&user(json!({})), REFUND, &refund(json!(1)), leap)
            .allowed
    );
}

#[test]
fn a_policy_that_fails_has_no_say_and_is_named() {
    let overflow = r#"forbid(principal, action == REFUND, resource == GATEWAY)
when { context.input.priority * 2 > 100 };"#;
    let engine = engine(&[("Any", ANY), ("Overflow", overflow)]);
    let input = json!({"order_id": "", "amount": 1, "priority": i64::MAX});
    let decision = call(&engine, &user(json!({})), REFUND, input);
    assert!(decision.allowed);
    assert!(
        decision.verdict.errors[0].contains("Overflow"),
        "{decision:?}"
    );
}

/// Cedar would skip the forbid as failed for want of stack.
#[test]
fn a_long_forbid_still_forbids_on_a_small_stack() {
    let long = format!(
        "forbid(principal, action == REFUND, resource == GATEWAY) when {{ {} false }};",
        "context.input.priority==3||".repeat(340)
    );
    let engine = engine(&[("Any", ANY), ("Long", &long)]);
    let on_small_stack = move || {
        let input = json!({"order_id": "", "amount": 1, "priority": 3});
        let decision = call(&engine, &user(json!({})), REFUND, input);
        assert_eq!(decision.verdict.errors, [""; 0]);
        assert_eq!(decision.verdict.reasons, ["Long"]);
        assert_eq!(engine.visible(&user(json!({}))).count(), 3);
        assert!(engine.outlook(&user(json!({})), REFUND).is_some());
    };
    let small = std::thread::Builder::new().stack_size(512 << 10);
    small.spawn(on_small_stack).unwrap().join().unwrap();
}

#[test]
fn deep_statements_are_refused_before_they_exhaust_the_stack() {
    let bodies = [
        "1<2&&".repeat(1900) + "1<2",
        format!("{}1<2", "1+".repeat(4900)),
        format!("context{}", ".a".repeat(4900)),
        format!("context{}", "[\"a\"]".repeat(1900)),
        format!("\"a\"{}", ".contains(1)".repeat(800)),
        format!("{}1{}", "(".repeat(4900), ")".repeat(4900)),
        "(".repeat(9800),
        "[{".repeat(4900),
        format!("{}true", "!".repeat(9800)),
        "true} when {".repeat(800) + "true",
    ];
    for body in bodies {
        let found = findings(&format!(
            "permit(principal, action, resource is AgentCore::Gateway) when {{{body}}};"
        ));
        assert!(!found.is_empty());
    }
}

#[test]
fn statements_may_be_any_text() {
    // The constants of Knuth's MMIX.
    let mut state = 1_u64;
    let mut next = move |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let words = [
        "permit",
        "forbid",
        "(",
        ")",
        "{",
        "}",
        "principal",
        "action",
        "resource",
        "is",
        "in",
        "==",
        "AgentCore::OAuthUser",
        "REFUND",
        "GATEWAY",
        "when",
        "unless",
        "context",
        ".",
        "input",
        "has",
        "like",
        "\"*\"",
        "\"",
        "[",
        "]",
        ",",
        ";",
        "@id",
        "?principal",
        "1",
        "-",
        "!",
        "&&",
        "ñ",
        "\u{0}",
        "//",
        "decimal",
        "if",
        "then",
        "else",
        "getTag",
        "\\u{110000}",
    ];
    for _ in 0..150 {
        let length = 5 + next(60);
        let text: Vec<&str> = (0..length).map(|_| words[next(words.len())]).collect();
        let _ = findings(&text.join(" "));
    }
    let whole = gateway::cedar(
        "permit(principal is AgentCore::OAuthUser, action == REFUND, resource == GATEWAY) when { context.input has reason && context.input.reason like \"ñ*\" };",
    );
    let engine = |text: String| {
        let statement = policy::Statement {
            cedar: text,
            ..statement("Cut", "")
        };
        Engine::new(GATEWAY, &tools(), vec![statement], Mode::Enforce).is_ok()
    };
    for (place, _) in whole.char_indices() {
        assert!(!engine(whole[..place].to_owned()), "cut at {place}");
    }
    assert!(engine(whole));
}
