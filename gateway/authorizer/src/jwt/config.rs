//! What a template says about tokens.

use std::collections::BTreeMap;

use reqwest::Url;

/// What OpenID Connect Discovery 1.0, section 4 puts after the issuer.
const WELL_KNOWN: &str = "/.well-known/openid-configuration";

/// `CustomJWTAuthorizer` of `AWS::BedrockAgentCore::Gateway`. An empty list checks nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JwtConfig {
    /// Ends in `/.well-known/openid-configuration`.
    pub discovery_url: String,
    /// One must be the token's `client_id` (Cognito's access tokens have no `aud`).
    pub allowed_clients: Vec<String>,
    /// One must be in the token's `aud`. With clients given too, both must match.
    pub allowed_audience: Vec<String>,
    /// One must be in the token's `scope`, or, where that is missing, in its list `scp`. The
    /// AWS guide leaves open whether one or all must; live gateways were seen to ask for one.
    pub allowed_scopes: Vec<String>,
    /// From a scope in `allowed_scopes` to the one that clients are told to ask for.
    pub advertised_scope_mapping: BTreeMap<String, String>,
    /// All must hold.
    pub custom_claims: Vec<CustomClaim>,
}

/// A claim that a token must have (`CustomClaimValidationType`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomClaim {
    /// `InboundTokenClaimName`.
    pub name: String,
    /// `InboundTokenClaimValueType` and `AuthorizingClaimMatchValue`.
    pub rule: ClaimRule,
}

/// What a claim must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimRule {
    /// `STRING`, `EQUALS`: this string.
    Equals(String),
    /// `STRING_ARRAY`, `CONTAINS`: a list with this string in it.
    Contains(String),
    /// `STRING_ARRAY`, `CONTAINS_ANY`: a list with at least one of these in it.
    ContainsAny(Vec<String>),
}

impl JwtConfig {
    pub(super) fn check(&self) -> Result<Url, ConfigError> {
        let url = Url::parse(&self.discovery_url).ok();
        let url = url.filter(|url| {
            ["http", "https"].contains(&url.scheme()) && url.path().ends_with(WELL_KNOWN)
        });
        let url = url.ok_or_else(|| ConfigError::DiscoveryUrl(self.discovery_url.clone()))?;
        // RFC 6749, section 3.3; also what may stand in a header's quotes.
        let plain = |c: char| c.is_ascii_graphic() && c != '"' && c != '\\';
        let advertised = self.advertised_scope_mapping.values();
        for scope in self.allowed_scopes.iter().chain(advertised) {
            if scope.is_empty() || !scope.chars().all(plain) {
                return Err(ConfigError::Scope(scope.clone()));
            }
        }
        Ok(url)
    }

    /// The issuer as the discovery URL has it.
    pub(super) fn base(&self) -> &str {
        let url = &self.discovery_url;
        url.split_once(WELL_KNOWN).map_or(url, |(base, _)| base)
    }
}

/// A configuration that no gateway takes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The discovery URL is none.
    #[error(
        "`{0}` is no discovery URL; it must be an http or https URL that ends in `{WELL_KNOWN}`"
    )]
    DiscoveryUrl(String),
    /// A scope has characters that no scope has.
    #[error("`{0}` is no scope; it must be printable ASCII without spaces, `\"` and `\\`")]
    Scope(String),
    /// The resource's URL is none.
    #[error("`{0}` is no URL of an MCP endpoint; it must be like `http://127.0.0.1:8080/mcp`")]
    ResourceUrl(String),
    /// The HTTP client could not be set up.
    #[error("the HTTP client for the issuer's keys cannot be set up")]
    Client(#[source] reqwest::Error),
}

impl ConfigError {
    pub(crate) fn resource_url(url: &str) -> Self {
        Self::ResourceUrl(url.to_owned())
    }
}
