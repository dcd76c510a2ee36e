//! What CloudFormation asks: create, update, delete, and what nobody should ask.

use serde_json::{Value, json};

use crate::support::{
    event::{answer, event, reason},
    function::{Ended, Function},
    server::cloudformation,
};

/// Hands it to a function that must live on; gives the one answer.
async fn invoke(request_type: &str, change: impl FnOnce(&mut Value)) -> Result<Value, String> {
    let cloudformation = cloudformation().await;
    let mut request = event(request_type, &cloudformation, json!({}));
    change(&mut request);
    let mut function = Function::start(&[]).await;
    let ended = function.invoke(request).await;
    function.stop().await;
    match ended {
        Ended::Response if answer(&cloudformation)["Status"] == "FAILED" => {
            Err(reason(&cloudformation))
        }
        Ended::Response => Ok(answer(&cloudformation)),
        Ended::Error(error) => {
            assert!(cloudformation.asked().is_empty());
            Err(error)
        }
    }
}

#[tokio::test]
async fn a_delete_succeeds_at_once_whatever_the_properties_are() {
    let broken = json!({"Typo": "x", "DiscoveryUrl": "nowhere"});
    let answer = invoke("Delete", |event| event["ResourceProperties"] = broken).await;
    let answer = answer.unwrap();
    assert_eq!(answer["PhysicalResourceId"], "as-it-was");
    assert!(answer.get("Data").is_none());
}

#[tokio::test]
async fn an_update_waits_and_keeps_the_id() {
    let answer = invoke("Update", |_| {}).await.unwrap();
    assert_eq!(answer["PhysicalResourceId"], "as-it-was");
    assert!(answer["Data"]["ElapsedSeconds"].is_string());

    let wrong = |event: &mut Value| event["ResourceProperties"]["SettleSeconds"] = json!("-1");
    let reason = invoke("Update", wrong).await.unwrap_err();
    assert!(reason.starts_with("`SettleSeconds`: `-1` must"), "{reason}");
}

#[tokio::test]
async fn other_values_of_after_have_another_digest() {
    let mut digests = Vec::new();
    for after in [
        json!(["a", "b"]),
        json!(["a", "b"]),
        json!(["a,b"]),
        json!(["b", "a"]),
    ] {
        let answer = invoke("Update", |event| {
            event["ResourceProperties"]["After"] = after
        });
        digests.push(answer.await.unwrap()["Data"]["Digest"].to_string());
    }
    assert_eq!(digests[0], digests[1]);
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), 3);
}

#[tokio::test]
async fn an_unknown_property_is_named_with_those_that_are_known() {
    let typo = |event: &mut Value| event["ResourceProperties"]["DiscoveryURL"] = json!("https://a");
    let reason = invoke("Create", typo).await.unwrap_err();
    assert!(
        reason.starts_with("`DiscoveryURL` is not a property"),
        "{reason}"
    );
    assert!(
        reason.contains("`DiscoveryUrl`, `TokenEndpoint`"),
        "{reason}"
    );
}

#[tokio::test]
async fn a_broken_request_is_answered_with_what_is_wrong() {
    type Change = fn(&mut Value);
    let changes: [(Change, &str); 4] = [
        (
            |event| event["RequestType"] = json!("Destroy"),
            "`RequestType` is `Destroy`",
        ),
        (
            |event| event["RequestType"] = json!(null),
            "the request has no `RequestType`",
        ),
        (
            |event| event["ResourceProperties"] = json!("x"),
            "the request has no `ResourceP",
        ),
        (
            |event| event["PhysicalResourceId"] = json!(""),
            "the request has no `PhysicalR",
        ),
    ];
    for (change, says) in changes {
        let reason = invoke("Update", change).await.unwrap_err();
        assert!(reason.starts_with(says), "{reason}");
    }
}

#[tokio::test]
async fn who_cannot_be_answered_gets_an_error() {
    for url in [
        json!(null),
        json!(7),
        json!("hush"),
        json!("ftp://example.com/hush"),
        json!("http://example.com/hush?hush"),
    ] {
        let error = invoke("Create", |event| event["ResponseURL"] = url).await;
        let error = error.unwrap_err();
        assert!(error.contains("NoResponseUrl"), "{error}");
        assert!(!error.contains("hush"), "{error}");
    }
    for event in [json!(null), json!([]), json!("text"), json!({})] {
        let error = invoke("Create", |all| *all = event).await.unwrap_err();
        assert!(error.contains("NoResponseUrl"), "{error}");
    }
}

#[tokio::test]
async fn a_wrong_setting_fails_a_wait_but_no_delete() {
    let mut function = Function::start(&[("WAIT_SECONDS", "long")]).await;
    for request_type in ["Create", "Delete"] {
        let cloudformation = cloudformation().await;
        let ended = function
            .invoke(event(request_type, &cloudformation, json!({})))
            .await;
        assert!(matches!(ended, Ended::Response), "{ended:?}");
        if request_type == "Create" {
            let reason = reason(&cloudformation);
            assert!(reason.contains("variable `WAIT_SECONDS` must"), "{reason}");
        } else {
            assert_eq!(answer(&cloudformation)["Status"], "SUCCESS");
        }
    }
    function.stop().await;
}
