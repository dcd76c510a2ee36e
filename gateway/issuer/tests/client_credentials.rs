//! Machines: client credentials.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics is a test that fails"
)]

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "support/server.rs"]
mod server;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use server::{SECRET, Server};

const GRANT: &str = "grant_type=client_credentials";
const ENCODED_SECRET: &str = "machine-secret%2B%26%3A%25";

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}")))
}

fn by_post(more: &str) -> String {
    format!("{GRANT}&client_id=machine&client_secret={ENCODED_SECRET}{more}")
}

#[tokio::test]
async fn a_secret_in_the_form_gets_a_token_that_says_what_cognitos_say() {
    let server = Server::start().await;
    let reply = server
        .token(&by_post("&scope=tools/manager+tools/invoke"))
        .await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.header("cache-control"), "no-store");
    let mut answer = reply.json();
    answer["access_token"].take();
    assert_eq!(
        answer,
        serde_json::json!({"access_token": null, "expires_in": 3600, "token_type": "Bearer"})
    );

    let verified = server.verify(&reply.token("access_token"), None).await;
    assert_eq!(verified.header.alg, jsonwebtoken::Algorithm::RS256);
    let mut claims = verified.claims;
    let (exp, iat) = (
        claims["exp"].as_u64().unwrap(),
        claims["iat"].as_u64().unwrap(),
    );
    assert_eq!(exp - iat, 3_600);
    assert_eq!(claims["auth_time"], claims["iat"]);
    assert_eq!(claims["jti"].as_str().unwrap().len(), 36);
    for measured in ["exp", "iat", "auth_time", "jti"] {
        claims.as_object_mut().unwrap().remove(measured);
    }
    assert_eq!(
        claims,
        serde_json::json!({
            "sub": "machine", "client_id": "machine", "token_use": "access", "version": 2,
            "scope": "tools/invoke tools/manager", "iss": server.issuer.issuer_url(),
        })
    );
}

#[tokio::test]
async fn a_secret_in_a_basic_header_is_form_encoded_first() {
    let server = Server::start().await;
    let header = basic("machine", ENCODED_SECRET);
    let reply = server
        .post("/oauth2/token", &[("authorization", &header)], GRANT)
        .await;
    assert_eq!(reply.status, 200, "{}", reply.body);
}

#[tokio::test]
async fn without_a_scope_a_machine_gets_all_of_its_custom_scopes() {
    let server = Server::start().await;
    for scope in ["", "&scope="] {
        let reply = server.token(&by_post(scope)).await;
        let verified = server.verify(&reply.token("access_token"), None).await;
        assert_eq!(verified.claims["scope"], "tools/invoke tools/manager");
    }
}

#[tokio::test]
async fn a_scope_that_is_not_the_machines_is_refused() {
    let server = Server::start().await;
    for scope in [
        "tools/developer",
        "tools/invoke+tools/developer",
        "openid",
        "tools/invok",
        "tools/invoke%22%5C%3Cb%3E",
        "tools/invoke%C2%A0tools/manager",
    ] {
        let reply = server.token(&by_post(&format!("&scope={scope}"))).await;
        reply.assert_refused(400, "invalid_scope");
        let description = &reply.json()["error_description"];
        let description = description.as_str().unwrap();
        assert!(description.is_ascii() && !description.contains(['"', '\\']));
    }
}

#[tokio::test]
async fn a_wrong_secret_is_refused_and_challenged_where_the_header_was_used() {
    let server = Server::start().await;
    for body in [
        "&client_id=machine&client_secret=wrong",
        "&client_id=machine&client_secret=machine-secret",
        "&client_id=machine",
        "&client_id=machine&client_secret=",
        "&client_id=machine&client_secret=other-secret",
        "&client_id=nobody&client_secret=wrong",
        "&client_id=web&client_secret=wrong",
    ] {
        let reply = server.token(&format!("{GRANT}{body}")).await;
        reply.assert_refused(400, "invalid_client");
        assert_eq!(reply.header("www-authenticate"), "");
    }
    for header in [
        basic("machine", "wrong"),
        basic("machine", SECRET),
        basic("machine", ""),
        basic("nobody", "wrong"),
        basic("web", ""),
        basic("machine", "%zz"),
        format!("Bearer {SECRET}"),
        "Basic".to_owned(),
        "Basic ".to_owned(),
        "Basic !!!".to_owned(),
        format!("Basic {}", BASE64_STANDARD.encode(b"\xff\xfe:\xff")),
        format!("Basic {}", BASE64_STANDARD.encode(b"machine")),
    ] {
        let reply = server
            .post("/oauth2/token", &[("authorization", &header)], GRANT)
            .await;
        reply.assert_refused(401, "invalid_client");
        assert!(reply.header("www-authenticate").starts_with("Basic realm="));
        assert!(!reply.body.contains("secret+"), "{}", reply.body);
    }
}

#[tokio::test]
async fn a_client_says_once_who_it_is() {
    let server = Server::start().await;
    let right = basic("machine", ENCODED_SECRET);
    let header = [("authorization", right.as_str())];
    let twice = [header[0], header[0]];
    let reply = server.post("/oauth2/token", &header, &by_post("")).await;
    reply.assert_refused(400, "invalid_request");
    let body = format!("{GRANT}&client_id=other-machine");
    let reply = server.post("/oauth2/token", &header, &body).await;
    reply.assert_refused(400, "invalid_request");
    let reply = server.post("/oauth2/token", &twice, GRANT).await;
    reply.assert_refused(400, "invalid_request");

    let body = format!("{GRANT}&client_id=machine");
    let reply = server.post("/oauth2/token", &header, &body).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
}

#[tokio::test]
async fn malformed_forms_are_refused() {
    let server = Server::start().await;
    for body in [
        "".to_owned(),
        "client_id=machine".to_owned(),
        GRANT.to_owned(),
        by_post("&grant_type=client_credentials"),
        by_post("&scope=tools/invoke&scope=tools/invoke"),
        by_post("&client_secret="),
        by_post("&scop%65=&scope="),
        by_post("&any=1&any=1"),
        by_post("&scope=%zz"),
        by_post("&scope=%f"),
        by_post("&scope=%é1"),
        by_post("&scope=%ff"),
        by_post("&scope=%00"),
        by_post("&scope=tools/invoke%0d%0aX:+y"),
    ] {
        let reply = server.token(&body).await;
        reply.assert_refused(400, "invalid_request");
    }
    let reply = server
        .post(
            "/oauth2/token",
            &[("content-type", "application/json")],
            "{}",
        )
        .await;
    reply.assert_refused(400, "invalid_request");
    let reply = server
        .post(&format!("/oauth2/token?{}", by_post("")), &[], &by_post(""))
        .await;
    reply.assert_refused(400, "invalid_request");
    let reply = server.token(&by_post(&"&a=".repeat(10_000))).await;
    reply.assert_refused(413, "invalid_request");
    assert_eq!(server.get("/oauth2/token").await.status, 405);
}

#[tokio::test]
async fn a_grant_that_a_client_does_not_have_is_refused() {
    let server = Server::start().await;
    let machine = format!("client_id=machine&client_secret={ENCODED_SECRET}");
    let reply = server
        .token(&format!("{machine}&grant_type=password"))
        .await;
    reply.assert_refused(400, "unsupported_grant_type");
    let reply = server.token(&format!("{GRANT}&client_id=web")).await;
    reply.assert_refused(400, "unauthorized_client");
    let body = format!("{machine}&grant_type=authorization_code&code=a&redirect_uri=b");
    server
        .token(&body)
        .await
        .assert_refused(400, "unauthorized_client");
}

#[tokio::test]
async fn tokens_without_http_are_the_same() {
    let server = Server::start().await;
    let token = server.issuer.token_for_client("machine", &[]).unwrap();
    let claims = server.verify(&token, None).await.claims;
    assert_eq!(claims["scope"], "tools/invoke tools/manager");
    let narrow = server.issuer.token_for_client("machine", &["tools/invoke"]);
    let claims = server.verify(&narrow.unwrap(), None).await.claims;
    assert_eq!(claims["scope"], "tools/invoke");
    for (client, scopes, code) in [
        ("machine", &["tools/developer"][..], "invalid_scope"),
        ("web", &[], "unauthorized_client"),
        ("nobody", &[], "invalid_client"),
    ] {
        let refused = server.issuer.token_for_client(client, scopes).unwrap_err();
        assert_eq!(refused.code().as_str(), code);
    }
}
