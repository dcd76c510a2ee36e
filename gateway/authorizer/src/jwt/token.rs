//! A token's text, taken apart; nothing in it is trusted yet.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::{Map, Value};

use crate::Refusal;

/// The longest token that is read, in bytes. Cognito's have one to two KiB.
const MAX_LENGTH: usize = 8 * 1024;

const NOT_A_JWT: Refusal = Refusal::InvalidToken("the token is not a JWT");

/// A JWS in compact form (RFC 7515, section 7.1).
pub(super) struct Token<'t> {
    /// What the header calls the algorithm.
    pub(super) algorithm: String,
    pub(super) kid: String,
    /// Header and payload as they were signed.
    pub(super) signed: &'t str,
    pub(super) signature: &'t str,
    payload: &'t str,
}

impl<'t> Token<'t> {
    /// Of the header only `alg` and `kid` count; keys that it brings along (`jwk`, `jku`,
    /// `x5c`, `x5u`) do not.
    pub(super) fn read(text: &'t str) -> Result<Self, Refusal> {
        if text.len() > MAX_LENGTH {
            return Err(Refusal::InvalidToken("the token is too long"));
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(NOT_A_JWT)?;
        let (header, payload) = signed.split_once('.').ok_or(NOT_A_JWT)?;
        if payload.contains('.') || signature.is_empty() {
            return Err(NOT_A_JWT);
        }
        let header = object(header)?;
        // RFC 7515, section 4.1.11: who does not know a critical extension must refuse.
        if header.contains_key("crit") {
            return Err(Refusal::InvalidToken("the token needs an extension"));
        }
        let text = |name| header.get(name).and_then(Value::as_str).map(str::to_owned);
        Ok(Self {
            algorithm: text("alg").ok_or(NOT_A_JWT)?,
            kid: text("kid").ok_or(Refusal::InvalidToken("the token names no key"))?,
            signed,
            signature,
            payload,
        })
    }

    /// The payload; call it once the signature is known to be right.
    pub(super) fn claims(&self) -> Result<Map<String, Value>, Refusal> {
        object(self.payload)
    }
}

fn object(part: &str) -> Result<Map<String, Value>, Refusal> {
    let json = URL_SAFE_NO_PAD.decode(part).map_err(|_| NOT_A_JWT)?;
    let object: Object = serde_json::from_slice(&json).map_err(|_| NOT_A_JWT)?;
    Ok(object.0)
}

/// A JSON object in which no name stands twice: two readers could take different ones
/// (RFC 7519, section 4).
struct Object(Map<String, Value>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Once;
        impl<'de> Visitor<'de> for Once {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Object, A::Error> {
                let mut map = Map::new();
                while let Some((name, value)) = access.next_entry::<String, Value>()? {
                    if map.insert(name, value).is_some() {
                        return Err(A::Error::custom("a name stands twice"));
                    }
                }
                Ok(Object(map))
            }
        }
        deserializer.deserialize_map(Once)
    }
}
