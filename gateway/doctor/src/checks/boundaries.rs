//! Roles without the permissions boundary that others have: who deploys may have to give one.

use crate::finding::Finding;
use crate::view::{ROLE, View};

const BOUNDARY: &str = "PermissionsBoundary";

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let Some(example) = view
        .of_kind(ROLE)
        .find(|role| role.get(&[BOUNDARY]).is_some())
    else {
        return Vec::new();
    };
    let without = view
        .of_kind(ROLE)
        .filter(|role| role.get(&[BOUNDARY]).is_none());
    without
        .map(|role| {
            view.error(
                "role-boundary",
                role,
                &[],
                format!("has no permissions boundary, unlike `{}`", example.id),
                "set PermissionsBoundary to the same policy",
            )
            .warning()
        })
        .collect()
}
