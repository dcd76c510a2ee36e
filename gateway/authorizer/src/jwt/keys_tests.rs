//! What the cache does over time, with times short enough for a test.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use axum::{Json, Router, extract::Request, response::IntoResponse};
use http::StatusCode;
use serde_json::json;

use super::*;

/// An issuer that has one key until it is withdrawn, and that can be down.
#[derive(Default)]
struct Issuer {
    withdrawn: AtomicBool,
    down: AtomicBool,
    asked: AtomicUsize,
}

async fn cache(issuer: &Arc<Issuer>, times: Times) -> KeyCache {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (issuer, root) = (Arc::clone(issuer), base.clone());
    let router = Router::new().fallback(move |request: Request| {
        let (issuer, root) = (Arc::clone(&issuer), root.clone());
        async move {
            issuer.asked.fetch_add(1, Ordering::SeqCst);
            if issuer.down.load(Ordering::SeqCst) {
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
            if request.uri().path() == "/jwks" {
                let key = json!({"kid": "old", "kty": "RSA", "n": "AQAB", "e": "AQAB"});
                let gone = issuer.withdrawn.load(Ordering::SeqCst);
                return Json(json!({"keys": if gone { vec![] } else { vec![key] }}))
                    .into_response();
            }
            Json(json!({"issuer": root, "jwks_uri": format!("{root}/jwks")})).into_response()
        }
    });
    tokio::spawn(async move { axum::serve(listener, router).await });
    let url = format!("{base}/.well-known/openid-configuration");
    let mut cache = KeyCache::new(url.parse().unwrap()).unwrap();
    cache.times = times;
    cache
}

const SHORT: Times = Times {
    apart: Duration::ZERO,
    fresh: Duration::ZERO,
    grace: Duration::from_secs(3600),
};

#[tokio::test]
async fn a_withdrawn_key_no_longer_counts_once_the_keys_are_old() {
    let issuer = Arc::<Issuer>::default();
    let cache = cache(&issuer, SHORT).await;
    assert!(cache.find("old").await.is_ok());
    issuer.withdrawn.store(true, Ordering::SeqCst);
    assert!(matches!(cache.find("old").await, Err(NotFound::NoSuchKey)));
}

#[tokio::test]
async fn old_keys_count_on_while_the_issuer_is_down_and_it_is_not_asked_each_time() {
    let issuer = Arc::<Issuer>::default();
    let cache = cache(&issuer, SHORT).await;
    assert!(cache.find("old").await.is_ok());
    issuer.down.store(true, Ordering::SeqCst);
    for _ in 0..20 {
        assert!(cache.find("old").await.is_ok());
    }
    assert_eq!(issuer.asked.load(Ordering::SeqCst), 2 + 1);
}

#[tokio::test]
async fn a_thousand_made_up_keys_cost_the_issuer_two_fetches_at_most() {
    let issuer = Arc::new(Issuer::default());
    let apart = Duration::from_millis(200);
    let times = Times {
        apart,
        fresh: Duration::from_secs(300),
        ..SHORT
    };
    let cache = Arc::new(cache(&issuer, times).await);
    assert!(cache.find("old").await.is_ok());
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..1000 {
        let cache = Arc::clone(&cache);
        calls.spawn(async move { cache.find(&format!("made-up-{number}")).await.is_ok() });
    }
    assert!(calls.join_all().await.iter().all(|found| !found));
    // Each asks for the discovery document and the keys.
    assert!(issuer.asked.load(Ordering::SeqCst) <= 2 + 2 * 2);
}

#[tokio::test]
async fn one_who_gives_up_while_fetching_takes_nothing_from_those_who_wait() {
    let issuer = Arc::<Issuer>::default();
    let cache = Arc::new(cache(&issuer, SHORT).await);
    for _ in 0..20 {
        let hasty = Arc::clone(&cache);
        let hasty = tokio::spawn(async move { hasty.find("old").await.is_ok() });
        let patient = Arc::clone(&cache);
        let patient = tokio::spawn(async move { patient.find("old").await.is_ok() });
        tokio::task::yield_now().await;
        hasty.abort();
        assert!(patient.await.unwrap());
    }
}
