//! `gateway verify`: what each role really sees, beside what it should see.

use std::{collections::BTreeSet, error::Error};

use crate::{access::Expected, cli::Verify, client};

type BoxError = Box<dyn Error + Send + Sync>;

/// For each role of the table: a real token, a real tools/list through all pages, a report.
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
    println!("gateway {url}");
    let mut differences = 0;
    for role in &expected.roles {
        let token = roles.token(role).await?;
        let client = client::connect(&url, Some(&token)).await?;
        let listed = client.list_all_tools().await?;
        client.cancel().await?;
        let listed = listed
            .into_iter()
            .map(|tool| tool.name.into_owned())
            .collect();
        differences += report(role, &listed, &expected);
    }
    match differences {
        0 => {
            println!("\nall {} roles see what they should", expected.roles.len());
            Ok(())
        }
        1 => Err("1 difference between the table and the gateway".into()),
        n => Err(format!("{n} differences between the table and the gateway").into()),
    }
}

/// Prints a role's tools and returns how many are not as expected.
fn report(role: &str, listed: &BTreeSet<String>, expected: &Expected) -> usize {
    println!("\n{role} sees {} tools", listed.len());
    let mut differences = 0;
    for tool in listed.union(&expected.tools) {
        let (is, should) = (listed.contains(tool), expected.sees(role, tool));
        let known = expected.tools.contains(tool);
        let word = |visible: bool| if visible { "listed" } else { "hidden" };
        if is == should && known {
            println!("  ok    {tool}: {}", word(is));
        } else if known {
            println!("  WRONG {tool}: {}, should be {}", word(is), word(should));
        } else {
            println!("  WRONG {tool}: listed, and not in the table");
        }
        differences += usize::from(is != should || !known);
    }
    differences
}
