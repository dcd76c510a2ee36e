//! Whether a Gateway's target is ready (AgentCore control plane API, `GetGatewayTarget`).
//!
//! One signed GET, written out here: the SDK's crate for this API takes longer to build than all
//! the rest of this function, and its default TLS does not cross-compile as simply.

use std::{sync::Arc, time::SystemTime};

use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use serde_json::Value;

use crate::{http::Reply, settings::ControlPlane, text::excerpt, wait::Found};

/// A target of a Gateway.
#[derive(Debug, Clone)]
pub struct Target {
    /// The Gateway's id.
    pub gateway: String,
    /// The target's id.
    pub id: String,
    /// Who knows its status.
    pub control_plane: Arc<ControlPlane>,
}

/// Asks for the target, signed with the function's credentials.
pub(crate) fn request(target: &Target) -> Option<HttpRequest> {
    let plane = &target.control_plane;
    let (gateway, id) = (&target.gateway, &target.id);
    let url = format!("{}/gateways/{gateway}/targets/{id}", plane.endpoint);
    let identity = plane.credentials.clone().into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(&plane.region)
        .name("bedrock-agentcore")
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()
        .ok()?;
    let unsigned = SignableRequest::new("GET", &url, [].into_iter(), SignableBody::empty()).ok()?;
    let (signed, _) = sign(unsigned, &params.into()).ok()?.into_parts();
    let mut request = HttpRequest::get(&url).ok()?;
    for (name, value) in signed.headers() {
        let headers = request.headers_mut();
        headers.try_insert(name.to_owned(), value.to_owned()).ok()?;
    }
    Some(request)
}

/// Judges the answer. A refusal is not final: a role's permissions take a while to spread.
pub(crate) fn judge(reply: &Reply) -> Found {
    let body = reply.json().unwrap_or_default();
    if reply.status != 200 {
        let message = ["message", "Message"]
            .iter()
            .find_map(|name| body.get(name));
        let message = message.and_then(Value::as_str).unwrap_or_default();
        let remedy = match reply.status {
            403 => {
                "; allow this function's role `bedrock-agentcore:GetGatewayTarget` on the gateway"
            }
            _ => "",
        };
        let said = excerpt(&format!("HTTP {} {message}", reply.status), 300);
        return Found::NotYet(format!("{said}{remedy}"));
    }
    let Some(status) = body.get("status").and_then(Value::as_str) else {
        return Found::NotYet("HTTP 200 without a status".to_owned());
    };
    match status {
        "READY" => Found::Ready,
        "FAILED" | "UPDATE_UNSUCCESSFUL" | "SYNCHRONIZE_UNSUCCESSFUL" => {
            Found::Never(with_reasons(status, &body))
        }
        // CREATING, UPDATING, SYNCHRONIZING, DELETING, the three that wait for a person's consent
        // (*_PENDING_AUTH), and what the service may add.
        _ => Found::NotYet(with_reasons(status, &body)),
    }
}

fn with_reasons(status: &str, body: &Value) -> String {
    let mut all = format!("status {}", excerpt(status, 50));
    let reasons = body.get("statusReasons").and_then(Value::as_array);
    for reason in reasons.into_iter().flatten().filter_map(Value::as_str) {
        all.push_str("; ");
        all.push_str(&excerpt(reason, 300));
    }
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn judged(status: u16, body: Value) -> Found {
        let body = Some(body.to_string().into_bytes());
        judge(&Reply { status, body })
    }

    #[test]
    fn ready_is_ready_and_failed_is_final_with_its_reasons() {
        assert_eq!(judged(200, json!({"status": "READY"})), Found::Ready);
        let reasons = ["no such function", "ask the operator"];
        for status in ["FAILED", "UPDATE_UNSUCCESSFUL", "SYNCHRONIZE_UNSUCCESSFUL"] {
            let body = json!({"status": status, "statusReasons": reasons});
            let says = format!("status {status}; no such function; ask the operator");
            assert_eq!(judged(200, body), Found::Never(says));
        }
    }

    #[test]
    fn anything_else_may_still_change() {
        for status in ["CREATING", "SYNCHRONIZING", "CREATE_PENDING_AUTH", "NEW"] {
            let says = format!("status {status}");
            let found = judged(200, json!({"status": status, "statusReasons": null}));
            assert_eq!(found, Found::NotYet(says));
        }
        assert_eq!(
            judged(404, json!({"message": "no target"})),
            Found::NotYet("HTTP 404 no target".to_owned())
        );
        let denied = judged(403, json!({"Message": "denied\ntoken:hush"}));
        let Found::NotYet(says) = denied else {
            panic!("{denied:?}")
        };
        assert!(says.starts_with("HTTP 403 denied; allow") && !says.contains("hush"));
    }
}
