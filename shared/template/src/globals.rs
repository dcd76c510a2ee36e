//! SAM's `Globals`: properties that resources of one kind share.
//!
//! From the SAM guide, "Globals section": what a resource says itself wins, maps are merged at
//! any depth, a list in `Globals` comes before the resource's own. A function call counts as one
//! value. `IgnoreGlobals` lists the properties that a resource does not take, or is `*`.

use crate::template::Template;
use crate::yaml::{Kind, Node};

/// The properties of `resource` with those that `Globals` adds, if it adds any.
pub(crate) fn merged(template: &Template, kind: &str, resource: &Node) -> Option<Node> {
    let section = kind.strip_prefix("AWS::Serverless::")?;
    let mut globals = template.section("Globals").get(section)?.clone();
    let ignored = resource.get("IgnoreGlobals");
    if let (Some(ignored), Kind::Map(entries)) = (ignored, &mut globals.kind) {
        let names: Vec<_> = ignored
            .list()
            .unwrap_or_default()
            .iter()
            .filter_map(Node::text)
            .collect();
        entries.retain(|name, _| ignored.text() != Some("*") && !names.contains(&name.as_str()));
    }
    Some(match resource.get("Properties") {
        Some(own) if !own.is_null() => merge(globals, own),
        _ => globals,
    })
}

fn merge(global: Node, own: &Node) -> Node {
    let kind = match (global.kind, &own.kind) {
        (Kind::Map(mut entries), Kind::Map(own)) => {
            for (key, node) in own {
                let node = match entries.remove(key) {
                    Some(global) => merge(global, node),
                    None => node.clone(),
                };
                entries.insert(key.clone(), node);
            }
            Kind::Map(entries)
        }
        (Kind::List(mut items), Kind::List(own)) => {
            items.extend_from_slice(own);
            Kind::List(items)
        }
        (_, own) => own.clone(),
    };
    Node {
        place: own.place,
        end: own.end,
        kind,
    }
}
