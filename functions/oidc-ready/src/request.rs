//! What CloudFormation asks (CloudFormation user guide, "Custom resource request objects").

use std::fmt;

use serde_json::{Map, Value};

use crate::{
    properties::{InvalidProperty, Properties},
    text::excerpt,
    url::Url,
};

/// The longest id that is made here: CloudFormation takes 1 KB.
const ID: usize = 255;

/// What an answer repeats of a request. Empty where the request had nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ids {
    /// `StackId`.
    pub stack: String,
    /// `RequestId`.
    pub request: String,
    /// `LogicalResourceId`.
    pub logical: String,
    /// `PhysicalResourceId`: the one that came, since another one would make CloudFormation delete
    /// the old resource; for a new resource one made of the names above, so that an invocation
    /// that Lambda repeats answers the same. Never empty.
    pub physical: String,
}

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub enum Ask {
    /// Create or Update: wait for what the properties name.
    Wait(Properties),
    /// Delete: there is nothing to undo.
    Delete,
}

/// A request that cannot be meant.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidRequest {
    /// What CloudFormation always sends is not there.
    #[error("the request has no `{0}`: it did not come from CloudFormation as it was sent")]
    Missing(&'static str),
    /// None of the three.
    #[error("`RequestType` is `{0}`: it must be `Create`, `Update` or `Delete`")]
    RequestType(String),
    /// A property is wrong.
    #[error("{0}; correct the template")]
    Property(#[from] InvalidProperty),
}

/// Where the answer goes: a pre-signed address, and so a credential. It has no `Display`.
#[derive(Clone)]
pub struct ResponseUrl(Url);

impl ResponseUrl {
    /// Reads it from the event, if there is one that can be spoken to.
    #[must_use]
    pub fn read(event: &Value) -> Option<Self> {
        Url::parse(event.get("ResponseURL")?.as_str()?)
            .ok()
            .map(Self)
    }

    /// The credential itself.
    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Debug for ResponseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResponseUrl(..)")
    }
}

impl Ids {
    /// Reads what is there.
    #[must_use]
    pub fn read(event: &Value) -> Self {
        let given = |name| text(event, name).unwrap_or_default().to_owned();
        let (request, logical) = (given("RequestId"), given("LogicalResourceId"));
        let physical = text(event, "PhysicalResourceId").map_or_else(
            || {
                let made = format!("oidc-ready-{logical}-{request}");
                made.chars().filter(char::is_ascii).take(ID).collect()
            },
            str::to_owned,
        );
        Self {
            stack: given("StackId"),
            request,
            logical,
            physical,
        }
    }
}

impl Ask {
    /// Reads what is to be done.
    ///
    /// # Errors
    /// When that is not clear. A Delete is always clear.
    pub fn read(event: &Value) -> Result<Self, InvalidRequest> {
        let request_type = needed(event, "RequestType")?;
        match request_type {
            "Delete" => return Ok(Self::Delete),
            "Create" => {}
            "Update" => {
                needed(event, "PhysicalResourceId")?;
            }
            other => return Err(InvalidRequest::RequestType(excerpt(other, 50))),
        }
        for name in ["StackId", "RequestId", "LogicalResourceId"] {
            needed(event, name)?;
        }
        let properties: Option<&Map<_, _>> =
            event.get("ResourceProperties").and_then(Value::as_object);
        let properties = properties.ok_or(InvalidRequest::Missing("ResourceProperties"))?;
        Ok(Self::Wait(Properties::read(properties)?))
    }
}

fn needed<'a>(event: &'a Value, name: &'static str) -> Result<&'a str, InvalidRequest> {
    text(event, name).ok_or(InvalidRequest::Missing(name))
}

fn text<'a>(event: &'a Value, name: &str) -> Option<&'a str> {
    let text = event.get(name)?.as_str()?;
    Some(text).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(request_type: &str) -> Value {
        json!({
            "RequestType": request_type,
            "StackId": "arn:aws:cloudformation:eu-west-1:123456789012:stack/s/uuid",
            "RequestId": "r-1",
            "LogicalResourceId": "TokensReady",
            "PhysicalResourceId": "kept",
            "ResourceProperties": {},
        })
    }

    #[test]
    fn an_id_is_kept_or_made_the_same_each_time() {
        assert_eq!(Ids::read(&event("Update")).physical, "kept");
        let mut new = event("Create");
        new.as_object_mut().unwrap().remove("PhysicalResourceId");
        assert_eq!(Ids::read(&new).physical, "oidc-ready-TokensReady-r-1");
        assert_eq!(Ids::read(&json!(7)).physical, "oidc-ready--");
        new["RequestId"] = json!("r".repeat(5000));
        assert_eq!(Ids::read(&new).physical.len(), ID);
    }

    #[test]
    fn what_lacks_is_named() {
        for name in [
            "RequestType",
            "StackId",
            "RequestId",
            "LogicalResourceId",
            "PhysicalResourceId",
            "ResourceProperties",
        ] {
            let mut event = event("Update");
            event[name] = json!(null);
            let lacks = InvalidRequest::Missing(name);
            assert_eq!(Ask::read(&event), Err(lacks), "{name}");
        }
        let wrong = InvalidRequest::RequestType("Destroy".to_owned());
        assert_eq!(Ask::read(&event("Destroy")), Err(wrong));
    }

    #[test]
    fn a_delete_is_never_refused() {
        let bare = json!({"RequestType": "Delete", "ResourceProperties": {"Typo": "x"}});
        assert_eq!(Ask::read(&bare), Ok(Ask::Delete));
    }

    #[test]
    fn debug_keeps_the_response_url() {
        let url = ResponseUrl::read(&json!({"ResponseURL": "https://s3.example/hush?hush"}));
        assert!(!format!("{:?}", url.unwrap()).contains("hush"));
    }
}
