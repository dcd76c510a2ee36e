//! What a token with a right signature must say.

use serde_json::{Map, Value};

use super::config::{ClaimRule, JwtConfig};
use crate::Refusal;

/// A token is refused in the last seconds before its `exp`, so that it does not expire on the
/// way to a target. Not in the AWS guide; live gateways were seen to do it.
const EARLY_EXPIRY: i64 = 60;

/// How far the issuer's clock may be ahead of ours, in seconds, for `nbf` and `iat`.
const LEEWAY: i64 = 30;

/// The last second of the year 9999: a later time is none that an issuer meant.
const LATEST: i64 = 253_402_300_799;

type Claims = Map<String, Value>;

/// The token's `sub`, if `issuer` issued it, `now` (seconds since 1970) is its time, and
/// `config` allows it.
pub(super) fn check(
    claims: &Claims,
    issuer: &str,
    config: &JwtConfig,
    now: i64,
) -> Result<String, Refusal> {
    let text = |name| claims.get(name).and_then(Value::as_str);
    let invalid = |why| Err(Refusal::InvalidToken(why));

    if text("iss") != Some(issuer) {
        return invalid("the token is of another issuer");
    }
    match time(claims, "exp")? {
        Some(expires) if expires - EARLY_EXPIRY > now => {}
        Some(_) => return invalid("the token has expired"),
        None => return invalid("the token never expires"),
    }
    for name in ["nbf", "iat"] {
        if time(claims, name)?.is_some_and(|time| time - LEEWAY > now) {
            return invalid("the token is not valid yet");
        }
    }
    let Some(sub) = text("sub").filter(|sub| !sub.is_empty()) else {
        return invalid("the token names no subject");
    };

    let clients = &config.allowed_clients;
    if !clients.is_empty() && !text("client_id").is_some_and(|id| has(clients, id)) {
        return invalid("the token is of another client");
    }
    let audience = &config.allowed_audience;
    if !audience.is_empty() && !audiences(claims).iter().any(|name| has(audience, name)) {
        return invalid("the token is for another audience");
    }
    let scopes = &config.allowed_scopes;
    if !scopes.is_empty() && !held(claims).iter().any(|scope| has(scopes, scope)) {
        return Err(Refusal::InsufficientScope);
    }
    if !config
        .custom_claims
        .iter()
        .all(|claim| holds(&claim.rule, claims.get(&claim.name)))
    {
        return Err(Refusal::ClaimMismatch);
    }
    Ok(sub.to_owned())
}

fn has(list: &[String], wanted: &str) -> bool {
    list.iter().any(|one| one == wanted)
}

/// A NumericDate (RFC 7519, section 2) of whole seconds.
fn time(claims: &Claims, name: &str) -> Result<Option<i64>, Refusal> {
    let Some(value) = claims.get(name) else {
        return Ok(None);
    };
    let time = value.as_i64().filter(|time| (0..=LATEST).contains(time));
    time.map(Some)
        .ok_or(Refusal::InvalidToken("a time in the token is none"))
}

/// `aud` is a string or a list of strings (RFC 7519, section 4.1.3); anything else is nobody.
fn audiences(claims: &Claims) -> Vec<&str> {
    match claims.get("aud") {
        Some(Value::String(name)) => vec![name],
        other => strings(other).unwrap_or_default(),
    }
}

/// The scopes in `scope` (RFC 9068, section 2.2.3), or in the list `scp` that some issuers have
/// instead.
fn held(claims: &Claims) -> Vec<&str> {
    match claims.get("scope") {
        Some(Value::String(scopes)) => scopes.split(' ').collect(),
        Some(_) => Vec::new(),
        None => strings(claims.get("scp")).unwrap_or_default(),
    }
}

fn holds(rule: &ClaimRule, claim: Option<&Value>) -> bool {
    let list = || strings(claim).unwrap_or_default();
    match rule {
        ClaimRule::Equals(wanted) => claim.and_then(Value::as_str) == Some(wanted),
        ClaimRule::Contains(wanted) => list().contains(&wanted.as_str()),
        ClaimRule::ContainsAny(wanted) => list().iter().any(|one| has(wanted, one)),
    }
}

/// A list of strings and of nothing else.
fn strings(value: Option<&Value>) -> Option<Vec<&str>> {
    value?.as_array()?.iter().map(Value::as_str).collect()
}
