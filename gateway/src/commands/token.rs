//! `gateway token`: a token to stdout, and nothing else there, for scripts.

use std::error::Error;

use crate::{
    access::{Roles, RolesError},
    cli::{Place, Token},
};

/// Prints a fresh token for a role or a person.
///
/// # Errors
/// No gateway, no such role, or the token endpoint's refusal.
pub async fn run(options: Token) -> Result<(), Box<dyn Error + Send + Sync>> {
    let (roles, name) = match (&options.role, &options.user) {
        (Some(role), _) => (
            machines(&options.place, role, options.client_id.as_deref())?,
            role.clone(),
        ),
        (None, user) => people(&options, user.as_deref())?,
    };
    let token = roles.token(&name).await?;
    println!("{}", token.reveal());
    Ok(())
}

/// The roles with a secret: of the local gateway, or the one client that the options name.
fn machines(place: &Place, role: &str, client_id: Option<&str>) -> Result<Roles, RolesError> {
    match (&place.discovery_url, client_id) {
        (Some(url), Some(id)) => Roles::deployed(url.clone(), &[(role.to_owned(), id.to_owned())]),
        (Some(url), None) => Roles::deployed(url.clone(), &place.clients),
        (None, _) => Roles::local(&place.session()?),
    }
}

/// A person: at the local gateway the named or the first one, at a deployed one whoever signs in.
fn people(options: &Token, user: Option<&str>) -> Result<(Roles, String), RolesError> {
    let place = &options.place;
    if let Some(url) = &place.discovery_url {
        let client_id = options.client_id.clone().ok_or(RolesError::NoGateway)?;
        let roles = Roles::deployed(url.clone(), &[])?;
        let name = user.unwrap_or("you").to_owned();
        let roles = roles.with_browser(&name, client_id, options.callback_url.clone());
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
