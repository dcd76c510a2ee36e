//! The discovery document and the token endpoint: there, late, never, and wrong.

use std::net::SocketAddr;

use axum::{
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpSocket};

use crate::support::{
    event::{answer, event, reason},
    function::{Ended, Function},
    server::{Asked, Server, cloudformation},
};

const POOL: &str = "/pool";
const WELL_KNOWN: &str = "/pool/.well-known/openid-configuration";

/// The document that an issuer at the host that was asked has.
fn document(asked: &Asked) -> Response {
    let host = asked.headers[header::HOST].to_str().unwrap();
    let issuer = format!("http://{host}{POOL}");
    let jwks = format!("{issuer}/.well-known/jwks.json");
    axum::Json(json!({"issuer": issuer, "jwks_uri": jwks})).into_response()
}

/// A port that refuses connections until it listens, and that no other program gets meanwhile.
fn taken_port() -> (TcpSocket, SocketAddr) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

/// For what is there sooner or later.
async fn create(cloudformation: &Server, properties: Value) {
    create_with(&[], cloudformation, properties).await;
}

/// For what is waited for in vain, or longer than allowed.
async fn create_in_vain(cloudformation: &Server, properties: Value) {
    let short = [
        ("WAIT_SECONDS", "3"),
        ("INTERVAL_SECONDS", "1"),
        ("TRY_SECONDS", "1"),
    ];
    create_with(&short, cloudformation, properties).await;
}

async fn create_with(variables: &[(&str, &str)], cloudformation: &Server, properties: Value) {
    let mut function = Function::start(variables).await;
    let ended = function
        .invoke(event("Create", cloudformation, properties))
        .await;
    assert!(matches!(ended, Ended::Response), "{ended:?}");
    function.stop().await;
}

#[tokio::test]
async fn what_is_there_at_once_is_a_success_and_asked_for_once() {
    let cloudformation = cloudformation().await;
    let issuer = Server::start(|_, asked| document(asked)).await;
    create(
        &cloudformation,
        json!({"DiscoveryUrl": issuer.url(WELL_KNOWN), "After": ["arn:aws:iam::1:role/r"]}),
    )
    .await;
    let answer = answer(&cloudformation);
    assert_eq!(answer["Status"], "SUCCESS");
    assert!(answer["Data"]["ElapsedSeconds"].is_string());
    let id = "oidc-ready-TokensReady-8a1f-request";
    assert_eq!(answer["PhysicalResourceId"], id);
    assert_eq!(issuer.asked().len(), 1);
}

#[tokio::test]
async fn what_comes_late_is_waited_for() {
    let cloudformation = cloudformation().await;
    // Nothing listens; then one thing after another is in the way.
    let (socket, address) = taken_port();
    let late = tokio::spawn(async move {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        Server::on(socket.listen(16).unwrap(), |number, asked| match number {
            1 => StatusCode::NOT_FOUND.into_response(),
            2 => StatusCode::BAD_GATEWAY.into_response(),
            3 => Html("<html>soon</html>").into_response(),
            4 => "x".repeat(1 << 20).into_response(),
            5 => (StatusCode::FOUND, [(header::LOCATION, WELL_KNOWN)]).into_response(),
            _ => document(asked),
        })
    });
    let url = format!("http://{address}{WELL_KNOWN}");
    create(&cloudformation, json!({"DiscoveryUrl": url})).await;
    assert_eq!(answer(&cloudformation)["Status"], "SUCCESS");
    let issuer = late.await.unwrap();
    assert_eq!(issuer.asked().len(), 6);
    assert!(issuer.asked().iter().all(|asked| asked.method == "GET"));
}

#[tokio::test]
async fn what_never_comes_is_a_failure_that_says_what_was_there_instead() {
    let redirect = || (StatusCode::FOUND, [(header::LOCATION, "/elsewhere")]).into_response();
    let huge = || "x".repeat(1 << 20).into_response();
    let html = || Html("<html>").into_response();
    type Instead = fn() -> Response;
    let instead: [(Instead, &str); 3] = [
        (html, "at last HTTP 200 without a JSON document"),
        (huge, "at last HTTP 200 with more than 64 KB"),
        (redirect, "at last HTTP 302"),
    ];
    for (instead, says) in instead {
        let cloudformation = cloudformation().await;
        let issuer = Server::start(move |_, _| instead()).await;
        let url = issuer.url(WELL_KNOWN);
        create_in_vain(&cloudformation, json!({"DiscoveryUrl": url})).await;
        let reason = reason(&cloudformation);
        let awaited = format!(" s in vain for the discovery document `{url}`: {says}");
        assert!(reason.contains(&awaited), "{reason}");
        assert!(issuer.asked().iter().all(|asked| asked.path == WELL_KNOWN));
    }
}

#[tokio::test]
async fn a_server_that_never_comes_is_a_failure() {
    let cloudformation = cloudformation().await;
    let (_taken, address) = taken_port();
    let nobody = format!("http://{address}{WELL_KNOWN}");
    create_in_vain(&cloudformation, json!({"DiscoveryUrl": nobody})).await;
    let reason = reason(&cloudformation);
    assert!(reason.contains("at last no answer: "), "{reason}");
    assert!(reason.contains("refused"), "{reason}");
}

#[tokio::test]
async fn another_issuer_fails_at_once_and_both_are_named() {
    let cloudformation = cloudformation().await;
    let other = json!({"issuer": "https://other.example/pool", "jwks_uri": "https://x/jwks"});
    let issuer = Server::start(move |_, _| axum::Json(other.clone())).await;
    let url = issuer.url(WELL_KNOWN);
    create(&cloudformation, json!({"DiscoveryUrl": url})).await;
    let reason = reason(&cloudformation);
    assert!(
        reason.contains("issuer is `https://other.example/pool`"),
        "{reason}"
    );
    assert!(reason.contains(&format!("not at `{url}`")), "{reason}");
    assert_eq!(issuer.asked().len(), 1);
}

#[tokio::test]
async fn a_token_endpoint_is_ready_when_it_refuses() {
    let cloudformation = cloudformation().await;
    let endpoint = Server::start(|number, _| match number {
        1 => (StatusCode::NOT_FOUND, "no such domain"),
        2 => (StatusCode::OK, "<html>"),
        3 => (StatusCode::SERVICE_UNAVAILABLE, ""),
        _ => (StatusCode::BAD_REQUEST, "{\"error\":\"invalid_request\"}"),
    })
    .await;
    let url = endpoint.url("/oauth2/token?hush=query");
    create(&cloudformation, json!({"TokenEndpoint": url})).await;
    assert_eq!(answer(&cloudformation)["Status"], "SUCCESS");
    let asked = endpoint.asked();
    assert_eq!(asked.len(), 4);
    assert_eq!(asked[0].method, "POST");
    assert_eq!(asked[0].path, "/oauth2/token?hush=query");
    assert!(asked[0].headers.get(header::AUTHORIZATION).is_none());
}

#[tokio::test]
async fn a_server_that_never_finishes_its_answer_does_not_hold_the_stack() {
    let cloudformation = cloudformation().await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/token", silent.local_addr().unwrap());
    create_in_vain(&cloudformation, json!({"TokenEndpoint": url})).await;
    let reason = reason(&cloudformation);
    assert!(
        reason.contains("at last no answer: none within"),
        "{reason}"
    );
}

#[tokio::test]
async fn everything_that_is_missing_is_in_the_reason() {
    let cloudformation = cloudformation().await;
    let nothing = Server::start(|_, _| StatusCode::NOT_FOUND).await;
    create_in_vain(
        &cloudformation,
        json!({
            "DiscoveryUrl": nothing.url(WELL_KNOWN),
            "TokenEndpoint": nothing.url("/token?hush=query"),
        }),
    )
    .await;
    let reason = reason(&cloudformation);
    assert!(reason.contains("Also for the token endpoint"), "{reason}");
    assert!(!reason.contains("hush"), "{reason}");
}

#[tokio::test]
async fn it_settles_after_all_is_there() {
    let cloudformation = cloudformation().await;
    create(&cloudformation, json!({"SettleSeconds": "1"})).await;
    let answer = answer(&cloudformation);
    assert_eq!(answer["Status"], "SUCCESS");
    let elapsed = answer["Data"]["ElapsedSeconds"].as_str().unwrap();
    assert!(elapsed.parse::<u64>().unwrap() >= 1);
}

#[tokio::test]
async fn it_settles_no_longer_than_it_may_wait() {
    let cloudformation = cloudformation().await;
    create_in_vain(&cloudformation, json!({"SettleSeconds": "300"})).await;
    assert_eq!(answer(&cloudformation)["Status"], "SUCCESS");
}
