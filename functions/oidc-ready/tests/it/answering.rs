//! CloudFormation gets its answer, whatever is in the way, and nobody else learns where it went.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::{
    event::{SIGNED, answer, event, reason},
    function::{Ended, Function},
    server::{Server, cloudformation, free_port},
};

#[tokio::test]
async fn an_answer_that_is_refused_is_sent_again() {
    let cloudformation = Server::start(|number, _| match number {
        1 => StatusCode::INTERNAL_SERVER_ERROR,
        2 => StatusCode::FORBIDDEN,
        _ => StatusCode::OK,
    })
    .await;
    let mut function = Function::start(&[]).await;
    let ended = function
        .invoke(event("Create", &cloudformation, json!({})))
        .await;
    assert!(matches!(ended, Ended::Response), "{ended:?}");
    let all = cloudformation.asked();
    assert_eq!(all.len(), 3);
    assert!(all.iter().all(|asked| asked.body == all[0].body));
    function.stop().await;
}

#[tokio::test]
async fn an_answer_that_finds_nobody_is_sent_again() {
    let address = free_port().await;
    let late = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(600)).await;
        let listener = TcpListener::bind(address).await.unwrap();
        Server::on(listener, |_, _| StatusCode::OK)
    });
    let mut request = event("Create", &cloudformation().await, json!({}));
    request["ResponseURL"] = json!(format!("http://{address}{SIGNED}"));
    let mut function = Function::start(&[]).await;
    let ended = function.invoke(request).await;
    assert!(matches!(ended, Ended::Response), "{ended:?}");
    assert_eq!(answer(&late.await.unwrap())["Status"], "SUCCESS");
    function.stop().await;
}

#[tokio::test]
async fn an_answer_that_nobody_takes_is_a_function_error_and_the_next_one_works() {
    let deaf = Server::start(|_, _| StatusCode::SERVICE_UNAVAILABLE).await;
    let mut function = Function::start(&[]).await;
    let request = event("Create", &deaf, json!({}));
    let limit = Duration::from_secs(2);
    let ended = function.invoke_within(request, limit).await;
    let Ended::Error(error) = ended else {
        panic!("{ended:?}")
    };
    assert!(error.contains("AnswerNotDelivered"), "{error}");
    assert!(error.contains("at last HTTP 503"), "{error}");
    assert!(deaf.asked().len() >= 2);

    let cloudformation = cloudformation().await;
    let ended = function
        .invoke(event("Delete", &cloudformation, json!({})))
        .await;
    assert!(matches!(ended, Ended::Response), "{ended:?}");
    assert_eq!(answer(&cloudformation)["Status"], "SUCCESS");
    let log = function.stop().await + &error;
    assert_no_secrets(&log);
}

#[tokio::test]
async fn it_answers_before_lambda_s_own_time_out() {
    let cloudformation = cloudformation().await;
    let nobody = format!("http://{}/token", free_port().await);
    let properties = json!({"TokenEndpoint": nobody, "SettleSeconds": "300"});
    // As deployed by someone who left the time-out at three seconds.
    let mut function = Function::start(&[("WAIT_SECONDS", ""), ("RESERVE_SECONDS", "")]).await;
    let request = event("Create", &cloudformation, properties);
    let ended = function
        .invoke_within(request, Duration::from_secs(3))
        .await;
    assert!(matches!(ended, Ended::Response), "{ended:?}");
    let reason = reason(&cloudformation);
    assert!(
        reason.contains(" s in vain for the token endpoint"),
        "{reason}"
    );
    function.stop().await;
}

#[tokio::test]
async fn the_log_tells_each_try_and_no_secret() {
    let cloudformation = Server::start(|number, _| match number {
        1 => StatusCode::FORBIDDEN,
        _ => StatusCode::OK,
    })
    .await;
    let endpoint = Server::start(|number, _| match number {
        1 => StatusCode::NOT_FOUND,
        _ => StatusCode::BAD_REQUEST,
    })
    .await;
    let mut function = Function::start(&[]).await;
    let url = endpoint.url("/token?client=hush-query");
    let properties = json!({"TokenEndpoint": url});
    function
        .invoke(event("Create", &cloudformation, properties))
        .await;
    let log = function.stop().await;
    assert_no_secrets(&log);
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}")))
        .collect();
    let tries: Vec<_> = lines
        .iter()
        .filter(|line| line["awaited"].is_string())
        .collect();
    assert_eq!(tries.len(), 2);
    assert_eq!(tries[0]["message"], "not yet");
    assert_eq!(tries[0]["last"], "HTTP 404");
    assert_eq!(tries[1]["message"], "ready");
    for (number, line) in tries.iter().enumerate() {
        assert_eq!(line["attempt"], number + 1);
        assert_eq!(line["span"]["requestId"], "00000000-invocation");
        assert!(line["elapsed_s"].is_u64() && line["remaining_s"].is_u64());
        let awaited = line["awaited"].as_str().unwrap();
        assert_eq!(
            awaited,
            format!("the token endpoint `{}`", endpoint.url("/token"))
        );
    }
}

fn assert_no_secrets(log: &str) {
    assert!(!log.is_empty());
    for secret in ["hush", "Signature", "AWSAccessKeyId", "ResponseURL\":"] {
        assert!(!log.contains(secret), "`{secret}` in {log}");
    }
}
