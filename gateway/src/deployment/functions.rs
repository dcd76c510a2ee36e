//! `AWS::Serverless::Function`: the Rust ones, with what their process is told.

use std::{collections::BTreeMap, time::Duration};

use serde_json::Value;
use template::{Resolved, Resource};

use super::{
    Problem,
    properties::{get, text, whole},
};

pub(super) const KIND: &str = "AWS::Serverless::Function";
const BUILD_METHOD: &str = "rust-cargolambda";

/// A function that can be built and run here.
#[derive(Debug, Clone)]
pub struct Function {
    /// The binary target's name in the workspace (`Metadata.BuildProperties.Binary`).
    pub binary: String,
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

pub(super) fn read(
    resolved: &Resolved,
    skipped: &mut Vec<String>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Function> {
    let mut functions = BTreeMap::new();
    for resource in resolved.resources.values().filter(|r| r.kind == KIND) {
        let id = &resource.logical_id;
        match function(resource) {
            Ok(Some(function)) => {
                functions.insert(id.clone(), function);
            }
            Ok(None) => skipped.push(format!(
                "{KIND} ({id}): not built by `{BUILD_METHOD}`; run it elsewhere and name it with --lambda-endpoint"
            )),
            Err(problem) => problems.push(problem),
        }
    }
    functions
}

fn function(resource: &Resource) -> Result<Option<Function>, Problem> {
    let id = resource.logical_id.as_str();
    let metadata = resource.metadata.as_ref().map_err(Problem::from)?;
    if get(metadata, &["BuildMethod"]).and_then(Value::as_str) != Some(BUILD_METHOD) {
        return Ok(None);
    }
    let binary = get(metadata, &["BuildProperties", "Binary"])
        .and_then(Value::as_str)
        .ok_or_else(|| {
            Problem::at(
                &["Resources", id, "Metadata"],
                "`BuildProperties.Binary` is missing: name the binary that this function runs",
            )
        })?;
    let properties = resource.properties.as_ref().map_err(Problem::from)?;
    let at = |name: &str| {
        ["Resources", id, "Properties", name]
            .map(str::to_owned)
            .to_vec()
    };
    let number = |name: &str, default: u64| match get(properties, &[name]) {
        None => Ok(default),
        Some(value) => whole(value)
            .ok_or_else(|| Problem(Some(at(name)), format!("`{value}` is not a whole number"))),
    };
    let string = |path: &[&str]| get(properties, path).and_then(text);
    let timeout = number("Timeout", 3)?;
    if !(1..=900).contains(&timeout) {
        let message = format!("`{timeout}` seconds: Lambda takes 1 to 900");
        return Err(Problem(Some(at("Timeout")), message));
    }
    let memory = number("MemorySize", 128)?;
    let variables = get(properties, &["Environment", "Variables"]).and_then(Value::as_object);
    let environment = variables.into_iter().flatten().map(|(name, value)| {
        let value = text(value).ok_or_else(|| {
            Problem(
                Some(at("Environment")),
                format!("variable `{name}` is not text"),
            )
        })?;
        Ok::<_, Problem>((name.clone(), value))
    });
    Ok(Some(Function {
        binary: binary.to_owned(),
        code_uri: string(&["CodeUri"]).unwrap_or_else(|| ".".to_owned()),
        timeout: Duration::from_secs(timeout),
        memory_mb: u32::try_from(memory).unwrap_or(u32::MAX),
        handler: string(&["Handler"]).unwrap_or_else(|| "bootstrap".to_owned()),
        log_format: string(&["LoggingConfig", "LogFormat"]),
        environment: environment.collect::<Result<_, _>>()?,
    }))
}
