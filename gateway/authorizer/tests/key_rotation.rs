//! Keys come and go while calls run.

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

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use authorizer::{Authorizer, JwtAuthorizer, JwtConfig};
use issuer::{Issuer, SigningKey};
use serde_json::json;
use tokio::task::JoinSet;

async fn serve(issuer: &Issuer) -> String {
    let config = JwtConfig {
        discovery_url: issuer.discovery_url(),
        ..JwtConfig::default()
    };
    endpoint::serve(Authorizer::Jwt(JwtAuthorizer::new(config).unwrap())).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_good_call_fails_while_keys_rotate_and_forgers_press() {
    let keys: Vec<_> = (0..4)
        .map(|n| SigningKey::new(&format!("key-{n}"), "RS256"))
        .collect();
    let issuer = Issuer::start(vec![keys[0].jwk()]).await;
    let base = serve(&issuer).await;
    let keys = Arc::new(keys);
    let signing = Arc::new(Mutex::new(0));

    // Made-up keys, all the while: they must not use up the fetches that the good calls need.
    let over = Arc::new(AtomicBool::new(false));
    let forging = {
        let (base, over, issuer) = (base.clone(), Arc::clone(&over), Arc::clone(&issuer));
        tokio::spawn(async move {
            let forger = SigningKey::new("made-up", "RS256");
            let token = forger.token(&issuer.claims());
            while !over.load(Ordering::SeqCst) {
                assert_eq!(endpoint::post(&base, &token).await.status, 401);
            }
        })
    };
    // As an issuer rotates: the key is published, then it signs. Two within a second.
    let rotating = {
        let (keys, issuer, signing) =
            (Arc::clone(&keys), Arc::clone(&issuer), Arc::clone(&signing));
        tokio::spawn(async move {
            for (next, pause) in [(1, 300), (2, 300), (3, 900)] {
                tokio::time::sleep(Duration::from_millis(pause)).await;
                issuer.keys.lock().unwrap().push(keys[next].jwk());
                *signing.lock().unwrap() = next;
            }
        })
    };
    let mut callers = JoinSet::new();
    for _ in 0..8 {
        let (keys, issuer, signing) =
            (Arc::clone(&keys), Arc::clone(&issuer), Arc::clone(&signing));
        let base = base.clone();
        callers.spawn(async move {
            let mut by_key = [0; 4];
            while by_key.iter().sum::<usize>() < 25 || by_key[3] < 5 {
                let now = *signing.lock().unwrap();
                let reply = endpoint::post(&base, &keys[now].token(&issuer.claims())).await;
                assert_eq!(reply.status, 200, "key {now}: {}", reply.body);
                by_key[now] += 1;
            }
            by_key
        });
    }
    let done = callers.join_all().await;
    rotating.await.unwrap();
    over.store(true, Ordering::SeqCst);
    forging.await.unwrap();
    let of_key = |key: usize| done.iter().map(|by_key| by_key[key]).sum::<usize>();
    assert!(of_key(0) > 0 && of_key(3) > 0);
    // One of the oldest key, for it is still published.
    assert_eq!(
        endpoint::post(&base, &keys[0].token(&issuer.claims()))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn known_keys_count_while_the_issuer_is_down_and_unknown_ones_are_503() {
    let (old, new) = (
        SigningKey::new("old", "RS256"),
        SigningKey::new("new", "RS256"),
    );
    let issuer = Issuer::start(vec![old.jwk()]).await;
    let base = serve(&issuer).await;
    let down = |down| issuer.down.store(down, Ordering::SeqCst);

    down(true);
    let reply = endpoint::post(&base, &old.token(&issuer.claims())).await;
    assert_eq!(reply.status, 503, "no keys yet: {}", reply.body);
    down(false);
    assert_eq!(
        endpoint::post(&base, &old.token(&issuer.claims()))
            .await
            .status,
        200
    );
    down(true);
    issuer.keys.lock().unwrap().push(new.jwk());
    assert_eq!(
        endpoint::post(&base, &new.token(&issuer.claims()))
            .await
            .status,
        503
    );
    assert_eq!(
        endpoint::post(&base, &old.token(&issuer.claims()))
            .await
            .status,
        200
    );
    down(false);
    assert_eq!(
        endpoint::post(&base, &new.token(&issuer.claims()))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn keys_are_fetched_once_for_many_calls() {
    let key = SigningKey::new("key-1", "RS256");
    let issuer = Issuer::start(vec![key.jwk()]).await;
    let base = serve(&issuer).await;
    assert_eq!(
        issuer.asked.load(Ordering::SeqCst),
        0,
        "nothing before the first token"
    );
    for _ in 0..20 {
        assert_eq!(
            endpoint::post(&base, &key.token(&issuer.claims()))
                .await
                .status,
            200
        );
    }
    assert_eq!(
        issuer.asked.load(Ordering::SeqCst),
        2,
        "the discovery document and the keys"
    );
}

#[tokio::test]
async fn keys_that_cannot_verify_are_left_out_and_harm_no_other() {
    let key = SigningKey::new("key-1", "RS256");
    let encrypting = SigningKey::new("enc", "RS256");
    let mut encrypting_jwk = encrypting.jwk();
    encrypting_jwk["use"] = "enc".into();
    let broken = [
        json!(null),
        json!(7),
        json!({"kty": "RSA"}),
        json!({"kid": 1, "kty": "RSA"}),
        json!({"kid": "key-0", "kty": "oct", "k": "c2VjcmV0", "alg": "HS256"}),
        json!({"kid": "bad", "kty": "RSA", "n": "!!", "e": "AQAB"}),
        encrypting_jwk,
        json!({"kid": "tiny", "kty": "RSA", "n": "AQAB", "e": "AQAB"}),
        key.jwk(),
    ];
    let issuer = Issuer::start(broken.to_vec()).await;
    let base = serve(&issuer).await;
    assert_eq!(
        endpoint::post(&base, &key.token(&issuer.claims()))
            .await
            .status,
        200
    );
    for kid in ["key-0", "bad", "tiny"] {
        let header = json!({"alg": "RS256", "kid": kid}).to_string();
        let token = key.sign(&header, &issuer.claims().to_string());
        assert_eq!(endpoint::post(&base, &token).await.status, 401, "{kid}");
    }
    let token = encrypting.token(&issuer.claims());
    assert_eq!(endpoint::post(&base, &token).await.status, 401);
}
