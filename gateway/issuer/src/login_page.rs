//! The two pages that a person sees. No script, nothing from elsewhere, everything escaped.

use std::fmt::Write;

use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::{StatusCode, header};

use crate::authorize::Authorization;
use crate::error::{OAuthError, no_store};
use crate::params::Params;
use crate::pool::Pool;
use crate::secret::sha256;

const STYLE: &str = include_str!("login_page.css");

/// The request, which the form brings again.
const CARRIED: [&str; 8] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "nonce",
];

/// The login form; with another status than 200, after a password that was not right.
pub(crate) fn form(
    pool: &Pool,
    authorization: &Authorization<'_>,
    params: &Params,
    status: StatusCode,
) -> Response {
    let scopes: Vec<_> = authorization.scopes.iter().map(String::as_str).collect();
    let mut html = format!(
        "<h1>Sign in</h1>\n<p>to {}</p>\n<p class=\"soft\">It asks for {}.</p>\n",
        escape(&authorization.client.name),
        escape(&scopes.join(", ")),
    );
    if status != StatusCode::OK {
        html += "<p class=\"bad\" role=\"alert\">The user name or the password is not right.</p>\n";
    }
    // Relative, so that the page works under each name of this machine.
    html += "<form method=\"post\" action=\"authorize\">\n";
    for name in CARRIED {
        if let Some(value) = params.get(name) {
            let value = escape(value);
            let _ = writeln!(
                html,
                "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">"
            );
        }
    }
    let username = escape(params.get("username").unwrap_or_default());
    let _ = write!(
        html,
        "<label>User name<input name=\"username\" value=\"{username}\" autocomplete=\"username\" \
         autocapitalize=\"none\" spellcheck=\"false\" required autofocus></label>\n\
         <label>Password<input name=\"password\" type=\"password\" \
         autocomplete=\"current-password\" required></label>\n\
         <button>Sign in</button>\n</form>\n"
    );
    html += &people(pool);
    document("Sign in", &html, status)
}

/// An error that cannot be told to the client, since nobody knows where it is.
pub(crate) fn refusal(error: &OAuthError) -> Response {
    let html = format!(
        "<h1>Sign-in refused</h1>\n\
         <p class=\"soft\">The application that sent you here has asked in a way that is not \
         allowed.</p>\n<p class=\"bad\" role=\"alert\"><code>{}</code>: {}</p>\n",
        error.code(),
        escape(error.description()),
    );
    document("Error", &html, error.status())
}

/// Who can sign in, for whoever develops with this pool.
fn people(pool: &Pool) -> String {
    let mut html = String::from(
        "<section>\n<p class=\"soft\">For development: sign in as one of these.</p>\n\
         <table>\n<tr><th>User name</th><th>Password</th><th>Groups</th></tr>\n",
    );
    for person in &pool.people {
        let groups = match person.groups.as_slice() {
            [] => "none".to_owned(),
            groups => escape(&groups.join(", ")),
        };
        let _ = writeln!(
            html,
            "<tr><td>{}</td><td><code>{}</code></td><td>{groups}</td></tr>",
            escape(&person.username),
            escape(person.password.expose()),
        );
    }
    html + "</table>\n</section>\n"
}

fn document(title: &str, main: &str, status: StatusCode) -> Response {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n\
         <body>\n<main>\n{main}</main>\n</body>\n</html>\n"
    );
    // No form-action: browsers hold it against every redirect that follows the form, and the
    // client that the person goes back to may send them on to anywhere.
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; frame-ancestors 'none'",
        BASE64_STANDARD.encode(sha256(STYLE)),
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, policy.as_str()),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // With no-referrer, a browser would send the form with `Origin: null`.
        (header::REFERRER_POLICY, "same-origin"),
    ];
    (status, headers, no_store(), html).into_response()
}

/// For text and for attributes in double quotes.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}
