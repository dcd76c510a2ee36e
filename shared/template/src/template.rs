//! The template as it stands in the file: its sections, checked for shape, nothing evaluated.

use std::collections::BTreeMap;

use crate::error::{Errors, Path, Place};
use crate::near::did_you_mean;
use crate::transforms::is_macro;
use crate::yaml::{Kind, NO_ENTRIES, Node, read};

/// The sections of a template and how many entries CloudFormation takes in each (SAM template
/// anatomy; CloudFormation quotas).
const SECTIONS: [(&str, usize); 12] = [
    ("AWSTemplateFormatVersion", 0),
    ("Conditions", usize::MAX),
    ("Description", 0),
    ("Globals", usize::MAX),
    ("Hooks", 0),
    ("Mappings", 200),
    ("Metadata", 0),
    ("Outputs", 200),
    ("Parameters", 200),
    ("Resources", 500),
    ("Rules", 0),
    ("Transform", 0),
];

/// The attributes of a resource (CloudFormation resource attribute reference; the last two are
/// SAM's).
const ATTRIBUTES: [&str; 10] = [
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Metadata",
    "Properties",
    "Type",
    "UpdatePolicy",
    "UpdateReplacePolicy",
    "IgnoreGlobals",
];

/// A template that was read and has the right shape. Nothing in it is evaluated yet.
#[derive(Debug, Clone)]
pub struct Template {
    root: Node,
}

impl Template {
    /// Reads a template in YAML or JSON.
    ///
    /// # Errors
    /// Text that is no YAML (one error), or a tree that is no template (all that is wrong): an
    /// unknown section, a resource without a type, a condition that does not exist.
    pub fn parse(source: &str) -> Result<Template, Errors> {
        let root = read(source)?;
        let template = Template { root };
        template.check()?;
        Ok(template)
    }

    /// Where the value at `path` begins, such as `["Resources", "Gateway", "Properties", "Name"]`,
    /// with an index for an item of a list. If there is no such value (a property from `Globals`,
    /// a key in the result of a function), the nearest that encloses it.
    #[must_use]
    pub fn place_of(&self, path: &[&str]) -> Place {
        let mut node = &self.root;
        for step in path {
            let next = match &node.kind {
                Kind::Map(entries) => entries.get(*step),
                Kind::List(items) => step.parse().ok().and_then(|i: usize| items.get(i)),
                Kind::Scalar { .. } | Kind::Call { .. } => None,
            };
            match next {
                Some(next) => node = next,
                None => break,
            }
        }
        node.place
    }

    pub(crate) fn root(&self) -> &Node {
        &self.root
    }

    /// The sections that are there.
    pub(crate) fn sections(&self) -> impl Iterator<Item = (&str, &Node)> {
        let sections = self.root.entries().iter();
        sections.map(|(name, node)| (name.as_str(), node))
    }

    /// The entries of a section; none if it is absent.
    pub(crate) fn section(&self, name: &str) -> &BTreeMap<String, Node> {
        self.root.get(name).map_or(&NO_ENTRIES, Node::entries)
    }

    fn check(&self) -> Result<(), Errors> {
        let mut errors = Errors::default();
        if self.root.get("Resources").is_none() {
            let message = "not a template: expected a map with a section `Resources`";
            errors.take::<()>(Err(Errors::at(self.root.place, String::new(), message)));
        }
        for (name, node) in self.root.entries() {
            let path = Path::root(name);
            errors.take(match SECTIONS.iter().find(|(section, _)| section == name) {
                Some((_, 0)) => Ok(()),
                Some((_, most)) => self.check_section(name, node, *most),
                None => {
                    let near = did_you_mean(name, SECTIONS.map(|(section, _)| section));
                    Err(path.error(node.place, format!("no section of a template{near}")))
                }
            });
        }
        errors.unless_empty(())
    }

    fn check_section(&self, name: &str, section: &Node, most: usize) -> Result<(), Errors> {
        let path = Path::root(name);
        match &section.kind {
            Kind::Map(_) => {}
            Kind::Call { name, .. } if is_macro(name) => return Ok(()),
            _ => return Err(not_a_map(section, &path)),
        }
        let entries = section.entries();
        if entries.len() > most {
            let message = format!("{} entries: CloudFormation takes {most}", entries.len());
            return Err(path.error(section.place, message));
        }
        let mut errors = Errors::default();
        for (key, node) in entries {
            let path = path.key(key);
            errors.take(match name {
                "Conditions" => Ok(()),
                _ if is_macro(key) => Ok(()),
                _ if !node.is_map() => Err(not_a_map(node, &path)),
                "Resources" => self.check_resource(node, &path),
                "Outputs" => self.check_condition(node, &path),
                _ => Ok(()),
            });
        }
        errors.unless_empty(())
    }

    fn check_resource(&self, resource: &Node, path: &Path<'_>) -> Result<(), Errors> {
        let mut errors = Errors::default();
        errors.take(match resource.get("Type") {
            Some(kind) if kind.text().is_some_and(|text| !text.is_empty()) => Ok(()),
            Some(kind) => {
                let message = "expected a type such as `AWS::Serverless::Function`";
                Err(path.key("Type").error(kind.place, message))
            }
            None => Err(path.error(resource.place, "a resource needs a `Type`")),
        });
        for (name, node) in resource.entries() {
            if !ATTRIBUTES.contains(&name.as_str()) {
                let near = did_you_mean(name, ATTRIBUTES);
                let message = format!("no attribute of a resource{near}");
                errors.take::<()>(Err(path.key(name).error(node.place, message)));
            }
        }
        if let Some(properties) = resource.get("Properties")
            && matches!(properties.kind, Kind::Scalar { .. } | Kind::List(_))
            && !properties.is_null()
        {
            errors.take::<()>(Err(not_a_map(properties, &path.key("Properties"))));
        }
        errors.take(self.check_condition(resource, path));
        errors.unless_empty(())
    }

    /// A `Condition` beside a resource or an output names one that exists.
    fn check_condition(&self, entry: &Node, path: &Path<'_>) -> Result<(), Errors> {
        let Some(condition) = entry.get("Condition") else {
            return Ok(());
        };
        let path = path.key("Condition");
        let conditions = self.section("Conditions");
        match condition.text() {
            Some(name) if conditions.contains_key(name) => Ok(()),
            Some(name) => {
                let near = did_you_mean(name, conditions.keys().map(String::as_str));
                Err(path.error(condition.place, format!("unknown condition `{name}`{near}")))
            }
            None => Err(path.error(condition.place, "expected the name of a condition")),
        }
    }
}

fn not_a_map(node: &Node, path: &Path<'_>) -> Errors {
    match &node.kind {
        Kind::Call { name, .. } => path.error(node.place, format!("`{name}` cannot stand here")),
        _ => path.error(node.place, "expected a map"),
    }
}
