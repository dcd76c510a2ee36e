//! A template with everything in it evaluated.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Map, Value};

use crate::error::{Errors, Path, Place};
use crate::evaluate::{Evaluation, kind_of};
use crate::globals;
use crate::parameters;
use crate::template::Template;
use crate::transforms::{is_macro, macro_of};
use crate::yaml::Node;

/// What a stack knows of its surroundings, and the parameters that the caller gives. No `Debug`:
/// parameters can hold secrets.
#[derive(Clone)]
pub struct Environment {
    /// Values for parameters, by name; the others take their defaults.
    pub parameters: BTreeMap<String, String>,
    /// `AWS::Region`.
    pub region: String,
    /// `AWS::AccountId`: twelve digits.
    pub account_id: String,
    /// `AWS::Partition`: `aws`, `aws-cn`, `aws-us-gov`. `AWS::URLSuffix` follows from it.
    pub partition: String,
    /// `AWS::StackName`. `AWS::StackId` follows from it.
    pub stack_name: String,
}

impl Default for Environment {
    fn default() -> Self {
        Environment {
            parameters: BTreeMap::new(),
            region: "us-east-1".to_owned(),
            account_id: "123456789012".to_owned(),
            partition: "aws".to_owned(),
            stack_name: "local".to_owned(),
        }
    }
}

impl Environment {
    pub(crate) const PSEUDO_PARAMETERS: [&'static str; 8] = [
        "AWS::AccountId",
        "AWS::NoValue",
        "AWS::NotificationARNs",
        "AWS::Partition",
        "AWS::Region",
        "AWS::StackId",
        "AWS::StackName",
        "AWS::URLSuffix",
    ];

    /// CloudFormation guide, "Pseudo parameters reference", without `AWS::NoValue`.
    pub(crate) fn pseudo_parameter(&self, name: &str) -> Option<Value> {
        let Environment {
            region,
            account_id,
            partition,
            stack_name,
            ..
        } = self;
        Some(match name {
            "AWS::AccountId" => account_id.clone().into(),
            "AWS::NotificationARNs" => Value::Array(Vec::new()),
            "AWS::Partition" => partition.clone().into(),
            "AWS::Region" => region.clone().into(),
            "AWS::StackId" => format!(
                "arn:{partition}:cloudformation:{region}:{account_id}:stack/{stack_name}/{:08x}-6b1f-11f0-8d34-0affd2c95e6b",
                stack_part(stack_name)
            )
            .into(),
            "AWS::StackName" => stack_name.clone().into(),
            "AWS::URLSuffix" if partition == "aws-cn" => "amazonaws.com.cn".into(),
            "AWS::URLSuffix" => "amazonaws.com".into(),
            _ => return None,
        })
    }
}

/// The first part of a stack's id, another for another name: names are made of it so that stacks do
/// not meet. FNV-1a, begun so that `local` gives `51e7c2a0`.
fn stack_part(stack_name: &str) -> u32 {
    let hash = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    let fnv = |text: &str| text.bytes().fold(0x811c_9dc5, hash);
    0x51e7_c2a0 ^ fnv("local") ^ fnv(stack_name)
}

/// A value of a resource that only the one who runs it knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference<'a> {
    /// The resource's name in the template.
    pub logical_id: &'a str,
    /// Its type, such as `AWS::BedrockAgentCore::Gateway`.
    pub kind: &'a str,
    /// The attribute that `Fn::GetAtt` asks for; `None` for `Ref`.
    /// A `Ref` of what a SAM function publishes, `!Ref Function.Alias`, is the attribute `Alias`.
    pub attribute: Option<&'a str>,
}

/// A template with its functions evaluated. `Debug` shows names only: values can hold secrets.
#[derive(Clone)]
pub struct Resolved {
    /// The parameters' values: text, or a list of texts. Without those whose value lies in SSM
    /// Parameter Store.
    pub parameters: BTreeMap<String, Value>,
    /// The conditions.
    pub conditions: BTreeMap<String, bool>,
    /// The resources by logical id, without those whose condition is false.
    pub resources: BTreeMap<String, Resource>,
    /// The outputs' values, without those whose condition is false.
    pub outputs: BTreeMap<String, Result<Value, Errors>>,
}

/// A resource. What cannot be evaluated in it is an error only for the one who reads it, so that
/// a template may hold resources that nothing here can run. `Debug` leaves the values out.
#[derive(Clone)]
pub struct Resource {
    /// Its name in the template.
    pub logical_id: String,
    /// Its type, such as `AWS::Serverless::Function`.
    pub kind: String,
    /// Where it stands.
    pub place: Place,
    /// Its properties, an object, with what `Globals` adds. A number or a boolean that comes from
    /// a parameter is text: CloudFormation converts it by what the property expects.
    pub properties: Result<Value, Errors>,
    /// The same without what cannot be evaluated.
    pub known: Value,
    /// Its metadata, an object.
    pub metadata: Result<Value, Errors>,
    /// `DependsOn`, also of resources that are left out or not there.
    pub depends_on: BTreeSet<String>,
    /// The resources that its properties refer to as evaluated, by logical id: also of those that
    /// SAM makes (`FunctionRole`), and `Function.Alias` or `Function.Version` for what a function
    /// publishes. If the properties cannot be evaluated, as far as they could.
    pub references: BTreeSet<String>,
}

impl fmt::Debug for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Resource {
            logical_id,
            kind,
            place,
            ..
        } = self;
        write!(f, "{logical_id}: {kind} at {place}")
    }
}

impl fmt::Debug for Resolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resolved")
            .field("resources", &self.resources.values())
            .finish_non_exhaustive()
    }
}

impl Template {
    /// Evaluates the template. `attributes` gives what `Ref` and `Fn::GetAtt` say of resources,
    /// and `None` for what it does not know.
    ///
    /// # Errors
    /// Parameters that are missing, unknown or do not fit, or else conditions that cannot be
    /// evaluated: without them nothing in the template is known. All of them at once. What is
    /// wrong in a resource or an output lies in its own result.
    pub fn resolve(
        &self,
        environment: &Environment,
        attributes: &dyn Fn(Reference<'_>) -> Option<Value>,
    ) -> Result<Resolved, Errors> {
        let evaluation = Evaluation {
            template: self,
            environment,
            attributes,
            parameters: parameters::values(self, &environment.parameters)?,
            conditions: RefCell::default(),
            pending: RefCell::default(),
            references: RefCell::default(),
            spent: Cell::new(0),
            depth: Cell::new(0),
        };
        evaluation.evaluate_conditions()?;
        let mut resources = BTreeMap::new();
        for (id, node) in self.section("Resources") {
            if evaluation.included(node)? {
                resources.insert(id.clone(), evaluation.resolved_resource(id, node));
            }
        }
        let mut outputs = BTreeMap::new();
        let declared = self.section("Outputs").iter();
        for (name, node) in declared.filter(|(name, _)| !is_macro(name)) {
            if evaluation.included(node)? {
                outputs.insert(name.clone(), evaluation.output(name, node));
            }
        }
        let conditions = evaluation.conditions.into_inner().into_iter();
        let parameters = evaluation.parameters.into_iter();
        Ok(Resolved {
            conditions: conditions
                .filter_map(|(name, held)| Some((name.to_owned(), held?)))
                .collect(),
            parameters: parameters
                .filter_map(|(name, value)| Some((name, value?)))
                .collect(),
            resources,
            outputs,
        })
    }
}

impl Evaluation<'_> {
    fn resolved_resource(&self, id: &str, node: &Node) -> Resource {
        let path = Path::root("Resources");
        let path = path.key(id);
        let metadata = self.part(node, "Metadata", &path.key("Metadata"));
        self.references.take();
        let (known, errors) = self.properties(node, &path.key("Properties"));
        // A macro stands among the resources that it would make.
        let kind = macro_of(id).unwrap_or_else(|| kind_of(node));
        let depends_on = node.get("DependsOn").into_iter();
        let depends_on =
            depends_on.flat_map(|on| on.list().unwrap_or(std::slice::from_ref(on)).iter());
        Resource {
            logical_id: id.to_owned(),
            kind: kind.to_owned(),
            place: node.place,
            properties: errors.unless_empty(known.clone()),
            known,
            metadata,
            depends_on: depends_on
                .filter_map(Node::text)
                .map(str::to_owned)
                .collect(),
            references: self.references.take(),
        }
    }

    /// The properties as far as they can be evaluated, and what is wrong with the rest.
    fn properties(&self, resource: &Node, path: &Path<'_>) -> (Value, Errors) {
        let mut errors = Errors::default();
        let mut known = None;
        // Before a merge that copies, so that copies end where the budget ends.
        if errors.take(self.charge(1, resource, path)).is_some() {
            let merged = globals::merged(self.template, kind_of(resource), resource);
            let node = merged.as_ref().or_else(|| resource.get("Properties"));
            known = node
                .filter(|node| !node.is_null())
                .and_then(|node| self.known(node, path, &mut errors));
        }
        (known.unwrap_or_else(|| Value::Object(Map::new())), errors)
    }

    /// An entry that is an object, or an empty one if it is absent.
    fn part(&self, entry: &Node, key: &str, path: &Path<'_>) -> Result<Value, Errors> {
        match entry.get(key) {
            Some(node) if !node.is_null() => self.required(node, path),
            _ => Ok(Value::Object(Map::new())),
        }
    }

    fn output(&self, name: &str, node: &Node) -> Result<Value, Errors> {
        let path = Path::root("Outputs");
        let path = path.key(name);
        match node.get("Value") {
            Some(value) => self.required(value, &path.key("Value")),
            None => Err(path.error(node.place, "an output needs a `Value`")),
        }
    }
}
