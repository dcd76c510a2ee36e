//! A gateway's `AuthorizerType` and `AuthorizerConfiguration`.

use authorizer::{ClaimRule, CustomClaim, JwtConfig};
use serde_json::Value;

use super::properties::{get, text, texts};

/// Who gets in, as the template says.
#[derive(Debug, Clone, PartialEq)]
pub enum AuthorizerConfig {
    /// `NONE`: the template lets everyone in.
    None,
    /// `CUSTOM_JWT`.
    Jwt(JwtConfig),
    /// `AWS_IAM`.
    Iam,
}

/// A path inside the properties, and what is missing or odd there.
type Odd = (Vec<&'static str>, String);

/// What the service's schema asks of a discovery URL.
const WELL_KNOWN: &str = "/.well-known/openid-configuration";
const JWT: [&str; 2] = ["AuthorizerConfiguration", "CustomJWTAuthorizer"];

/// Reads a gateway's properties; what is missing or odd comes all at once.
pub(super) fn read(properties: &Value) -> Result<AuthorizerConfig, Vec<Odd>> {
    let kind = get(properties, &["AuthorizerType"]).and_then(text);
    match kind.as_deref() {
        Some("CUSTOM_JWT") => Ok(AuthorizerConfig::Jwt(jwt(properties)?)),
        Some("AWS_IAM") => Ok(AuthorizerConfig::Iam),
        Some("NONE") => Ok(AuthorizerConfig::None),
        other => {
            let served = "`CUSTOM_JWT`, `AWS_IAM` and `NONE` are served here";
            let message = match other {
                Some(other) => format!("`{other}`: {served}"),
                None => format!("is missing: {served}"),
            };
            Err(vec![(vec!["AuthorizerType"], message)])
        }
    }
}

fn jwt(properties: &Value) -> Result<JwtConfig, Vec<Odd>> {
    let at = |name: &'static str| [&JWT[..], &[name]].concat();
    let mut odd: Vec<Odd> = Vec::new();
    let Some(config) = get(properties, &JWT).filter(|config| config.is_object()) else {
        return Err(vec![(
            JWT.to_vec(),
            "`CUSTOM_JWT` needs a map here".to_owned(),
        )]);
    };
    let discovery_url = get(config, &["DiscoveryUrl"]).and_then(text);
    let ends = |url: &String| url.starts_with("http") && url.ends_with(WELL_KNOWN);
    if !discovery_url.as_ref().is_some_and(ends) {
        let message = format!("expected a URL that ends in `{WELL_KNOWN}`");
        odd.push((at("DiscoveryUrl"), message));
    }
    // An empty list would let everyone in, so what is no list is refused.
    let mut list = |name: &'static str| {
        let value = get(config, &[name]);
        let texts = texts(value);
        let items = value.and_then(Value::as_array).map(Vec::len);
        if value.is_some() && items != Some(texts.len()) {
            odd.push((at(name), "expected a list of texts".to_owned()));
        }
        texts
    };
    let allowed_clients = list("AllowedClients");
    let allowed_audience = list("AllowedAudience");
    let allowed_scopes = list("AllowedScopes");
    let claims = match get(config, &["CustomClaims"]) {
        None => Ok(Vec::new()),
        Some(Value::Array(claims)) => claims.iter().map(claim).collect(),
        Some(_) => Err("expected a list of claims".to_owned()),
    };
    let claims = claims.map_err(|message| odd.push((at("CustomClaims"), message)));
    match (discovery_url, claims) {
        (Some(discovery_url), Ok(custom_claims)) if odd.is_empty() => Ok(JwtConfig {
            discovery_url,
            allowed_clients,
            allowed_audience,
            allowed_scopes,
            custom_claims,
            ..JwtConfig::default()
        }),
        _ => Err(odd),
    }
}

fn claim(claim: &Value) -> Result<CustomClaim, String> {
    let name = get(claim, &["InboundTokenClaimName"]).and_then(text);
    let name = name.ok_or("a custom claim has no `InboundTokenClaimName`")?;
    let wanted = get(claim, &["AuthorizingClaimMatchValue"]);
    let value = |key: &str| get(wanted?, &["ClaimMatchValue", key]);
    let operator = wanted.and_then(|wanted| get(wanted, &["ClaimMatchOperator"]));
    let single = || value("MatchValueString").and_then(text);
    let rule = match operator.and_then(Value::as_str) {
        Some("EQUALS") => single().map(ClaimRule::Equals),
        Some("CONTAINS") => single().map(ClaimRule::Contains),
        Some("CONTAINS_ANY") => {
            value("MatchValueStringList").map(|list| ClaimRule::ContainsAny(texts(Some(list))))
        }
        _ => None,
    };
    let rule = rule.ok_or_else(|| {
        format!("the custom claim `{name}` has no operator EQUALS, CONTAINS or CONTAINS_ANY with a value")
    })?;
    Ok(CustomClaim { name, rule })
}
