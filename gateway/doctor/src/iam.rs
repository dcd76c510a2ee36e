//! What roles may do, as far as the template says it.

use serde_json::Value;

use crate::symbols::{ids, mentions, names};
use crate::view::{Item, ROLE, View, get, listed};

/// A role that the template makes.
#[derive(Clone, Copy)]
pub(crate) enum Role<'a> {
    /// An `AWS::IAM::Role`.
    Declared(Item<'a>),
    /// The one that SAM makes for a function without a role.
    Generated(Item<'a>),
}

/// A statement that allows something.
#[derive(Clone)]
pub(crate) struct Statement<'a> {
    pub(crate) item: Item<'a>,
    /// Where it stands among the item's properties.
    pub(crate) path: Vec<String>,
    pub(crate) value: &'a Value,
}

/// All that a role may do.
pub(crate) struct Grants<'a> {
    pub(crate) statements: Vec<Statement<'a>>,
    /// Actions of AWS's managed policies, on every resource.
    managed: Vec<&'static str>,
    /// Policies are attached that are not in the template: the role may do more.
    opaque: bool,
}

impl<'a> Role<'a> {
    pub(crate) fn item(&self) -> Item<'a> {
        match self {
            Role::Declared(item) | Role::Generated(item) => *item,
        }
    }

    pub(crate) fn id(&self) -> String {
        match self {
            Role::Declared(item) => item.id.to_owned(),
            Role::Generated(item) => format!("{}Role", item.id),
        }
    }
}

impl Statement<'_> {
    pub(crate) fn actions(&self) -> Vec<String> {
        listed(self.value.get("Action"))
    }

    pub(crate) fn resources(&self) -> Vec<String> {
        listed(self.value.get("Resource"))
    }

    /// The values that a condition compares the key with, whatever the operator; keys are compared
    /// without case. `None` if there is no such condition.
    pub(crate) fn condition(&self, key: &str) -> Option<Vec<String>> {
        let operators = self.value.get("Condition")?.as_object()?;
        let keys = operators
            .iter()
            .filter(|(operator, _)| *operator != "Null")
            .filter_map(|(_, keys)| keys.as_object())
            .flatten();
        let mut found = keys.filter(|(name, _)| name.eq_ignore_ascii_case(key));
        found.next().map(|(_, value)| listed(Some(value)))
    }

    pub(crate) fn path(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }
}

impl<'a> View<'a> {
    /// The role of the template that a text names.
    pub(crate) fn role_in(&self, text: &str) -> Option<Role<'a>> {
        ids(text).find_map(|id| match self.item(id) {
            Some(item) if item.kind == ROLE => Some(Role::Declared(*item)),
            Some(_) => None,
            // It is there, and cannot be evaluated.
            None if self.resolved.resources.contains_key(id) => None,
            None => {
                let function = self.item(id.strip_suffix("Role")?)?;
                function.is_function().then_some(Role::Generated(*function))
            }
        })
    }

    pub(crate) fn grants(&self, role: &Role<'a>) -> Grants<'a> {
        let item = role.item();
        let mut grants = Grants {
            statements: Vec::new(),
            managed: Vec::new(),
            opaque: false,
        };
        let attached = match role {
            Role::Declared(_) => "ManagedPolicyArns",
            Role::Generated(_) => {
                grants.managed.extend(LOGS);
                "Policies"
            }
        };
        let of_item = statements(&item);
        grants.statements.extend(of_item);
        for policy in item.get(&[attached]).map_or(&[][..], many) {
            match policy {
                Value::String(arn) => self.attach(arn, &mut grants),
                // SAM's policy templates.
                Value::Object(map) if map.get("Statement").is_none() => grants.opaque = true,
                _ => {}
            }
        }
        let id = role.id();
        // What a policy that cannot be evaluated allows is not known.
        grants.opaque |= self.resolved.resources.values().any(|one| {
            one.properties.is_err()
                && one.kind.starts_with("AWS::IAM::")
                && (one.references.contains(&id) || mentions(&one.known, &id))
        });
        for policy in &self.items {
            let attached = ["Roles", "RoleName"]
                .iter()
                .flat_map(|key| listed(policy.properties.get(key)));
            if policy.kind.starts_with("AWS::IAM::") && attached.into_iter().any(|t| names(&t, &id))
            {
                grants.statements.extend(statements(policy));
            }
        }
        grants
    }

    fn attach(&self, arn: &str, grants: &mut Grants<'a>) {
        if let Some(policy) = ids(arn).find_map(|id| self.item(id)) {
            grants.statements.extend(statements(policy));
            return;
        }
        match arn.rsplit('/').next().unwrap_or(arn) {
            "AWSLambdaBasicExecutionRole" => grants.managed.extend(LOGS),
            "AWSXRayDaemonWriteAccess" | "AWSXrayWriteOnlyAccess" => grants.managed.push("xray:*"),
            _ => grants.opaque = true,
        }
    }

    /// Every statement that allows something, of roles, policies and SAM functions.
    pub(crate) fn statements(&self) -> Vec<Statement<'a>> {
        self.items.iter().flat_map(statements).collect()
    }
}

const LOGS: [&str; 3] = [
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
];

impl Grants<'_> {
    /// Whether the role may do this with that resource; `true` if it cannot be known.
    pub(crate) fn allow(&self, view: &View<'_>, action: &str, resource: &str) -> bool {
        if self.opaque || self.managed.iter().any(|one| matches(one, action)) {
            return true;
        }
        let resource = view.physical(resource);
        self.statements.iter().any(|statement| {
            let action = statement.actions().iter().any(|one| matches(one, action));
            action
                && statement
                    .resources()
                    .iter()
                    .any(|one| glob(&view.physical(one), &resource))
        })
    }

    /// The statements that say something of an action.
    pub(crate) fn on<'g>(&'g self, action: &'g str) -> impl Iterator<Item = &'g Statement<'g>> {
        self.statements
            .iter()
            .filter(move |statement| statement.actions().iter().any(|one| matches(one, action)))
    }

    pub(crate) fn mention(&self, action: &str) -> bool {
        self.opaque || self.on(action).next().is_some()
    }
}

/// The allowing statements of one resource.
fn statements<'a>(item: &Item<'a>) -> Vec<Statement<'a>> {
    let mut found = Vec::new();
    if item.kind == "AWS::Serverless::Function" || item.kind == ROLE {
        let policies = item.get(&["Policies"]).map_or(&[][..], many);
        for (index, policy) in policies.iter().enumerate() {
            let index = index.to_string();
            for document in [&["PolicyDocument"][..], &[]] {
                let path: Vec<&str> = ["Policies", &index]
                    .into_iter()
                    .chain(document.iter().copied())
                    .collect();
                if let Some(document) = get(policy, document) {
                    within(*item, path, document, &mut found);
                }
            }
        }
    } else if item.kind.starts_with("AWS::IAM::")
        && let Some(document) = item.get(&["PolicyDocument"])
    {
        within(*item, vec!["PolicyDocument"], document, &mut found);
    }
    found
}

fn within<'a>(
    item: Item<'a>,
    path: Vec<&str>,
    document: &'a Value,
    found: &mut Vec<Statement<'a>>,
) {
    let list = document.get("Statement").map_or(&[][..], many);
    for (index, value) in list.iter().enumerate() {
        if value.get("Effect").and_then(Value::as_str) != Some("Allow") {
            continue;
        }
        let path = path.iter().map(|step| (*step).to_owned());
        found.push(Statement {
            item,
            path: path
                .chain(["Statement".to_owned(), index.to_string()])
                .collect(),
            value,
        });
    }
}

/// One value or a list of them, as IAM and SAM take either.
pub(crate) fn many(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        _ => std::slice::from_ref(value),
    }
}

/// Whether an action is among those that a pattern stands for; case does not count.
pub(crate) fn matches(pattern: &str, action: &str) -> bool {
    glob(&pattern.to_ascii_lowercase(), &action.to_ascii_lowercase())
}

/// IAM's wildcards: `*` is any text, `?` any character.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut from) = (0, 0);
    let mut star = None;
    while let Some(c) = text.get(from) {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(p) if *p == '?' || p == c => {
                at += 1;
                from += 1;
            }
            _ => match star {
                Some((back, taken)) => {
                    at = back + 1;
                    from = taken + 1;
                    star = Some((back, taken + 1));
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at).all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn wildcards_match_as_in_iam() {
        for (pattern, text, matched) in [
            ("*", "", true),
            ("a*c", "abbc", true),
            ("a*c", "abcd", false),
            ("gateway/tools-*", "gateway/tools-1-abc", true),
            ("a?", "a", false),
            ("", "", true),
            ("*a*b", "xaxbxab", true),
        ] {
            assert_eq!(glob(pattern, text), matched, "{pattern} {text}");
        }
    }
}
