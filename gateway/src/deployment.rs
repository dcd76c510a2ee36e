//! What a template deploys, as far as this machine can run it.

mod attributes;
mod authorizer;
mod functions;
mod gateways;
mod left_out;
mod names;
mod policies;
mod pool;
mod properties;
mod schema;
mod target;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use issuer::Pool;
use policy::{Engine, ToolSchema};
use template::{Environment, Error, Errors, Place, Resolved, Template};

use crate::{
    mcp::{Gateway, Tool},
    up,
};
pub use authorizer::AuthorizerConfig;
pub use functions::Function;
pub use policies::PolicySet;

/// The functions and gateways of a template.
#[derive(Debug)]
pub struct Deployment {
    /// The functions that run here, by the name under which they are invoked (their logical id,
    /// as in SAM).
    pub functions: BTreeMap<String, Function>,
    /// The gateways, by logical id.
    pub gateways: BTreeMap<String, Declared>,
    /// The user pools, by id.
    pub pools: BTreeMap<String, Pool>,
    /// What is not run here or not known here and why, one line each.
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
        let folder = up::folder(path);
        let mut deployment = Self::of(&resolved, &environment, folder).map_err(|problems| {
            let mut lines: Vec<_> = problems
                .iter()
                .map(|p| p.render(&file, &template))
                .collect();
            lines.sort();
            let lines: Vec<_> = lines.into_iter().map(|(_, line)| line).collect();
            DeploymentError::Invalid(lines.join("\n"))
        })?;
        deployment.skipped.extend(macros(&template));
        Ok(deployment)
    }

    fn of(
        resolved: &Resolved,
        environment: &Environment,
        folder: &Path,
    ) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut skipped = Vec::new();
        let functions = functions::read(resolved, folder, &mut skipped, &mut problems);
        let gateways = gateways::read(resolved, environment, &mut skipped, &mut problems);
        let pools = pool::read(resolved, &environment.region, &mut skipped, &mut problems);
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

/// Something wrong in the template.
#[derive(Debug)]
struct Problem {
    /// The steps to it, or the path as its reader has it.
    path: Vec<String>,
    /// Known if its reader had it.
    place: Option<Place>,
    message: String,
}

impl Problem {
    fn at(path: &[&str], message: impl Into<String>) -> Self {
        Self {
            path: path.iter().map(|&step| step.to_owned()).collect(),
            place: None,
            message: message.into(),
        }
    }

    fn in_property(id: &str, path: &[&str], message: impl Into<String>) -> Self {
        Self::at(&[&["Resources", id, "Properties"], path].concat(), message)
    }

    /// A value that is needed here and that only AWS knows.
    fn unknown(error: &Error) -> Self {
        let mut problem = Self::from(error);
        problem.message += "; a parameter in its place can be given with --parameter";
        problem
    }

    /// Its place, and the line as a compiler prints it.
    fn render(&self, file: &str, template: &Template) -> (Place, String) {
        let steps: Vec<&str> = self.path.iter().map(String::as_str).collect();
        let place = self.place.unwrap_or_else(|| template.place_of(&steps));
        let mut path = String::new();
        for step in steps {
            path += &match step.parse::<usize>() {
                Ok(index) => format!("[{index}]"),
                Err(_) if path.is_empty() => step.to_owned(),
                Err(_) => format!(".{step}"),
            };
        }
        (place, format!("{file}:{place}: {path}: {}", self.message))
    }
}

impl From<&Error> for Problem {
    fn from(error: &Error) -> Self {
        Self {
            path: vec![error.path.clone()],
            place: Some(error.place),
            message: error.message.clone(),
        }
    }
}

/// One line for each macro of the user's own: only AWS runs it.
fn macros(template: &Template) -> impl Iterator<Item = String> {
    let names = template.transforms().into_iter();
    let others = names
        .filter(|name| !name.starts_with("AWS::Serverless-") && *name != "AWS::LanguageExtensions");
    others.map(|name| format!("Transform ({name}): the template is read as it stands"))
}

/// One line for each type of resource that only AWS runs.
fn not_emulated(resolved: &Resolved) -> Vec<String> {
    let mut by_kind: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for resource in resolved.resources.values() {
        let kind = resource.kind.as_str();
        let emulated = [
            gateways::KIND,
            target::KIND,
            policies::ENGINE,
            policies::POLICY,
        ];
        let emulated = [&emulated[..], &functions::KINDS, &pool::KINDS].concat();
        if !emulated.contains(&kind) {
            by_kind
                .entry(&resource.kind)
                .or_default()
                .insert(&resource.logical_id);
        }
    }
    let line = |(kind, ids): (&str, BTreeSet<&str>)| {
        let ids = ids.into_iter().collect::<Vec<_>>().join(", ");
        // A macro among the resources.
        let note = match kind.starts_with("Fn::") {
            true => ": what it makes is not read",
            false => "",
        };
        format!("{kind} ({ids}){note}")
    };
    by_kind.into_iter().map(line).collect()
}
