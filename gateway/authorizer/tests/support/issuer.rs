//! An issuer of the tests' own: its keys, the tokens it signs, and its documents over HTTP.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    rand::SystemRandom,
    rsa::{KeyPair as RsaKey, KeySize},
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384,
        RSA_PKCS1_SHA512, RsaPublicKeyComponents,
    },
};
use axum::{Json, Router, extract::Request, response::IntoResponse};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use http::StatusCode;
use serde_json::{Value, json};

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64.encode(bytes)
}

pub(crate) fn now() -> i64 {
    chrono::Utc::now().timestamp()
}

enum Private {
    Rsa(RsaKey),
    Ec(EcdsaKeyPair),
}

/// A signing key, its `kid` and its algorithm.
pub(crate) struct SigningKey {
    pub(crate) kid: String,
    pub(crate) alg: &'static str,
    private: Private,
}

impl SigningKey {
    pub(crate) fn new(kid: &str, alg: &'static str) -> Self {
        let private = if alg == "ES256" {
            Private::Ec(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
        } else {
            Private::Rsa(RsaKey::generate(KeySize::Rsa2048).unwrap())
        };
        Self {
            kid: kid.to_owned(),
            alg,
            private,
        }
    }

    pub(crate) fn jwk(&self) -> Value {
        let (kid, alg) = (&self.kid, self.alg);
        match &self.private {
            Private::Rsa(key) => {
                let (n, e) = self.modulus(key);
                json!({"kty": "RSA", "use": "sig", "alg": alg, "kid": kid, "n": encode(n), "e": encode(e)})
            }
            Private::Ec(key) => {
                let (x, y) = key.public_key().as_ref()[1..].split_at(32);
                json!({"kty": "EC", "crv": "P-256", "alg": alg, "kid": kid, "x": encode(x), "y": encode(y)})
            }
        }
    }

    fn modulus(&self, key: &RsaKey) -> (Vec<u8>, Vec<u8>) {
        let parts = RsaPublicKeyComponents::<Vec<u8>>::from(key.public_key());
        (parts.n, parts.e)
    }

    /// What a forger may take for an HMAC secret: the modulus, PKCS#1 and X.509 DER, PEM.
    pub(crate) fn public_bytes(&self) -> [Vec<u8>; 4] {
        let Private::Rsa(key) = &self.private else {
            panic!("an RSA key")
        };
        let public = key.public_key();
        let x509 = AsDer::<PublicKeyX509Der>::as_der(public)
            .unwrap()
            .as_ref()
            .to_vec();
        let text = base64::engine::general_purpose::STANDARD.encode(&x509);
        let mut pem = "-----BEGIN PUBLIC KEY-----\n".to_owned();
        for line in text.as_bytes().chunks(64) {
            pem += &format!("{}\n", str::from_utf8(line).unwrap());
        }
        pem += "-----END PUBLIC KEY-----\n";
        [
            self.modulus(key).0,
            public.as_ref().to_vec(),
            x509,
            pem.into_bytes(),
        ]
    }

    /// A token with this header and payload, whatever they are.
    pub(crate) fn sign(&self, header: &str, payload: &str) -> String {
        let message = format!("{}.{}", encode(header), encode(payload));
        let random = SystemRandom::new();
        let signature = match &self.private {
            Private::Rsa(key) => {
                let encoding = match self.alg {
                    "RS384" => &RSA_PKCS1_SHA384,
                    "RS512" => &RSA_PKCS1_SHA512,
                    _ => &RSA_PKCS1_SHA256,
                };
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(encoding, &random, message.as_bytes(), &mut signature)
                    .unwrap();
                signature
            }
            Private::Ec(key) => key
                .sign(&random, message.as_bytes())
                .unwrap()
                .as_ref()
                .to_vec(),
        };
        format!("{message}.{}", encode(signature))
    }

    pub(crate) fn header(&self) -> Value {
        json!({"alg": self.alg, "kid": self.kid})
    }

    pub(crate) fn token(&self, claims: &Value) -> String {
        self.sign(&self.header().to_string(), &claims.to_string())
    }
}

/// The issuer's documents. `keys` is what its key set shows.
pub(crate) struct Issuer {
    pub(crate) url: String,
    pub(crate) keys: Mutex<Vec<Value>>,
    pub(crate) down: AtomicBool,
    pub(crate) asked: AtomicUsize,
}

impl Issuer {
    pub(crate) async fn start(keys: Vec<Value>) -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = Arc::new(Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            keys: Mutex::new(keys),
            down: AtomicBool::new(false),
            asked: AtomicUsize::new(0),
        });
        let serving = Arc::clone(&issuer);
        let router = Router::new().fallback(move |request: Request| {
            let issuer = Arc::clone(&serving);
            async move { issuer.answer(request.uri().path()) }
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        issuer
    }

    fn answer(&self, path: &str) -> axum::response::Response {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.down.load(Ordering::SeqCst) {
            return StatusCode::BAD_GATEWAY.into_response();
        }
        Json(match path {
            "/jwks" => json!({"keys": *self.keys.lock().unwrap()}),
            _ => json!({"issuer": self.url, "jwks_uri": format!("{}/jwks", self.url)}),
        })
        .into_response()
    }

    pub(crate) fn discovery_url(&self) -> String {
        format!("{}/.well-known/openid-configuration", self.url)
    }

    /// Claims as Cognito puts them into an access token for client credentials.
    pub(crate) fn claims(&self) -> Value {
        json!({
            "sub": "client-1", "client_id": "client-1", "token_use": "access", "version": 2,
            "scope": "tools/invoke tools/manager", "iss": self.url, "jti": "1",
            "iat": now(), "auth_time": now(), "exp": now() + 3600,
        })
    }

    /// [`claims`](Self::claims) with some of them changed, or with `null` taken away.
    pub(crate) fn claims_with(&self, changes: &Value) -> Value {
        let mut claims = self.claims();
        for (name, value) in changes.as_object().unwrap() {
            let map = claims.as_object_mut().unwrap();
            map.insert(name.clone(), value.clone());
            map.retain(|_, value| !value.is_null());
        }
        claims
    }
}
