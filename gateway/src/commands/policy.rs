//! `gateway policy`: what the policies of a template say, without running it.

mod draft;

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
};

use issuer::{Issuer, Pool};
use policy::{EnforcementMode, Engine, Outlook, Principal, ToolSchema, entity_json};
use serde_json::{Map, Value, json};

use super::jwt;
use crate::{
    access::LocalKeys,
    cli::{Declared, Policy},
    deployment::{AuthorizerConfig, Deployment},
    up,
};

type BoxError = Box<dyn Error + Send + Sync>;

/// Checks the policies or prints their schema.
///
/// # Errors
/// A template without policies, or policies that the service would refuse.
pub async fn run(command: Policy) -> Result<(), BoxError> {
    match command {
        Policy::Check(options) => check(options),
        Policy::Export(options) => export(options),
        Policy::Draft(options) => draft::run(options).await,
        Policy::Schema(options) => {
            say!("{}", Loaded::read(options)?.engine.schema());
            Ok(())
        }
    }
}

/// A gateway's engine, and who can have a token for it.
struct Loaded {
    engine: Engine,
    gateway: String,
    tools: Vec<String>,
    schemas: Vec<ToolSchema>,
    policies: BTreeMap<String, String>,
    /// Those that only log: they have no say in what is allowed.
    logging: BTreeSet<String>,
    roles: Vec<Role>,
}

impl Loaded {
    fn read(options: Declared) -> Result<Self, BoxError> {
        let parameters = options.parameters.into_iter().collect();
        let deployment = Deployment::load(&options.template, parameters)?;
        let declared = up::choose(&deployment, options.gateway.as_deref())?;
        let engine = declared.engine(&options.template)?;
        let without = "the gateway has no `PolicyEngineConfiguration`: every tool is for everyone";
        let roles = match (&declared.authorizer, deployment.pool(&declared.authorizer)) {
            (AuthorizerConfig::Iam, _) => callers(options.callers),
            (_, Some(pool)) => roles(pool)?,
            (_, None) => Vec::new(),
        };
        let policies = || declared.policies.iter().flat_map(|set| &set.statements);
        let logging = policies().filter(|policy| policy.mode == EnforcementMode::LogOnly);
        Ok(Self {
            engine: engine.ok_or(without)?,
            tools: declared.gateway.tools().map(|(name, _)| name).collect(),
            logging: logging.map(|policy| policy.id.clone()).collect(),
            policies: policies()
                .map(|policy| (policy.id.clone(), policy.cedar.clone()))
                .collect(),
            schemas: declared.schemas(),
            gateway: declared.arn.clone(),
            roles,
        })
    }
}

fn export(options: Declared) -> Result<(), BoxError> {
    let loaded = Loaded::read(options)?;
    let principals = loaded.roles.iter();
    let principals: BTreeMap<_, _> = principals
        .map(|role| (&role.name, entity_json(&role.who)))
        .collect();
    let exported = json!({
        "gateway": loaded.gateway,
        "schema": loaded.engine.schema(),
        "policies": loaded.policies,
        "principals": principals,
    });
    say!("{exported:#}");
    Ok(())
}

fn check(options: Declared) -> Result<(), BoxError> {
    let loaded = Loaded::read(options)?;
    let table = Table::of(&loaded);
    table.print(&loaded.roles);
    for warning in loaded.engine.warnings() {
        say!("{warning}");
    }
    for policy in loaded.policies.keys() {
        if !table.deciding.contains(policy) && !loaded.logging.contains(policy) {
            say!("{policy}: warning: it decides nothing for any role; is a name in it misspelt?");
        }
    }
    Ok(())
}

/// Somebody who can have a token, with the claims that it has.
struct Role {
    name: String,
    who: Principal,
}

/// Callers with AWS credentials, by the last part of their ARN.
fn callers(mut arns: Vec<String>) -> Vec<Role> {
    if arns.is_empty() {
        arns.push(LocalKeys::new().arn);
    }
    let role = |arn: String| Role {
        name: arn.rsplit(':').next().unwrap_or(&arn).to_owned(),
        who: Principal::IamEntity { arn },
    };
    arns.into_iter().map(role).collect()
}

/// The machine clients and the people of a pool. Their claims are those of real tokens.
fn roles(pool: &Pool) -> Result<Vec<Role>, BoxError> {
    let issuer = Issuer::new(pool.clone(), "http://127.0.0.1:1")?;
    let mut roles = Vec::new();
    for client in pool
        .clients
        .iter()
        .filter(|client| client.flows.client_credentials)
    {
        roles.push(role(
            &client.name,
            &issuer.token_for_client(&client.id, &[])?,
        )?);
    }
    if let Some(sign_in) = pool.clients.iter().find(|client| client.flows.code) {
        for person in &pool.people {
            let token = issuer.token_for_person(&person.username, &sign_in.id)?;
            roles.push(role(&person.username, &token)?);
        }
    }
    Ok(roles)
}

fn role(name: &str, token: &str) -> Result<Role, BoxError> {
    let [_, claims]: [Map<String, Value>; 2] = jwt::parts(token)?;
    let sub = claims
        .get("sub")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    Ok(Role {
        name: name.to_owned(),
        who: Principal::OAuthUser { sub, claims },
    })
}

/// Role by tool, what it depends on, and the policies that have a say in it.
struct Table {
    rows: Vec<(String, Vec<&'static str>)>,
    depends: Vec<String>,
    deciding: BTreeSet<String>,
}

impl Table {
    fn of(loaded: &Loaded) -> Self {
        let mut table = Self {
            rows: Vec::new(),
            depends: Vec::new(),
            deciding: BTreeSet::new(),
        };
        for tool in &loaded.tools {
            let roles = loaded.roles.iter();
            let cells = roles
                .map(|role| table.cell(&loaded.engine, role, tool))
                .collect();
            table.rows.push((tool.clone(), cells));
        }
        table
    }

    fn cell(&mut self, engine: &Engine, role: &Role, tool: &str) -> &'static str {
        match engine.outlook(&role.who, tool) {
            Some(Outlook::Allow { by }) => {
                self.deciding.extend(by);
                "allow"
            }
            Some(Outlook::Depends { on }) => {
                self.depends.push(format!("{} {tool}", role.name));
                for condition in on {
                    self.depends.push(format!("  {condition}"));
                    self.deciding.insert(condition.policy);
                }
                "depends"
            }
            Some(Outlook::Deny { by }) => {
                self.deciding.extend(by);
                "deny"
            }
            None => "deny",
        }
    }

    fn print(&self, roles: &[Role]) {
        let names = self.rows.iter().map(|(tool, _)| tool.len());
        let first = names.max().unwrap_or_default();
        let width = |role: &Role| role.name.len().max("depends".len());
        let line = |head: &str, cells: Vec<&str>| {
            let cells = cells.iter().zip(roles);
            let cells: String = cells
                .map(|(cell, role)| format!("  {cell:w$}", w = width(role)))
                .collect();
            say!("{}", format!("{head:first$}{cells}").trim_end());
        };
        line("", roles.iter().map(|role| role.name.as_str()).collect());
        for (tool, cells) in &self.rows {
            line(tool, cells.clone());
        }
        if !self.depends.is_empty() {
            say!("\n{}", self.depends.join("\n"));
        }
    }
}
