//! The fixture function, and hosts that run it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gateway::lambda::{Call, FunctionConfig, Host, HostConfig, Invocation};
use serde_json::Value;

/// The name that the fixture goes by.
pub(crate) const NAME: &str = "fixture";

/// The lines that a host logged.
pub(crate) type Lines = Arc<Mutex<Vec<String>>>;

/// The fixture function, with time enough on a busy machine.
pub(crate) fn fixture() -> FunctionConfig {
    // cargo builds examples beside the folder of the tests themselves.
    let deps = std::env::current_exe().unwrap();
    let binary: PathBuf = deps
        .parent()
        .unwrap()
        .parent()
        .unwrap()
        .join("examples/fixture-function");
    let mut function = FunctionConfig::new(NAME, binary);
    function.timeout = Duration::from_secs(60);
    function
}

/// A host of one function, and its log.
pub(crate) async fn host(function: FunctionConfig, max_environments: u32) -> (Host, Lines) {
    let lines = Lines::default();
    let sink = Arc::clone(&lines);
    let mut config = HostConfig::new("http://127.0.0.1:9");
    config.max_environments = max_environments;
    config.init_timeout = Duration::from_secs(60);
    config.log = Arc::new(move |line: &str| sink.lock().unwrap().push(line.to_owned()));
    let host = Host::new(config).await.unwrap();
    host.add(function).unwrap();
    (host, lines)
}

/// One call of the fixture.
pub(crate) async fn invoke(host: &Host, event: Value) -> Invocation {
    host.invoke(NAME, Call::new(event.to_string()))
        .await
        .unwrap()
}

/// One call that must succeed.
pub(crate) async fn answer(host: &Host, event: Value) -> Value {
    let invocation = invoke(host, event).await;
    assert_eq!(invocation.function_error, None, "{:?}", invocation.payload);
    serde_json::from_slice(&invocation.payload).unwrap()
}

/// One call that must fail: its error's type and message.
pub(crate) async fn failure(host: &Host, event: Value) -> (String, String) {
    let invocation = invoke(host, event).await;
    assert_eq!(invocation.function_error.as_deref(), Some("Unhandled"));
    let error: Value = serde_json::from_slice(&invocation.payload).unwrap();
    let text = |key: &str| error[key].as_str().unwrap().to_owned();
    (text("errorType"), text("errorMessage"))
}

/// Waits until a process wrote its number there.
pub(crate) async fn told_pid(path: &std::path::Path) -> u32 {
    for _ in 0..6_000 {
        if let Ok(text) = std::fs::read_to_string(path) {
            return text.parse().unwrap();
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("no process told its number");
}

/// Whether a process runs; one that only waits to be reaped does not.
pub(crate) fn runs(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')')
        .is_some_and(|(_, rest)| !rest.trim_start().starts_with('Z'))
}

/// `kill -9`.
pub(crate) fn kill(pid: u32) {
    let status = std::process::Command::new("kill")
        .args(["-9", &pid.to_string()])
        .status()
        .unwrap();
    assert!(status.success());
}
