//! What is made after what: the template's resources and those that SAM makes of them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Map, Value};
use template::{Resolved, Resource};

use crate::symbols::{mentions, texts};

/// From each resource to those that must be there before it.
pub(crate) struct Graph {
    edges: BTreeMap<String, BTreeSet<String>>,
    /// What is made before each, directly or not, as far as it was asked for.
    reached: RefCell<BTreeMap<String, BTreeSet<String>>>,
}

/// Properties of a SAM function that go into resources of their own.
const ELSEWHERE: [&str; 4] = [
    "Policies",
    "Events",
    "FunctionUrlConfig",
    "EventInvokeConfig",
];

impl Graph {
    pub(crate) fn of(resolved: &Resolved) -> Graph {
        let mut graph = Graph {
            edges: BTreeMap::new(),
            reached: RefCell::default(),
        };
        for (id, resource) in &resolved.resources {
            let references = resource.references.iter();
            let mut before: BTreeSet<String> = references.cloned().collect();
            let there = |id: &&String| resolved.resources.contains_key(*id);
            before.extend(resource.depends_on.iter().filter(there).cloned());
            if resource.kind == "AWS::Serverless::Function" {
                graph.function(resource, &mut before);
            }
            graph.edges.entry(id.clone()).or_default().extend(before);
        }
        graph
    }

    /// SAM guide, "Generated CloudFormation resources for AWS::Serverless::Function".
    fn function(&mut self, function: &Resource, before: &mut BTreeSet<String>) {
        let id = &function.logical_id;
        let none = Map::new();
        let properties = function.properties.as_ref().ok();
        let properties = properties.and_then(Value::as_object).unwrap_or(&none);
        let (elsewhere, own): (Vec<_>, Vec<_>) = properties
            .iter()
            .partition(|(name, _)| ELSEWHERE.contains(&name.as_str()));
        if function.properties.is_ok() {
            let here = |id: &String| own.iter().any(|(_, value)| mentions(value, id));
            let there = |id: &String| elsewhere.iter().any(|(_, value)| mentions(value, id));
            before.retain(|id| here(id) || !there(id) || function.depends_on.contains(id));
        }
        let role = format!("{id}Role");
        if !properties.contains_key("Role") {
            before.insert(role.clone());
        }
        let policies = properties.get("Policies").unwrap_or(&Value::Null);
        self.add(&role, ids_in(policies));
        let mut invoked = id.clone();
        if let Some(alias) = properties.get("AutoPublishAlias") {
            invoked = format!("{id}.Alias");
            self.add(&invoked, [format!("{id}.Version")]);
            self.add(&format!("{id}.Version"), [id.clone()]);
            if let Some(alias) = alias.as_str() {
                self.add(&format!("{id}Alias{alias}"), [invoked.clone()]);
            }
        }
        if properties.contains_key("FunctionUrlConfig") {
            self.add(&format!("{id}Url"), [invoked.clone()]);
        }
        let events = properties.get("Events").and_then(Value::as_object);
        for (name, event) in events.into_iter().flatten() {
            self.event(&format!("{id}{name}"), event, &invoked);
        }
    }

    /// An event's permission comes after its function; an API's definition names the function, and
    /// a bucket that notifies comes after the permission to do so.
    fn event(&mut self, id: &str, event: &Value, invoked: &str) {
        let property = |name: &str| event.get("Properties")?.get(name)?.as_str();
        let api = |name, default: &str| match property(name) {
            Some(text) => crate::symbols::ids(text).next().map(str::to_owned),
            None => Some(default.to_owned()),
        };
        let source = match event.get("Type").and_then(Value::as_str) {
            Some("Api") => api("RestApiId", "ServerlessRestApi"),
            Some("HttpApi") => api("ApiId", "ServerlessHttpApi"),
            Some("S3") => property("Bucket")
                .and_then(|text| crate::symbols::ids(text).next().map(str::to_owned)),
            _ => None,
        };
        let permission = format!("{id}Permission");
        self.add(&permission, [invoked.to_owned()]);
        if let Some(source) = source {
            self.add(&source, [invoked.to_owned()]);
        }
    }

    fn add(&mut self, id: &str, before: impl IntoIterator<Item = String>) {
        self.edges.entry(id.to_owned()).or_default().extend(before);
    }

    fn before(&self, id: &str) -> impl Iterator<Item = &str> {
        let edges = self.edges.get(id).into_iter().flatten();
        edges.map(String::as_str)
    }

    /// Whether `from` is made after `to`, directly or not.
    pub(crate) fn reaches(&self, from: &str, to: &str) -> bool {
        let mut known = self.reached.borrow_mut();
        let reached = known.entry(from.to_owned()).or_insert_with(|| {
            let mut reached = BTreeSet::new();
            let mut next = vec![from];
            while let Some(id) = next.pop() {
                for before in self.before(id) {
                    if reached.insert(before.to_owned()) {
                        next.push(before);
                    }
                }
            }
            reached
        });
        reached.contains(to)
    }

    /// The shortest way from `from` over at least one edge to `to`, both included.
    fn way(&self, from: &str, to: &str, within: &dyn Fn(&str) -> bool) -> Option<Vec<String>> {
        let mut came: BTreeMap<&str, &str> = BTreeMap::new();
        let mut next = VecDeque::from([from]);
        while let Some(id) = next.pop_front() {
            let id = match self.edges.get_key_value(id) {
                Some((id, _)) => id.as_str(),
                None => continue,
            };
            for before in self.before(id) {
                if came.contains_key(before) || !within(before) {
                    continue;
                }
                came.insert(before, id);
                if before == to {
                    return Some(path(&came, from, to));
                }
                next.push_back(before);
            }
        }
        None
    }

    /// One cycle for each group of resources that wait for each other.
    pub(crate) fn cycles(&self) -> Vec<Vec<String>> {
        let mut cycles: Vec<_> = self
            .groups()
            .iter()
            .filter_map(|group| {
                let first = group.first()?;
                self.way(first, first, &|id| group.contains(id))
            })
            .collect();
        cycles.sort();
        cycles
    }

    /// The resources in groups whose members all wait for each other; most are alone in theirs.
    /// Kosaraju's two passes, each edge once in either.
    fn groups(&self) -> Vec<BTreeSet<&str>> {
        let mut after: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for id in self.edges.keys() {
            for before in self.before(id) {
                after.entry(before).or_default().push(id);
            }
        }
        let mut seen = BTreeSet::new();
        let mut done = Vec::new();
        for id in self.edges.keys().map(String::as_str) {
            if !seen.insert(id) {
                continue;
            }
            let mut open = vec![(id, self.before(id))];
            while let Some((id, rest)) = open.last_mut() {
                match rest.find(|before| !seen.contains(before)) {
                    Some(before) => {
                        seen.insert(before);
                        open.push((before, self.before(before)));
                    }
                    None => {
                        done.push(*id);
                        open.pop();
                    }
                }
            }
        }
        let mut grouped = BTreeSet::new();
        let mut groups = Vec::new();
        for id in done.into_iter().rev() {
            let mut group = BTreeSet::new();
            let mut next = vec![id];
            while let Some(id) = next.pop() {
                if grouped.insert(id) {
                    group.insert(id);
                    next.extend(after.get(id).into_iter().flatten());
                }
            }
            groups.extend((!group.is_empty()).then_some(group));
        }
        groups
    }
}

fn path(came: &BTreeMap<&str, &str>, from: &str, to: &str) -> Vec<String> {
    let mut way = vec![to.to_owned()];
    let mut at = to;
    while let Some(previous) = came.get(at).copied() {
        way.push(previous.to_owned());
        if previous == from {
            break;
        }
        at = previous;
    }
    way.reverse();
    way
}

/// The resources that a value's symbols refer to.
fn ids_in(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    texts(value, &mut |text| {
        found.extend(crate::symbols::ids(text).map(str::to_owned));
    });
    found
}

#[cfg(test)]
mod tests {
    use template::{Environment, Template};

    fn cycles(resources: &str) -> Vec<String> {
        let template = Template::parse(&format!("Resources:\n{resources}")).unwrap();
        let resolved = crate::symbols::resolve(&template, &Environment::default()).unwrap();
        let cycles = super::Graph::of(&resolved).cycles();
        cycles.iter().map(|way| way.join(" ")).collect()
    }

    #[test]
    fn each_group_that_waits_for_itself_has_one_cycle() {
        // Pairs that wait for each other, each for the next pair, too.
        let pairs: String = (0..240)
            .map(|n| {
                let next = n + 1;
                format!("  A{n}: {{Type: X, DependsOn: [B{n}, A{next}]}}\n  B{n}: {{Type: X, DependsOn: A{n}}}\n")
            })
            .collect();
        let found = cycles(&pairs);
        assert_eq!(found.len(), 240);
        assert_eq!(found[0], "A0 B0 A0");
        assert_eq!(cycles("  A: {Type: X, DependsOn: A}\n"), ["A A"]);
    }

    #[test]
    fn what_sam_makes_closes_cycles_too() {
        let function = |rest: &str| {
            cycles(&format!(
                "  F:\n    Type: AWS::Serverless::Function\n    Properties: {{AutoPublishAlias: live, {rest}}}\n  B: {{Type: AWS::S3::Bucket}}\n"
            ))
        };
        let env = |value: &str| format!("Environment: {{Variables: {{A: !GetAtt {value}}}}}");
        let url = format!(
            "FunctionUrlConfig: {{AuthType: NONE}}, {}",
            env("FUrl.FunctionUrl")
        );
        assert_eq!(function(&url), ["F FUrl F.Alias F.Version F"]);
        let api = "Events: {E: {Type: Api, Properties: {Path: /, Method: get}}}";
        let own = "Environment: {Variables: {A: !Ref ServerlessRestApi}}";
        assert_eq!(
            function(&format!("{api}, {own}")),
            ["F ServerlessRestApi F.Alias F.Version F"]
        );
        assert_eq!(function(api), [""; 0]);
        let bucket = "Events: {E: {Type: S3, Properties: {Bucket: !Ref B, Events: x}}}";
        assert_eq!(function(bucket), [""; 0]);
        assert_eq!(
            function(&format!("{bucket}, {}", env("B.Arn"))),
            ["B F.Alias F.Version F B"]
        );
        let policies = "Policies: [{Statement: [{Resource: !GetAtt B.Arn}]}]";
        assert_eq!(
            function(&format!("{bucket}, {policies}")),
            ["B F.Alias F.Version F FRole B"]
        );
        assert_eq!(function(policies), [""; 0]);
    }
}
