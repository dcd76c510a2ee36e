//! The checks, one per file. Each looks at the template in one scenario.

mod account_quotas;
mod alarms;
mod authorizer;
mod boundaries;
mod build;
mod conditions;
mod confused_deputy;
mod coverage;
mod cycles;
mod encryption;
mod exposure;
mod function_role;
mod functions;
mod interceptors;
mod logs;
mod names;
mod order;
mod policies;
mod policy_engine;
mod policy_version;
mod providers;
mod quotas;
mod readiness;
mod runtime;
mod runtime_role;
mod schema;
mod secret_literals;
mod secret_parameters;
mod secrets;
mod sender;
mod shared_names;
mod targets;
mod tokens;
mod tools;
mod trust;
mod unresolved;
mod unused;
mod wildcards;

use crate::finding::Finding;
use crate::view::View;

/// What a check is.
pub(crate) type Check = fn(&View<'_>) -> Vec<Finding>;

/// All checks.
pub(crate) const ALL: &[Check] = &[
    account_quotas::check,
    alarms::check,
    authorizer::check,
    boundaries::check,
    build::check,
    conditions::check,
    confused_deputy::check,
    coverage::check,
    cycles::check,
    encryption::check,
    exposure::check,
    function_role::check,
    functions::check,
    interceptors::check,
    logs::check,
    names::check,
    order::check,
    policies::check,
    policy_engine::check,
    policy_version::check,
    providers::check,
    quotas::check,
    readiness::check,
    runtime::check,
    runtime_role::check,
    schema::check,
    secret_literals::check,
    secret_parameters::check,
    secrets::check,
    sender::check,
    shared_names::check,
    targets::check,
    tokens::check,
    tools::check,
    trust::check,
    unresolved::check,
    unused::check,
    wildcards::check,
];
