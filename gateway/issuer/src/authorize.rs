//! `/oauth2/authorize`: a person signs in and is sent back with a code (RFC 6749, section 4.1).
//!
//! No cookie is set and nothing is remembered between the page and its form: the form brings
//! the whole request again, which is checked again. A foreign page that made a browser send the
//! form would have to know a password, and is refused all the same by what browsers say about
//! where a form comes from.

use std::collections::BTreeSet;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};

use crate::error::{ErrorCode, OAuthError, no_store};
use crate::grants::SignIn;
use crate::issuer::{Issuer, flow_not_allowed, now, scopes};
use crate::login_page;
use crate::params::{Params, with_query};
use crate::pool::{Client, Pool};

/// What a query may weigh, in bytes: its form must fit into a body.
const QUERY_LIMIT: usize = 4 * 1024;

/// An authorisation request that can be granted once somebody has signed in.
pub(crate) struct Authorization<'a> {
    pub(crate) client: &'a Client,
    pub(crate) scopes: BTreeSet<String>,
    redirect_uri: &'a str,
    challenge: Option<&'a str>,
    state: Option<&'a str>,
    nonce: Option<&'a str>,
}

enum Refusal {
    /// Nobody knows where the person could be sent back to.
    Page(OAuthError),
    /// A whole URL: the client's own, with the error (RFC 6749, section 4.1.2.1).
    Redirect(String),
}

impl From<OAuthError> for Refusal {
    fn from(error: OAuthError) -> Self {
        Self::Page(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Page(error) => login_page::refusal(&error),
            Self::Redirect(url) => redirect(&url),
        }
    }
}

pub(crate) async fn page(State(issuer): State<Issuer>, request: Request) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let page = || {
        if query.len() > QUERY_LIMIT {
            let why = format!("the query has more than {QUERY_LIMIT} bytes");
            return Err(OAuthError::new(ErrorCode::InvalidRequest, why).into());
        }
        let params = Params::parse(query)?;
        let authorization = Authorization::check(issuer.pool(), &params)?;
        Ok::<_, Refusal>(login_page::form(
            issuer.pool(),
            &authorization,
            &params,
            StatusCode::OK,
        ))
    };
    page().unwrap_or_else(IntoResponse::into_response)
}

pub(crate) async fn sign_in(State(issuer): State<Issuer>, request: Request) -> Response {
    let (headers, params) = match Params::of_form(request).await {
        Ok(form) => form,
        Err(error) => return login_page::refusal(&error),
    };
    signed_in(&issuer, &headers, &params).unwrap_or_else(IntoResponse::into_response)
}

fn signed_in(issuer: &Issuer, headers: &HeaderMap, params: &Params) -> Result<Response, Refusal> {
    if is_cross_site(headers) {
        let why = "the form was sent by another site's page";
        let error = OAuthError::new(ErrorCode::InvalidRequest, why);
        return Err(error.with_status(StatusCode::FORBIDDEN).into());
    }
    let authorization = Authorization::check(issuer.pool(), params)?;
    let person = params
        .get("username")
        .and_then(|name| issuer.pool().person(name))
        .filter(|person| {
            params
                .get("password")
                .is_some_and(|given| person.password.matches(given))
        });
    let Some(person) = person else {
        return Ok(login_page::form(
            issuer.pool(),
            &authorization,
            params,
            StatusCode::FORBIDDEN,
        ));
    };
    let Authorization {
        client,
        redirect_uri,
        challenge,
        ..
    } = authorization;
    let mut sign_in = SignIn::new(client, person, authorization.scopes.clone(), now());
    sign_in.nonce = authorization.nonce.map(str::to_owned);
    let code = issuer
        .grants()
        .begin(sign_in, redirect_uri, challenge, now())
        .map_err(OAuthError::from)
        .map_err(|error| authorization.refuse(&error))?;
    Ok(redirect(&authorization.back(&[("code", &code)])))
}

impl<'a> Authorization<'a> {
    fn check(pool: &'a Pool, params: &'a Params) -> Result<Self, Refusal> {
        let client = pool.client(params.require("client_id")?).ok_or_else(|| {
            OAuthError::new(ErrorCode::InvalidClient, "no client has this client_id")
        })?;
        let redirect_uri = params.require("redirect_uri")?;
        if !client.callback_urls.iter().any(|url| url == redirect_uri) {
            return Err(Refusal::Page(OAuthError::new(
                ErrorCode::InvalidRequest,
                "redirect_uri is not one of the client's callback URLs, which are compared \
                 character by character",
            )));
        }
        let mut authorization = Self {
            client,
            scopes: BTreeSet::new(),
            redirect_uri,
            challenge: params.get("code_challenge"),
            state: params.get("state"),
            nonce: params.get("nonce"),
        };
        match authorization.check_rest(params) {
            Ok(scopes) => authorization.scopes = scopes,
            Err(error) => return Err(authorization.refuse(&error)),
        }
        Ok(authorization)
    }

    /// What can be told to the client itself.
    fn check_rest(&self, params: &Params) -> Result<BTreeSet<String>, OAuthError> {
        if params.require("response_type")? != "code" {
            return Err(OAuthError::new(
                ErrorCode::UnsupportedResponseType,
                "response_type must be code",
            ));
        }
        if !self.client.flows.code {
            return Err(flow_not_allowed("code"));
        }
        let why = match (self.challenge, params.get("code_challenge_method")) {
            (Some(challenge), Some("S256")) if is_challenge(challenge) => None,
            (Some(_), Some("S256")) => Some("code_challenge must be a SHA-256 in base64url"),
            (Some(_), _) => Some("code_challenge_method must be S256"),
            (None, Some(_)) => Some("code_challenge is missing"),
            (None, None) if self.client.secret.is_none() => {
                Some("a client without a secret must send a code_challenge")
            }
            (None, None) => None,
        };
        if let Some(why) = why {
            return Err(OAuthError::new(ErrorCode::InvalidRequest, why));
        }
        scopes(self.client, params.get("scope"))
    }

    fn refuse(&self, error: &OAuthError) -> Refusal {
        let code = error.code().as_str();
        let description = error.description();
        Refusal::Redirect(self.back(&[("error", code), ("error_description", description)]))
    }

    /// The way back to the client, with its `state`.
    fn back(&self, params: &[(&str, &str)]) -> String {
        let state = self.state.map(|state| ("state", state));
        let params: Vec<_> = params.iter().copied().chain(state).collect();
        with_query(self.redirect_uri, &params)
    }
}

/// RFC 7636, section 4.2: 32 bytes in base64url.
fn is_challenge(text: &str) -> bool {
    text.len() == 43
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// As browsers tell: Fetch Metadata, and the `Origin` of a form. Programs send neither.
fn is_cross_site(headers: &HeaderMap) -> bool {
    let by_fetch = headers
        .get("sec-fetch-site")
        .is_some_and(|site| site != "same-origin");
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let by_origin = headers.get(header::ORIGIN).is_some_and(|origin| {
        let authority = origin
            .to_str()
            .ok()
            .and_then(|origin| origin.split_once("://"))
            .map(|(_, authority)| authority);
        authority.is_none() || authority != host
    });
    by_fetch || by_origin
}

fn redirect(url: &str) -> Response {
    (StatusCode::FOUND, no_store(), [(header::LOCATION, url)]).into_response()
}
