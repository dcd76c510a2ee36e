//! `gateway token`: a token to stdout, and nothing else there, for scripts.

use std::error::Error;

use crate::{
    access::{Roles, RolesError},
    cli::Token,
};

/// Prints a fresh token for a role or a person.
///
/// # Errors
/// No gateway, no such role, or the token endpoint's refusal.
pub async fn run(options: Token) -> Result<(), Box<dyn Error + Send + Sync>> {
    let (roles, name) = match (&options.role, &options.user) {
        (Some(role), _) => (options.place.roles(Some(role)).await?, role.clone()),
        (None, user) => people(&options, user.as_deref())?,
    };
    let token = roles.token(&name).await?;
    say!("{}", token.reveal());
    Ok(())
}

/// A person: at the local gateway the named or the first one, at a deployed one whoever signs in.
fn people(options: &Token, user: Option<&str>) -> Result<(Roles, String), RolesError> {
    let place = &options.place;
    if let Some(url) = &place.discovery_url {
        let client_id = options.client_id.clone().ok_or(RolesError::NoGateway)?;
        let name = user.unwrap_or("you").to_owned();
        let roles =
            Roles::new(url.clone()).with_browser(&name, client_id, options.callback_url.clone());
        return Ok((roles, name));
    }
    let session = place.session()?;
    let name = match user {
        Some(user) if !user.is_empty() => user.to_owned(),
        _ => session
            .people
            .keys()
            .next()
            .cloned()
            .ok_or(RolesError::NoGateway)?,
    };
    Ok((Roles::local(&session)?, name))
}
