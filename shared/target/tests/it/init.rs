//! A function that cannot start says why to `/init/error`, and exits.

use crate::lambda::Lambda;

async fn init_error(kind: &str) -> (String, String) {
    let mut lambda = Lambda::start(&[("FIXTURE_INIT", kind)]).await;
    let posted = lambda.posted().await;
    assert_eq!(posted.to, "init/error");
    assert_eq!(lambda.exit_code().await, Some(1));
    let text = |key: &str| posted.body[key].as_str().unwrap().to_owned();
    (text("errorType"), text("errorMessage"))
}

#[tokio::test]
async fn a_setting_that_is_wrong_is_named() {
    let (kind, message) = init_error("error").await;
    assert_eq!(kind, "Runtime.InitError");
    assert_eq!(message, "`FIXTURE_INIT` is `error`: leave it unset");
}

#[tokio::test]
async fn a_panic_in_init_is_reported_without_its_text() {
    let (_, message) = init_error("panic").await;
    assert!(message.starts_with("init panicked"), "{message}");
}

#[tokio::test]
async fn a_missing_handler_is_named() {
    let (kind, message) = init_error("missing").await;
    assert_eq!(kind, "Runtime.MissingHandler");
    assert!(
        message.contains("`fault`") && message.contains(".on(handler)"),
        "{message}"
    );
}

#[tokio::test]
async fn a_doubled_handler_is_named() {
    let (_, message) = init_error("doubled").await;
    assert!(message.contains("two handlers serve `echo`"), "{message}");
}
