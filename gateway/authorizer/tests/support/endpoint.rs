//! An endpoint behind the authorizer that says who came.

use std::sync::LazyLock;

use authorizer::{Authorizer, Principal, layer};
use axum::{Extension, Json, Router, body::Bytes};
use serde_json::{Value, json};

/// Serves at a free port and returns `http://127.0.0.1:PORT`.
pub(crate) async fn serve(authorizer: Authorizer) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let inner = Router::new().fallback(
        |Extension(who): Extension<Principal>, body: Bytes| async move {
            let mut shown = json!({"debug": format!("{who:?}"), "body": body.len()});
            match who {
                Principal::OAuthUser { sub, claims } => {
                    shown["sub"] = sub.into();
                    shown["claims"] = claims.into();
                }
                Principal::IamEntity { arn } => shown["arn"] = arn.into(),
                Principal::Unauthenticated => shown["anyone"] = true.into(),
            }
            Json(shown)
        },
    );
    let router = layer(inner, authorizer, &format!("{base}/mcp")).unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

/// One for all; without a pool, for each test has a runtime of its own.
pub(crate) fn client() -> &'static reqwest::Client {
    static CLIENT: LazyLock<reqwest::Client> = LazyLock::new(|| {
        let builder = reqwest::Client::builder().no_proxy();
        builder.pool_max_idle_per_host(0).build().unwrap()
    });
    &CLIENT
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) challenge: String,
    pub(crate) body: Value,
}

pub(crate) async fn send(request: reqwest::RequestBuilder) -> Reply {
    let response = request.send().await.unwrap();
    let challenge = response.headers().get("www-authenticate");
    let challenge = challenge
        .map(|value| value.to_str().unwrap().to_owned())
        .unwrap_or_default();
    let status = response.status().as_u16();
    let body = response.bytes().await.unwrap();
    Reply {
        status,
        challenge,
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    }
}

pub(crate) async fn post(base: &str, token: &str) -> Reply {
    let request = client().post(format!("{base}/mcp")).bearer_auth(token);
    send(request.body("{}")).await
}
