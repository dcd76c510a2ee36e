//! Values of the tree: what stands there, with its functions evaluated.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::error::{Errors, Path};
use crate::near::did_you_mean;
use crate::parameters::Parameters;
use crate::resolve::{Environment, Reference};
use crate::template::Template;
use crate::yaml::{Kind, Node};

/// Steps and bytes that one resolution may take, four for each byte of the largest template:
/// functions and `Globals` can repeat text without end.
const BUDGET: usize = 4 * 1024 * 1024;
/// Nesting in the file is bounded when it is read; this bounds chains of conditions as well.
const MAX_DEPTH: usize = 250;

/// SAM makes these resources beside a function `Name` (SAM guide, "Generated CloudFormation
/// resources"): a template may refer to them without declaring them.
const GENERATED: [(&str, &str); 2] = [("Role", "AWS::IAM::Role"), ("Url", "AWS::Lambda::Url")];

pub(crate) struct Evaluation<'a> {
    pub(crate) template: &'a Template,
    pub(crate) environment: &'a Environment,
    pub(crate) attributes: &'a dyn Fn(Reference<'_>) -> Option<Value>,
    pub(crate) parameters: Parameters,
    /// What is known so far; `None` for a condition that failed.
    pub(crate) conditions: RefCell<BTreeMap<&'a str, Option<bool>>>,
    /// Conditions being evaluated, outermost first.
    pub(crate) pending: RefCell<Vec<&'a str>>,
    pub(crate) spent: Cell<usize>,
    pub(crate) depth: Cell<usize>,
}

/// Leaves a level when dropped.
pub(crate) struct Level<'e>(&'e Cell<usize>);

impl Drop for Level<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

impl Evaluation<'_> {
    /// The value of `node`; `None` for `AWS::NoValue`, which takes away what it stands for.
    pub(crate) fn value(&self, node: &Node, path: &Path<'_>) -> Result<Option<Value>, Errors> {
        let _level = self.enter(node, path)?;
        let mut errors = Errors::default();
        match &node.kind {
            Kind::Scalar { text, plain } => {
                self.charge(text.len(), node, path)?;
                Ok(Some(Node::scalar(text, *plain)))
            }
            Kind::Call { name, argument } => self.call(name, argument, node, path),
            Kind::List(items) => {
                let mut list = Vec::new();
                for (index, item) in items.iter().enumerate().take_while(|_| self.affordable()) {
                    list.extend(errors.take(self.value(item, &path.item(index))).flatten());
                }
                errors.unless_empty(Some(list.into()))
            }
            Kind::Map(entries) => {
                let mut map = Map::new();
                for (key, entry) in entries.iter().take_while(|_| self.affordable()) {
                    let path = path.key(key);
                    if key.starts_with("Fn::") {
                        let message = format!("`{key}` must be the only key of its map");
                        errors.take::<()>(Err(path.error(entry.place, message)));
                    }
                    self.charge(key.len(), entry, &path)?;
                    if let Some(value) = errors.take(self.value(entry, &path)).flatten() {
                        map.insert(key.clone(), value);
                    }
                }
                errors.unless_empty(Some(map.into()))
            }
        }
    }

    /// The value of `node` where there must be one.
    pub(crate) fn required(&self, node: &Node, path: &Path<'_>) -> Result<Value, Errors> {
        self.value(node, path)?
            .ok_or_else(|| path.error(node.place, "`AWS::NoValue` cannot stand here"))
    }

    /// `Ref` of a pseudo parameter, a parameter or a resource, in this order.
    pub(crate) fn reference(
        &self,
        name: &str,
        node: &Node,
        path: &Path<'_>,
    ) -> Result<Option<Value>, Errors> {
        if name.starts_with("AWS::") {
            if name == "AWS::NoValue" {
                return Ok(None);
            }
            return self
                .environment
                .pseudo_parameter(name)
                .map(Some)
                .ok_or_else(|| {
                    let near = did_you_mean(name, Environment::PSEUDO_PARAMETERS);
                    path.error(
                        node.place,
                        format!("unknown pseudo parameter `{name}`{near}"),
                    )
                });
        }
        let value = match self.parameters.get(name) {
            Some(Some(value)) => value.clone(),
            Some(None) => {
                let message = format!(
                    "the parameter `{name}` lies in SSM Parameter Store: give its value with \
                     `--parameter {name}=VALUE`"
                );
                return Err(path.error(node.place, message));
            }
            None => self.resource(name, None, node, path)?,
        };
        self.charge(size(&value), node, path)?;
        Ok(Some(value))
    }

    /// `Fn::GetAtt`.
    pub(crate) fn attribute(
        &self,
        id: &str,
        attribute: &str,
        node: &Node,
        path: &Path<'_>,
    ) -> Result<Value, Errors> {
        let value = self.resource(id, Some(attribute), node, path)?;
        self.charge(size(&value), node, path)?;
        Ok(value)
    }

    /// What the caller knows of a resource: its `Ref`, or one of its attributes.
    fn resource(
        &self,
        id: &str,
        attribute: Option<&str>,
        node: &Node,
        path: &Path<'_>,
    ) -> Result<Value, Errors> {
        let fail = |message: String| Err(path.error(node.place, message));
        let call = match attribute {
            Some(attribute) => format!("Fn::GetAtt: [{id}, {attribute}]"),
            None => format!("Ref: {id}"),
        };
        let declared = self.template.section("Resources");
        let generated = GENERATED.iter().find_map(|(suffix, kind)| {
            let function = declared.get(id.strip_suffix(suffix)?)?;
            (kind_of(function) == "AWS::Serverless::Function").then_some((function, *kind))
        });
        let Some((resource, kind)) = declared.get(id).map(|r| (r, kind_of(r))).or(generated) else {
            let parameters = self
                .template
                .section("Parameters")
                .keys()
                .filter(|_| attribute.is_none());
            let names = declared.keys().chain(parameters).map(String::as_str);
            let near = did_you_mean(id, names);
            let what = if attribute.is_none() {
                "resource or parameter"
            } else {
                "resource"
            };
            return fail(format!("`{call}`: the template has no {what} `{id}`{near}"));
        };
        if let Some(condition) = self.pending.borrow().last() {
            return fail(format!(
                "`{call}`: the condition `{condition}` cannot depend on a resource"
            ));
        }
        if !self.included(resource)? {
            return fail(format!(
                "`{call}`: the resource is left out, its condition is false"
            ));
        }
        let reference = Reference {
            logical_id: id,
            kind,
            attribute,
        };
        match (self.attributes)(reference) {
            Some(value) => Ok(value),
            None => fail(format!("no local value for `{call}` (`{kind}`)")),
        }
    }

    /// Whether the condition beside a resource or an output, if any, holds.
    pub(crate) fn included(&self, entry: &Node) -> Result<bool, Errors> {
        let condition = entry.get("Condition");
        match condition.and_then(Node::text) {
            Some(name) => self.named_condition(name, entry, &Path::root("Conditions")),
            None => Ok(true),
        }
    }

    pub(crate) fn enter(&self, node: &Node, path: &Path<'_>) -> Result<Level<'_>, Errors> {
        self.charge(1, node, path)?;
        if self.depth.get() >= MAX_DEPTH {
            return Err(path.error(node.place, format!("more than {MAX_DEPTH} levels deep")));
        }
        self.depth.set(self.depth.get() + 1);
        Ok(Level(&self.depth))
    }

    pub(crate) fn charge(&self, cost: usize, node: &Node, path: &Path<'_>) -> Result<(), Errors> {
        self.spent.set(self.spent.get().saturating_add(cost));
        match self.affordable() {
            true => Ok(()),
            false => Err(path.error(
                node.place,
                "the template becomes too large when it is resolved",
            )),
        }
    }

    /// Whether it is worth going on: past the budget every further value would be an error.
    fn affordable(&self) -> bool {
        self.spent.get() <= BUDGET
    }
}

pub(crate) fn kind_of(resource: &Node) -> &str {
    let kind = resource.get("Type");
    kind.and_then(Node::text).unwrap_or_default()
}

/// The text of a value that can stand in text; `None` for a list, a map or null.
pub(crate) fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Roughly how many bytes a value takes. Not recursive: what is deep comes from the caller.
fn size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items
            .iter()
            .map(|item| 1 + item.as_str().map_or(0, str::len))
            .sum(),
        _ => 1,
    }
}
