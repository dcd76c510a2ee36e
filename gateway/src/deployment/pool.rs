//! The Cognito user pools of a template, as the local issuer serves them.
//!
//! Ids are the logical ids, so that they are the same in every run; secrets are made anew. For
//! each group there is one person, who signs in with a password that the login page shows.

use std::{collections::BTreeMap, time::Duration};

use issuer::{Client, Flows, Person, Pool, Secret};
use serde_json::Value;
use template::{Resolved, Resource};

use super::{
    Problem, left_out,
    properties::{get, text, texts, whole},
};

const POOL: &str = "AWS::Cognito::UserPool";
const SERVER: &str = "AWS::Cognito::UserPoolResourceServer";
const CLIENT: &str = "AWS::Cognito::UserPoolClient";
const GROUP: &str = "AWS::Cognito::UserPoolGroup";
/// What a local issuer stands for; a domain is part of it.
pub(super) const KINDS: [&str; 5] = [POOL, SERVER, CLIENT, GROUP, "AWS::Cognito::UserPoolDomain"];

/// What is read of a client's, a group's and a resource server's properties.
const READ: [&str; 11] = [
    "AccessTokenValidity",
    "AllowedOAuthFlows",
    "AllowedOAuthScopes",
    "CallbackURLs",
    "ClientName",
    "GenerateSecret",
    "GroupName",
    "Identifier",
    "RefreshTokenValidity",
    "Scopes",
    "TokenValidityUnits",
];

/// What people are called: by the first letter of their group, so that one can guess.
const NAMES: [&str; 26] = [
    "ana", "ben", "cleo", "dan", "eva", "finn", "gus", "hana", "ida", "jon", "kim", "leo", "mia",
    "nils", "olga", "pia", "quin", "rosa", "sam", "tina", "ugo", "vera", "will", "xena", "yara",
    "zoe",
];

/// The pools by id.
pub(super) fn read(
    resolved: &Resolved,
    region: &str,
    skipped: &mut Vec<String>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Pool> {
    let of_kind = |kind: &'static str| resolved.resources.values().filter(move |r| r.kind == kind);
    let mut pools: BTreeMap<String, Pool> = of_kind(POOL)
        .map(|resource| {
            let id = super::attributes::user_pool(region, &resource.logical_id);
            let pool = Pool {
                id: id.clone(),
                scopes: Default::default(),
                clients: Vec::new(),
                people: Vec::new(),
            };
            (id, pool)
        })
        .collect();
    let parts = [SERVER, CLIENT, GROUP].into_iter().flat_map(of_kind);
    for resource in parts {
        problems.extend(left_out::wrong(resource));
        let properties = &resource.known;
        let pool = get(properties, &["UserPoolId"]).and_then(Value::as_str);
        if let Some(pool) = pool.and_then(|id| pools.get_mut(id)) {
            skipped.extend(left_out::unknown(resource, &READ));
            add(pool, resource, properties);
        }
    }
    for pool in pools.values_mut().filter(|pool| pool.people.is_empty()) {
        let person = person(pool, NAMES[0], None);
        pool.people.push(person);
    }
    pools
}

fn add(pool: &mut Pool, resource: &Resource, properties: &Value) {
    let string = |name: &str| get(properties, &[name]).and_then(text);
    match resource.kind.as_str() {
        SERVER => {
            let server = string("Identifier").unwrap_or_default();
            let scopes = get(properties, &["Scopes"]).and_then(Value::as_array);
            let names = scopes
                .into_iter()
                .flatten()
                .filter_map(|scope| text(scope.get("ScopeName")?));
            pool.scopes
                .extend(names.map(|name| format!("{server}/{name}")));
        }
        CLIENT => pool.clients.push(client(resource, properties)),
        _ => {
            if let Some(group) = string("GroupName") {
                let name = name_for(pool, &group);
                let person = person(pool, &name, Some(group));
                pool.people.push(person);
            }
        }
    }
}

fn client(resource: &Resource, properties: &Value) -> Client {
    let list = |name: &str| texts(get(properties, &[name]));
    let flows = list("AllowedOAuthFlows");
    let has_secret = get(properties, &["GenerateSecret"])
        .and_then(text)
        .as_deref()
        == Some("true");
    let name = get(properties, &["ClientName"]).and_then(text);
    Client {
        id: resource.logical_id.clone(),
        name: name.unwrap_or_else(|| resource.logical_id.clone()),
        secret: has_secret.then(random),
        flows: Flows {
            client_credentials: flows.iter().any(|flow| flow == "client_credentials"),
            code: flows.iter().any(|flow| flow == "code"),
        },
        scopes: list("AllowedOAuthScopes").into_iter().collect(),
        callback_urls: list("CallbackURLs"),
        access_token_validity: validity(properties, "AccessToken", "hours", 1),
        refresh_token_validity: validity(properties, "RefreshToken", "days", 30),
    }
}

/// `AccessTokenValidity` in its unit (Cognito: hours unless set; refresh tokens: days).
fn validity(properties: &Value, token: &str, unit: &str, default: u64) -> Duration {
    let number = get(properties, &[&format!("{token}Validity")]).and_then(whole);
    let unit = get(properties, &["TokenValidityUnits", token])
        .and_then(Value::as_str)
        .unwrap_or(unit);
    let seconds = match unit {
        "seconds" => 1,
        "minutes" => 60,
        "hours" => 3_600,
        _ => 86_400,
    };
    Duration::from_secs(number.unwrap_or(default).saturating_mul(seconds))
}

fn person(pool: &Pool, username: &str, group: Option<String>) -> Person {
    Person {
        username: username.to_owned(),
        email: format!("{username}@example.com"),
        password: random(),
        sub: Person::stable_sub(&pool.id, username),
        groups: group.into_iter().collect(),
    }
}

/// A name with the group's first letter, and a number if that one is taken.
fn name_for(pool: &Pool, group: &str) -> String {
    let first = group.chars().next().unwrap_or('a').to_ascii_lowercase();
    let name = NAMES
        .iter()
        .find(|name| name.starts_with(first))
        .unwrap_or(&NAMES[0]);
    let taken = |name: &str| pool.people.iter().any(|person| person.username == name);
    let mut names = std::iter::once((*name).to_owned()).chain((2..).map(|n| format!("{name}{n}")));
    names.find(|name| !taken(name)).unwrap_or_default()
}

/// 122 random bits.
fn random() -> Secret {
    Secret::from(uuid::Uuid::new_v4().simple().to_string())
}
