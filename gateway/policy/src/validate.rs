//! What the service checks of a policy when it is created.

use std::collections::HashSet;

use cedar_policy::{
    ActionConstraint, Effect, EntityUid, Policy, PolicySet, ResourceConstraint, Schema,
    ValidationError, ValidationMode, ValidationWarning, Validator,
};
use miette::Diagnostic;

use crate::finding::Finding;
use crate::lint;
use crate::statement::{Statement, place};

/// Checks policies against a gateway's schema.
pub(crate) struct Checker<'a> {
    pub(crate) validator: Validator,
    pub(crate) gateway: &'a EntityUid,
    /// The names of all tools.
    pub(crate) tools: Vec<&'a str>,
    /// The ids of all actions, groups among them.
    pub(crate) actions: HashSet<EntityUid>,
}

impl<'a> Checker<'a> {
    pub(crate) fn new(schema: &Schema, gateway: &'a EntityUid, tools: Vec<&'a str>) -> Self {
        let validator = Validator::new(schema.clone());
        let actions = schema.actions().cloned().collect();
        Self {
            validator,
            gateway,
            tools,
            actions,
        }
    }

    /// Everything that is wrong with one policy.
    pub(crate) fn check(&self, statement: &Statement, policy: &Policy) -> Vec<Finding> {
        let mut findings = self.scope(statement, policy);
        let unknown = self.unknown_actions(statement, policy);
        let known = unknown.is_empty();
        findings.extend(unknown);
        findings.extend(self.types(statement, policy, known));
        findings.extend(lint::scopes(statement, policy));
        if policy.effect() == Effect::Permit && !policy.has_non_scope_constraint() {
            findings.push(Finding::warning(
                &statement.id,
                "overly permissive: a permit without `when` or `unless`",
                "say on what it depends; FAIL_ON_ANY_FINDINGS refuses it",
            ));
        }
        findings
    }

    /// AgentCore guide, "Action and resource scoped policies": the two scopes have to agree.
    fn scope(&self, statement: &Statement, policy: &Policy) -> Vec<Finding> {
        let bare = matches!(policy.action_constraint(), ActionConstraint::Any);
        let id = &statement.id;
        let this = format!("write `resource == {}`", self.gateway);
        let finding = match (policy.resource_constraint(), bare) {
            (ResourceConstraint::Eq(named), _) if named != *self.gateway => Finding::warning(
                id,
                format!("it is for `{named}`, another gateway than this one"),
                this,
            ),
            (ResourceConstraint::Eq(_), false) | (ResourceConstraint::Is(_), true) => {
                return Vec::new();
            }
            (ResourceConstraint::Eq(_), true) => Finding::warning(
                id,
                "it names a gateway and no action",
                "write `resource is AgentCore::Gateway`, or name actions",
            ),
            (ResourceConstraint::Any, true) => Finding::error(
                id,
                "a wildcard resource was detected",
                "write `resource is AgentCore::Gateway`",
            ),
            (_, true) => return Vec::new(),
            (_, false) => Finding::error(
                id,
                "a policy that names an action must name its gateway",
                this,
            ),
        };
        vec![finding]
    }

    fn unknown_actions(&self, statement: &Statement, policy: &Policy) -> Vec<Finding> {
        let named = match policy.action_constraint() {
            ActionConstraint::Any => Vec::new(),
            ActionConstraint::Eq(action) => vec![action],
            ActionConstraint::In(actions) => actions,
        };
        let unknown = named
            .into_iter()
            .filter(|action| !self.actions.contains(action));
        unknown
            .map(|action| {
                let name = action.id().unescaped();
                if name.contains('*') {
                    return Finding::error(
                        &statement.id,
                        format!("`{name}`: an action has no wildcards"),
                        "name each action, `action in [..]`, or the target as a group",
                    );
                }
                Finding::error(
                    &statement.id,
                    format!("unable to find an applicable action: there is no `{action}`"),
                    self.nearest(name),
                )
            })
            .collect()
    }

    /// The tools that `name` may have been meant for.
    fn nearest(&self, name: &str) -> String {
        let plain = |name: &str| name.to_lowercase().replace(['_', '-'], "");
        let last = |name: &str| plain(name.rsplit("__").next().unwrap_or(name));
        let near: Vec<_> = self
            .tools
            .iter()
            .filter(|tool| plain(tool) == plain(name) || last(tool) == last(name))
            .take(3)
            .map(|tool| format!("`AgentCore::Action::\"{tool}\"`"))
            .collect();
        if near.is_empty() {
            "write `AgentCore::Action::\"Target___tool\"` with three underscores and a tool of \
             this gateway"
                .to_owned()
        } else {
            format!("did you mean {}", near.join(" or "))
        }
    }

    /// Strict validation by Cedar.
    fn types(&self, statement: &Statement, policy: &Policy, actions_known: bool) -> Vec<Finding> {
        let id = &statement.id;
        let mut set = PolicySet::new();
        if let Err(error) = set.add(policy.clone()) {
            return vec![Finding::error(
                id,
                error.to_string(),
                "give it another name",
            )];
        }
        let result = self.validator.validate(&set, ValidationMode::Strict);
        let mut findings: Vec<Finding> = Vec::new();
        for error in result.validation_errors() {
            if !actions_known && about_actions(error) {
                continue;
            }
            let found = Finding::error(id, without_policy(error, id), remedy(error))
                .at(place(error, &statement.cedar));
            // The same for each type of principal.
            if !findings.contains(&found) {
                findings.push(found);
            }
        }
        let sound = findings.is_empty() && actions_known;
        for warning in result.validation_warnings() {
            let at = place(warning, &statement.cedar);
            match warning {
                ValidationWarning::ImpossiblePolicy(_)
                | ValidationWarning::InvalidActionApplication(_) => {
                    // What is wrongly typed is impossible too.
                    if sound {
                        findings.push(Finding::error(
                            id,
                            "it can never apply to any call",
                            "see which of its conditions exclude each other",
                        ));
                    }
                }
                other => findings.push(
                    Finding::warning(id, without_policy(other, id), "write it in plain letters")
                        .at(at),
                ),
            }
        }
        findings.dedup();
        findings
    }
}

fn about_actions(error: &ValidationError) -> bool {
    matches!(
        error,
        ValidationError::UnrecognizedActionId(_) | ValidationError::InvalidActionApplication(_)
    )
}

/// Cedar says before each message which policy it is about; so does a finding.
fn without_policy(problem: &impl ToString, id: &str) -> String {
    let message = problem.to_string();
    let prefix = format!("for policy `{id}`, ");
    message.strip_prefix(&prefix).unwrap_or(&message).to_owned()
}

fn remedy(error: &ValidationError) -> String {
    let own = match error {
        ValidationError::UnsafeTagAccess(error) if error.to_string().contains("OAuthUser") => {
            "check first: `principal.hasTag(\"x\") && principal.getTag(\"x\") ..`"
        }
        ValidationError::UnsafeTagAccess(_) | ValidationError::NoTagsAllowed(_) => {
            "write `principal is AgentCore::OAuthUser`; no other caller has tags"
        }
        ValidationError::UnsafeOptionalAttributeAccess(_) => {
            "an optional argument: check first, `context.input has x && ..`"
        }
        ValidationError::UnsafeAttributeAccess(_) => {
            "name what every tool and caller that it is for has, as in the gateway's schema; \
             claims are tags, `principal.getTag(\"x\")`"
        }
        ValidationError::UnexpectedType(_) | ValidationError::IncompatibleTypes(_) => {
            "compare values of one type; a number is a decimal, \
             `context.input.x.lessThan(decimal(\"10.0\"))`, and every tag is a string"
        }
        other => {
            return other.help().map_or_else(
                || "see the gateway's schema".to_owned(),
                |help| help.to_string(),
            );
        }
    };
    own.to_owned()
}
