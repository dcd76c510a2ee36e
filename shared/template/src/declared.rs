//! The resources as they stand in the file, nothing evaluated: no parameter has to be known.

use std::ops::Range;

use crate::error::Place;
use crate::evaluate::kind_of;
use crate::template::Template;
use crate::yaml::{Kind, Node};

/// A resource of the template, whatever its condition says.
#[derive(Debug, Clone, Copy)]
pub struct Declared<'t> {
    logical_id: &'t str,
    node: &'t Node,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written<'t> {
    /// Not at all, or inside what a function gives.
    Absent,
    /// As plain text.
    Text(&'t str, Place),
    /// As an intrinsic function.
    Computed(Place),
    /// As a list or a map.
    Collection(Place),
}

impl<'t> Declared<'t> {
    /// Its name in the template.
    #[must_use]
    pub fn logical_id(&self) -> &'t str {
        self.logical_id
    }

    /// Its type, such as `AWS::BedrockAgentCore::GatewayTarget`.
    #[must_use]
    pub fn kind(&self) -> &'t str {
        kind_of(self.node)
    }

    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> Place {
        self.node.place
    }

    /// The lines of its attributes, from 1, with the comments between and after them.
    #[must_use]
    pub fn lines(&self) -> Range<usize> {
        self.node.place.line..self.node.end
    }

    /// The name of the condition that it is made under.
    #[must_use]
    pub fn condition(&self) -> Option<&'t str> {
        self.node.get("Condition")?.text()
    }

    /// How the attribute or property at `path` is written, such as `["Properties", "Name"]`.
    #[must_use]
    pub fn written(&self, path: &[&str]) -> Written<'t> {
        let found = path.iter().try_fold(self.node, |node, step| node.get(step));
        let Some(node) = found else {
            return Written::Absent;
        };
        match &node.kind {
            Kind::Scalar { text, .. } => Written::Text(text, node.place),
            Kind::Call { .. } => Written::Computed(node.place),
            Kind::List(_) | Kind::Map(_) => Written::Collection(node.place),
        }
    }
}

impl Template {
    /// The resources, by logical id.
    pub fn declared(&self) -> impl Iterator<Item = Declared<'_>> {
        let resources = self.section("Resources").iter();
        resources.map(|(logical_id, node)| Declared { logical_id, node })
    }
}

#[cfg(test)]
mod tests {
    use super::Written;
    use crate::{Environment, Template};

    const TEXT: &str = "\
Parameters:
  Size: {Type: String, AllowedValues: [a, b], NoEcho: true}
Conditions:
  Small: !Equals [!Ref Size, a]
Resources:
  Target:
    Type: A::B::C
    Condition: Small
    DependsOn: Function
    Properties:
      Name: Tools
      Label: !Sub '${Function.Arn}'
      # a comment within
      Items: [!Ref Function.Alias, !If [Small, !Ref FunctionAliaslive, !Ref Other]]

  Function:
    Type: AWS::Serverless::Function
    Properties: {AutoPublishAlias: live, Role: !GetAtt Other.Arn}
  Other: {Type: A::B::C,
    Properties: {V: !Ref FunctionRole, W: !Ref Nobody}}
";

    #[test]
    fn resources_are_told_as_they_stand() {
        let template = Template::parse(TEXT).unwrap();
        let all: Vec<_> = template.declared().collect();
        let lines: Vec<_> = all.iter().map(|d| (d.logical_id(), d.lines())).collect();
        assert_eq!(
            lines,
            [("Function", 17..19), ("Other", 19..21), ("Target", 7..16)]
        );
        assert_eq!(all[2].condition(), Some("Small"));
        let name = all[2].written(&["Properties", "Name"]);
        assert!(matches!(name, Written::Text("Tools", at) if at.line == 11));
        let label = all[2].written(&["Properties", "Label"]);
        assert!(matches!(label, Written::Computed(_)));
        assert_eq!(all[2].written(&["Properties", "No"]), Written::Absent);
        let size = template.parameters().next().unwrap();
        assert_eq!(size.allowed_values(), ["a", "b"]);
        assert!(size.is_secret() && size.admits("a") && !size.admits("c"));
        assert!(template.uses("Size") && !template.uses("Sized"));
    }

    #[test]
    fn references_are_those_of_the_chosen_branches() {
        let template = Template::parse(TEXT).unwrap();
        let mut environment = Environment::default();
        environment.parameters.insert("Size".into(), "a".into());
        let resolved = template
            .resolve(&environment, &|r| {
                Some(format!("{}.{}", r.logical_id, r.attribute.unwrap_or_default()).into())
            })
            .unwrap();
        let target = &resolved.resources["Target"];
        let references: Vec<_> = target.references.iter().map(String::as_str).collect();
        assert_eq!(
            references,
            ["Function", "Function.Alias", "FunctionAliaslive"]
        );
        assert!(target.depends_on.contains("Function"));
        assert_eq!(
            target.properties.as_ref().unwrap()["Items"][0],
            "Function.Alias"
        );
        let other = &resolved.resources["Other"];
        assert!(other.properties.is_err() && other.references.contains("FunctionRole"));
    }
}
