//! No forged or broken token gets in, ends anything, or is in a log.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics is a test that fails"
)]

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "support/endpoint.rs"]
mod endpoint;
#[allow(dead_code, reason = "other tests need more of it")]
#[path = "support/issuer.rs"]
mod issuer;
#[path = "support/log.rs"]
mod log;

use std::sync::Arc;

use authorizer::{Authorizer, JwtAuthorizer, JwtConfig};
use aws_lc_rs::hmac;
use http::HeaderValue;
use issuer::{Issuer, SigningKey, encode, now};
use serde_json::{Value, json};
use tokio::task::JoinSet;

struct Scene {
    issuer: Arc<Issuer>,
    key: SigningKey,
    /// In the key set too, for RS512 and for ES256.
    others: [SigningKey; 2],
    /// Not in the key set.
    foreign: SigningKey,
}

impl Scene {
    async fn new() -> Self {
        let key = SigningKey::new("key-1", "RS256");
        let others = [
            SigningKey::new("key-512", "RS512"),
            SigningKey::new("key-ec", "ES256"),
        ];
        let public = [&key, &others[0], &others[1]].map(SigningKey::jwk);
        let issuer = Issuer::start(public.to_vec()).await;
        Self {
            issuer,
            key,
            others,
            foreign: SigningKey::new("key-1", "RS256"),
        }
    }

    fn authorizer(&self) -> JwtAuthorizer {
        JwtAuthorizer::new(JwtConfig {
            discovery_url: self.issuer.discovery_url(),
            allowed_clients: vec!["client-1".into()],
            ..JwtConfig::default()
        })
        .unwrap()
    }

    fn with(&self, changes: Value) -> String {
        self.key.token(&self.issuer.claims_with(&changes))
    }

    /// Signed as it should be, under another header.
    fn headed(&self, header: Value) -> String {
        self.key
            .sign(&header.to_string(), &self.issuer.claims().to_string())
    }

    fn unsigned(&self, alg: &str) -> String {
        let header = json!({"alg": alg, "kid": "key-1"}).to_string();
        format!(
            "{}.{}.",
            encode(header),
            encode(self.issuer.claims().to_string())
        )
    }

    fn hmac(&self, alg: &str, secret: &[u8]) -> String {
        let header = json!({"alg": alg, "kid": "key-1"}).to_string();
        let message = format!(
            "{}.{}",
            encode(header),
            encode(self.issuer.claims().to_string())
        );
        let secret = hmac::Key::new(hmac::HMAC_SHA256, secret);
        format!(
            "{message}.{}",
            encode(hmac::sign(&secret, message.as_bytes()))
        )
    }

    /// What must not get in, by name.
    fn forgeries(&self) -> Vec<(String, String)> {
        let mut all = Vec::new();
        let mut add = |name: &str, token: String| all.push((name.to_owned(), token));
        let good = self.with(json!({}));
        let parts: Vec<&str> = good.split('.').collect();
        let (header, payload, signature) = (parts[0], parts[1], parts[2]);
        let claims = self.issuer.claims();

        for alg in ["none", "None", "NONE", "nOnE", "", "null"] {
            let unsigned = self.unsigned(alg);
            add(&format!("alg `{alg}`, no signature"), unsigned.clone());
            add(
                &format!("alg `{alg}`, with a signature"),
                unsigned + signature,
            );
        }
        for (form, secret) in ["modulus", "PKCS#1", "X.509", "PEM"]
            .iter()
            .zip(self.key.public_bytes())
        {
            add(
                &format!("HS256 with the public key as {form}"),
                self.hmac("HS256", &secret),
            );
            add(
                &format!("an HMAC called RS256, {form}"),
                self.hmac("RS256", &secret),
            );
        }
        add("HS256 with an empty secret", self.hmac("HS256", b""));
        add(
            "another key under the issuer's kid",
            self.foreign.token(&claims),
        );
        for alg in [
            "RS384", "RS512", "PS256", "ES256", "EdDSA", "rs256", "RS256 ",
        ] {
            add(
                &format!("an RS256 signature called {alg}"),
                self.headed(json!({"alg": alg, "kid": "key-1"})),
            );
        }
        add("alg missing", self.headed(json!({"kid": "key-1"})));
        add(
            "alg a list",
            self.headed(json!({"alg": ["RS256"], "kid": "key-1"})),
        );
        add(
            "RS256 under an RS512 key's kid",
            self.headed(json!({"alg": "RS256", "kid": "key-512"})),
        );
        add(
            "RS512 header, RS256 key's signature",
            self.headed(json!({"alg": "RS512", "kid": "key-512"})),
        );
        add(
            "ES256 key's kid",
            self.headed(json!({"alg": "ES256", "kid": "key-ec"})),
        );
        add("an ES256 signature of zeros", {
            let header = encode(json!({"alg": "ES256", "kid": "key-ec"}).to_string());
            format!("{header}.{payload}.{}", encode([0; 64]))
        });

        add(
            "an unknown kid",
            self.headed(json!({"alg": "RS256", "kid": "key-2"})),
        );
        add("no kid", self.headed(json!({"alg": "RS256"})));
        add(
            "an empty kid",
            self.headed(json!({"alg": "RS256", "kid": ""})),
        );
        add(
            "a kid that is a number",
            self.headed(json!({"alg": "RS256", "kid": 1})),
        );
        add(
            "a kid that is a path",
            self.headed(json!({"alg": "RS256", "kid": "../../dev/null"})),
        );
        let jwk = self.foreign.jwk();
        let claims_text = claims.to_string();
        let foreign = |mut extra: Value| {
            extra["alg"] = "RS256".into();
            self.foreign.sign(&extra.to_string(), &claims_text)
        };
        add(
            "its own key along (jwk)",
            foreign(json!({"jwk": jwk, "kid": "key-1"})),
        );
        add("its own key along, no kid", foreign(json!({"jwk": jwk})));
        add(
            "its own key set (jku)",
            foreign(json!({"jku": format!("{}/jwks", self.issuer.url), "kid": "key-9"})),
        );
        add(
            "its own certificate (x5u)",
            foreign(json!({"x5u": "http://127.0.0.1:1/", "kid": "key-1"})),
        );
        add(
            "its own certificate (x5c)",
            foreign(json!({"x5c": ["MIIB"], "kid": "key-1"})),
        );
        add(
            "crit",
            self.headed(json!({"alg": "RS256", "kid": "key-1", "crit": ["exp"]})),
        );
        add(
            "crit b64",
            self.headed(json!({"alg": "RS256", "kid": "key-1", "b64": false, "crit": ["b64"]})),
        );
        add("a header with alg twice", {
            let header = r#"{"alg":"none","alg":"RS256","kid":"key-1"}"#;
            self.key.sign(header, &claims.to_string())
        });

        add("no signature", format!("{header}.{payload}."));
        add("two parts", format!("{header}.{payload}"));
        add("one part", header.to_owned());
        add("four parts", format!("{good}.{signature}"));
        add(
            "five parts",
            format!("{header}.{payload}.{payload}.{payload}.{signature}"),
        );
        add("empty parts", "..".to_owned());
        add("dots", ".".repeat(4000));
        add("truncated", good[..good.len() - 4].to_owned());
        add("a signature with one letter more", format!("{good}A"));
        add("padding", format!("{good}=="));
        add("line ends", format!("{header}.{payload}.%0A{signature}"));
        add("a space inside", format!("{header}. {payload}.{signature}"));
        add("not base64", format!("{header}.{payload}.!!!!"));
        add(
            "no base64url",
            format!("{header}.{payload}.{}", signature.replace(['-', '_'], "+")) + "+/",
        );
        add(
            "bad UTF-8 in the header",
            format!("{}.{payload}.{signature}", encode([0xff, 0xfe, b'{'])),
        );
        add("the signature of another payload", {
            let other = self.with(json!({"sub": "root"}));
            format!("{header}.{}.{signature}", other.split('.').nth(1).unwrap())
        });
        add("the header of another", {
            let other = encode(r#"{"kid":"key-1","alg":"RS256"}"#);
            format!("{other}.{payload}.{signature}")
        });
        add("huge", format!("{good}{}", "A".repeat(9000)));
        add(
            "huge and signed",
            self.with(json!({"more": "x".repeat(9000)})),
        );
        for text in ["[]", "null", "\"RS256\"", "{", "", "{}", "[[[[", "\u{0}"] {
            add(
                &format!("header {text}"),
                self.key.sign(text, &claims.to_string()),
            );
            add(
                &format!("payload {text}"),
                self.key.sign(&self.key.header().to_string(), text),
            );
        }
        add(
            "nested deeply",
            self.key
                .sign(&self.key.header().to_string(), &"[".repeat(5000)),
        );
        add("a nested claim", {
            let payload = format!("{{\"sub\":{}", "{\"a\":".repeat(500));
            self.key.sign(&self.key.header().to_string(), &payload)
        });
        add("a claim twice", {
            let text = claims.to_string();
            let twice = format!("{{\"client_id\":\"client-9\",{}", &text[1..]);
            self.key.sign(&self.key.header().to_string(), &twice)
        });

        let url = &self.issuer.url;
        for issuer in [
            json!("https://evil.example"),
            json!(format!("{url}/")),
            json!([url]),
            json!(null),
            json!(7),
        ] {
            add(
                &format!("issuer {issuer}"),
                self.with(json!({"iss": issuer})),
            );
        }
        let max = u64::MAX;
        for exp in [
            json!(now() - 1),
            json!(now()),
            json!(now() + 59),
            json!(null),
            json!("9999999999"),
            json!(now() as f64 + 3600.5),
            json!(-1),
            json!(i64::MIN),
            json!(max),
            json!(1e300),
            json!([now() + 3600]),
            json!(true),
            json!({}),
            json!(0),
        ] {
            add(&format!("exp {exp}"), self.with(json!({"exp": exp})));
        }
        for time in [
            json!(now() + 300),
            json!("0"),
            json!(max),
            json!(-5),
            json!(1.5),
            json!([]),
        ] {
            add(&format!("nbf {time}"), self.with(json!({"nbf": time})));
            add(&format!("iat {time}"), self.with(json!({"iat": time})));
        }
        for sub in [
            json!(null),
            json!(""),
            json!(7),
            json!(["client-1"]),
            json!({"id": "client-1"}),
        ] {
            add(&format!("sub {sub}"), self.with(json!({"sub": sub})));
        }
        for id in [
            json!("client-2"),
            json!("Client-1"),
            json!("client-1 "),
            json!(null),
            json!(["client-1"]),
            json!(""),
        ] {
            add(
                &format!("client_id {id}"),
                self.with(json!({"client_id": id})),
            );
        }
        add(
            "aud instead of client_id",
            self.with(json!({"client_id": null, "aud": "client-1"})),
        );
        add(
            "azp instead of client_id",
            self.with(json!({"client_id": null, "azp": "client-1"})),
        );
        all
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_forged_or_broken_token_gets_in_and_none_is_logged() {
    log::capture();
    let scene = Scene::new().await;
    let base = endpoint::serve(Authorizer::Jwt(scene.authorizer())).await;
    let good = [&scene.key, &scene.others[0], &scene.others[1]]
        .map(|key| key.token(&scene.issuer.claims()));
    for token in &good {
        assert_eq!(endpoint::post(&base, token).await.status, 200);
    }

    let forgeries = scene.forgeries();
    assert!(forgeries.len() > 100);
    let mut calls = JoinSet::new();
    for (name, token) in forgeries.clone() {
        let base = base.clone();
        calls.spawn(async move { (name, endpoint::post(&base, &token).await) });
    }
    for (name, reply) in calls.join_all().await {
        assert_eq!(reply.status, 401, "{name}: {}", reply.body);
        assert!(
            reply.challenge.contains("resource_metadata="),
            "{name}: {}",
            reply.challenge
        );
        assert!(
            reply.challenge.contains("error=\"invalid_token\""),
            "{name}: {}",
            reply.challenge
        );
        assert!(reply.body["error"]["message"].is_string(), "{name}");
    }
    for token in &good {
        assert_eq!(endpoint::post(&base, token).await.status, 200);
    }

    let log = log::captured();
    assert!(log.contains("a bearer was refused"), "the log was captured");
    let tokens = good.iter().chain(forgeries.iter().map(|(_, token)| token));
    for part in tokens
        .flat_map(|token| token.split('.'))
        .filter(|part| part.len() > 12)
    {
        assert!(!log.contains(part), "a log line has `{part}`");
    }
    assert!(
        !log.contains("client-1") && !log.contains("key-2"),
        "a log line has claims"
    );
}

#[tokio::test]
async fn a_bearer_counts_only_in_the_one_authorization_header() {
    let scene = Scene::new().await;
    let base = endpoint::serve(Authorizer::Jwt(scene.authorizer())).await;
    let good = scene.with(json!({}));
    let post = |path: &str| endpoint::client().post(format!("{base}{path}"));

    for scheme in ["Bearer", "bearer", "BEARER", "bEaReR"] {
        let reply =
            endpoint::send(post("/mcp").header("authorization", format!("{scheme} {good}"))).await;
        assert_eq!(reply.status, 200, "{scheme}");
    }
    let in_query = post(&format!("/mcp?access_token={good}"));
    let in_form = post("/mcp").body(format!("access_token={good}"));
    let elsewhere = post("/mcp").header("x-authorization", format!("Bearer {good}"));
    let basic = post("/mcp").header("authorization", format!("Basic {good}"));
    let bare = post("/mcp").header("authorization", &good);
    let other_path = post("/anything");
    for request in [
        post("/mcp"),
        in_query,
        in_form,
        elsewhere,
        basic,
        bare,
        other_path,
    ] {
        let reply = endpoint::send(request).await;
        assert_eq!(reply.status, 401);
        // RFC 6750, section 3.1: no error code for who brought nothing.
        assert!(reply.challenge.starts_with("Bearer ") && !reply.challenge.contains("error="));
    }
    let twice = post("/mcp")
        .bearer_auth(&good)
        .header("authorization", format!("Bearer {good}"));
    let reply = endpoint::send(twice).await;
    assert_eq!(reply.status, 400);
    assert!(reply.challenge.contains("error=\"invalid_request\""));
    for bytes in [
        &b"Bearer \xff\xfe"[..],
        b"Bearer ",
        b"Bearer \xc3\xa9.\xc3\xa9.\xc3\xa9",
    ] {
        let value = HeaderValue::from_bytes(bytes).unwrap();
        assert_eq!(
            endpoint::send(post("/mcp").header("authorization", value))
                .await
                .status,
            401
        );
    }
}

/// Knuth's linear congruential generator: the same mutations on every run.
struct Lcg(u64);

impl Lcg {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

/// Bytes replaced, dropped, doubled or swapped, in the text or in what a part decodes to.
fn mutate(token: &str, random: &mut Lcg) -> String {
    let change = |bytes: &mut Vec<u8>, random: &mut Lcg| {
        for _ in 0..=random.below(3) {
            let at = random.below(bytes.len().max(1));
            match random.below(5) {
                _ if bytes.is_empty() => bytes.push(b'.'),
                0 => bytes[at] = u8::try_from(random.below(256)).unwrap(),
                1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, bytes[random.below(bytes.len())]),
                3 => bytes.truncate(at),
                _ => {
                    let other = random.below(bytes.len());
                    bytes.swap(at, other);
                }
            }
        }
    };
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    if random.below(2) == 0 {
        let mut bytes = token.as_bytes().to_vec();
        change(&mut bytes, random);
        return String::from_utf8_lossy(&bytes).into_owned();
    }
    let at = random.below(3);
    use base64::Engine;
    let mut bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(&parts[at])
        .unwrap();
    change(&mut bytes, random);
    parts[at] = encode(bytes);
    parts.join(".")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_mutation_of_a_real_token_gets_in_or_panics() {
    let scene = Scene::new().await;
    let authorizer = Arc::new(scene.authorizer());
    let real = [&scene.key, &scene.others[0], &scene.others[1]]
        .map(|key| key.token(&scene.issuer.claims()));
    let mut random = Lcg(20_261_120);
    let mut calls = JoinSet::new();
    for round in 0..20_000 {
        let token = &real[round % real.len()];
        let mutated = mutate(token, &mut random);
        if mutated == *token {
            continue;
        }
        let authorizer = Arc::clone(&authorizer);
        calls.spawn(async move { (authorizer.verify(&mutated).await.is_ok(), mutated) });
    }
    let mut tried = 0;
    while let Some(ended) = calls.join_next().await {
        let (got_in, mutated) = ended.expect("no panic");
        assert!(!got_in, "got in: {mutated}");
        tried += 1;
    }
    assert!(tried > 15_000);
    assert!(authorizer.verify(&real[0]).await.is_ok());
}
