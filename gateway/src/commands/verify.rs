//! `gateway verify`: what each role really sees, beside what it should see, and whether what it
//! does not see is denied when it is called by name.

use std::{collections::BTreeSet, error::Error};

use rmcp::{model::CallToolRequestParams, service::ServiceError};

use crate::{
    access::Expected,
    cli::Verify,
    client::{self, Client},
};

type BoxError = Box<dyn Error + Send + Sync>;

/// For each role of the table: a real token, a real tools/list through all pages, a call without
/// arguments of each hidden tool, a report.
///
/// # Errors
/// A role that sees other tools than the table says, or anything that kept it from looking.
pub async fn run(options: Verify) -> Result<(), BoxError> {
    let path = options.expect.display().to_string();
    let text = std::fs::read_to_string(&options.expect).map_err(|error| {
        format!("cannot read the table `{path}`: {error}; name another with --expect")
    })?;
    let expected = Expected::parse(&text).map_err(|error| format!("{path}: {error}"))?;
    let roles = options.place.roles(None).await?;
    let url = match (&options.url, options.place.is_local()) {
        (Some(url), _) => url.clone(),
        (None, true) => options.place.session()?.gateway,
        (None, false) => return Err("a deployed gateway needs --url, its MCP endpoint".into()),
    };
    say!("gateway {url}");
    let mut differences = 0;
    for role in &expected.roles {
        let token = roles.token(role).await?;
        let client = client::connect(&url, Some(&token)).await?;
        let listed = client.list_all_tools().await?;
        let listed = listed
            .into_iter()
            .map(|tool| tool.name.into_owned())
            .collect();
        differences += report(role, &listed, &expected);
        for tool in expected.tools.iter().filter(|tool| !listed.contains(*tool)) {
            let (word, said) = match call_hidden(&client, tool).await? {
                Call::Denied(said) => ("ok   ", said),
                Call::Other(said) => {
                    differences += 1;
                    ("WRONG", format!("is not denied: {said}"))
                }
            };
            say!("  {word} {tool}, called by name: {said}");
        }
        client.cancel().await?;
    }
    match differences {
        0 => {
            say!("\nall {} roles see what they should", expected.roles.len());
            Ok(())
        }
        1 => Err(format!("1 difference between {path} and the gateway").into()),
        n => Err(format!("{n} differences between {path} and the gateway").into()),
    }
}

/// Prints a role's tools and returns how many are not as expected.
fn report(role: &str, listed: &BTreeSet<String>, expected: &Expected) -> usize {
    say!("\n{role} sees {} tools", listed.len());
    let mut differences = 0;
    for tool in listed.union(&expected.tools) {
        let (is, should) = (listed.contains(tool), expected.sees(role, tool));
        let known = expected.tools.contains(tool);
        let word = |visible: bool| if visible { "listed" } else { "hidden" };
        if is == should && known {
            say!("  ok    {tool}: {}", word(is));
        } else if known {
            say!("  WRONG {tool}: {}, should be {}", word(is), word(should));
        } else {
            say!("  WRONG {tool}: listed, and not in the table");
        }
        differences += usize::from(is != should || !known);
    }
    differences
}

/// What came of calling a tool that is not listed.
enum Call {
    Denied(String),
    Other(String),
}

/// Calls `tool` without arguments. A denial has two forms: the documented one is a result with
/// `isError`, the one that live gateways were seen to send is a JSON-RPC error with code -32002.
async fn call_hidden(client: &Client, tool: &str) -> Result<Call, BoxError> {
    let (denied, said) = match client
        .call_tool(CallToolRequestParams::new(tool.to_owned()))
        .await
    {
        Ok(result) => {
            let text = result.content.first().and_then(|block| block.as_text());
            let text = text.map(|text| text.text.clone()).unwrap_or_default();
            let denied = result.is_error == Some(true) && text.contains("Tool Execution Denied");
            (denied, text)
        }
        Err(ServiceError::McpError(error)) => (error.code.0 == -32002, error.message.into_owned()),
        Err(error) => return Err(error.into()),
    };
    let said: String = said.chars().take(200).collect();
    Ok(if denied {
        Call::Denied(said)
    } else {
        Call::Other(said)
    })
}
