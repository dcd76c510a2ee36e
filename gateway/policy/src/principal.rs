//! Who asks, as a Cedar entity.

use std::collections::{HashMap, HashSet};

use authorizer::Principal;
use cedar_policy::{Entity, EntityId, EntityTypeName, EntityUid, RestrictedExpression};
use serde_json::{Map, Value};

/// The entity types of principals, parsed once.
#[derive(Debug)]
pub(crate) struct PrincipalTypes {
    oauth_user: EntityTypeName,
    iam_entity: EntityTypeName,
    unauthenticated: EntityTypeName,
}

impl PrincipalTypes {
    pub(crate) fn new() -> Option<Self> {
        Some(Self {
            oauth_user: "AgentCore::OAuthUser".parse().ok()?,
            iam_entity: "AgentCore::IamEntity".parse().ok()?,
            unauthenticated: "AgentCore::UnauthenticatedUser".parse().ok()?,
        })
    }

    /// The entity that stands for `who`.
    pub(crate) fn entity(&self, who: &Principal) -> Result<Entity, String> {
        let (kind, id, tags) = match who {
            Principal::OAuthUser { sub, claims } => (&self.oauth_user, sub.as_str(), tags(claims)),
            Principal::IamEntity { arn } => (&self.iam_entity, arn.as_str(), HashMap::new()),
            Principal::Unauthenticated => {
                let uid = uid(&self.unauthenticated, "unauthenticated");
                return Ok(Entity::new_no_attrs(uid, HashSet::new()));
            }
        };
        let attributes = HashMap::from([(
            "id".to_owned(),
            RestrictedExpression::new_string(id.to_owned()),
        )]);
        Entity::new_with_tags(uid(kind, id), attributes, HashSet::new(), tags)
            .map_err(|_| "the caller cannot be expressed in Cedar".to_owned())
    }
}

pub(crate) fn uid(kind: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
}

/// Every claim as a string, whatever its type in the token: numbers and booleans as text, arrays
/// and objects as their JSON text; a claim that is null is no tag (AgentCore guide,
/// "Principal-scoped policies").
fn tags(claims: &Map<String, Value>) -> HashMap<String, RestrictedExpression> {
    let text = |claim: &Value| match claim {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    claims
        .iter()
        .filter_map(|(name, claim)| {
            Some((name.clone(), RestrictedExpression::new_string(text(claim)?)))
        })
        .collect()
}

/// The entity of `who` as Cedar's JSON has it (`uid`, `attrs`, `parents`, `tags`), for other Cedar
/// tools; nothing for a caller that Cedar cannot express.
pub fn entity_json(who: &Principal) -> Option<Value> {
    PrincipalTypes::new()?
        .entity(who)
        .ok()?
        .to_json_value()
        .ok()
}
