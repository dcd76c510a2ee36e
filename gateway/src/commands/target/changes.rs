//! From a target as it is to the request that makes it what is wanted.
//!
//! UpdateGatewayTarget resets each field that a request leaves out. So the request is what
//! GetGatewayTarget told, field by field and whether this program knows the field or not, with
//! nothing changed but what is wanted.

use serde_json::{Map, Value, json};

use super::wanted::Wanted;

/// What GetGatewayTarget tells and UpdateGatewayTarget does not take.
const TOLD_ONLY: [&str; 10] = [
    "authorizationData",
    "createdAt",
    "gatewayArn",
    "lastSynchronizedAt",
    "privateEndpointManagedResources",
    "protocolType",
    "status",
    "statusReasons",
    "targetId",
    "updatedAt",
];

/// Where the wanted parts stand.
const LAMBDA: &str = "/targetConfiguration/mcp/lambda";

/// A target that is there and serves no function.
#[derive(Debug, thiserror::Error)]
#[error(
    "the target `{name}` is no Lambda target but `{kind}`: choose another name with --name, or \
     delete that target first"
)]
pub(super) struct OtherKind {
    name: String,
    kind: String,
}

/// The body that creates a target.
pub(super) fn created(wanted: &Wanted) -> Value {
    let mut body = json!({
        "name": wanted.name,
        // Twice would be two targets: with one token the service makes one.
        "clientToken": uuid::Uuid::new_v4().to_string(),
        "targetConfiguration": {"mcp": {"lambda": lambda(wanted)}},
        "credentialProviderConfigurations": [{"credentialProviderType": "GATEWAY_IAM_ROLE"}],
    });
    describe(&mut body, wanted);
    body
}

/// The body that makes `current`, as GetGatewayTarget told it, what is wanted.
pub(super) fn updated(current: &Value, wanted: &Wanted) -> Result<Value, OtherKind> {
    if !current.pointer(LAMBDA).is_some_and(Value::is_object) {
        return Err(OtherKind {
            name: wanted.name.clone(),
            kind: kind(current),
        });
    }
    let mut body = current.clone();
    if let Some(fields) = body.as_object_mut() {
        fields.retain(|name, _| !TOLD_ONLY.contains(&name.as_str()));
        without_empty(fields);
    }
    if let Some(Value::Object(there)) = body.pointer_mut(LAMBDA)
        && let Value::Object(new) = lambda(wanted)
    {
        there.extend(new);
    }
    describe(&mut body, wanted);
    Ok(body)
}

fn lambda(wanted: &Wanted) -> Value {
    json!({"lambdaArn": wanted.function_arn, "toolSchema": wanted.schema})
}

fn describe(body: &mut Value, wanted: &Wanted) {
    if let (Some(description), Some(body)) = (&wanted.description, body.as_object_mut()) {
        body.insert("description".to_owned(), json!(description));
    }
}

/// What is told as null or as an empty list is not set, and most lists are refused when empty.
fn without_empty(fields: &mut Map<String, Value>) {
    fields.retain(|_, value| {
        !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty())
    });
    for value in fields.values_mut() {
        if let Some(inner) = value.as_object_mut() {
            without_empty(inner);
        }
    }
}

/// `mcp.openApiSchema` and the like.
fn kind(target: &Value) -> String {
    let member = |value: &Value| value.as_object()?.keys().next().cloned();
    let outer = target.get("targetConfiguration").and_then(|configuration| {
        let outer = member(configuration)?;
        let inner = configuration.get(&outer).and_then(member);
        Some(inner.map_or(outer.clone(), |inner| format!("{outer}.{inner}")))
    });
    outer.unwrap_or_else(|| "a kind that this program does not know".to_owned())
}

/// What an update changes, a line each; nothing if it changes nothing.
pub(super) fn lines(current: &Value, body: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    for (field, path) in [
        ("description", "/description"),
        ("function", "/targetConfiguration/mcp/lambda/lambdaArn"),
    ] {
        let (was, is) = (text(current, path), text(body, path));
        match (was, is) {
            (was, is) if was == is => {}
            (None, is) => lines.push(format!("{field}: `{}`", is.unwrap_or_default())),
            (Some(was), is) => {
                lines.push(format!("{field}: `{was}` -> `{}`", is.unwrap_or_default()))
            }
        }
    }
    let (was, is) = (tools(current), tools(body));
    if let Some(s3) = text(current, "/targetConfiguration/mcp/lambda/toolSchema/s3/uri") {
        lines.push(format!("schema: `{s3}` -> {} inline tools", is.len()));
        return lines;
    }
    for (name, tool) in &is {
        match was.iter().find(|(old, _)| old == name) {
            None => lines.push(format!("+ tool {name}")),
            Some((_, old)) if old == tool => {}
            Some((_, old)) => {
                let parts = ["description", "inputSchema", "outputSchema"];
                let differ = parts
                    .iter()
                    .filter(|part| old.get(**part) != tool.get(**part));
                let differ: Vec<&str> = differ.copied().collect();
                lines.push(format!("~ tool {name}: {}", differ.join(", ")));
            }
        }
    }
    let gone = was
        .iter()
        .filter(|(name, _)| is.iter().all(|(new, _)| new != name));
    lines.extend(gone.map(|(name, _)| format!("- tool {name}")));
    lines
}

/// The names of the fields that an update sends back as they were told.
pub(super) fn kept<'a>(body: &'a Value, wanted: &Wanted) -> Vec<&'a str> {
    let changed = |name: &str| match name {
        "name" | "targetConfiguration" => true,
        "description" => wanted.description.is_some(),
        _ => false,
    };
    let names = body.as_object().into_iter().flat_map(Map::keys);
    names
        .map(String::as_str)
        .filter(|name| !changed(name))
        .collect()
}

fn text<'a>(target: &'a Value, path: &str) -> Option<&'a str> {
    target.pointer(path)?.as_str()
}

fn tools(target: &Value) -> Vec<(&str, &Value)> {
    let path = "/targetConfiguration/mcp/lambda/toolSchema/inlinePayload";
    let listed = target.pointer(path).and_then(Value::as_array);
    let named = |tool| Some((text(tool, "/name")?, tool));
    listed.into_iter().flatten().filter_map(named).collect()
}

/// The paths of what was sent and is not told afterwards. What is told beyond is no loss, and
/// lists may come in another order.
pub(super) fn lost(sent: &Value, told: &Value) -> Vec<String> {
    let mut paths = Vec::new();
    compare(sent, Some(told), "", &mut paths);
    paths.retain(|path| path != "clientToken");
    paths
}

fn compare(sent: &Value, told: Option<&Value>, path: &str, lost: &mut Vec<String>) {
    let Some(told) = told else {
        return lost.push(path.to_owned());
    };
    match (sent, told) {
        (Value::Object(sent), Value::Object(told)) => {
            for (name, value) in sent {
                let path = match path {
                    "" => name.clone(),
                    path => format!("{path}.{name}"),
                };
                compare(value, told.get(name), &path, lost);
            }
        }
        (Value::Array(sent), Value::Array(told)) => {
            let holds = |value: &Value| {
                told.iter().any(|told| {
                    let mut lost = Vec::new();
                    compare(value, Some(told), "", &mut lost);
                    lost.is_empty()
                })
            };
            if sent.len() != told.len() || !sent.iter().all(holds) {
                lost.push(path.to_owned());
            }
        }
        (sent, told) if sent == told => {}
        _ => lost.push(path.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::TargetPut;

    fn wanted() -> Wanted {
        let options = TargetPut {
            gateway_id: "tools-abcdefghij".to_owned(),
            function_arn: "arn:aws:lambda:us-east-1:123456789012:function:new".to_owned(),
            target: Some("ReportTools".to_owned()),
            name: None,
            description: None,
            dry_run: false,
            wait: 300,
        };
        Wanted::read(&options, toolschema::targets::ALL).unwrap()
    }

    #[test]
    fn only_what_is_wanted_changes_and_what_is_not_known_stays() {
        let current = json!({
            "targetId": "0123456789", "status": "READY", "name": "ReportTools",
            "description": "Old words", "notKnown": {"yet": 1}, "nothing": null, "none": [],
            "metadataConfiguration": {"allowedRequestHeaders": ["x-a"], "allowedQueryParameters": []},
            "targetConfiguration": {"mcp": {"lambda": {
                "lambdaArn": "arn:old", "toolSchema": {"inlinePayload": []}, "notKnown": true,
            }}},
        });
        let wanted = wanted();
        let body = updated(&current, &wanted).unwrap();
        assert_eq!(
            body,
            json!({
                "name": "ReportTools", "description": "Old words", "notKnown": {"yet": 1},
                "metadataConfiguration": {"allowedRequestHeaders": ["x-a"]},
                "targetConfiguration": {"mcp": {"lambda": {
                    "lambdaArn": wanted.function_arn, "toolSchema": wanted.schema, "notKnown": true,
                }}},
            })
        );
        assert_eq!(
            kept(&body, &wanted),
            ["description", "notKnown", "metadataConfiguration"]
        );
    }

    #[test]
    fn each_changed_tool_is_a_line() {
        let wanted = wanted();
        let mut current = created(&wanted);
        assert!(lines(&current, &current).is_empty());
        let path = "/targetConfiguration/mcp/lambda/toolSchema/inlinePayload";
        let tools = current.pointer_mut(path).unwrap().as_array_mut().unwrap();
        tools[0]["description"] = json!("Old words");
        tools[1]["name"] = json!("old_tool");
        let body = updated(&current, &wanted).unwrap();
        assert_eq!(
            lines(&current, &body),
            [
                "~ tool markdown_to_email: description",
                "+ tool format_report",
                "- tool old_tool"
            ]
        );
    }

    #[test]
    fn a_target_of_another_kind_is_named() {
        let current = json!({"targetConfiguration": {"mcp": {"openApiSchema": {}}}});
        let error = updated(&current, &wanted()).unwrap_err().to_string();
        assert!(error.contains("`mcp.openApiSchema`"), "{error}");
    }

    #[test]
    fn what_does_not_come_back_is_lost_and_what_comes_beyond_is_not() {
        let sent = json!({"a": {"b": 1, "c": [1, 2]}, "d": "x", "clientToken": "t"});
        assert!(
            lost(
                &sent,
                &json!({"a": {"b": 1, "c": [2, 1], "z": 0}, "d": "x"})
            )
            .is_empty()
        );
        let told = json!({"a": {"c": [1]}, "d": "y"});
        assert_eq!(lost(&sent, &told), ["a.b", "a.c", "d"]);
    }
}
