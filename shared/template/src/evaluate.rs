//! Values of the tree: what stands there, with its functions evaluated.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::error::{Errors, Path};
use crate::near::did_you_mean;
use crate::parameters::Parameters;
use crate::resolve::{Environment, Reference};
use crate::template::Template;
use crate::transforms::{is_macro, macro_of};
use crate::yaml::{Kind, Node};

/// Steps and bytes that one resolution may take, four for each byte of the largest template:
/// functions and `Globals` can repeat text without end.
const BUDGET: usize = 4 * 1024 * 1024;
/// Nesting in the file is bounded when it is read; this bounds chains of conditions as well.
const MAX_DEPTH: usize = 250;

pub(crate) const FUNCTION: &str = "AWS::Serverless::Function";

pub(crate) struct Evaluation<'a> {
    pub(crate) template: &'a Template,
    pub(crate) environment: &'a Environment,
    pub(crate) attributes: &'a dyn Fn(Reference<'_>) -> Option<Value>,
    pub(crate) parameters: Parameters,
    /// What is known so far; `None` for a condition that failed.
    pub(crate) conditions: RefCell<BTreeMap<&'a str, Option<bool>>>,
    /// Conditions being evaluated, outermost first.
    pub(crate) pending: RefCell<Vec<&'a str>>,
    /// The resources that the values evaluated since it was last taken refer to.
    pub(crate) references: RefCell<BTreeSet<String>>,
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
            Kind::Map(_) => {
                let map = self.known(node, path, &mut errors);
                errors.unless_empty(map)
            }
        }
    }

    /// What can be evaluated of a map, at any depth; the rest of it is left out, with its errors
    /// in `errors`. A list and a function are evaluated as a whole or not at all.
    pub(crate) fn known(&self, node: &Node, path: &Path<'_>, errors: &mut Errors) -> Option<Value> {
        let Kind::Map(entries) = &node.kind else {
            return errors.take(self.value(node, path)).flatten();
        };
        let _level = errors.take(self.enter(node, path))?;
        let mut map = Map::new();
        for (key, entry) in entries.iter().take_while(|_| self.affordable()) {
            let path = path.key(key);
            if key.starts_with("Fn::") {
                errors.take::<()>(Err(misplaced(key, entry, &path)));
                continue;
            }
            errors.take(self.charge(key.len(), entry, &path))?;
            if let Some(value) = self.known(entry, &path, errors) {
                map.insert(key.clone(), value);
            }
        }
        Some(map.into())
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
                return Err(path.unknown(node.place, message));
            }
            // SAM, "Referencing resource properties": `!Ref Function.Alias`.
            None => match name.split_once('.') {
                Some((id, property)) => self.resource(id, Some(property), node, path)?,
                None => self.resource(name, None, node, path)?,
            },
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
        let found = match declared.get(id) {
            Some(resource) => Some((Some(resource), kind_of(resource))),
            None => self.generated(id),
        };
        let Some((resource, kind)) = found else {
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
            let message = format!("`{call}`: the template has no {what} `{id}`{near}");
            return match declared.keys().find_map(|key| macro_of(key)) {
                Some(name) => Err(path.unknown(
                    node.place,
                    format!("{message}; what `{name}` makes is not known locally"),
                )),
                None => fail(message),
            };
        };
        if let Some(condition) = self.pending.borrow().last() {
            return fail(format!(
                "`{call}`: the condition `{condition}` cannot depend on a resource"
            ));
        }
        let mut name = id.to_owned();
        if let Some(resource) = resource {
            if !self.included(resource)? {
                return fail(format!(
                    "`{call}`: the resource is left out, its condition is false"
                ));
            }
            if let Some(published @ ("Alias" | "Version")) = attribute
                && kind == FUNCTION
            {
                if self.alias(resource).is_none() {
                    return fail(format!("`{call}`: the function has no `AutoPublishAlias`"));
                }
                name = format!("{id}.{published}");
            }
        }
        self.references.borrow_mut().insert(name);
        let reference = Reference {
            logical_id: id,
            kind,
            attribute,
        };
        if let Some(value) = (self.attributes)(reference) {
            return Ok(value);
        }
        if let Some(value) = self.published(reference, resource, path)? {
            return Ok(value);
        }
        let message = format!("no local value for `{call}` (`{kind}`)");
        Err(path.unknown(node.place, message))
    }

    /// The ARN of what a function publishes: the function's with the alias or the first version.
    fn published(
        &self,
        reference: Reference<'_>,
        function: Option<&Node>,
        path: &Path<'_>,
    ) -> Result<Option<Value>, Errors> {
        let alias = function.and_then(|function| self.alias(function));
        let (FUNCTION, Some(alias)) = (reference.kind, alias) else {
            return Ok(None);
        };
        let qualifier = match reference.attribute {
            Some("Alias") => scalar_text(&self.required(alias, path)?),
            Some("Version") => Some("1".to_owned()),
            _ => None,
        };
        let arn = (self.attributes)(Reference {
            attribute: Some("Arn"),
            ..reference
        });
        let arn = arn.as_ref().and_then(Value::as_str);
        Ok(arn
            .zip(qualifier)
            .map(|(arn, qualifier)| format!("{arn}:{qualifier}").into()))
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

/// A key that is a function among others. A macro may stand so.
fn misplaced(key: &str, node: &Node, path: &Path<'_>) -> Errors {
    if is_macro(key) {
        return path.unknown(node.place, format!("`{key}` is not expanded locally"));
    }
    path.error(
        node.place,
        format!("`{key}` must be the only key of its map"),
    )
}

pub(crate) fn kind_of(resource: &Node) -> &str {
    let kind = resource.get("Type");
    kind.and_then(Node::text).unwrap_or_default()
}

/// The text of a value that can stand in text, also if it is written as a number or a boolean;
/// `None` for a list, a map or null.
#[must_use]
pub fn scalar_text(value: &Value) -> Option<String> {
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
