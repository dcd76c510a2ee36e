//! Whether anything refers to a parameter.

use crate::template::Template;
use crate::yaml::{Kind, Node};

impl Template {
    /// Whether a `Ref` or an `Fn::Sub` outside `Parameters` names the parameter, in whatever branch.
    #[must_use]
    pub fn uses(&self, parameter: &str) -> bool {
        let sections = self.sections();
        sections
            .filter(|(section, _)| *section != "Parameters")
            .any(|(_, node)| names(node, parameter))
    }
}

fn names(node: &Node, parameter: &str) -> bool {
    match &node.kind {
        Kind::Scalar { .. } => false,
        Kind::List(items) => items.iter().any(|item| names(item, parameter)),
        Kind::Map(entries) => entries.values().any(|entry| names(entry, parameter)),
        Kind::Call { name, argument } => {
            let text = argument
                .list()
                .and_then(<[Node]>::first)
                .unwrap_or(argument);
            let text = text.text().unwrap_or_default();
            let here = match name.as_str() {
                "Ref" => text == parameter,
                "Fn::Sub" => text
                    .split("${")
                    .skip(1)
                    .any(|rest| rest.split('}').next().map(str::trim) == Some(parameter)),
                _ => false,
            };
            here || names(argument, parameter)
        }
    }
}
