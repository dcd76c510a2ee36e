//! Policies by the tools that they can apply to.

use std::collections::HashMap;

use cedar_policy::{
    ActionConstraint, Authorizer, Entities, Policy, PolicySet, PolicySetError, Request,
};

use crate::decision::Tally;
use crate::schema::target;

/// Policies, so sorted that only those that can apply to a tool are evaluated.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// Those that name no action, or a group that every tool is in.
    everywhere: PolicySet,
    /// Those that name tools, by the place of the tool.
    by_tool: HashMap<usize, PolicySet>,
}

/// The places of tools by their names and by their targets' names.
#[derive(Debug, Default)]
pub(crate) struct Places {
    tools: HashMap<String, usize>,
    targets: HashMap<String, Vec<usize>>,
}

/// What the id of an action stands for.
enum Meant<'a> {
    Tools(&'a [usize]),
    Tool(usize),
    AllTools,
}

impl Places {
    pub(crate) fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut places = Self::default();
        for (place, name) in names.into_iter().enumerate() {
            places.tools.insert(name.to_owned(), place);
            if let Some(target) = target(name) {
                places
                    .targets
                    .entry(target.to_owned())
                    .or_default()
                    .push(place);
            }
        }
        places
    }

    pub(crate) fn of_tool(&self, name: &str) -> Option<usize> {
        self.tools.get(name).copied()
    }

    fn meant(&self, action: &str) -> Meant<'_> {
        match (self.tools.get(action), self.targets.get(action)) {
            (Some(place), None) => Meant::Tool(*place),
            (None, Some(places)) => Meant::Tools(places),
            // A group of all tools; or unclear, as where a tool is named like a target: evaluating
            // a policy for every tool is slower and never wrong.
            _ => Meant::AllTools,
        }
    }
}

impl Index {
    /// Adds a policy. Fails if another one has its id.
    pub(crate) fn add(
        &mut self,
        policy: &Policy,
        places: &Places,
    ) -> Result<(), Box<PolicySetError>> {
        let named = match policy.action_constraint() {
            ActionConstraint::Any => None,
            ActionConstraint::Eq(action) => Some(vec![action]),
            ActionConstraint::In(actions) => Some(actions),
        };
        let mut tools = Vec::new();
        for action in named.iter().flatten() {
            match places.meant(action.id().unescaped()) {
                Meant::Tool(place) => tools.push(place),
                Meant::Tools(places) => tools.extend_from_slice(places),
                Meant::AllTools => return self.everywhere.add(policy.clone()).map_err(Box::new),
            }
        }
        if named.is_none() {
            return self.everywhere.add(policy.clone()).map_err(Box::new);
        }
        tools.sort_unstable();
        tools.dedup();
        for place in tools {
            self.by_tool
                .entry(place)
                .or_default()
                .add(policy.clone())
                .map_err(Box::new)?;
        }
        Ok(())
    }

    /// The policies that can apply to the tool at `place`.
    pub(crate) fn sets(&self, place: usize) -> impl Iterator<Item = &PolicySet> {
        std::iter::once(&self.everywhere)
            .chain(self.by_tool.get(&place))
            .filter(|set| !set.is_empty())
    }

    /// Adds what they say of a call of the tool at `place`.
    pub(crate) fn judge(
        &self,
        place: usize,
        authorizer: &Authorizer,
        request: &Request,
        entities: &Entities,
        tally: &mut Tally,
    ) {
        for set in self.sets(place) {
            tally.add(&authorizer.is_authorized(request, set, entities));
        }
    }
}
