//! The machine clients of a deployed user pool, read with the caller's own AWS credentials and
//! kept nowhere (Amazon Cognito API reference, ListUserPoolClients, DescribeUserPoolClient).

use std::error::Error;

use super::Roles;

type BoxError = Box<dyn Error + Send + Sync>;

/// The roles of the pool `id`, such as `us-east-1_Ab12CdEfG`: its clients by name. Only the
/// client of the role `wanted` is asked for its secret, or all of them without one.
///
/// # Errors
/// This build cannot call AWS, the id is none, or AWS refused.
#[cfg(not(feature = "aws"))]
pub async fn roles(
    _id: &str,
    _discovery_url: Option<&str>,
    _wanted: Option<&str>,
) -> Result<Roles, BoxError> {
    Err("this `gateway` cannot call AWS: build it with `cargo build --bin gateway --features gateway/aws`".into())
}

/// The roles of the pool `id`, such as `us-east-1_Ab12CdEfG`: its clients by name. Only the
/// client of the role `wanted` is asked for its secret, or all of them without one.
///
/// # Errors
/// The id is none, or AWS refused.
#[cfg(feature = "aws")]
pub async fn roles(
    id: &str,
    discovery_url: Option<&str>,
    wanted: Option<&str>,
) -> Result<Roles, BoxError> {
    use aws_sdk_cognitoidentityprovider::{Client, error::DisplayErrorContext};

    let region = id.split_once('_').map(|(region, _)| region.to_owned());
    let region = region
        .ok_or_else(|| format!("`{id}` is no user pool id: expected `us-east-1_Ab12CdEfG`"))?;
    let discovery_url = discovery_url.map_or_else(
        || {
            format!(
                "https://cognito-idp.{region}.amazonaws.com/{id}/.well-known/openid-configuration"
            )
        },
        str::to_owned,
    );
    let config = aws_config::defaults(aws_config::BehaviorVersion::latest())
        .region(aws_config::Region::new(region))
        .load()
        .await;
    let client = Client::new(&config);
    let refused = |what: &str, error: &dyn Error| -> BoxError {
        format!(
            "AWS refused {what} of `{id}`: {}",
            DisplayErrorContext(error)
        )
        .into()
    };
    let mut pages = client
        .list_user_pool_clients()
        .user_pool_id(id)
        .into_paginator()
        .send();
    let mut roles = Roles::new(discovery_url);
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| refused("to list the clients", &error))?;
        for listed in page.user_pool_clients() {
            let (Some(name), Some(client_id)) = (listed.client_name(), listed.client_id()) else {
                continue;
            };
            if wanted.is_some_and(|wanted| wanted != name) {
                continue;
            }
            let described = client
                .describe_user_pool_client()
                .user_pool_id(id)
                .client_id(client_id);
            let described = described.send().await;
            let described = described.map_err(|error| refused("to describe a client", &error))?;
            let secret = described
                .user_pool_client()
                .and_then(|client| client.client_secret());
            if let Some(secret) = secret {
                roles = roles.with_client(name, client_id.to_owned(), secret.to_owned());
            }
        }
    }
    Ok(roles)
}
