//! A gateway's `AuthorizerType` and `AuthorizerConfiguration`.

use authorizer::{ClaimRule, CustomClaim, JwtConfig};
use serde_json::Value;

use super::properties::{get, text, texts};

/// Who gets in, as the template says.
#[derive(Debug, Clone, PartialEq)]
pub enum AuthorizerConfig {
    /// `NONE` or `AUTHENTICATE_ONLY`: the template lets everyone in.
    None,
    /// `CUSTOM_JWT`.
    Jwt(JwtConfig),
    /// `AWS_IAM`.
    Iam,
}

/// Reads a gateway's properties; the error names what is missing or odd.
pub(super) fn read(properties: &Value) -> Result<AuthorizerConfig, String> {
    let kind = get(properties, &["AuthorizerType"]).and_then(text);
    match kind.as_deref() {
        Some("CUSTOM_JWT") => Ok(AuthorizerConfig::Jwt(jwt(properties)?)),
        Some("AWS_IAM") => Ok(AuthorizerConfig::Iam),
        Some("NONE") => Ok(AuthorizerConfig::None),
        Some(other) => Err(format!(
            "`AuthorizerType` is `{other}`: expected `CUSTOM_JWT`, `AWS_IAM` or `NONE`"
        )),
        None => Err("`AuthorizerType` is missing".to_owned()),
    }
}

fn jwt(properties: &Value) -> Result<JwtConfig, String> {
    let path = ["AuthorizerConfiguration", "CustomJWTAuthorizer"];
    let config = get(properties, &path).ok_or("`CUSTOM_JWT` needs a `CustomJWTAuthorizer`")?;
    let discovery_url = get(config, &["DiscoveryUrl"]).and_then(text);
    let claims = get(config, &["CustomClaims"]).and_then(Value::as_array);
    Ok(JwtConfig {
        discovery_url: discovery_url.ok_or("the `CustomJWTAuthorizer` has no `DiscoveryUrl`")?,
        allowed_clients: texts(get(config, &["AllowedClients"])),
        allowed_audience: texts(get(config, &["AllowedAudience"])),
        allowed_scopes: texts(get(config, &["AllowedScopes"])),
        custom_claims: claims
            .into_iter()
            .flatten()
            .map(claim)
            .collect::<Result<_, _>>()?,
        ..JwtConfig::default()
    })
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
