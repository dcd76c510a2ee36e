//! The macros that a template names under `Transform`.

use crate::template::Template;
use crate::yaml::{Kind, Node};

impl Template {
    /// The names under `Transform`, such as `AWS::Serverless-2016-10-31`, in their order.
    #[must_use]
    pub fn transforms(&self) -> Vec<&str> {
        let Some(node) = self.root().get("Transform") else {
            return Vec::new();
        };
        let one = std::slice::from_ref(node);
        let nodes = node.list().unwrap_or(one).iter();
        nodes.filter_map(name).collect()
    }
}

/// A macro's name as it stands there, or under `Name` beside its parameters.
fn name(node: &Node) -> Option<&str> {
    match &node.kind {
        Kind::Map(_) => node.get("Name").and_then(Node::text),
        _ => node.text(),
    }
}

/// The macro that an entry of a section is, one that would write other entries in its place.
pub(crate) fn macro_of(key: &str) -> Option<&'static str> {
    match key.strip_prefix("Fn::ForEach::") {
        Some(_) => Some("Fn::ForEach"),
        None => (key == "Fn::Transform").then_some("Fn::Transform"),
    }
}

pub(crate) fn is_macro(key: &str) -> bool {
    macro_of(key).is_some()
}
