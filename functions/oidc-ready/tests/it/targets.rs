//! Targets of a Gateway, asked for at AgentCore's control plane.

use axum::{Json, http::StatusCode};
use serde_json::{Value, json};

use crate::support::{
    event::{answer, event, reason},
    function::{Ended, Function},
    server::{Server, cloudformation},
};

const FIRST: &str = "/gateways/tools-abcdefghij/targets/AAAAAAAAAA";

/// Creates the resource; gives all that the function wrote.
async fn create(cloudformation: &Server, control_plane: &Server, wait: &str) -> String {
    let endpoint = control_plane.url("/");
    let own = (
        "AWS_ENDPOINT_URL_BEDROCK_AGENTCORE_CONTROL",
        endpoint.as_str(),
    );
    let other = ("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
    let mut function = Function::start(&[own, other, ("WAIT_SECONDS", wait)]).await;
    let properties = json!({
        "GatewayIdentifier": "tools-abcdefghij",
        "TargetIds": ["AAAAAAAAAA", "BBBBBBBBBB"],
    });
    let event = event("Create", cloudformation, properties);
    let ended = function.invoke(event).await;
    assert!(matches!(ended, Ended::Response), "{ended:?}");
    function.stop().await
}

fn target(status: &str) -> (StatusCode, Json<Value>) {
    let reasons = ["the schema names a tool twice"];
    let body = json!({"targetId": "x", "status": status, "statusReasons": reasons});
    (StatusCode::OK, Json(body))
}

#[tokio::test]
async fn each_target_is_asked_for_signed_until_it_is_ready() {
    let cloudformation = cloudformation().await;
    let control_plane = Server::start(|number, asked| match number {
        1 => target("CREATING"),
        2 | 3 => target("SYNCHRONIZING"),
        _ if asked.method == "GET" => target("READY"),
        _ => target("FAILED"),
    })
    .await;
    let log = create(&cloudformation, &control_plane, "20").await;
    assert_eq!(answer(&cloudformation)["Status"], "SUCCESS");
    assert!(!log.contains("hush"), "{log}");

    let asked = control_plane.asked();
    let first: Vec<_> = asked.iter().filter(|asked| asked.path == FIRST).collect();
    assert_eq!((asked.len(), first.len()), (5, 3));
    let header = |name| first[0].headers[name].to_str().unwrap();
    let signature = header("authorization");
    assert!(signature.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"));
    assert!(signature.contains("/eu-west-1/bedrock-agentcore/aws4_request"));
    assert_eq!(header("x-amz-security-token"), "hush-token");
}

#[tokio::test]
async fn a_failed_target_fails_at_once_with_its_reasons() {
    let cloudformation = cloudformation().await;
    let control_plane = Server::start(|number, _| match number {
        1 => target("READY"),
        _ => target("FAILED"),
    })
    .await;
    create(&cloudformation, &control_plane, "20").await;
    let reason = reason(&cloudformation);
    assert!(
        reason.starts_with(
            "target `BBBBBBBBBB` of gateway `tools-abcdefghij`: \
             status FAILED; the schema names a tool twice (after "
        ),
        "{reason}"
    );
    assert_eq!(control_plane.asked().len(), 2);
}

#[tokio::test]
async fn a_role_that_may_not_ask_yet_is_waited_for() {
    let denied = || {
        let body = json!({"message": "role r is not authorized\nx-amz-security-token:hush-token"});
        (StatusCode::FORBIDDEN, Json(body))
    };
    let spread = cloudformation().await;
    let soon = Server::start(move |number, _| match number {
        1..=4 => denied(),
        _ => target("READY"),
    })
    .await;
    create(&spread, &soon, "20").await;
    assert_eq!(answer(&spread)["Status"], "SUCCESS");

    let forgotten = cloudformation().await;
    let never = Server::start(move |_, _| denied()).await;
    let log = create(&forgotten, &never, "1").await;
    let reason = reason(&forgotten);
    assert!(reason.contains("HTTP 403 role r is not authorized; allow this function's role"));
    assert!(!log.contains("hush") && !reason.contains("hush"), "{log}");
}
