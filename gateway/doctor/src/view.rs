//! A template in one scenario, as checks look at it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;
use template::{Environment, Place, Resolved, Resource, Template};

use crate::finding::{Finding, Level};
use crate::graph::Graph;
use crate::scenario::Scenario;
use crate::symbols::ids;
use crate::workspace;

/// What is the same in every scenario.
pub(crate) struct Once<'a> {
    pub(crate) file: &'a str,
    pub(crate) text: &'a str,
    pub(crate) template: &'a Template,
    /// Where the template lies, if its code is to be looked at.
    pub(crate) folder: Option<&'a Path>,
    /// The binaries of the cargo workspaces that functions are built from, by `CodeUri`.
    pub(crate) binaries: RefCell<BTreeMap<String, Option<BTreeSet<String>>>>,
}

impl Once<'_> {
    /// The binaries of the workspace at a function's `CodeUri`, if there is one.
    pub(crate) fn binaries_at(&self, code: &str) -> Option<BTreeSet<String>> {
        let folder = self.folder?.join(code);
        let mut known = self.binaries.borrow_mut();
        let read = || workspace::binaries(&folder);
        known.entry(code.to_owned()).or_insert_with(read).clone()
    }
}

/// See the module.
pub(crate) struct View<'a> {
    pub(crate) once: &'a Once<'a>,
    pub(crate) scenario: &'a Scenario,
    pub(crate) resolved: &'a Resolved,
    /// The first scenario, in those after it.
    pub(crate) first: Option<&'a Resolved>,
    pub(crate) items: Vec<Item<'a>>,
    pub(crate) graph: Graph,
    /// The functions that a Gateway invokes, as targets or interceptors.
    pub(crate) behind: BTreeSet<&'a str>,
    /// The functions that CloudFormation invokes, as custom resources.
    pub(crate) custom: BTreeSet<&'a str>,
    /// Functions and whom their resource policies let invoke them.
    pub(crate) permitted: Vec<(&'a str, String)>,
    /// What symbols stand for as far as the template says it: the functions behind aliases.
    aliases: BTreeMap<String, String>,
    /// Names such as AWS would give.
    physical: BTreeMap<String, String>,
}

/// A resource whose properties are known.
#[derive(Clone, Copy)]
pub(crate) struct Item<'a> {
    pub(crate) id: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) properties: &'a Value,
    pub(crate) resource: &'a Resource,
}

pub(crate) const FUNCTIONS: [&str; 2] = ["AWS::Serverless::Function", "AWS::Lambda::Function"];
pub(crate) const GATEWAY: &str = "AWS::BedrockAgentCore::Gateway";
pub(crate) const TARGET: &str = "AWS::BedrockAgentCore::GatewayTarget";
pub(crate) const ENGINE: &str = "AWS::BedrockAgentCore::PolicyEngine";
pub(crate) const POLICY: &str = "AWS::BedrockAgentCore::Policy";
pub(crate) const RUNTIME: &str = "AWS::BedrockAgentCore::Runtime";
/// Where a target names its function.
pub(crate) const LAMBDA_ARN: [&str; 4] = ["TargetConfiguration", "Mcp", "Lambda", "LambdaArn"];
/// Where a Gateway or a Runtime says whose tokens it takes.
pub(crate) const JWT: [&str; 2] = ["AuthorizerConfiguration", "CustomJWTAuthorizer"];
pub(crate) const ROLE: &str = "AWS::IAM::Role";
pub(crate) const LOG_GROUP: &str = "AWS::Logs::LogGroup";

impl<'a> Item<'a> {
    /// The value under `path` in the properties, if every step of it is there.
    pub(crate) fn get(&self, path: &[&str]) -> Option<&'a Value> {
        get(self.properties, path)
    }

    /// Text, also if it is written as a number or a boolean.
    pub(crate) fn text(&self, path: &[&str]) -> Option<String> {
        self.get(path).and_then(text)
    }

    /// The items of a list; none for anything else.
    pub(crate) fn list(&self, path: &[&str]) -> &'a [Value] {
        self.get(path)
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }

    pub(crate) fn is_function(&self) -> bool {
        FUNCTIONS.contains(&self.kind)
    }
}

pub(crate) fn get<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, step| match value {
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        _ => value.get(step),
    })
}

pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(boolean) => Some(boolean.to_string()),
        _ => None,
    }
}

/// A value as a list of texts; one text is a list, too, as in IAM.
pub(crate) fn listed(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(items)) => items.iter().filter_map(text).collect(),
        Some(value) => text(value).into_iter().collect(),
        None => Vec::new(),
    }
}

impl<'a> View<'a> {
    pub(crate) fn of(
        once: &'a Once<'a>,
        scenario: &'a Scenario,
        resolved: &'a Resolved,
        first: Option<&'a Resolved>,
    ) -> View<'a> {
        // In the order of their ids, as they lie in the map.
        let items: Vec<_> = resolved
            .resources
            .values()
            .filter_map(|resource| {
                Some(Item {
                    id: &resource.logical_id,
                    kind: &resource.kind,
                    properties: resource.properties.as_ref().ok()?,
                    resource,
                })
            })
            .collect();
        let mut view = View {
            once,
            scenario,
            resolved,
            first,
            graph: Graph::of(resolved),
            aliases: aliases(&items, &scenario.environment),
            physical: physical(&items, &scenario.environment),
            items,
            behind: BTreeSet::new(),
            custom: BTreeSet::new(),
            permitted: Vec::new(),
        };
        view.behind = view.invoked_by_gateways();
        view.custom = view.invoked_by_cloudformation();
        view.permitted = view.permissions();
        view
    }

    /// The first scenario, the template as it stands: what no parameter changes is checked here.
    pub(crate) fn is_first(&self) -> bool {
        self.scenario.label.is_none()
    }

    pub(crate) fn of_kind<'v>(&'v self, kind: &'v str) -> impl Iterator<Item = &'v Item<'a>> {
        self.items.iter().filter(move |item| item.kind == kind)
    }

    pub(crate) fn functions(&self) -> impl Iterator<Item = &Item<'a>> {
        self.items.iter().filter(|item| item.is_function())
    }

    pub(crate) fn item(&self, id: &str) -> Option<&Item<'a>> {
        found(&self.items, id)
    }

    /// The first resource of this type that a text refers to.
    pub(crate) fn named_in(&self, kind: &str, text: &str) -> Option<&Item<'a>> {
        ids(text)
            .filter_map(|id| self.item(id))
            .find(|item| item.kind == kind)
    }

    /// The text with aliases written as the functions that they stand for.
    pub(crate) fn expanded(&self, text: &str) -> String {
        substituted(text, &self.aliases)
    }

    /// The text with names such as AWS would give.
    pub(crate) fn physical(&self, text: &str) -> String {
        substituted(&self.expanded(text), &self.physical)
    }

    /// The ARN of something in this account and region.
    pub(crate) fn arn(&self, service: &str, rest: &str) -> String {
        let Environment {
            partition,
            region,
            account_id,
            ..
        } = &self.scenario.environment;
        format!("arn:{partition}:{service}:{region}:{account_id}:{rest}")
    }

    /// An error at a property of a resource; see [`Finding::warning`].
    pub(crate) fn error(
        &self,
        check: &'static str,
        item: &Item<'_>,
        path: &[&str],
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Finding {
        let mut whole = vec!["Resources", item.id];
        if !path.is_empty() {
            whole.push("Properties");
        }
        whole.extend(path);
        self.error_at(check, &whole, what, remedy)
    }

    /// An error at a path from the template's root.
    pub(crate) fn error_at(
        &self,
        check: &'static str,
        path: &[&str],
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Finding {
        Finding {
            check,
            level: Level::Error,
            place: self.place(path),
            path: path.join("."),
            what: what.into(),
            remedy: remedy.into(),
            scenario: None,
        }
    }

    fn place(&self, path: &[&str]) -> Place {
        self.once.template.place_of(path)
    }
}

/// The bytes after which a text is made no longer: far more than anything checked may be.
const MOST: usize = 100_000;

/// Replaces the symbols that are known, also in what stands for one, some levels deep.
fn substituted(text: &str, known: &BTreeMap<String, String>) -> String {
    let mut text = text.to_owned();
    for _ in 0..4 {
        if !text.contains("${") {
            break;
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        let mut changed = false;
        while let Some((before, after)) = rest.split_once("${") {
            out.push_str(before);
            let symbol = after.split_once('}');
            match symbol.and_then(|(symbol, next)| Some((known.get(symbol)?, next))) {
                Some((value, next)) => {
                    changed = true;
                    out.push_str(value);
                    // A name may hold itself many times over.
                    if out.len() > MOST {
                        return out;
                    }
                    rest = next;
                }
                None => {
                    out.push_str("${");
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        text = out;
        if !changed {
            break;
        }
    }
    text
}

/// Of items in the order of their ids.
fn found<'v, 'a>(items: &'v [Item<'a>], id: &str) -> Option<&'v Item<'a>> {
    let at = items.binary_search_by(|item| item.id.cmp(id)).ok()?;
    items.get(at)
}

fn aliases(items: &[Item<'_>], environment: &Environment) -> BTreeMap<String, String> {
    let Environment {
        partition,
        region,
        account_id,
        ..
    } = environment;
    let arn = |id: &str, qualifier: &str| {
        format!("arn:{partition}:lambda:{region}:{account_id}:function:${{{id}}}:{qualifier}")
    };
    let mut known = BTreeMap::new();
    for item in items {
        let id = item.id;
        if let Some(alias) = item.text(&["AutoPublishAlias"]) {
            known.insert(format!("{id}Alias{alias}"), arn(id, &alias));
            known.insert(format!("{id}.Alias"), alias);
            known.insert(format!("{id}.Version"), "1".to_owned());
        }
        let qualifier = match item.kind {
            "AWS::Lambda::Alias" => item.text(&["Name"]),
            "AWS::Lambda::Version" => Some("1".to_owned()),
            _ => None,
        };
        let function = item.text(&["FunctionName"]).unwrap_or_default();
        let function = ids(&function).find(|id| found(items, id).is_some_and(Item::is_function));
        if let (Some(qualifier), Some(function)) = (qualifier, function) {
            known.insert(id.to_owned(), arn(function, &qualifier));
        }
    }
    known
}

fn physical(items: &[Item<'_>], environment: &Environment) -> BTreeMap<String, String> {
    let made = |item: &Item<'_>| format!("{}-{}-AbCdEfGhIjKl", environment.stack_name, item.id);
    let with_id = |name: Option<String>, item: &Item<'_>| {
        format!("{}-abcdefghij", name.unwrap_or_else(|| item.id.to_owned()))
    };
    let name = |item: &Item<'_>| match item.kind {
        kind if FUNCTIONS.contains(&kind) => {
            item.text(&["FunctionName"]).unwrap_or_else(|| made(item))
        }
        // A gateway's id is made of its name in lower case.
        GATEWAY => with_id(item.text(&["Name"]), item).to_lowercase(),
        ENGINE => with_id(item.text(&["Name"]), item),
        RUNTIME => with_id(item.text(&["AgentRuntimeName"]), item),
        LOG_GROUP => item.text(&["LogGroupName"]).unwrap_or_else(|| made(item)),
        ROLE => item.text(&["RoleName"]).unwrap_or_else(|| made(item)),
        "AWS::KMS::Key" => "11111111-2222-3333-4444-555555555555".to_owned(),
        "AWS::Cognito::UserPool" => format!("{}_AbCdEfGhI", environment.region),
        _ => made(item),
    };
    items
        .iter()
        .map(|item| (item.id.to_owned(), name(item)))
        .collect()
}
