//! The policies of a gateway, ready to decide.

use std::collections::HashSet;
use std::fmt;

use authorizer::Principal;
use cedar_policy::{
    Authorizer, Context, Entities, Entity, EntityTypeName, EntityUid, Policy, Request,
    RestrictedExpression, Schema,
};
use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::decision::{Decision, Tally, Verdict};
use crate::finding::{Finding, Severity};
use crate::index::{Index, Places};
use crate::partial::{Caller, Outlook};
use crate::principal::{PrincipalTypes, uid};
use crate::room::{FOR_READING, depth, with_room};
use crate::schema::{Generated, ToolSchema, generate};
use crate::shape::Record;
use crate::statement::{EnforcementMode, Statement};
use crate::validate::Checker;

/// Whether the policies decide, or only say in the log what they would have decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// They decide; without any policy everything is denied.
    Enforce,
    /// Every call goes on.
    #[default]
    LogOnly,
}

/// The policies of a gateway, validated and indexed. It never changes: make another one when tools
/// or policies do.
pub struct Engine {
    mode: Mode,
    schema: Schema,
    text: String,
    tools: Vec<Tool>,
    places: Places,
    gateway: EntityUid,
    principals: PrincipalTypes,
    opaque: EntityTypeName,
    active: Index,
    trial: Index,
    authorizer: Authorizer,
    /// How deep the deepest policy is nested.
    depth: usize,
    warnings: Vec<Finding>,
}

struct Tool {
    name: String,
    /// With the groups that it is in.
    action: Entity,
    arguments: Record,
}

/// Shows how much it holds.
impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("mode", &self.mode)
            .field("gateway", &self.gateway)
            .field("tools", &self.tools.len())
            .finish_non_exhaustive()
    }
}

impl Engine {
    /// Makes the schema of `tools` and checks each policy as the service does on creation.
    ///
    /// # Errors
    ///
    /// All findings at once, warnings among them, as soon as one is an error.
    pub fn new(
        gateway_arn: &str,
        tools: &[ToolSchema],
        statements: Vec<Statement>,
        mode: Mode,
    ) -> Result<Self, Vec<Finding>> {
        let make = || Self::make(gateway_arn, tools, &statements, mode);
        std::thread::scope(|scope| {
            let maker = std::thread::Builder::new()
                .stack_size(FOR_READING)
                .spawn_scoped(scope, make);
            let made = maker.map_err(broken)?.join();
            made.map_err(|_| broken("Cedar panicked"))?
        })
    }

    fn make(
        gateway_arn: &str,
        tools: &[ToolSchema],
        statements: &[Statement],
        mode: Mode,
    ) -> Result<Self, Vec<Finding>> {
        let Generated {
            schema,
            text,
            arguments,
        } = generate(tools)?;
        let name = |name: &str| name.parse::<EntityTypeName>().map_err(broken);
        let gateway = uid(&name("AgentCore::Gateway")?, gateway_arn);
        let principals = PrincipalTypes::new().ok_or_else(|| broken("no types of principals"))?;

        let names: Vec<&str> = tools.iter().map(|tool| tool.name.as_str()).collect();
        let places = Places::of(names.iter().copied());
        let checker = Checker::new(&schema, &gateway, names);
        let (policies, warnings) = checked(&checker, statements)?;
        let deepest = policies
            .iter()
            .map(|(policy, _)| depth(policy))
            .max()
            .unwrap_or_default();
        let (mut active, mut trial) = (Index::default(), Index::default());
        for (policy, mode) in policies {
            let index = match mode {
                EnforcementMode::Active => &mut active,
                EnforcementMode::LogOnly => &mut trial,
            };
            index.add(&policy, &places).map_err(broken)?;
        }

        let actions = schema.action_entities().map_err(broken)?;
        let action_type = name("AgentCore::Action")?;
        let action = |tool: &str| actions.get(&uid(&action_type, tool)).cloned();
        let tools = tools.iter().zip(arguments).map(|(tool, arguments)| {
            let action = action(&tool.name).ok_or_else(|| broken("a tool has no action"))?;
            Ok(Tool {
                name: tool.name.clone(),
                action,
                arguments,
            })
        });
        Ok(Self {
            mode,
            tools: tools.collect::<Result<_, Vec<Finding>>>()?,
            schema,
            text,
            places,
            gateway,
            principals,
            opaque: name("AgentCore::Unknown")?,
            active,
            trial,
            authorizer: Authorizer::new(),
            depth: deepest,
            warnings,
        })
    }

    /// The schema as Cedar writes it, for editors and the `cedar` command.
    pub fn schema(&self) -> &str {
        &self.text
    }

    /// What is doubtful about the policies without being wrong.
    pub fn warnings(&self) -> &[Finding] {
        &self.warnings
    }

    /// Whether the policies decide.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Decides a call of `tool` with the arguments `input` at the time `now`.
    ///
    /// Arguments that the tool's schema does not name are not put to the policies, nor optional
    /// ones that are null. A call that cannot be put to them, such as one whose required argument
    /// is missing or whose number is beyond a Cedar decimal, is denied.
    pub fn decide(
        &self,
        who: &Principal,
        tool: &str,
        input: &Value,
        now: DateTime<Utc>,
    ) -> Decision {
        let (verdict, trial) = with_room(self.depth, || self.judge(who, tool, input, now));
        Decision {
            allowed: self.mode == Mode::LogOnly || verdict.allowed,
            trial: trial.filter(|trial| *trial != verdict),
            verdict,
        }
    }

    fn judge(
        &self,
        who: &Principal,
        tool: &str,
        input: &Value,
        now: DateTime<Utc>,
    ) -> (Verdict, Option<Verdict>) {
        // No policy can apply to a tool that the gateway does not have.
        let Some(place) = self.places.of_tool(tool) else {
            return (Verdict::default(), None);
        };
        let Some(tool) = self.tools.get(place) else {
            return (Verdict::default(), None);
        };
        let (request, entities) = match self.request(who, tool, input, now) {
            Ok(request) => request,
            Err(why) => return (Verdict::unjudged(why), None),
        };
        let mut tally = Tally::default();
        self.active
            .judge(place, &self.authorizer, &request, &entities, &mut tally);
        let trial = self.trial.sets(place).next().is_some().then(|| {
            let mut tally = tally.clone();
            self.trial
                .judge(place, &self.authorizer, &request, &entities, &mut tally);
            tally.verdict()
        });
        (tally.verdict(), trial)
    }

    fn request(
        &self,
        who: &Principal,
        tool: &Tool,
        input: &Value,
        now: DateTime<Utc>,
    ) -> Result<(Request, Entities), String> {
        let principal = self.principals.entity(who)?;
        let arguments = tool
            .arguments
            .arguments(input, &self.opaque)
            .map_err(|e| e.to_string())?;
        let now = now.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
        let system = RestrictedExpression::new_record([(
            "now".to_owned(),
            RestrictedExpression::new_datetime(now),
        )])
        .map_err(|error| error.to_string())?;
        let context = Context::from_pairs([
            ("input".to_owned(), arguments),
            ("system".to_owned(), system),
        ])
        .map_err(|_| "the arguments or the time cannot be expressed in Cedar")?;
        let request = Request::new(
            principal.uid(),
            tool.action.uid(),
            self.gateway.clone(),
            context,
            // Policies are only sound for requests that fit the schema that they were checked with.
            Some(&self.schema),
        )
        .map_err(|_| "the call does not fit the gateway's schema")?;
        let entities = Entities::from_entities([principal, tool.action.clone()], None)
            .map_err(|_| "the caller cannot be expressed in Cedar")?;
        Ok((request, entities))
    }

    /// The names of the tools that `who` may see, in the order of the tools: each that some
    /// arguments could be permitted for. Where the engine only logs, all.
    pub fn visible<'a>(&'a self, who: &Principal) -> impl Iterator<Item = &'a str> + use<'a> {
        let all = self.mode == Mode::LogOnly;
        // A caller that cannot be put to the policies sees nothing.
        let caller = if all { None } else { self.caller(who) };
        self.tools
            .iter()
            .enumerate()
            .filter_map(move |(place, tool)| {
                let shown = all
                    || caller.as_ref().is_some_and(|caller| {
                        let sets = self.active.sets(place);
                        with_room(self.depth, || caller.could_call(&tool.action.uid(), sets))
                    });
                shown.then_some(tool.name.as_str())
            })
    }

    /// What `who` can make of `tool` where the active policies are enforced; none for a tool that
    /// the gateway does not have.
    pub fn outlook(&self, who: &Principal, tool: &str) -> Option<Outlook> {
        let place = self.places.of_tool(tool)?;
        let tool = self.tools.get(place)?;
        let (caller, sets) = (self.caller(who)?, self.active.sets(place));
        with_room(self.depth, || caller.outlook(&tool.action.uid(), sets))
    }

    fn caller(&self, who: &Principal) -> Option<Caller<'_>> {
        let principal = self.principals.entity(who).ok()?;
        let uid = principal.uid();
        let entities = Entities::from_entities([principal], None).ok()?;
        Caller::new(&self.schema, uid, self.gateway.clone(), entities)
    }
}

/// A flaw of this crate rather than of a policy.
fn broken(problem: impl ToString) -> Vec<Finding> {
    vec![Finding {
        policy: None,
        severity: Severity::Error,
        at: None,
        message: format!("the policies cannot be set up: {}", problem.to_string()),
        remedy: "this should not happen: report it".to_owned(),
    }]
}

type Checked = (Vec<(Policy, EnforcementMode)>, Vec<Finding>);

/// The policies with the warnings, or all findings.
fn checked(checker: &Checker<'_>, statements: &[Statement]) -> Result<Checked, Vec<Finding>> {
    let mut policies = Vec::new();
    let mut findings = Vec::new();
    let mut ids = HashSet::new();
    for statement in statements {
        if !ids.insert(statement.id.as_str()) {
            findings.push(Finding::error(
                &statement.id,
                "two policies have this name",
                "give each its own",
            ));
        }
        match statement.policy() {
            Ok(policy) => {
                findings.extend(checker.check(statement, &policy));
                policies.push((policy, statement.mode));
            }
            Err(found) => findings.extend(found),
        }
    }
    if findings
        .iter()
        .any(|finding| finding.severity == Severity::Error)
    {
        return Err(findings);
    }
    Ok((policies, findings))
}
