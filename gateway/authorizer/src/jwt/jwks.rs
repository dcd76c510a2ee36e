//! An issuer's key set (RFC 7517): which keys it has and what each is for.

use std::{collections::HashMap, sync::Arc};

use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

/// More keys than this no issuer has; those beyond are left out.
const MAX_KEYS: usize = 100;

/// A public key and the one algorithm that it verifies.
pub(super) struct Key {
    pub(super) key: DecodingKey,
    pub(super) algorithm: Algorithm,
    /// The algorithm's name in a token's header.
    pub(super) name: &'static str,
}

/// Keys by their `kid`.
pub(super) type Keys = HashMap<String, Arc<Key>>;

/// The usable keys by their `kid`. Keys without one, for encryption, of other types or broken
/// are left out: an issuer may have them beside those that count.
pub(super) fn read(document: &Value) -> Option<Keys> {
    let mut keys = HashMap::new();
    for jwk in document.get("keys")?.as_array()?.iter().take(MAX_KEYS) {
        let Ok(jwk) = Jwk::deserialize(jwk) else {
            continue;
        };
        if let Some(key) = jwk.key() {
            keys.entry(jwk.kid).or_insert(Arc::new(key));
        }
    }
    Some(keys)
}

#[derive(Deserialize)]
struct Jwk {
    kid: String,
    kty: String,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl Jwk {
    fn key(&self) -> Option<Key> {
        let signs = self.usage.as_ref().is_none_or(|usage| usage == "sig");
        let verifies = |ops: &Vec<String>| ops.iter().any(|op| op == "verify");
        if !signs || !self.key_ops.as_ref().is_none_or(verifies) {
            return None;
        }
        // A key that does not say its algorithm has the usual one of its type.
        let alg = self.alg.as_deref();
        let (algorithm, name) = match (self.kty.as_str(), self.crv.as_deref(), alg) {
            ("RSA", _, None | Some("RS256")) => (Algorithm::RS256, "RS256"),
            ("RSA", _, Some("RS384")) => (Algorithm::RS384, "RS384"),
            ("RSA", _, Some("RS512")) => (Algorithm::RS512, "RS512"),
            ("EC", Some("P-256"), None | Some("ES256")) => (Algorithm::ES256, "ES256"),
            ("EC", Some("P-384"), None | Some("ES384")) => (Algorithm::ES384, "ES384"),
            _ => return None,
        };
        let key = if self.kty == "RSA" {
            DecodingKey::from_rsa_components(self.n.as_ref()?, self.e.as_ref()?)
        } else {
            DecodingKey::from_ec_components(self.x.as_ref()?, self.y.as_ref()?)
        };
        Some(Key {
            key: key.ok()?,
            algorithm,
            name,
        })
    }
}
