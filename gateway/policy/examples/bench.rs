//! What the index saves: `cargo run --release -p policy --example bench`.
//!
//! Prints ratios, which depend little on the machine, beside the times of this one.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a bench that panics says why"
)]

use std::collections::{HashMap, HashSet};
use std::hint::black_box;
use std::time::{Duration, Instant};

use cedar_policy::{
    Authorizer, Context, Entities, Entity, EntityUid, Policy, PolicyId, PolicySet, Request,
    RestrictedExpression, Schema,
};
use policy::{EnforcementMode, Engine, Mode, Principal, Statement, ToolSchema};
use serde_json::json;

const GATEWAY: &str = "arn:aws:bedrock-agentcore:eu-west-1:123456789012:gateway/tools-a1b2c3";

fn main() {
    let few = Bench::new(10);
    let many = Bench::new(1000);
    let (listed_few, listed_many) = (few.list(), many.list());
    let (decided_few, decided) = (few.decide(), many.decide());
    let plain = many.decide_plainly();

    row("one decision, 10 tools and policies", decided_few, None);
    row(
        "one decision, 1,000 tools and policies",
        decided,
        Some(("of 10", decided_few)),
    );
    row(
        "the same, plain Cedar over all policies",
        plain,
        Some(("of indexed", decided)),
    );
    row("a list of 10 tools", listed_few, None);
    row(
        "a list of 1,000 tools",
        listed_many,
        Some(("of 10", listed_few)),
    );
    row(
        "reading and checking 1,000 policies",
        many.made,
        Some(("of 10", few.made)),
    );
}

fn row(what: &str, time: Duration, other: Option<(&str, Duration)>) {
    let ratio = other.map_or_else(String::new, |(than, other)| {
        format!(
            "{:8.2} × that {than}",
            time.as_secs_f64() / other.as_secs_f64()
        )
    });
    println!("{what:<42}{time:>14.1?}{ratio}");
}

/// As many policies as tools, each for one tool.
struct Bench {
    engine: Engine,
    statements: Vec<Statement>,
    made: Duration,
    who: Principal,
    last: String,
}

impl Bench {
    fn new(count: usize) -> Self {
        let name = |n: usize| format!("Target{}___tool_{n}", n / 20);
        let schema = json!({
            "type": "object",
            "properties": {"amount": {"type": "number"}, "to": {"type": "string"}, "note": {"type": "string"}},
            "required": ["amount", "to"],
        });
        let input_schema = schema.as_object().unwrap();
        let tool = |n| ToolSchema {
            name: name(n),
            description: String::new(),
            input_schema: input_schema.clone(),
        };
        let tools: Vec<_> = (0..count).map(tool).collect();
        let statement = |n| Statement {
            id: format!("Policy{n}"),
            cedar: format!(
                "permit(principal is AgentCore::OAuthUser, action == AgentCore::Action::\"{}\", \
                 resource == AgentCore::Gateway::\"{GATEWAY}\") when {{ principal.hasTag(\"role\") && \
                 principal.getTag(\"role\") == \"manager\" && \
                 context.input.amount.lessThan(decimal(\"10.0\")) }};",
                name(n)
            ),
            mode: EnforcementMode::Active,
        };
        let statements: Vec<_> = (0..count).map(statement).collect();
        let start = Instant::now();
        let engine = Engine::new(GATEWAY, &tools, statements.clone(), Mode::Enforce).unwrap();
        let made = start.elapsed();
        let claims = json!({"role": "manager", "scope": "a b c"})
            .as_object()
            .unwrap()
            .clone();
        let who = Principal::OAuthUser {
            sub: "user".to_owned(),
            claims,
        };
        Self {
            engine,
            statements,
            made,
            who,
            last: name(count - 1),
        }
    }

    fn list(&self) -> Duration {
        time(5, || {
            assert!(black_box(self.engine.visible(&self.who).count()) > 0)
        })
    }

    fn decide(&self) -> Duration {
        let (input, now) = (json!({"amount": 1, "to": "x"}), chrono::Utc::now());
        time(500, || {
            assert!(black_box(self.engine.decide(&self.who, &self.last, &input, now)).allowed);
        })
    }

    /// With everything ready that can be made before the call.
    fn decide_plainly(&self) -> Duration {
        let policy = |s: &Statement| Policy::parse(Some(PolicyId::new(&s.id)), &s.cedar).unwrap();
        let policies = PolicySet::from_policies(self.statements.iter().map(policy)).unwrap();
        let schema: Schema = self.engine.schema().parse().unwrap();
        let uid = |kind: &str, id: &str| -> EntityUid {
            format!("AgentCore::{kind}::\"{id}\"").parse().unwrap()
        };
        let text = |text: &str| RestrictedExpression::new_string(text.to_owned());
        let principal = Entity::new_with_tags(
            uid("OAuthUser", "user"),
            HashMap::from([("id".to_owned(), text("user"))]),
            HashSet::new(),
            HashMap::from([("role".to_owned(), text("manager"))]),
        )
        .unwrap();
        let entities = Entities::from_entities([principal], Some(&schema)).unwrap();
        let record = |pairs: Vec<(&str, RestrictedExpression)>| {
            let pairs = pairs
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value));
            RestrictedExpression::new_record(pairs).unwrap()
        };
        let input = record(vec![
            ("amount", RestrictedExpression::new_decimal("1.0")),
            ("to", text("x")),
        ]);
        let now = record(vec![(
            "now",
            RestrictedExpression::new_datetime("2026-01-01"),
        )]);
        let context =
            Context::from_pairs([("input".to_owned(), input), ("system".to_owned(), now)]).unwrap();
        let request = Request::new(
            uid("OAuthUser", "user"),
            uid("Action", &self.last),
            uid("Gateway", GATEWAY),
            context,
            None,
        )
        .unwrap();
        let authorizer = Authorizer::new();
        time(20, || {
            black_box(authorizer.is_authorized(&request, &policies, &entities));
        })
    }
}

/// The mean of `times` runs.
fn time(times: u32, run: impl Fn()) -> Duration {
    run();
    let start = Instant::now();
    (0..times).for_each(|_| run());
    start.elapsed() / times
}
