//! A template with everything in it evaluated.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::error::{Errors, Path, Place};
use crate::evaluate::{Evaluation, kind_of};
use crate::globals;
use crate::parameters;
use crate::template::Template;
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
                "arn:{partition}:cloudformation:{region}:{account_id}:stack/{stack_name}/00000000-0000-0000-0000-000000000000"
            )
            .into(),
            "AWS::StackName" => stack_name.clone().into(),
            "AWS::URLSuffix" if partition == "aws-cn" => "amazonaws.com.cn".into(),
            "AWS::URLSuffix" => "amazonaws.com".into(),
            _ => return None,
        })
    }
}

/// A value of a resource that only the one who runs it knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference<'a> {
    /// The resource's name in the template.
    pub logical_id: &'a str,
    /// Its type, such as `AWS::BedrockAgentCore::Gateway`.
    pub kind: &'a str,
    /// The attribute that `Fn::GetAtt` asks for; `None` for `Ref`.
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
    /// Its metadata, an object.
    pub metadata: Result<Value, Errors>,
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
        for (name, node) in self.section("Outputs") {
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
        Resource {
            logical_id: id.to_owned(),
            kind: kind_of(node).to_owned(),
            place: node.place,
            properties: self.properties(node, &path.key("Properties")),
            metadata: self.part(node, "Metadata", &path.key("Metadata")),
        }
    }

    fn properties(&self, resource: &Node, path: &Path<'_>) -> Result<Value, Errors> {
        // Before a merge that copies, so that copies end where the budget ends.
        self.charge(1, resource, path)?;
        match globals::merged(self.template, kind_of(resource), resource) {
            Some(node) => self.required(&node, path),
            None => self.part(resource, "Properties", path),
        }
    }

    /// An entry that is an object, or an empty one if it is absent.
    fn part(&self, entry: &Node, key: &str, path: &Path<'_>) -> Result<Value, Errors> {
        match entry.get(key) {
            Some(node) if !node.is_null() => self.required(node, path),
            _ => Ok(Value::Object(serde_json::Map::new())),
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
