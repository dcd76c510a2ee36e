//! What a signed request says of itself, and whether its signature bears it out.
//!
//! The rules are those of the AWS IAM User Guide, "Signature Version 4 for API requests".

use std::{collections::BTreeSet, time::SystemTime};

use aws_credential_types::Credentials;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4::SigningParams,
};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use http::{HeaderMap, header::AUTHORIZATION, request::Parts};

use super::{IamAuthorizer, IamCredential, Refusal, SERVICE};

const ALGORITHM: &str = "AWS4-HMAC-SHA256 ";
const DATE: &str = "x-amz-date";
const SESSION_TOKEN: &str = "x-amz-security-token";
/// How far a request's time may be from ours.
const MAX_SKEW: TimeDelta = TimeDelta::minutes(5);

/// A request that names a known access key; the body and the signature are yet to be checked.
pub(crate) struct Claimed<'a> {
    credential: &'a IamCredential,
    region: &'a str,
    access_key_id: String,
    time: SystemTime,
    signed: BTreeSet<String>,
    signature: String,
}

impl<'a> Claimed<'a> {
    pub(super) fn read(
        authorizer: &'a IamAuthorizer,
        parts: &Parts,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        let headers = &parts.headers;
        // Presigned URLs have it all in the query; a Gateway's clients sign headers.
        if !headers.contains_key(AUTHORIZATION) {
            return Err(Refusal::Unsigned);
        }
        let header = only(headers, AUTHORIZATION.as_str()).ok_or(Refusal::Incomplete)?;
        let fields = header.strip_prefix(ALGORITHM).ok_or(Refusal::Incomplete)?;
        let [credential, signed, signature] = fields_of(fields).ok_or(Refusal::Incomplete)?;

        let mut scope = credential.split('/');
        let mut part = || scope.next().ok_or(Refusal::Incomplete);
        let (access_key_id, day, region, service, end) =
            (part()?, part()?, part()?, part()?, part()?);
        if scope.next().is_some() || end != "aws4_request" {
            return Err(Refusal::Incomplete);
        }
        if region != authorizer.region || service != SERVICE {
            return Err(Refusal::OtherScope);
        }
        let credential = authorizer.credentials.get(access_key_id);
        let credential = credential.ok_or(Refusal::UnknownCredential)?;
        let token = only(headers, SESSION_TOKEN);
        if token.is_some() != headers.contains_key(SESSION_TOKEN)
            || !same(token, credential.session_token.as_deref())
        {
            return Err(Refusal::UnknownCredential);
        }

        let date = only(headers, DATE).ok_or(Refusal::Incomplete)?;
        let time = time(date).ok_or(Refusal::Incomplete)?;
        if !date.starts_with(day) || (time - now).abs() > MAX_SKEW {
            return Err(Refusal::OtherTime);
        }

        let signed: BTreeSet<String> = signed.split(';').map(str::to_owned).collect();
        let amz = headers
            .keys()
            .map(|name| name.as_str())
            .filter(|name| name.starts_with("x-amz-"));
        let sealed = amz.chain(["host"]).all(|name| signed.contains(name));
        let there = signed
            .iter()
            .all(|name| headers.contains_key(name.as_str()));
        if !sealed || !there {
            return Err(Refusal::UnsignedHeader);
        }
        Ok(Self {
            credential,
            region: &authorizer.region,
            access_key_id: access_key_id.to_owned(),
            time: time.into(),
            signed,
            signature: signature.to_owned(),
        })
    }

    /// The caller's ARN, if the signature is right for this request with this body.
    pub(crate) fn verify(self, parts: &Parts, body: &[u8]) -> Result<String, Refusal> {
        let expected = self.sign(parts, body).ok_or(Refusal::Mismatch)?;
        verify_slices_are_equal(expected.as_bytes(), self.signature.as_bytes())
            .map_err(|_| Refusal::Mismatch)?;
        Ok(self.credential.arn.clone())
    }

    fn sign(&self, parts: &Parts, body: &[u8]) -> Option<String> {
        let mut headers = Vec::new();
        for (name, value) in &parts.headers {
            let name = name.as_str();
            // The signer adds these two of its own.
            if self.signed.contains(name) && name != DATE && name != SESSION_TOKEN {
                headers.push((name, value.to_str().ok()?));
            }
        }
        let target = parts.uri.path_and_query()?.as_str();
        let body = SignableBody::Bytes(body);
        let request =
            SignableRequest::new(parts.method.as_str(), target, headers.into_iter(), body);

        let IamCredential {
            secret,
            session_token,
            ..
        } = self.credential;
        let identity = Credentials::new(
            &self.access_key_id,
            secret,
            session_token.clone(),
            None,
            "local",
        );
        let identity = identity.into();
        let mut settings = SigningSettings::default();
        // What the client signed counts, whatever it is.
        settings.excluded_headers = None;
        let params = SigningParams::builder()
            .identity(&identity)
            .region(self.region)
            .name(SERVICE)
            .time(self.time)
            .settings(settings)
            .build();
        let (request, params) = (request.ok()?, params.ok()?.into());
        // The signer traces the headers that it signs, cookies too: not into our log.
        let silent = tracing::Dispatch::none();
        let signed = tracing::dispatcher::with_default(&silent, || sign(request, &params));
        Some(signed.ok()?.signature().to_owned())
    }
}

/// `Credential`, `SignedHeaders` and `Signature`, each once.
fn fields_of(fields: &str) -> Option<[&str; 3]> {
    let mut found = [None; 3];
    for field in fields.split(',') {
        let (name, value) = field.trim().split_once('=')?;
        let names = ["Credential", "SignedHeaders", "Signature"];
        let place = found.get_mut(names.iter().position(|known| *known == name)?)?;
        if place.replace(value).is_some() {
            return None;
        }
    }
    let [credential, signed, signature] = found;
    Some([credential?, signed?, signature?])
}

/// The value of a header that is there once, in ASCII.
fn only<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    if values.next().is_some() {
        return None;
    }
    value.to_str().ok()
}

/// In constant time where both are there.
fn same(given: Option<&str>, known: Option<&str>) -> bool {
    match (given, known) {
        (Some(given), Some(known)) => {
            verify_slices_are_equal(given.as_bytes(), known.as_bytes()).is_ok()
        }
        (None, None) => true,
        _ => false,
    }
}

/// `20261120T091500Z`.
fn time(date: &str) -> Option<DateTime<Utc>> {
    let shaped = date.len() == 16 && date.bytes().filter(u8::is_ascii_digit).count() == 14;
    let time = NaiveDateTime::parse_from_str(date, "%Y%m%dT%H%M%SZ").ok();
    Some(time.filter(|_| shaped)?.and_utc())
}
