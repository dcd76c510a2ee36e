//! What cannot be evaluated, and so cannot be checked.

use template::Errors;

use crate::finding::{Finding, Level};
use crate::view::View;

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let resources = view.resolved.resources.values();
    let resources = resources.filter_map(|resource| resource.properties.as_ref().err());
    let outputs = view
        .resolved
        .outputs
        .values()
        .filter_map(|value| value.as_ref().err());
    resources
        .chain(outputs)
        .flat_map(Errors::iter)
        .map(finding)
        .collect()
}

fn finding(error: &template::Error) -> Finding {
    let (level, remedy) = match error.unknown {
        true => (
            Level::Warning,
            "nothing, if it is right: what is inside was not checked",
        ),
        false => (Level::Error, "correct it; what is inside was not checked"),
    };
    Finding {
        check: "not-evaluated",
        level,
        place: error.place,
        path: error.path.clone(),
        what: error.message.clone(),
        remedy: remedy.to_owned(),
        scenario: None,
    }
}
