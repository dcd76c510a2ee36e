//! What of a resource is wrong, and what is only not known on this machine.
//!
//! A template may be right and still hold what only AWS can say: an import from another stack, an
//! attribute of a database. Where such a value is not needed here it does not matter; where it is
//! needed, it is left out and named.

use template::{Error, Resource};

use super::Problem;

/// What is wrong in the resource's properties: all of it stops the template.
pub(super) fn wrong(resource: &Resource) -> Vec<Problem> {
    let errors = errors(resource).filter(|error| !error.unknown);
    errors.map(Problem::from).collect()
}

/// One line for each value under one of the properties `wanted` that is not known here.
pub(super) fn unknown(resource: &Resource, wanted: &[&str]) -> Vec<String> {
    let line = |error: &Error| {
        let path = inside(resource, error).filter(|path| !path.is_empty());
        format!(
            "{} ({}): `{}` is left out: {}",
            resource.kind,
            resource.logical_id,
            path.unwrap_or("Properties"),
            error.message
        )
    };
    let errors = errors(resource).filter(|error| error.unknown && within(resource, error, wanted));
    errors.map(line).collect()
}

/// The same as problems, for properties without which nothing can be served.
pub(super) fn needed(resource: &Resource, properties: &[&str]) -> Vec<Problem> {
    let errors =
        errors(resource).filter(|error| error.unknown && within(resource, error, properties));
    errors.map(Problem::unknown).collect()
}

/// Whether an error is about one of the properties, or about all.
fn within(resource: &Resource, error: &Error, properties: &[&str]) -> bool {
    inside(resource, error).is_some_and(|path| {
        let property = path.split(['.', '[']).next().unwrap_or_default();
        path.is_empty() || properties.contains(&property)
    })
}

/// Why the property at `path` is absent, if that is because it is not known here.
pub(super) fn reason<'r>(resource: &'r Resource, path: &[&str]) -> Option<&'r Error> {
    let wanted = path.join(".");
    errors(resource)
        .filter(|error| error.unknown)
        .find(|error| {
            let within = |long: &str, short: &str| {
                long.strip_prefix(short).is_some_and(|rest| {
                    rest.is_empty() || short.is_empty() || rest.starts_with(['.', '['])
                })
            };
            inside(resource, error)
                .is_some_and(|path| within(path, &wanted) || within(&wanted, path))
        })
}

fn errors(resource: &Resource) -> impl Iterator<Item = &Error> {
    let errors = resource.properties.as_ref().err();
    errors.into_iter().flat_map(|errors| errors.iter())
}

/// The error's path inside the properties.
fn inside<'e>(resource: &Resource, error: &'e Error) -> Option<&'e str> {
    let path = error.path.strip_prefix("Resources.")?;
    let path = path.strip_prefix(resource.logical_id.as_str())?;
    let path = path.strip_prefix(".Properties")?;
    Some(path.strip_prefix('.').unwrap_or(path))
}
