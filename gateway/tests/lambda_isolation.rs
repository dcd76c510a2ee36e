//! What a function's process can see of this machine, and that none is left behind.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics is a test that fails"
)]

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "support/functions.rs"]
mod functions;

use std::time::Duration;

use functions::{answer, failure, fixture, host, invoke, runs, told_pid};
use gateway::lambda::{Call, InvokeError};
use serde_json::{Value, json};

const SET: &str = "GATEWAY_TEST_ENVIRONMENT_IS_SET";

/// Variables as a developer may have them, that lead out of this machine or to an account.
const REAL: [(&str, &str); 9] = [
    (SET, "1"),
    ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
    (
        "AWS_SECRET_ACCESS_KEY",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    ),
    ("AWS_SESSION_TOKEN", "a-real-token"),
    ("AWS_PROFILE", "production"),
    ("AWS_CONFIG_FILE", "/home/developer/.aws/config"),
    (
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "http://169.254.170.23/v1/credentials",
    ),
    (
        "AWS_ENDPOINT_URL_SESV2",
        "https://email.us-east-1.amazonaws.com",
    ),
    ("HTTPS_PROXY", "http://proxy.example:3128"),
];

async fn variables(host: &gateway::lambda::Host) -> Value {
    let environment = answer(host, json!({"do": "environment"})).await;
    environment["variables"].clone()
}

#[tokio::test]
async fn a_process_gets_what_lambda_gives_and_nothing_of_ours() {
    let mut function = fixture();
    function.handler = "bootstrap".to_owned();
    function.memory_mb = 256;
    function.region = "eu-central-1".to_owned();
    function.log_format = Some("JSON".to_owned());
    function
        .environment
        .insert("SES_SENDER_EMAIL".to_owned(), "me@example.com".to_owned());
    function
        .environment
        .insert("TZ".to_owned(), "Europe/Berlin".to_owned());
    let binary = function.binary.clone();
    let (host, _) = host(function, 1).await;

    let environment = answer(&host, json!({"do": "environment"})).await;
    let variables = &environment["variables"];
    let api = variables["AWS_LAMBDA_RUNTIME_API"].as_str().unwrap();
    let (authority, secret) = api
        .strip_prefix("http://")
        .unwrap()
        .split_once('/')
        .unwrap();
    assert!(authority.starts_with("127.0.0.1:"), "{api}");
    assert!(
        secret.len() >= 32 && secret.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{api}"
    );
    let stream = variables["AWS_LAMBDA_LOG_STREAM_NAME"].as_str().unwrap();
    assert!(stream.contains("/[$LATEST]"), "{stream}");
    assert_eq!(environment["directory"], variables["HOME"]);
    assert_ne!(
        environment["directory"],
        json!(std::env::current_dir().unwrap())
    );

    let mut rest = variables.as_object().unwrap().clone();
    for seen in [
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "HOME",
        "_X_AMZN_TRACE_ID",
    ] {
        rest.remove(seen);
    }
    assert_eq!(
        Value::Object(rest),
        json!({
            "_HANDLER": "bootstrap",
            "AWS_ACCESS_KEY_ID": "local-only",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
            "AWS_LAMBDA_FUNCTION_NAME": "fixture",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_FORMAT": "JSON",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/fixture",
            "AWS_REGION": "eu-central-1",
            "AWS_SECRET_ACCESS_KEY": "local-only",
            "AWS_SESSION_TOKEN": "local-only",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "LAMBDA_TASK_ROOT": binary.parent().unwrap(),
            "LANG": "en_US.UTF-8",
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "SES_SENDER_EMAIL": "me@example.com",
            "TZ": "Europe/Berlin",
        })
    );
}

#[tokio::test]
async fn a_template_cannot_lead_a_function_to_the_real_aws() {
    let mut function = fixture();
    for (name, value) in REAL {
        function
            .environment
            .insert(name.to_owned(), value.to_owned());
    }
    for name in [
        "AWS_ENDPOINT_URL",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    ] {
        function
            .environment
            .insert(name.to_owned(), "true".to_owned());
    }
    let (host, lines) = host(function, 1).await;
    let variables = variables(&host).await;
    assert_eq!(variables["AWS_ENDPOINT_URL"], "http://127.0.0.1:9");
    assert_eq!(variables["AWS_ACCESS_KEY_ID"], "local-only");
    assert_eq!(variables["AWS_CONFIG_FILE"], "/dev/null");
    for absent in [
        "AWS_ENDPOINT_URL_SESV2",
        "AWS_PROFILE",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    ] {
        assert_eq!(variables[absent], Value::Null, "{absent}");
    }
    host.shutdown().await;
    let lines = lines.lock().unwrap();
    assert!(
        lines
            .iter()
            .any(|line| line.contains("`AWS_ENDPOINT_URL_SESV2` is ignored")),
        "{lines:?}"
    );
    assert!(
        !lines.iter().any(|line| line.contains("a-real-token")),
        "{lines:?}"
    );
}

/// Runs the next test in a process that has such an environment.
#[test]
fn a_developers_credentials_and_proxy_do_not_arrive() {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "with_a_developers_environment"])
        .envs(REAL)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{text}"
    );
}

#[tokio::test]
#[ignore = "run by the test above"]
async fn with_a_developers_environment() {
    assert!(
        std::env::var_os(SET).is_some(),
        "only the test above sets the environment"
    );
    let (host, _) = host(fixture(), 1).await;
    let variables = variables(&host).await;
    for (name, value) in REAL {
        assert_ne!(variables[name], value, "{name}");
    }
    for absent in [SET, "AWS_PROFILE", "AWS_ENDPOINT_URL_SESV2", "HTTPS_PROXY"] {
        assert_eq!(variables[absent], Value::Null, "{absent}");
    }
}

#[tokio::test]
async fn shutdown_ends_every_process_and_answers_every_caller() {
    let (host, _) = host(fixture(), 3).await;
    let folder = tempfile::tempdir().unwrap();
    let mut pids = Vec::new();
    let mut calls = Vec::new();
    for number in 0..3 {
        let tell = folder.path().join(number.to_string());
        let (runner, event) = (host.clone(), json!({"do": "wait", "tell": tell}));
        calls.push(tokio::spawn(async move {
            runner.invoke("fixture", Call::new(event.to_string())).await
        }));
        pids.push(told_pid(&tell).await);
    }
    // Two wait in the queue.
    for _ in 0..2 {
        let runner = host.clone();
        calls.push(tokio::spawn(async move {
            runner.invoke("fixture", Call::default()).await
        }));
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(pids.iter().all(|pid| runs(*pid)));
    host.shutdown().await;
    assert!(!pids.iter().any(|pid| runs(*pid)));
    for call in calls {
        assert!(matches!(call.await.unwrap(), Err(InvokeError::ShutDown)));
    }
    let late = host.invoke("fixture", Call::default()).await;
    assert!(matches!(late, Err(InvokeError::ShutDown)));
    host.shutdown().await;
}

#[tokio::test]
async fn shutdown_ends_idle_processes() {
    let (host, _) = host(fixture(), 1).await;
    let pid = u32::try_from(answer(&host, json!({"do": "pid"})).await.as_u64().unwrap()).unwrap();
    assert!(runs(pid));
    host.shutdown().await;
    assert!(!runs(pid));
}

#[tokio::test]
async fn what_a_function_started_ends_with_it() {
    let mut function = fixture();
    function.timeout = Duration::from_secs(1);
    let (host, _) = host(function, 1).await;
    let folder = tempfile::tempdir().unwrap();
    let tell = folder.path().join("pid");
    let (kind, _) = failure(&host, json!({"do": "child", "tell": tell})).await;
    assert_eq!(kind, "Sandbox.Timedout");
    let grandchild = told_pid(&tell).await;
    while runs(grandchild) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_host_that_is_dropped_takes_its_processes_along() {
    let (host, _) = host(fixture(), 1).await;
    let invocation = invoke(&host, json!({"do": "pid"})).await;
    let pid: u32 = serde_json::from_slice(&invocation.payload).unwrap();
    drop(host);
    while runs(pid) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
