//! What a good token gets, and what the configuration asks of one.

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
#[allow(dead_code, reason = "other tests need more of it")]
#[path = "support/issuer.rs"]
mod issuer;

use std::sync::Arc;

use authorizer::{
    Authorizer, ClaimRule, ConfigError, CustomClaim, JwtAuthorizer, JwtConfig, Refusal, layer,
};
use axum::Router;
use issuer::{Issuer, SigningKey, now};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Adds to what a gateway asks for.
type Change<'a> = &'a dyn Fn(&mut JwtConfig);

async fn issuer() -> (Arc<Issuer>, SigningKey) {
    let key = SigningKey::new("key-1", "RS256");
    (Issuer::start(vec![key.jwk()]).await, key)
}

fn config(issuer: &Issuer) -> JwtConfig {
    JwtConfig {
        discovery_url: issuer.discovery_url(),
        ..JwtConfig::default()
    }
}

#[tokio::test]
async fn a_good_token_makes_its_subject_the_principal() {
    let (issuer, key) = issuer().await;
    let base = endpoint::serve(Authorizer::Jwt(
        JwtAuthorizer::new(config(&issuer)).unwrap(),
    ))
    .await;
    let claims = issuer.claims_with(&json!({"sub": "5f1e", "cognito:groups": ["managers"]}));
    let reply = endpoint::post(&base, &key.token(&claims)).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.body["sub"], "5f1e");
    assert_eq!(reply.body["claims"], claims);
    assert_eq!(reply.body["body"], 2);
    let debug = reply.body["debug"].as_str().unwrap();
    assert!(debug.contains("5f1e") && !debug.contains("managers") && !debug.contains("client-1"));
}

#[tokio::test]
async fn without_an_authorizer_everyone_is_anyone() {
    let base = endpoint::serve(Authorizer::None).await;
    let reply = endpoint::send(endpoint::client().post(format!("{base}/mcp"))).await;
    assert_eq!((reply.status, &reply.body["anyone"]), (200, &json!(true)));
}

#[tokio::test]
async fn each_part_of_the_configuration_is_asked_of_the_token() {
    let (issuer, key) = issuer().await;
    let list = |names: &[&str]| {
        names
            .iter()
            .map(|&name| name.to_owned())
            .collect::<Vec<_>>()
    };
    let clients = |config: &mut JwtConfig| config.allowed_clients = list(&["client-0", "client-1"]);
    let audience = |config: &mut JwtConfig| config.allowed_audience = list(&["api", "api-2"]);
    let scopes =
        |config: &mut JwtConfig| config.allowed_scopes = list(&["tools/admin", "tools/manager"]);
    let both = |config: &mut JwtConfig| {
        clients(config);
        audience(config);
    };
    let claim = |name: &str, rule| {
        let claim = CustomClaim {
            name: name.to_owned(),
            rule,
        };
        move |config: &mut JwtConfig| config.custom_claims.push(claim.clone())
    };
    let equals = claim("dept", ClaimRule::Equals("hr".into()));
    let contains = claim("groups", ClaimRule::Contains("hr".into()));
    let any = claim("groups", ClaimRule::ContainsAny(list(&["hr", "it"])));
    let invalid = 401;
    let cases: &[(Change<'_>, Value, u16)] = &[
        (&clients, json!({}), 200),
        (&clients, json!({"client_id": "client-2"}), invalid),
        (&audience, json!({"aud": "api"}), 200),
        (&audience, json!({"aud": ["other", "api-2"]}), 200),
        (&audience, json!({}), invalid),
        (&audience, json!({"aud": "other"}), invalid),
        (&audience, json!({"aud": []}), invalid),
        (&audience, json!({"aud": ["api", 7]}), invalid),
        (&audience, json!({"aud": {"api": "api"}}), invalid),
        (&both, json!({"aud": "api"}), 200),
        (&both, json!({}), invalid),
        (
            &both,
            json!({"aud": "api", "client_id": "client-2"}),
            invalid,
        ),
        (&scopes, json!({}), 200),
        (&scopes, json!({"scope": "tools/manager"}), 200),
        (
            &scopes,
            json!({"scope": "tools/project-manager tools/manager-readonly"}),
            403,
        ),
        (&scopes, json!({"scope": "TOOLS/MANAGER"}), 403),
        (&scopes, json!({"scope": ""}), 403),
        (&scopes, json!({"scope": null}), 403),
        (&scopes, json!({"scope": ["tools/manager"]}), 403),
        (
            &scopes,
            json!({"scope": null, "scp": ["tools/manager"]}),
            200,
        ),
        (
            &scopes,
            json!({"scope": "x", "scp": ["tools/manager"]}),
            403,
        ),
        (&equals, json!({"dept": "hr"}), 200),
        (&equals, json!({"dept": "hr "}), 403),
        (&equals, json!({"dept": ["hr"]}), 403),
        (&equals, json!({}), 403),
        (&contains, json!({"groups": ["it", "hr"]}), 200),
        (&contains, json!({"groups": "hr"}), 403),
        (&contains, json!({"groups": ["hr", 7]}), 403),
        (&any, json!({"groups": ["it"]}), 200),
        (&any, json!({"groups": ["sales"]}), 403),
        (&any, json!({"groups": []}), 403),
        (&|_| {}, json!({"nbf": now() + 5, "iat": now() + 5}), 200),
        (&|_| {}, json!({"exp": now() + 65}), 200),
        (&|_| {}, json!({"iat": null, "token_use": "id"}), 200),
    ];
    for (change, claims, expected) in cases {
        let mut config = config(&issuer);
        change(&mut config);
        let authorizer = JwtAuthorizer::new(config.clone()).unwrap();
        let result = authorizer
            .verify(&key.token(&issuer.claims_with(claims)))
            .await;
        let status = result
            .as_ref()
            .map_or_else(|refusal| refusal.status().as_u16(), |_| 200);
        assert_eq!(status, *expected, "{claims} for {config:?}: {result:?}");
    }
}

#[tokio::test]
async fn a_missing_scope_is_a_403_that_names_the_scopes() {
    let (issuer, key) = issuer().await;
    let mut config = config(&issuer);
    config.allowed_scopes = vec!["tools/invoke".into(), "tools/admin".into()];
    config.advertised_scope_mapping = [("tools/admin".into(), "api://admin".into())].into();
    let base = endpoint::serve(Authorizer::Jwt(JwtAuthorizer::new(config).unwrap())).await;
    let token = key.token(&issuer.claims_with(&json!({"scope": "tools/other"})));
    let reply = endpoint::post(&base, &token).await;
    assert_eq!(reply.status, 403);
    assert_eq!(
        reply.challenge,
        format!(
            "Bearer resource_metadata=\"{base}/.well-known/oauth-protected-resource\", \
             scope=\"tools/invoke api://admin\", error=\"insufficient_scope\", \
             error_description=\"the token has none of the allowed scopes\""
        )
    );
}

#[tokio::test]
async fn the_document_about_the_resource_is_open_to_everyone() {
    let (issuer, key) = issuer().await;
    let mut config = config(&issuer);
    config.allowed_scopes = vec!["tools/invoke".into()];
    let base = endpoint::serve(Authorizer::Jwt(JwtAuthorizer::new(config).unwrap())).await;
    let get =
        async |path: &str| endpoint::send(endpoint::client().get(format!("{base}{path}"))).await;
    let expected = json!({
        "resource": format!("{base}/mcp"),
        "authorization_servers": [issuer.url],
        "bearer_methods_supported": ["header"],
        "scopes_supported": ["tools/invoke"],
    });
    // Before the issuer was asked, and after.
    for _ in 0..2 {
        for path in [
            "/.well-known/oauth-protected-resource",
            "/.well-known/oauth-protected-resource/mcp",
        ] {
            let reply = get(path).await;
            assert_eq!((reply.status, &reply.body), (200, &expected), "{path}");
        }
        assert_eq!(
            endpoint::post(&base, &key.token(&issuer.claims()))
                .await
                .status,
            200
        );
    }
    for path in [
        "/.well-known/oauth-protected-resource/other",
        "/.well-known/",
        "//mcp",
        "/",
    ] {
        assert_eq!(get(path).await.status, 401, "{path}");
    }
    let reply = get("/mcp").await;
    assert_eq!(
        reply.challenge,
        format!(
            "Bearer resource_metadata=\"{base}/.well-known/oauth-protected-resource\", \
             scope=\"tools/invoke\""
        )
    );
}

#[tokio::test]
async fn a_client_that_still_sends_reads_the_refusal() {
    let (issuer, _) = issuer().await;
    let base = endpoint::serve(Authorizer::Jwt(
        JwtAuthorizer::new(config(&issuer)).unwrap(),
    ))
    .await;
    let address = base.trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let body = vec![b' '; 6 * 1024 * 1024];
    let head = format!(
        "POST /mcp HTTP/1.1\r\nHost: {address}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // In parts, as one who reads the answer only after all was sent.
    for part in body.chunks(256 * 1024) {
        stream.write_all(part).await.unwrap();
    }
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 401");
}

#[test]
fn a_configuration_that_no_gateway_takes_is_refused() {
    let with = |url: &str, scope: &str| {
        let allowed_scopes = vec![scope.to_owned()];
        JwtAuthorizer::new(JwtConfig {
            discovery_url: url.into(),
            allowed_scopes,
            ..JwtConfig::default()
        })
    };
    let url = "https://issuer.example/pool/.well-known/openid-configuration";
    assert!(with(url, "tools/invoke").is_ok());
    for bad in [
        "",
        "issuer.example",
        "https://issuer.example/",
        "file:///.well-known/openid-configuration",
    ] {
        let error = with(bad, "tools/invoke").unwrap_err();
        assert!(matches!(error, ConfigError::DiscoveryUrl(_)) && error.to_string().contains(bad));
    }
    for bad in ["", "two scopes", "a\"b", "a\\b", "é", "a\r\nb"] {
        assert!(matches!(with(url, bad).unwrap_err(), ConfigError::Scope(_)));
    }
    let authorizer = Authorizer::Jwt(with(url, "tools/invoke").unwrap());
    assert!(matches!(
        layer(Router::new(), authorizer, "/mcp"),
        Err(ConfigError::ResourceUrl(_))
    ));
}

/// What a hostile or broken issuer answers with.
#[tokio::test]
async fn what_an_issuer_answers_wrongly_lets_nobody_in() {
    use axum::{
        Json,
        response::{IntoResponse, Redirect},
        routing::get,
    };
    let key = SigningKey::new("key-1", "RS256");
    let good = Issuer::start(vec![key.jwk()]).await;
    let token = key.token(&good.claims());
    let jwks = format!("{}/jwks", good.url);
    let document =
        move |issuer: &str, jwks: &str| json!({"issuer": issuer, "jwks_uri": jwks}).to_string();
    let answers = [
        String::new(),
        "[]".into(),
        "{}".into(),
        "no JSON".into(),
        document("", &jwks),
        document(&good.url, "file:///etc/passwd"),
        document(&good.url, "https://127.0.0.1:1/jwks"),
        document(&good.url, "http://192.0.2.1/jwks"),
        document(&good.url, "/jwks"),
        " ".repeat(300 * 1024) + &document(&good.url, &jwks),
    ];
    let mut router = Router::new();
    for (number, answer) in answers.iter().cloned().enumerate() {
        let path = format!("/{number}/.well-known/openid-configuration");
        router = router.route(&path, get(async move || answer.into_response()));
    }
    let itself = "/r2/.well-known/openid-configuration";
    for (number, to) in ["https://127.0.0.1:1/", "http://192.0.2.1/", itself]
        .into_iter()
        .enumerate()
    {
        let path = format!("/r{number}/.well-known/openid-configuration");
        router = router.route(&path, get(async move || Redirect::temporary(to)));
    }
    let twin = good.url.clone();
    router = router.route(
        "/other/.well-known/openid-configuration",
        get(async move || {
            Json(json!({"issuer": format!("{twin}/other"), "jwks_uri": format!("{twin}/jwks")}))
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });

    let verify = async |name: &str| {
        let discovery_url = format!("{base}/{name}/.well-known/openid-configuration");
        let config = JwtConfig {
            discovery_url,
            ..JwtConfig::default()
        };
        JwtAuthorizer::new(config).unwrap().verify(&token).await
    };
    let mut names: Vec<String> = (0..answers.len())
        .map(|number| number.to_string())
        .collect();
    names.extend(["r0", "r1", "r2", "missing"].map(str::to_owned));
    for name in names {
        assert_eq!(verify(&name).await, Err(Refusal::Unavailable), "{name}");
    }
    assert!(matches!(
        verify("other").await,
        Err(Refusal::InvalidToken(_))
    ));
}
