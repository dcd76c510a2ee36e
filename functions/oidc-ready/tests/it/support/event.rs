//! Events as CloudFormation sends them.

use serde_json::{Value, json};

use super::server::Server;

/// What must appear in no log: a part of the path, and the query.
pub(crate) const SIGNED: &str =
    "/hush-path?AWSAccessKeyId=AKID&Expires=1&Signature=hush%2Bsignature%3D";

pub(crate) fn event(request_type: &str, answer_to: &Server, mut properties: Value) -> Value {
    properties["ServiceToken"] = json!("arn:aws:lambda:eu-west-1:123456789012:function:oidc-ready");
    let mut event = json!({
        "RequestType": request_type,
        "ResponseURL": answer_to.url(SIGNED),
        "StackId": "arn:aws:cloudformation:eu-west-1:123456789012:stack/tools/5b2c",
        "RequestId": "8a1f-request",
        "ResourceType": "Custom::OidcReady",
        "LogicalResourceId": "TokensReady",
        "ResourceProperties": properties,
    });
    if request_type != "Create" {
        event["PhysicalResourceId"] = json!("as-it-was");
    }
    event
}

/// The one answer that came; it must repeat the request's ids.
pub(crate) fn answer(cloudformation: &Server) -> Value {
    let all = cloudformation.asked();
    let [asked] = all.as_slice() else {
        panic!("{} answers", all.len())
    };
    assert_eq!(
        (asked.method.as_str(), asked.path.as_str()),
        ("PUT", SIGNED)
    );
    assert!(asked.headers.get("content-type").is_none());
    let answer = asked.json();
    assert_eq!(answer["StackId"].as_str().unwrap().len(), 62);
    assert_eq!(answer["RequestId"], "8a1f-request");
    assert_eq!(answer["LogicalResourceId"], "TokensReady");
    answer
}

/// The reason of the one answer, which must be a failure.
pub(crate) fn reason(cloudformation: &Server) -> String {
    let answer = answer(cloudformation);
    assert_eq!(answer["Status"], "FAILED");
    let reason = answer["Reason"].as_str().unwrap().to_owned();
    assert!(
        reason.ends_with("(log group /logs/oidc-ready, stream 2026/stream)"),
        "{reason}"
    );
    reason
}
