//! Signing keys, and how one takes over from another.

use std::sync::Arc;

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeySize, PublicKeyComponents};
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use serde::Serialize;
use serde_json::{Value, json};

use crate::secret::{base64url, sha256};

/// How long a key stays in the JWKS beyond the last moment at which a token of it can be
/// valid: for verifiers whose clocks are slow. In seconds.
const SLACK: u64 = 300;

/// An RSA key pair for RS256, kept in memory only.
pub(crate) struct SigningKey {
    kid: String,
    pair: RsaKeyPair,
    n: String,
    e: String,
}

impl SigningKey {
    /// Takes a noticeable part of a second.
    pub(crate) fn generate() -> Result<Self, Unspecified> {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048)?;
        let public = PublicKeyComponents::<Vec<u8>>::from(pair.public_key());
        let (n, e) = (base64url(&public.n), base64url(&public.e));
        // The thumbprint of RFC 7638: its members in this order, without spaces.
        let thumbprint = sha256(&format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#));
        Ok(Self {
            kid: base64url(&thumbprint),
            pair,
            n,
            e,
        })
    }

    pub(crate) fn kid(&self) -> &str {
        &self.kid
    }

    fn jwk(&self) -> Value {
        json!({
            "alg": "RS256", "e": self.e, "kid": self.kid, "kty": "RSA", "n": self.n, "use": "sig",
        })
    }

    /// A signed JWT (RFC 7515, section 3.1). Cognito's header has kid and alg, and no typ.
    pub(crate) fn sign(&self, claims: &impl Serialize) -> Result<String, Unspecified> {
        let header = json!({"kid": self.kid, "alg": "RS256"}).to_string();
        let claims = serde_json::to_vec(claims).map_err(|_| Unspecified)?;
        let message = format!("{}.{}", base64url(header.as_bytes()), base64url(&claims));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            message.as_bytes(),
            &mut signature,
        )?;
        Ok(format!("{message}.{}", base64url(&signature)))
    }
}

/// The key that signs, and those whose tokens may still be valid.
pub(crate) struct KeyRing {
    current: Arc<SigningKey>,
    /// Each with the second from which no token of it can be valid.
    retired: Vec<(Arc<SigningKey>, u64)>,
}

impl KeyRing {
    pub(crate) fn new(key: SigningKey) -> Self {
        Self {
            current: Arc::new(key),
            retired: Vec::new(),
        }
    }

    pub(crate) fn current(&self) -> Arc<SigningKey> {
        Arc::clone(&self.current)
    }

    /// From now on `key` signs; the one before it is published for `validity` seconds more.
    pub(crate) fn rotate(&mut self, key: SigningKey, now: u64, validity: u64) {
        let before = std::mem::replace(&mut self.current, Arc::new(key));
        self.retired.retain(|(_, until)| now < *until);
        let until = now.saturating_add(validity).saturating_add(SLACK);
        self.retired.push((before, until));
    }

    /// The JSON Web Key Set (RFC 7517, section 5), the key that signs first.
    pub(crate) fn published(&self, now: u64) -> Value {
        let retired = self.retired.iter().filter(|(_, until)| now < *until);
        let keys: Vec<_> = std::iter::once(&self.current)
            .chain(retired.map(|(key, _)| key))
            .map(|key| key.jwk())
            .collect();
        json!({ "keys": keys })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kids(ring: &KeyRing, now: u64) -> Vec<String> {
        let set = ring.published(now);
        set["keys"]
            .as_array()
            .unwrap()
            .iter()
            .map(|key| key["kid"].as_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn a_retired_key_is_published_until_its_last_token_has_expired() {
        let (first, second) = (
            SigningKey::generate().unwrap(),
            SigningKey::generate().unwrap(),
        );
        let (old, new) = (first.kid().to_owned(), second.kid().to_owned());
        let mut ring = KeyRing::new(first);
        ring.rotate(second, 1_000, 3_600);
        let gone = 1_000 + 3_600 + SLACK;
        assert_eq!(kids(&ring, gone - 1), [new.clone(), old]);
        assert_eq!(kids(&ring, gone), [new]);
    }
}
