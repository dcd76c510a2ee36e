//! The intrinsic functions that give values (CloudFormation guide, "Intrinsic function reference").

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::error::{Errors, Path};
use crate::evaluate::{Evaluation, scalar_text};
use crate::near::did_you_mean;
use crate::yaml::{Kind, Node};

const VALUES: [&str; 11] = [
    "Ref",
    "Fn::Base64",
    "Fn::FindInMap",
    "Fn::GetAtt",
    "Fn::If",
    "Fn::Join",
    "Fn::Length",
    "Fn::Select",
    "Fn::Split",
    "Fn::Sub",
    "Fn::ToJsonString",
];

/// The macro that brings `Fn::Length`, `Fn::ToJsonString` and `DefaultValue` (CloudFormation guide,
/// "AWS::LanguageExtensions transform").
const EXTENSIONS: &str = "AWS::LanguageExtensions";

impl Evaluation<'_> {
    pub(crate) fn call(
        &self,
        name: &str,
        argument: &Node,
        node: &Node,
        path: &Path<'_>,
    ) -> Result<Option<Value>, Errors> {
        match name {
            "Ref" => match argument.text() {
                Some(name) => self.reference(name, node, path),
                None => Err(path.error(node.place, "`Ref` takes a name")),
            },
            "Fn::If" => self.choice(argument, path),
            "Fn::GetAtt" => self.get_att(argument, path).map(Some),
            "Fn::Sub" => self.sub(argument, path).map(Some),
            "Fn::Join" => self.join(argument, path).map(Some),
            "Fn::Split" => self.split(argument, path).map(Some),
            "Fn::Select" => self.select(argument, path).map(Some),
            "Fn::FindInMap" => self.find_in_map(argument, path).map(Some),
            "Fn::Base64" => {
                let text = self.text(argument, path)?;
                Ok(Some(STANDARD.encode(text).into()))
            }
            "Fn::And" | "Fn::Equals" | "Fn::Not" | "Fn::Or" | "Condition" => {
                let message = format!(
                    "`{name}` stands only under `Conditions`: name the condition there and use `Fn::If`"
                );
                Err(path.error(node.place, message))
            }
            "Fn::Length" => {
                self.extended(name, node, path)?;
                Ok(Some(self.items(argument, path)?.len().into()))
            }
            "Fn::ToJsonString" => {
                self.extended(name, node, path)?;
                Ok(Some(self.required(argument, path)?.to_string().into()))
            }
            "Fn::Cidr" | "Fn::GetAZs" | "Fn::ImportValue" | "Fn::Transform" => {
                Err(path.unknown(node.place, format!("`{name}` is not evaluated locally")))
            }
            _ => {
                let near = did_you_mean(name, VALUES);
                let message = format!("`{name}` is no function that gives a value{near}");
                Err(path.error(node.place, message))
            }
        }
    }

    /// `Fn::If: [condition, then, otherwise]`: what is not chosen is not looked at.
    fn choice(&self, argument: &Node, path: &Path<'_>) -> Result<Option<Value>, Errors> {
        let [condition, then, otherwise] = arguments(
            argument,
            path,
            "`Fn::If` takes a condition's name and two values",
        )?;
        let Some(name) = condition.text() else {
            let message = "`Fn::If` takes the name of a condition first";
            return Err(path.error(condition.place, message));
        };
        match self.named_condition(name, condition, path)? {
            true => self.value(then, path),
            false => self.value(otherwise, path),
        }
    }

    /// `Fn::GetAtt: Resource.Attribute` or `[Resource, Attribute]`.
    fn get_att(&self, argument: &Node, path: &Path<'_>) -> Result<Value, Errors> {
        let wrong = "`Fn::GetAtt` takes `Resource.Attribute` or a list of the two";
        let (id, attribute) = match argument.text() {
            Some(text) => match text.split_once('.') {
                Some((id, attribute)) => (id, attribute.to_owned()),
                None => return Err(path.error(argument.place, wrong)),
            },
            None => {
                let [id, attribute] = arguments(argument, path, wrong)?;
                let Some(id) = id.text() else {
                    return Err(path.error(id.place, wrong));
                };
                (id, self.text(attribute, path)?)
            }
        };
        self.attribute(id, &attribute, argument, path)
    }

    fn join(&self, argument: &Node, path: &Path<'_>) -> Result<Value, Errors> {
        let [delimiter, list] =
            arguments(argument, path, "`Fn::Join` takes a delimiter and a list")?;
        let delimiter = self.text(delimiter, path)?;
        let mut texts = Vec::new();
        for value in self.items(list, path)? {
            let Some(text) = scalar_text(&value) else {
                return Err(path.error(list.place, "`Fn::Join` takes a list of texts"));
            };
            self.charge(text.len() + delimiter.len(), list, path)?;
            texts.push(text);
        }
        Ok(texts.join(&delimiter).into())
    }

    fn split(&self, argument: &Node, path: &Path<'_>) -> Result<Value, Errors> {
        let [delimiter, text] =
            arguments(argument, path, "`Fn::Split` takes a delimiter and a text")?;
        let at = self.text(delimiter, path)?;
        let text = self.text(text, path)?;
        if at.is_empty() {
            return Err(path.error(
                delimiter.place,
                "`Fn::Split` takes a delimiter that is not empty",
            ));
        }
        Ok(text.split(&at).collect::<Vec<_>>().into())
    }

    fn select(&self, argument: &Node, path: &Path<'_>) -> Result<Value, Errors> {
        let [at, list] = arguments(argument, path, "`Fn::Select` takes an index and a list")?;
        let text = self.text(at, path)?;
        let mut items = self.items(list, path)?;
        match text.parse() {
            Ok(index) if index < items.len() => Ok(items.swap_remove(index)),
            _ => {
                let message = format!(
                    "`Fn::Select`: no item `{text}` in a list of {}",
                    items.len()
                );
                Err(path.error(at.place, message))
            }
        }
    }

    fn find_in_map(&self, argument: &Node, path: &Path<'_>) -> Result<Value, Errors> {
        let wrong = "`Fn::FindInMap` takes a mapping's name and two keys";
        let (keys, default) = match argument.list() {
            Some([keys @ .., options]) if keys.len() == 3 && options.is_map() => {
                let Some(default) = options.get("DefaultValue") else {
                    let message = "expected `DefaultValue: VALUE`";
                    return Err(path.error(options.place, message));
                };
                self.extended("DefaultValue", options, path)?;
                (keys, Some(default))
            }
            Some(keys) => (keys, None),
            None => return Err(path.error(argument.place, wrong)),
        };
        if keys.len() != 3 {
            return Err(path.error(argument.place, wrong));
        }
        let mut entries = self.template.section("Mappings");
        let mut found = argument;
        for key in keys {
            let name = self.text(key, path)?;
            found = match (entries.get(&name), default) {
                (Some(node), _) => node,
                (None, Some(default)) => return self.required(default, path),
                (None, None) => {
                    let message = format!("`Fn::FindInMap`: no entry `{name}`");
                    // The region and the account here are made up; where it is deployed they
                    // may well have an entry.
                    if let Some(pseudo) = pseudo_parameter(key) {
                        let message = format!("{message} for the local `{pseudo}`");
                        return Err(path.unknown(key.place, message));
                    }
                    let near = did_you_mean(&name, entries.keys().map(String::as_str));
                    return Err(path.error(key.place, format!("{message}{near}")));
                }
            };
            entries = found.entries();
        }
        self.required(found, path)
    }

    /// That the template has the macro that `what` needs.
    fn extended(&self, what: &str, node: &Node, path: &Path<'_>) -> Result<(), Errors> {
        if self.template.transforms().contains(&EXTENSIONS) {
            return Ok(());
        }
        let message = format!("`{what}` needs `{EXTENSIONS}` under `Transform`");
        Err(path.error(node.place, message))
    }

    /// The items of a list that stands there or that a function gives.
    fn items(&self, node: &Node, path: &Path<'_>) -> Result<Vec<Value>, Errors> {
        match self.required(node, path)? {
            Value::Array(items) => Ok(items),
            _ => Err(path.error(node.place, "expected a list")),
        }
    }

    fn text(&self, node: &Node, path: &Path<'_>) -> Result<String, Errors> {
        let value = self.required(node, path)?;
        scalar_text(&value).ok_or_else(|| path.error(node.place, "expected a text"))
    }
}

/// The name, if `node` is the `Ref` of a pseudo parameter.
fn pseudo_parameter(node: &Node) -> Option<&str> {
    let Kind::Call { name, argument } = &node.kind else {
        return None;
    };
    let name = argument.text().filter(|_| name == "Ref");
    name.filter(|name| name.starts_with("AWS::"))
}

/// Exactly `N` arguments, or the message `wrong`.
fn arguments<'n, const N: usize>(
    node: &'n Node,
    path: &Path<'_>,
    wrong: &str,
) -> Result<[&'n Node; N], Errors> {
    node.list()
        .and_then(|items| items.iter().collect::<Vec<_>>().try_into().ok())
        .ok_or_else(|| path.error(node.place, wrong))
}
