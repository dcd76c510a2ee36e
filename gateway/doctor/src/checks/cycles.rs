//! Resources that wait for each other, with those that SAM makes.

use crate::finding::Finding;
use crate::view::View;

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let cycles = view.graph.cycles().into_iter();
    cycles
        .map(|way| {
            let declared = way
                .iter()
                .find(|id| view.resolved.resources.contains_key(*id))
                .cloned()
                .unwrap_or_default();
            view.error_at(
                "dependency-cycle",
                &["Resources", &declared],
                format!("waits for itself: {}", way.join(" -> ")),
                "take one of these references out: name the resource by a pattern of its name, or look the value up when the function runs",
            )
        })
        .collect()
}
