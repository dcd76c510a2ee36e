//! What the template asks to wait for: the custom resource's properties.

use std::time::Duration;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::{
    discovery::WELL_KNOWN,
    text::{excerpt, without_password},
    url::{InvalidUrl, Url},
};

/// The properties that mean something here.
const KNOWN: [&str; 6] = [
    "DiscoveryUrl",
    "TokenEndpoint",
    "GatewayIdentifier",
    "TargetIds",
    "SettleSeconds",
    "After",
];
/// The properties that CloudFormation reads itself and hands on all the same (CloudFormation
/// template reference, "AWS::CloudFormation::CustomResource").
const CLOUDFORMATION: [&str; 2] = ["ServiceToken", "ServiceTimeout"];
/// The longest time to settle, in seconds.
const SETTLE: u64 = 300;

/// The properties, read. CloudFormation hands over every number as a string.
#[derive(Debug, PartialEq, Eq)]
pub struct Properties {
    /// `DiscoveryUrl`.
    pub discovery: Option<Url>,
    /// `TokenEndpoint`.
    pub token_endpoint: Option<Url>,
    /// `GatewayIdentifier`, with each of the `TargetIds`.
    pub targets: Vec<(String, String)>,
    /// `SettleSeconds`.
    pub settle: Duration,
    /// What stands for the values of `After`: others have another digest.
    pub digest: String,
}

/// A property that cannot be meant.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidProperty {
    /// A name that is none of ours.
    #[error("`{0}` is not a property of this resource: known are {known}", known = known())]
    Unknown(String),
    /// Not a string.
    #[error("`{0}` must be a string that is not empty; leave it out if there is none")]
    Text(&'static str),
    /// Not a list of strings.
    #[error("`{0}` must be a list of strings that are not empty")]
    List(&'static str),
    /// Not an address.
    #[error("`{0}`: `{1}` {2}")]
    Url(&'static str, String, InvalidUrl),
    /// A discovery address that no issuer has.
    #[error("`DiscoveryUrl`: `{0}` must be an issuer with `{WELL_KNOWN}` at its end")]
    Discovery(String),
    /// An id that cannot be one.
    #[error(
        "`{0}`: `{1}` is not an id: give the GetAtt attribute `GatewayIdentifier` of the gateway, \
         `TargetId` of a target, not an ARN or a Ref"
    )]
    Id(&'static str, String),
    /// One without the other.
    #[error("`GatewayIdentifier` and `TargetIds` belong together: `{0}` is missing or empty")]
    Half(&'static str),
    /// Not a number, or too large.
    #[error("`SettleSeconds`: `{0}` must be a whole number from 0 to {SETTLE}")]
    Settle(String),
}

fn known() -> String {
    KNOWN.map(|name| format!("`{name}`")).join(", ")
}

impl Properties {
    /// Reads the properties.
    ///
    /// # Errors
    /// Names the first that cannot be meant.
    pub fn read(all: &Map<String, Value>) -> Result<Self, InvalidProperty> {
        for name in all.keys() {
            if !KNOWN.contains(&name.as_str()) && !CLOUDFORMATION.contains(&name.as_str()) {
                return Err(InvalidProperty::Unknown(excerpt(name, 100)));
            }
        }
        Ok(Self {
            discovery: discovery(all)?,
            token_endpoint: url(all, "TokenEndpoint")?,
            targets: targets(all)?,
            settle: settle(all)?,
            digest: digest(&list(all, "After")?),
        })
    }
}

fn discovery(all: &Map<String, Value>) -> Result<Option<Url>, InvalidProperty> {
    let url = url(all, "DiscoveryUrl")?;
    if let Some(url) = url.as_ref().filter(|u| !u.as_str().ends_with(WELL_KNOWN)) {
        return Err(InvalidProperty::Discovery(url.to_string()));
    }
    Ok(url)
}

fn targets(all: &Map<String, Value>) -> Result<Vec<(String, String)>, InvalidProperty> {
    let gateway = text(all, "GatewayIdentifier")?;
    let targets = list(all, "TargetIds")?;
    match gateway {
        None if targets.is_empty() => Ok(Vec::new()),
        None => Err(InvalidProperty::Half("GatewayIdentifier")),
        Some(_) if targets.is_empty() => Err(InvalidProperty::Half("TargetIds")),
        Some(gateway) => {
            let gateway = id("GatewayIdentifier", gateway)?;
            let pair = |target| Ok((gateway.to_owned(), id("TargetIds", target)?.to_owned()));
            targets.into_iter().map(pair).collect()
        }
    }
}

/// Ids are letters, digits and hyphens (AgentCore control plane API, `GetGatewayTarget`), so they
/// stand in a path as they are.
fn id<'a>(name: &'static str, text: &'a str) -> Result<&'a str, InvalidProperty> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if text.len() <= 128 && text.chars().all(fits) {
        return Ok(text);
    }
    Err(InvalidProperty::Id(name, excerpt(text, 200)))
}

fn settle(all: &Map<String, Value>) -> Result<Duration, InvalidProperty> {
    let text = match all.get("SettleSeconds") {
        None => return Ok(Duration::ZERO),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    match text.trim().parse() {
        Ok(seconds) if seconds <= SETTLE => Ok(Duration::from_secs(seconds)),
        _ => Err(InvalidProperty::Settle(excerpt(&text, 50))),
    }
}

fn digest(values: &[&str]) -> String {
    // As JSON, so that no value can look like two.
    let digest = Sha256::digest(Value::from(values).to_string());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn url(all: &Map<String, Value>, name: &'static str) -> Result<Option<Url>, InvalidProperty> {
    let read = |text| {
        Url::parse(text).map_err(|why| InvalidProperty::Url(name, without_password(text), why))
    };
    text(all, name)?.map(read).transpose()
}

fn text<'a>(
    all: &'a Map<String, Value>,
    name: &'static str,
) -> Result<Option<&'a str>, InvalidProperty> {
    match all.get(name) {
        None => Ok(None),
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(text)),
        Some(_) => Err(InvalidProperty::Text(name)),
    }
}

fn list<'a>(
    all: &'a Map<String, Value>,
    name: &'static str,
) -> Result<Vec<&'a str>, InvalidProperty> {
    let Some(value) = all.get(name) else {
        return Ok(Vec::new());
    };
    let items = value.as_array().ok_or(InvalidProperty::List(name))?;
    let text = |item: &'a Value| item.as_str().filter(|text| !text.trim().is_empty());
    let texts: Option<Vec<_>> = items.iter().map(text).collect();
    texts.ok_or(InvalidProperty::List(name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(properties: Value) -> Result<Properties, String> {
        Properties::read(properties.as_object().unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn all_of_them_are_read() {
        let all = read(json!({
            "ServiceToken": "arn:aws:lambda:eu-west-1:123456789012:function:oidc-ready",
            "ServiceTimeout": "700",
            "DiscoveryUrl": "https://issuer.example/pool/.well-known/openid-configuration",
            "TokenEndpoint": "https://auth.example/oauth2/token",
            "GatewayIdentifier": "tool-gateway-abcdefghij",
            "TargetIds": ["AAAAAAAAAA", "BBBBBBBBBB"],
            "After": ["2026-11-23T22:00:00Z"],
            "SettleSeconds": "30",
        }))
        .unwrap();
        assert!(all.discovery.is_some() && all.token_endpoint.is_some());
        let gateway = || "tool-gateway-abcdefghij".to_owned();
        assert_eq!(
            all.targets,
            [
                (gateway(), "AAAAAAAAAA".to_owned()),
                (gateway(), "BBBBBBBBBB".to_owned())
            ]
        );
        assert_eq!(all.settle, Duration::from_secs(30));
        let none = read(json!({})).unwrap();
        assert_eq!((none.targets, none.settle), (Vec::new(), Duration::ZERO));
        assert!(none.discovery.is_none() && none.token_endpoint.is_none());
    }

    #[test]
    fn what_cannot_be_meant_is_named() {
        let discovery = "https://a.b/openid-configuration?secret=hush";
        for (properties, says) in [
            (json!({"DiscoveryURL": ""}), "`DiscoveryURL` is not a"),
            (json!({"DiscoveryUrl": ""}), "`DiscoveryUrl` must be a str"),
            (json!({"DiscoveryUrl": ["a"]}), "`DiscoveryUrl` must be a"),
            (json!({"DiscoveryUrl": "a.b"}), "`DiscoveryUrl`: `a.b` is"),
            (
                json!({"DiscoveryUrl": discovery}),
                "`DiscoveryUrl`: `https://a.b/openid-configuration` must",
            ),
            (
                json!({"TokenEndpoint": "http://a.b/?c=hush"}),
                "`TokenEndpoint`: `http://a.b/` is not https",
            ),
            (
                json!({"TokenEndpoint": "https://user:hush@a.b/"}),
                "`TokenEndpoint`: `…@a.b/` has a user name",
            ),
            (
                json!({"DiscoveryUrl": "https://user:hush#hush@a.b/"}),
                "`DiscoveryUrl`: `…@a.b/` is not an absolute",
            ),
            (json!({"GatewayIdentifier": "g"}), "`GatewayIdentifier` and"),
            (json!({"TargetIds": ["t"]}), "`GatewayIdentifier` and"),
            (
                json!({"GatewayIdentifier": "arn:aws:x", "TargetIds": ["t"]}),
                "`GatewayIdentifier`: `arn:aws:x` is not an id",
            ),
            (
                json!({"GatewayIdentifier": "g", "TargetIds": ["../t"]}),
                "`TargetIds`: `../t` is not",
            ),
            (json!({"TargetIds": "t"}), "`TargetIds` must be a list"),
            (json!({"After": [{"Ref": "R"}]}), "`After` must be a list"),
            (json!({"After": [""]}), "`After` must be a list"),
            (json!({"SettleSeconds": "301"}), "`SettleSeconds`: `301`"),
            (json!({"SettleSeconds": "soon"}), "`SettleSeconds`: `soon`"),
        ] {
            let error = read(properties).unwrap_err();
            assert!(error.starts_with(says), "{error}");
            assert!(!error.contains("hush"), "{error}");
        }
    }
}
