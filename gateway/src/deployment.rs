//! What a template deploys, as far as this machine can run it.

mod attributes;
mod authorizer;
mod functions;
mod gateways;
mod policies;
mod pool;
mod properties;
mod schema;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use issuer::Pool;
use policy::{Engine, ToolSchema};
use template::{Environment, Errors, Resolved, Template};

use crate::mcp::{Gateway, Tool};
pub use authorizer::AuthorizerConfig;
pub use functions::Function;
pub use policies::PolicySet;

/// The functions and gateways of a template.
#[derive(Debug)]
pub struct Deployment {
    /// The functions, by the name under which they are invoked (their logical id, as in SAM).
    pub functions: BTreeMap<String, Function>,
    /// The gateways, by logical id.
    pub gateways: BTreeMap<String, Declared>,
    /// The user pools, by id.
    pub pools: BTreeMap<String, Pool>,
    /// What is not run here and why, one line each.
    pub skipped: Vec<String>,
}

/// A gateway and who gets in.
#[derive(Debug, Clone)]
pub struct Declared {
    /// The gateway's tools.
    pub gateway: Gateway,
    /// Its ARN, as policies name it.
    pub arn: String,
    /// Its authoriser.
    pub authorizer: AuthorizerConfig,
    /// The policies before its tools; without a policy engine, every tool is for everyone.
    pub policies: Option<PolicySet>,
}

impl Declared {
    /// The tools as the policy engine's schema is made of them.
    pub fn schemas(&self) -> Vec<ToolSchema> {
        let tools = self.gateway.tools();
        let schema = |(name, tool): (String, &Tool)| ToolSchema {
            name,
            description: tool.description.clone(),
            input_schema: tool.input_schema.clone(),
        };
        tools.map(schema).collect()
    }

    /// The policy engine over the gateway's tools, or nothing without one.
    ///
    /// # Errors
    /// Every policy that the service would refuse, in a line each with its place.
    pub fn engine(&self, file: &Path) -> Result<Option<Engine>, DeploymentError> {
        let Some(policies) = &self.policies else {
            return Ok(None);
        };
        Engine::new(
            &self.arn,
            &self.schemas(),
            policies.statements.clone(),
            policies.mode,
        )
        .map(Some)
        .map_err(|findings| {
            let file = file.display().to_string();
            let lines: Vec<String> = findings
                .iter()
                .map(|finding| policies.place(&file, finding))
                .collect();
            DeploymentError::Invalid(lines.join("\n"))
        })
    }
}

impl Deployment {
    /// The template's pool whose tokens the authoriser takes, if it is one of the template.
    pub fn pool(&self, authorizer: &AuthorizerConfig) -> Option<&Pool> {
        let AuthorizerConfig::Jwt(config) = authorizer else {
            return None;
        };
        let of = |id: &str| format!("/{id}/.well-known/openid-configuration");
        let mut pools = self.pools.iter();
        let found = pools.find(|(id, _)| config.discovery_url.ends_with(&of(id)));
        found.map(|(_, pool)| pool)
    }
}

/// A template that cannot be run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeploymentError {
    /// The file is not there or not readable.
    #[error("cannot read the template `{}`: {source}; name another with --template", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What is wrong in it, each with its place.
    #[error("{0}")]
    Invalid(String),
}

impl Deployment {
    /// Reads the template at `path` with the given parameters.
    ///
    /// # Errors
    /// The file cannot be read, is no template, lacks a parameter, or declares a gateway, target
    /// or function that cannot be understood; all that is wrong at once.
    pub fn load(
        path: &Path,
        parameters: BTreeMap<String, String>,
    ) -> Result<Self, DeploymentError> {
        let source = std::fs::read_to_string(path).map_err(|source| DeploymentError::Read {
            path: path.to_owned(),
            source,
        })?;
        let file = path.display().to_string();
        let invalid = |errors: Errors| DeploymentError::Invalid(errors.render(&file));
        let template = Template::parse(&source).map_err(invalid)?;
        let environment = Environment {
            parameters,
            ..Environment::default()
        };
        let resolved = template
            .resolve(&environment, &|reference| {
                attributes::value(&environment, reference)
            })
            .map_err(invalid)?;
        Self::of(&resolved, &environment).map_err(|problems| {
            let at = |problem: &Problem| match &problem.0 {
                Some(path) => {
                    let names: Vec<&str> = path.iter().map(String::as_str).collect();
                    format!(
                        "{file}:{}: {}: {}",
                        template.place_of(&names),
                        path.join("."),
                        problem.1
                    )
                }
                None => problem
                    .1
                    .lines()
                    .map(|line| format!("{file}:{line}"))
                    .collect::<Vec<_>>()
                    .join("\n"),
            };
            DeploymentError::Invalid(problems.iter().map(at).collect::<Vec<_>>().join("\n"))
        })
    }

    fn of(resolved: &Resolved, environment: &Environment) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut skipped = Vec::new();
        let functions = functions::read(resolved, &mut skipped, &mut problems);
        let gateways = gateways::read(resolved, environment, &mut skipped, &mut problems);
        let pools = pool::read(resolved, &environment.region, &mut problems);
        skipped.extend(not_emulated(resolved));
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            functions,
            gateways,
            pools,
            skipped,
        })
    }
}

/// Something wrong in the template: the path to it, unless the message has its place already.
#[derive(Debug)]
struct Problem(Option<Vec<String>>, String);

impl Problem {
    fn at(path: &[&str], message: impl Into<String>) -> Self {
        let path = path.iter().map(|&name| name.to_owned()).collect();
        Self(Some(path), message.into())
    }
}

impl From<&Errors> for Problem {
    fn from(errors: &Errors) -> Self {
        Self(None, errors.to_string())
    }
}

/// One line for each type of resource that only AWS runs.
fn not_emulated(resolved: &Resolved) -> Vec<String> {
    let mut by_kind: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for resource in resolved.resources.values() {
        let kind = resource.kind.as_str();
        let emulated = [
            functions::KIND,
            gateways::KIND,
            gateways::TARGET_KIND,
            policies::ENGINE,
            policies::POLICY,
        ];
        if !emulated.contains(&kind) && !pool::KINDS.contains(&kind) {
            by_kind
                .entry(&resource.kind)
                .or_default()
                .insert(&resource.logical_id);
        }
    }
    let line = |(kind, ids): (&str, BTreeSet<&str>)| {
        format!(
            "{kind} ({})",
            ids.into_iter().collect::<Vec<_>>().join(", ")
        )
    };
    by_kind.into_iter().map(line).collect()
}
