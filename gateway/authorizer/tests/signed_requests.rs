//! `AWS_IAM`: what Signature Version 4 lets in. The tests sign by themselves, step by step as
//! the IAM User Guide has it, so that they do not ask the checked crate for its opinion.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics is a test that fails"
)]

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "support/endpoint.rs"]
mod endpoint;
#[path = "support/log.rs"]
mod log;

use std::collections::{BTreeMap, HashMap};

use authorizer::{Authorizer, IamAuthorizer, IamCredential, MAX_SIGNED_BODY};
use aws_lc_rs::{
    digest::{SHA256, digest},
    hmac,
};
use chrono::{TimeDelta, Utc};
use endpoint::{Reply, send};

const ARN: &str = "arn:aws:sts::123456789012:assumed-role/caller/session";

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Runs of spaces count as one.
fn trimmed(value: &str) -> String {
    value
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A request; what is signed and what is sent can be changed apart.
#[derive(Clone)]
struct Signed {
    access_key_id: String,
    secret: String,
    region: String,
    service: String,
    date: String,
    path: String,
    query: String,
    body: String,
    headers: BTreeMap<String, String>,
    /// Headers that are sent, but not signed.
    left_out: Vec<String>,
}

impl Signed {
    fn new(base: &str) -> Self {
        let mut headers = BTreeMap::new();
        headers.insert(
            "host".to_owned(),
            base.trim_start_matches("http://").to_owned(),
        );
        headers.insert("content-type".to_owned(), "application/json".to_owned());
        headers.insert("user-agent".to_owned(), "a   test".to_owned());
        Self {
            access_key_id: "AKIDLOCAL".into(),
            secret: "wJalr/secret".into(),
            region: "eu-west-1".into(),
            service: "bedrock-agentcore".into(),
            date: Utc::now().format("%Y%m%dT%H%M%SZ").to_string(),
            path: "/mcp".into(),
            query: String::new(),
            body: r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#.into(),
            headers,
            left_out: vec!["user-agent".into()],
        }
    }

    fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// The headers to send, Authorization among them.
    fn sign(&self) -> Vec<(String, String)> {
        let mut headers = self.headers.clone();
        headers
            .entry("x-amz-date".into())
            .or_insert_with(|| self.date.clone());
        let signed: Vec<_> = headers
            .iter()
            .filter(|(name, _)| !self.left_out.contains(name))
            .collect();
        let names = signed
            .iter()
            .map(|(name, _)| name.as_str())
            .collect::<Vec<_>>()
            .join(";");
        let lines: String = signed
            .iter()
            .map(|(name, value)| format!("{name}:{}\n", trimmed(value)))
            .collect();
        let payload = hex(digest(&SHA256, self.body.as_bytes()));
        let (path, query) = (&self.path, &self.query);
        let canonical = format!("POST\n{path}\n{query}\n{lines}\n{names}\n{payload}");
        let day = self.date.get(..8).unwrap_or_default();
        let scope = format!("{day}/{}/{}/aws4_request", self.region, self.service);
        let hashed = hex(digest(&SHA256, canonical.as_bytes()));
        let to_sign = format!("AWS4-HMAC-SHA256\n{}\n{scope}\n{hashed}", self.date);
        let mut key = format!("AWS4{}", self.secret).into_bytes();
        for part in scope.split('/').chain([to_sign.as_str()]) {
            let with = hmac::Key::new(hmac::HMAC_SHA256, &key);
            key = hmac::sign(&with, part.as_bytes()).as_ref().to_vec();
        }
        let mut headers: Vec<_> = headers.into_iter().collect();
        headers.push((
            "authorization".into(),
            format!(
                "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={}",
                self.access_key_id,
                hex(&key)
            ),
        ));
        headers
    }

    /// Sends `self` with the signature of `as_signed`.
    async fn send_as(&self, base: &str, as_signed: &Self) -> Reply {
        let query = if self.query.is_empty() {
            String::new()
        } else {
            format!("?{}", self.query)
        };
        let mut request = endpoint::client().post(format!("{base}{}{query}", self.path));
        let signature = as_signed
            .sign()
            .into_iter()
            .filter(|(name, _)| name == "authorization");
        let own = self
            .sign()
            .into_iter()
            .filter(|(name, _)| name != "authorization");
        for (name, value) in own.chain(signature) {
            request = request.header(name, value);
        }
        send(request.body(self.body.clone())).await
    }

    async fn send(&self, base: &str) -> Reply {
        self.send_as(base, self).await
    }
}

async fn serve() -> String {
    let credential = |secret: &str, session_token: Option<&str>| IamCredential {
        secret: secret.into(),
        session_token: session_token.map(str::to_owned),
        arn: ARN.into(),
    };
    let credentials = HashMap::from([
        ("AKIDLOCAL".to_owned(), credential("wJalr/secret", None)),
        (
            "ASIALOCAL".to_owned(),
            credential("temporary", Some("session+token==")),
        ),
    ]);
    let authorizer = IamAuthorizer::new("eu-west-1", credentials);
    let debug = format!("{authorizer:?}");
    assert!(debug.contains(ARN) && !debug.contains("wJalr") && !debug.contains("session+token"));
    endpoint::serve(Authorizer::Iam(authorizer)).await
}

fn header(request: &mut Signed, name: &str, value: &str) {
    request.headers.insert(name.into(), value.into());
}

fn temporary(request: &mut Signed) {
    request.access_key_id = "ASIALOCAL".into();
    request.secret = "temporary".into();
    header(request, "x-amz-security-token", "session+token==");
}

fn at(request: &mut Signed, minutes: i64) {
    let time = Utc::now() + TimeDelta::minutes(minutes);
    request.date = time.format("%Y%m%dT%H%M%SZ").to_string();
}

#[tokio::test]
async fn a_rightly_signed_request_makes_its_caller_the_principal() {
    let base = serve().await;
    let good = Signed::new(&base);
    let payload = hex(digest(&SHA256, good.body.as_bytes()));
    let variants = [
        good.clone(),
        good.clone().with(|request| request.left_out.clear()),
        good.clone().with(|request| request.body.clear()),
        good.clone()
            .with(|request| request.body = "é".repeat(500_000)),
        good.clone()
            .with(|request| request.query = "a=1&b=%20x".into()),
        good.clone()
            .with(|request| header(request, "x-amz-content-sha256", &payload)),
        good.clone()
            .with(|request| header(request, "mcp-protocol-version", "2025-11-25")),
        good.clone().with(|request| at(request, -4)),
        good.clone().with(|request| at(request, 4)),
        good.clone().with(temporary),
    ];
    for (number, request) in variants.into_iter().enumerate() {
        let reply = request.send(&base).await;
        assert_eq!(reply.status, 200, "{number}: {}", reply.body);
        assert_eq!(reply.body["arn"], ARN, "{number}");
        assert_eq!(reply.body["body"], request.body.len());
    }
}

#[tokio::test]
async fn a_wrongly_signed_request_is_a_403_as_aws_has_it() {
    let base = serve().await;
    let good = Signed::new(&base);
    let change = |change: &dyn Fn(&mut Signed)| good.clone().with(change);
    let mismatch = "The request signature we calculated does not match";

    let own_signature: &[(&str, Signed, &str)] = &[
        (
            "wrong secret",
            change(&|r| r.secret = "other".into()),
            mismatch,
        ),
        (
            "unknown key",
            change(&|r| r.access_key_id = "AKIDOTHER".into()),
            "security token",
        ),
        (
            "other region",
            change(&|r| r.region = "us-east-1".into()),
            "scoped",
        ),
        (
            "other service",
            change(&|r| r.service = "lambda".into()),
            "scoped",
        ),
        ("too old", change(&|r| at(r, -6)), "5 minutes"),
        ("too new", change(&|r| at(r, 6)), "5 minutes"),
        (
            "no date",
            change(&|r| r.date = "today".into()),
            "not a complete",
        ),
        (
            "a signed date",
            change(&|r| r.date = "-0260101T000000Z".into()),
            "not a complete",
        ),
        (
            "host not signed",
            change(&|r| r.left_out.push("host".into())),
            "SignedHeaders",
        ),
        (
            "date not signed",
            change(&|r| r.left_out.push("x-amz-date".into())),
            "SignedHeaders",
        ),
        (
            "an x-amz header not signed",
            change(&|r| {
                header(r, "x-amz-target", "x");
                r.left_out.push("x-amz-target".into());
            }),
            "SignedHeaders",
        ),
        (
            "a token where there is none",
            change(&|r| header(r, "x-amz-security-token", "x")),
            "security token",
        ),
        (
            "another session token",
            change(&|r| {
                temporary(r);
                header(r, "x-amz-security-token", "other");
            }),
            "security token",
        ),
        (
            "no session token",
            change(&|r| {
                temporary(r);
                r.headers.remove("x-amz-security-token");
            }),
            "security token",
        ),
    ];
    for (name, request, says) in own_signature {
        let reply = request.send(&base).await;
        assert_eq!(reply.status, 403, "{name}");
        let message = reply.body["message"].as_str().unwrap();
        assert!(message.contains(says), "{name}: {message}");
    }

    let altered: &[(&str, Signed)] = &[
        ("body", change(&|r| r.body += " ")),
        ("path", change(&|r| r.path = "/other".into())),
        ("query", change(&|r| r.query = "a=1".into())),
        (
            "signed header",
            change(&|r| header(r, "content-type", "text/plain")),
        ),
    ];
    for (name, request) in altered {
        let reply = request.send_as(&base, &good).await;
        assert_eq!(reply.status, 403, "{name}");
        assert!(
            reply.body["message"].as_str().unwrap().contains(mismatch),
            "{name}"
        );
    }
    let signed_more = change(&|r| header(r, "x-extra", "1"));
    assert_eq!(
        good.send_as(&base, &signed_more).await.status,
        403,
        "a signed header not sent"
    );
}

#[tokio::test]
async fn what_is_no_signature_is_a_403_and_never_a_panic() {
    let base = serve().await;
    let good = Signed::new(&base).sign();
    let (_, signature) = good
        .iter()
        .find(|(name, _)| name == "authorization")
        .unwrap();
    let post = || endpoint::client().post(format!("{base}/mcp"));
    let message = |reply: &Reply| reply.body["message"].as_str().unwrap().to_owned();

    let reply = send(post()).await;
    assert_eq!(
        (reply.status, message(&reply).as_str()),
        (403, "Missing Authentication Token")
    );
    let presigned =
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDLOCAL&X-Amz-Signature=00";
    let reply = send(endpoint::client().post(format!("{base}/mcp?{presigned}"))).await;
    assert_eq!(
        (reply.status, message(&reply).as_str()),
        (403, "Missing Authentication Token")
    );
    let twice = post()
        .header("authorization", signature)
        .header("authorization", signature);
    assert_eq!(send(twice).await.status, 403);

    let mut state = 7_u64;
    let mut below = |end: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % end
    };
    let client = endpoint::client();
    for round in 0..500 {
        let mut text = signature.clone().into_bytes();
        let at = below(text.len());
        match round % 3 {
            0 => text[at] = b" /,;=.AaZ0~\xff"[below(12)],
            1 => text.truncate(at),
            _ => drop(text.remove(at)),
        }
        if text == signature.as_bytes() {
            continue;
        }
        let mut request = client.post(format!("{base}/mcp")).body("{}");
        for (name, value) in good.iter().filter(|(name, _)| name != "authorization") {
            request = request.header(name, value);
        }
        let value = http::HeaderValue::from_bytes(&text).unwrap();
        let reply = send(request.header("authorization", value)).await;
        assert_eq!(reply.status, 403, "{}", String::from_utf8_lossy(&text));
    }
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_a_413() {
    let base = serve().await;
    let long = Signed::new(&base).with(|request| request.body = " ".repeat(MAX_SIGNED_BODY + 1));
    assert_eq!(long.send(&base).await.status, 413);
}

#[tokio::test]
async fn no_secret_session_token_or_signed_header_is_logged() {
    log::capture();
    let base = serve().await;
    let good = Signed::new(&base)
        .with(temporary)
        .with(|request| header(request, "cookie", "k=1234"));
    assert_eq!(good.send(&base).await.status, 200);
    let wrong = good.with(|request| request.body += " ");
    assert_eq!(
        wrong
            .send_as(&base, &Signed::new(&base).with(temporary))
            .await
            .status,
        403
    );
    let log = log::captured();
    assert!(
        log.contains("a signed request was refused"),
        "the log was captured"
    );
    for secret in ["temporary", "session+token", "k=1234"] {
        assert!(!log.contains(secret), "a log line has `{secret}`");
    }
}
