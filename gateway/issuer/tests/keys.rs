//! Discovery, the JWKS, and a key that takes over while its predecessor's tokens are used.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics is a test that fails"
)]

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "support/server.rs"]
mod server;

use jsonwebtoken::decode_header;
use server::Server;

const CONFIGURATION: &str = "/us-east-1_UserPool/.well-known/openid-configuration";
const JWKS: &str = "/us-east-1_UserPool/.well-known/jwks.json";

#[tokio::test]
async fn the_discovery_document_says_what_cognitos_says() {
    let server = Server::start().await;
    let url = &server.url;
    assert_eq!(
        server.issuer.issuer_url(),
        format!("{url}/us-east-1_UserPool")
    );
    assert_eq!(
        server.issuer.discovery_url(),
        format!("{url}{CONFIGURATION}")
    );
    assert_eq!(
        server.issuer.token_endpoint(),
        format!("{url}/oauth2/token")
    );
    assert_eq!(
        server.get(CONFIGURATION).await.json(),
        serde_json::json!({
            "issuer": server.issuer.issuer_url(),
            "jwks_uri": format!("{url}{JWKS}"),
            "authorization_endpoint": format!("{url}/oauth2/authorize"),
            "token_endpoint": format!("{url}/oauth2/token"),
            "revocation_endpoint": format!("{url}/oauth2/revoke"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "email", "phone", "profile"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        })
    );
}

#[tokio::test]
async fn the_jwks_holds_public_keys_alone() {
    let server = Server::start().await;
    let set = server.get(JWKS).await.json();
    let keys = set["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 1);
    let names: Vec<_> = keys[0].as_object().unwrap().keys().collect();
    assert_eq!(names, ["alg", "e", "kid", "kty", "n", "use"]);
    // 2048 bits, and 65537.
    assert_eq!(keys[0]["n"].as_str().unwrap().len(), 342);
    assert_eq!(keys[0]["e"], "AQAB");
}

#[tokio::test]
async fn after_a_rotation_a_new_key_signs_and_old_tokens_stay_valid() {
    let server = Server::start().await;
    let before = server.issuer.token_for_client("machine", &[]).unwrap();
    let kid = server.issuer.rotate().unwrap();
    let between = server.issuer.token_for_client("machine", &[]).unwrap();
    server.issuer.rotate().unwrap();
    let after = server.issuer.token_for_client("machine", &[]).unwrap();
    assert_eq!(decode_header(&between).unwrap().kid, Some(kid));
    let kids = [&before, &between, &after].map(|token| decode_header(token).unwrap().kid);
    assert!(kids[0] != kids[1] && kids[1] != kids[2] && kids[0] != kids[2]);
    for token in [before, between, after] {
        server.verify(&token, None).await;
    }
}

#[tokio::test]
async fn tokens_verify_while_keys_rotate() {
    let server = std::sync::Arc::new(Server::start().await);
    let issuer = server.issuer.clone();
    let body = "grant_type=client_credentials&client_id=other-machine&client_secret=other-secret";
    let first = server.token(body).await.token("access_token");
    let rotating = tokio::task::spawn_blocking(move || {
        for _ in 0..4 {
            issuer.rotate().unwrap();
        }
    });
    let mut last_kid;
    loop {
        let last = rotating.is_finished();
        let token = server.token(body).await.token("access_token");
        server.verify(&token, None).await;
        last_kid = decode_header(&token).unwrap().kid;
        if last {
            break;
        }
    }
    rotating.await.unwrap();
    assert_ne!(last_kid, decode_header(&first).unwrap().kid);
    server.verify(&first, None).await;
}
