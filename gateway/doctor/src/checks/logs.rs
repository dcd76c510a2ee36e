//! Log groups that are kept for ever.

use crate::finding::Finding;
use crate::view::{LOG_GROUP, View};

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let groups = view.of_kind(LOG_GROUP);
    groups
        .filter(|group| group.get(&["RetentionInDays"]).is_none())
        .map(|group| {
            view.error(
                "log-retention",
                group,
                &[],
                "its logs are kept for ever",
                "add RetentionInDays",
            )
            .warning()
        })
        .collect()
}
