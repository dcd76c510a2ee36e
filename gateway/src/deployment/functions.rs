//! Lambda functions: the Rust ones, with what their process is told.

use std::{collections::BTreeMap, path::Path, time::Duration};

use serde_json::Value;
use template::{Resolved, Resource};

use super::{
    Problem, left_out,
    properties::{get, text, whole},
};

/// SAM's functions and CloudFormation's.
pub(super) const KINDS: [&str; 2] = ["AWS::Serverless::Function", "AWS::Lambda::Function"];
const BUILD_METHOD: &str = "rust-cargolambda";

/// What a process here is told of its properties.
const TOLD: [&str; 7] = [
    "Code",
    "CodeUri",
    "Environment",
    "Handler",
    "LoggingConfig",
    "MemorySize",
    "Timeout",
];

/// A function that can be built and run here.
#[derive(Debug, Clone)]
pub struct Function {
    /// The binary target's name (`Metadata.BuildProperties.Binary`); without one it is the only
    /// binary of the package in the folder (SAM guide, "Building Rust Lambda functions").
    pub binary: Option<String>,
    /// The folder that is built, relative to the template (`CodeUri`).
    pub code_uri: String,
    /// How long a call may take (`Timeout`, 3 s unless set).
    pub timeout: Duration,
    /// In MB (`MemorySize`, 128 unless set); told, not enforced.
    pub memory_mb: u32,
    /// `Handler`.
    pub handler: String,
    /// `LoggingConfig.LogFormat`.
    pub log_format: Option<String>,
    /// `Environment.Variables`.
    pub environment: BTreeMap<String, String>,
}

/// The functions that run here. `folder` is the template's.
pub(super) fn read(
    resolved: &Resolved,
    folder: &Path,
    skipped: &mut Vec<String>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Function> {
    let mut functions = BTreeMap::new();
    let resources = resolved.resources.values();
    for resource in resources.filter(|r| KINDS.contains(&r.kind.as_str())) {
        let id = &resource.logical_id;
        let metadata = match &resource.metadata {
            Err(errors) => {
                problems.extend(errors.iter().map(Problem::from));
                continue;
            }
            Ok(metadata) => metadata,
        };
        if let Some(reason) = not_run(resource, metadata, folder) {
            let kind = &resource.kind;
            skipped.push(format!(
                "{kind} ({id}): {reason}; its calls need --lambda-endpoint"
            ));
            continue;
        }
        skipped.extend(left_out::unknown(resource, &TOLD));
        let mut found = left_out::wrong(resource);
        let function = function(resource, metadata, &mut found);
        problems.extend(found);
        functions.insert(id.clone(), function);
    }
    functions
}

/// Why a function is not run here, if it is not.
fn not_run(resource: &Resource, metadata: &Value, folder: &Path) -> Option<String> {
    let properties = &resource.known;
    if get(metadata, &["BuildMethod"]).and_then(Value::as_str) != Some(BUILD_METHOD) {
        let image = get(properties, &["PackageType"]).and_then(text).as_deref() == Some("Image");
        let what = match get(properties, &["Runtime"]).and_then(text) {
            _ if image => "a container image".to_owned(),
            Some(runtime) => format!("a function in {runtime}"),
            None => "a function".to_owned(),
        };
        return Some(format!("{what} that `{BUILD_METHOD}` does not build"));
    }
    match code(properties) {
        Some(Value::String(path)) if path.contains("://") => Some("its code lies in S3".to_owned()),
        Some(Value::String(path)) if !folder.join(path).is_dir() => {
            Some(format!("there is no folder `{path}` beside the template"))
        }
        Some(Value::Object(_)) => Some("its code lies in S3".to_owned()),
        _ => None,
    }
}

fn code(properties: &Value) -> Option<&Value> {
    get(properties, &["CodeUri"]).or_else(|| get(properties, &["Code"]))
}

/// The function; whatever is wrong with it goes into `problems`.
fn function(resource: &Resource, metadata: &Value, problems: &mut Vec<Problem>) -> Function {
    let id = resource.logical_id.as_str();
    let properties = &resource.known;
    let string = |path: &[&str]| get(properties, path).and_then(text);
    let mut number = |name: &'static str, default: u64| match get(properties, &[name]) {
        None => default,
        Some(value) => whole(value).unwrap_or_else(|| {
            let message = format!("`{value}` is not a whole number");
            problems.push(Problem::in_property(id, &[name], message));
            default
        }),
    };
    let timeout = number("Timeout", 3);
    let memory = number("MemorySize", 128);
    if !(1..=900).contains(&timeout) {
        let message = format!("`{timeout}` seconds: Lambda takes 1 to 900");
        problems.push(Problem::in_property(id, &["Timeout"], message));
    }
    let mut environment = BTreeMap::new();
    let variables = get(properties, &["Environment", "Variables"]);
    if variables.is_some_and(|variables| !variables.is_object()) {
        let path = ["Environment", "Variables"];
        problems.push(Problem::in_property(id, &path, "expected a map"));
    }
    for (name, value) in variables.and_then(Value::as_object).into_iter().flatten() {
        match text(value) {
            Some(value) => drop(environment.insert(name.clone(), value)),
            None => {
                let path = ["Environment", "Variables", name];
                problems.push(Problem::in_property(id, &path, "a variable is text"));
            }
        }
    }
    let binary = get(metadata, &["BuildProperties", "Binary"]);
    if binary.is_some_and(|binary| text(binary).is_none()) {
        problems.push(Problem::at(
            &["Resources", id, "Metadata", "BuildProperties", "Binary"],
            "expected the name of a binary",
        ));
    }
    Function {
        binary: binary.and_then(text),
        code_uri: code(properties)
            .and_then(text)
            .unwrap_or_else(|| ".".to_owned()),
        timeout: Duration::from_secs(timeout),
        memory_mb: u32::try_from(memory).unwrap_or(u32::MAX),
        handler: string(&["Handler"]).unwrap_or_else(|| "bootstrap".to_owned()),
        log_format: string(&["LoggingConfig", "LogFormat"]),
        environment,
    }
}
