//! What can be said of a tool before its arguments are known.
//!
//! The one module that uses Cedar's type-aware partial evaluation, which is experimental. The
//! context is unknown as a whole, the time among it: a tool whose time window is closed is listed.

use std::fmt;

use cedar_policy::{
    Effect, Entities, EntityUid, PartialEntities, PartialEntityUid, PartialRequest, PolicyId,
    PolicySet, Schema,
};

use crate::readable::condition;

/// What a caller can make of a tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outlook {
    /// Every call is permitted.
    Allow {
        /// The permits that apply to every call, sorted.
        by: Vec<String>,
    },
    /// No call is permitted.
    Deny {
        /// The forbids that apply to every call, sorted; none if denied by default.
        by: Vec<String>,
    },
    /// It depends on the arguments or the time.
    Depends {
        /// What it depends on: all that can permit, then all that can forbid.
        on: Vec<Condition>,
    },
}

/// A policy that applies to some calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The policy's id.
    pub policy: String,
    /// Whether it forbids.
    pub forbids: bool,
    /// What is left of its conditions once the caller and the tool are known, in Cedar; none if it
    /// applies to every call.
    pub when: Option<String>,
}

/// `ManagersMail permits when context.input.amount < 100`.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let effect = if self.forbids { "forbids" } else { "permits" };
        write!(f, "{} {effect}", self.policy)?;
        match &self.when {
            Some(when) => write!(f, " when {when}"),
            None => f.write_str(" always"),
        }
    }
}

/// A caller whose requests are known but for the tool and its arguments.
pub(crate) struct Caller<'a> {
    schema: &'a Schema,
    principal: EntityUid,
    resource: EntityUid,
    entities: PartialEntities,
}

/// What is left of the policies, sorted out by what it comes to.
#[derive(Default)]
struct Rest {
    permits: Vec<String>,
    forbids: Vec<String>,
    open: Vec<Condition>,
}

impl<'a> Caller<'a> {
    /// None for a caller whom partial evaluation cannot express.
    pub(crate) fn new(
        schema: &'a Schema,
        principal: EntityUid,
        resource: EntityUid,
        entities: Entities,
    ) -> Option<Self> {
        let entities = PartialEntities::from_concrete(entities, schema).ok()?;
        Some(Self {
            schema,
            principal,
            resource,
            entities,
        })
    }

    /// Whether some arguments could be permitted. Where partial evaluation fails the answer is
    /// yes: the call itself is decided in full.
    pub(crate) fn could_call<'p>(
        &self,
        action: &EntityUid,
        sets: impl Iterator<Item = &'p PolicySet>,
    ) -> bool {
        match self.rest(action, sets, false) {
            None => true,
            Some(rest) => {
                let permit = !rest.permits.is_empty() || rest.open.iter().any(|c| !c.forbids);
                rest.forbids.is_empty() && permit
            }
        }
    }

    /// None where partial evaluation fails.
    pub(crate) fn outlook<'p>(
        &self,
        action: &EntityUid,
        sets: impl Iterator<Item = &'p PolicySet>,
    ) -> Option<Outlook> {
        let Rest {
            mut permits,
            mut forbids,
            open,
        } = self.rest(action, sets, true)?;
        permits.sort();
        forbids.sort();
        let (mut against, mut on): (Vec<_>, Vec<_>) = open.into_iter().partition(|c| c.forbids);
        if !forbids.is_empty() || (permits.is_empty() && on.is_empty()) {
            return Some(Outlook::Deny { by: forbids });
        }
        if !permits.is_empty() {
            if against.is_empty() {
                return Some(Outlook::Allow { by: permits });
            }
            // Next to a permit without conditions the others make no difference.
            let always = |policy| Condition {
                policy,
                forbids: false,
                when: None,
            };
            on = permits.into_iter().map(always).collect();
        }
        on.sort_by(|a, b| a.policy.cmp(&b.policy));
        against.sort_by(|a, b| a.policy.cmp(&b.policy));
        on.append(&mut against);
        Some(Outlook::Depends { on })
    }

    fn rest<'p>(
        &self,
        action: &EntityUid,
        sets: impl Iterator<Item = &'p PolicySet>,
        with_conditions: bool,
    ) -> Option<Rest> {
        let request = PartialRequest::new(
            PartialEntityUid::from_concrete(self.principal.clone()),
            action.clone(),
            PartialEntityUid::from_concrete(self.resource.clone()),
            None,
            self.schema,
        )
        .ok()?;
        let mut rest = Rest::default();
        for set in sets {
            let response = set.tpe(&request, &self.entities, self.schema).ok()?;
            rest.permits
                .extend(response.true_permits().map(ToString::to_string));
            rest.forbids
                .extend(response.true_forbids().map(ToString::to_string));
            let open = |id: &PolicyId, forbids| Condition {
                policy: id.to_string(),
                forbids,
                when: None,
            };
            if with_conditions {
                rest.open
                    .extend(response.residual_policies().map(|policy| Condition {
                        when: Some(condition(&policy)),
                        ..open(policy.id(), policy.effect() == Effect::Forbid)
                    }));
            } else {
                rest.open
                    .extend(response.residual_permits().map(|id| open(id, false)));
                rest.open
                    .extend(response.residual_forbids().map(|id| open(id, true)));
            }
        }
        Some(rest)
    }
}
