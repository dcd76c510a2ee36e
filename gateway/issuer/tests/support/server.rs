//! An issuer over real HTTP, and a client that decides over every byte it sends.

use std::collections::BTreeSet;
use std::time::Duration;

use issuer::{Client, Flows, Issuer, Person, Pool};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, TokenData, Validation, decode, decode_header};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

pub(crate) const CALLBACK: &str = "http://localhost:9/callback";
pub(crate) const SECRET: &str = "machine-secret+&:%";
pub(crate) const PASSWORD: &str = "mia-password";
pub(crate) const VERIFIER: &str = "0123456789abcdefghijklmnopqrstuvwxyz-._~ABCD";
/// The S256 of [`VERIFIER`], worked out by `openssl dgst -sha256`.
pub(crate) const CHALLENGE: &str = "xLjIWk6Gvg40OPwe4Rw9dtCcKsKHcxnec1S9tD0tnJU";

pub(crate) fn pool() -> Pool {
    let scopes = |scopes: &[&str]| -> BTreeSet<String> {
        scopes.iter().map(|&scope| scope.to_owned()).collect()
    };
    let client = |id: &str, secret: Option<&str>, code: bool| Client {
        id: id.to_owned(),
        name: format!("The <{id}> client"),
        secret: secret.map(Into::into),
        flows: Flows {
            client_credentials: !code,
            code,
        },
        scopes: scopes(&["tools/invoke"]),
        callback_urls: vec![],
        access_token_validity: Duration::from_secs(3_600),
        refresh_token_validity: Duration::from_secs(86_400),
    };
    let person = |name: &str, groups: &[&str]| Person {
        username: name.to_owned(),
        email: format!("{name}@example.com"),
        password: format!("{name}-password").into(),
        sub: Person::stable_sub("us-east-1_UserPool", name),
        groups: groups.iter().map(|&group| group.to_owned()).collect(),
    };
    let urls = vec![CALLBACK.to_owned(), "http://localhost:9/q?a=b".to_owned()];
    Pool {
        id: "us-east-1_UserPool".to_owned(),
        scopes: scopes(&["tools/invoke", "tools/manager", "tools/developer"]),
        clients: vec![
            Client {
                scopes: scopes(&["tools/invoke", "tools/manager", "openid"]),
                ..client("machine", Some(SECRET), false)
            },
            client("other-machine", Some("other-secret"), false),
            Client {
                scopes: scopes(&["tools/invoke", "openid", "email"]),
                callback_urls: urls.clone(),
                ..client("web", None, true)
            },
            Client {
                callback_urls: urls.clone(),
                ..client("other-web", None, true)
            },
            Client {
                callback_urls: urls,
                ..client("server", Some("server-secret"), true)
            },
        ],
        people: vec![person("mia", &["managers"]), person("dev", &[])],
    }
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// A token of the answer.
    pub(crate) fn token(&self, name: &str) -> String {
        self.json()[name]
            .as_str()
            .unwrap_or_else(|| panic!("no {name} in {}", self.body))
            .to_owned()
    }

    /// A parameter of the URL that it redirects to, as it is encoded.
    pub(crate) fn sent_back(&self, name: &str) -> Option<&str> {
        let (_, query) = self.header("location").split_once('?')?;
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    /// Refused, as RFC 6749, section 5.2, says.
    pub(crate) fn assert_refused(&self, status: u16, error: &str) {
        assert_eq!(
            (self.status, self.json()["error"].as_str()),
            (status, Some(error)),
            "{}",
            self.body
        );
        assert!(
            !self.json()["error_description"]
                .as_str()
                .unwrap()
                .is_empty()
        );
        assert_eq!(self.header("cache-control"), "no-store");
        assert_eq!(self.header("content-type"), "application/json");
    }
}

#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) issuer: Issuer,
    pub(crate) url: String,
    http: reqwest::Client,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let issuer = Issuer::new(pool(), &url).unwrap();
        let router = issuer.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self { issuer, url, http }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        let request = self.http.get(format!("{}{path}", self.url));
        reply(request.send().await.unwrap()).await
    }

    /// A form as it stands, with these headers besides.
    pub(crate) async fn post(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut all = HeaderMap::new();
        all.insert(
            "content-type",
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        for (name, value) in headers {
            let name: HeaderName = name.parse().unwrap();
            match name.as_str() {
                "content-type" => all.insert(name, value.parse().unwrap()).is_some(),
                _ => all.append(name, value.parse().unwrap()),
            };
        }
        let request = self.http.post(format!("{}{path}", self.url));
        let request = request.headers(all).body(body.to_owned());
        reply(request.send().await.unwrap()).await
    }

    pub(crate) async fn token(&self, body: &str) -> Reply {
        self.post("/oauth2/token", &[], body).await
    }

    /// Mia signs in to `client` and comes back with a code.
    pub(crate) async fn code(&self, client: &str, more: &str) -> String {
        let body = format!(
            "{}&username=mia&password={PASSWORD}&{more}",
            request(client)
        );
        let reply = self.post("/oauth2/authorize", &[], &body).await;
        assert_eq!(reply.status, 302, "{}", reply.body);
        reply.sent_back("code").unwrap().to_owned()
    }

    /// The tokens of a code that was asked for with [`request`].
    pub(crate) async fn redeem(&self, client: &str, code: &str) -> Reply {
        self.token(&redemption(client, code)).await
    }

    /// As somebody who knows no more than the JWKS.
    pub(crate) async fn verify(&self, token: &str, audience: Option<&str>) -> TokenData<Value> {
        let path = "/us-east-1_UserPool/.well-known/jwks.json";
        let set: JwkSet = serde_json::from_str(&self.get(path).await.body).unwrap();
        let kid = decode_header(token).unwrap().kid.unwrap();
        let key = DecodingKey::from_jwk(set.find(&kid).unwrap()).unwrap();
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_issuer(&[self.issuer.issuer_url()]);
        validation.set_required_spec_claims(&["exp", "iss", "sub"]);
        match audience {
            Some(audience) => validation.set_audience(&[audience]),
            None => validation.validate_aud = false,
        }
        decode(token, &key, &validation).unwrap()
    }
}

/// A well-formed authorisation request.
pub(crate) fn request(client: &str) -> String {
    format!(
        "response_type=code&client_id={client}&redirect_uri={CALLBACK}&state=s%26t\
         &code_challenge={CHALLENGE}&code_challenge_method=S256"
    )
}

/// A well-formed redemption of a code.
pub(crate) fn redemption(client: &str, code: &str) -> String {
    format!(
        "grant_type=authorization_code&client_id={client}&code={code}&redirect_uri={CALLBACK}\
         &code_verifier={VERIFIER}"
    )
}

async fn reply(response: reqwest::Response) -> Reply {
    Reply {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body: response.text().await.unwrap(),
    }
}
