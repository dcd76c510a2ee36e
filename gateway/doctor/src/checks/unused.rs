//! Parameters that nothing refers to: what they were for is missing, or they are left over.

use crate::finding::Finding;
use crate::view::View;

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    if !view.is_first() {
        return Vec::new();
    }
    let template = view.once.template;
    let unused = template
        .parameters()
        .filter(|one| !template.uses(one.name()));
    unused
        .map(|parameter| {
            view.error_at(
                "parameter-unused",
                &["Parameters", parameter.name()],
                "nothing refers to it",
                "take it away, or put back what it was for",
            )
            .warning()
        })
        .collect()
}
