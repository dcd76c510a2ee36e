//! `gateway jwt`: what a token says, readably.

use std::{error::Error, io::Read};

use authorizer::{JwtAuthorizer, JwtConfig};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::cli::Jwt;

type BoxError = Box<dyn Error + Send + Sync>;

/// Prints the header and the claims; with a discovery URL the signature and the times are checked.
///
/// # Errors
/// No JWT, or with a discovery URL one that does not verify.
pub async fn run(options: Jwt) -> Result<(), BoxError> {
    let token = match options.token.as_str() {
        "-" => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text)?;
            text.trim().to_owned()
        }
        token => token.to_owned(),
    };
    let [header, claims] = parts(&token)?;
    say!("header");
    print(&header);
    say!("claims");
    print(&claims);
    match options.discovery_url {
        None => {
            say!(
                "\nnothing was verified: anyone can write such a token; --discovery-url checks it"
            );
            Ok(())
        }
        Some(url) => verify(&token, url).await,
    }
}

async fn verify(token: &str, discovery_url: String) -> Result<(), BoxError> {
    let config = JwtConfig {
        discovery_url,
        ..JwtConfig::default()
    };
    match JwtAuthorizer::new(config)?.verify(token).await {
        Ok(_) => {
            say!("\nverified: the signature, the issuer and the times are right");
            Ok(())
        }
        Err(refusal) => Err(format!("not verified: {refusal}").into()),
    }
}

/// Header and claims of a JWT (RFC 7519).
pub(super) fn parts(token: &str) -> Result<[Map<String, Value>; 2], BoxError> {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, _signature] = parts[..] else {
        return Err(format!(
            "this is no JWT: expected header.claims.signature, three parts, found {}",
            parts.len()
        )
        .into());
    };
    let object = |name: &str, part: &str| -> Result<Map<String, Value>, BoxError> {
        let decoded = BASE64_URL_SAFE_NO_PAD
            .decode(part.trim_end_matches('='))
            .map_err(|_| format!("the {name} is not base64url"))?;
        serde_json::from_slice(&decoded)
            .map_err(|_| format!("the {name} is not a JSON object").into())
    };
    Ok([object("header", header)?, object("claims", claims)?])
}

fn print(object: &Map<String, Value>) {
    let width = object.keys().map(String::len).max().unwrap_or_default();
    for (name, value) in object {
        say!("  {name:width$}  {}", shown(name, value));
    }
}

/// A claim's value; a time as a time (RFC 7519, section 2, "NumericDate").
fn shown(name: &str, value: &Value) -> String {
    let is_time = matches!(name, "exp" | "nbf" | "iat" | "auth_time");
    let time = value.as_i64().filter(|_| is_time);
    if let Some(time) = time.and_then(|seconds| DateTime::from_timestamp(seconds, 0)) {
        return format!(
            "{value}  {} ({})",
            time.format("%Y-%m-%d %H:%M:%S UTC"),
            ago(time)
        );
    }
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn ago(time: DateTime<Utc>) -> String {
    let seconds = (time - Utc::now()).num_seconds();
    let length = |seconds: i64| match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    };
    if seconds >= 0 {
        format!("in {}", length(seconds))
    } else {
        format!("{} ago", length(seconds.saturating_neg()))
    }
}
