//! People: a sign-in, its code and its tokens.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics is a test that fails"
)]

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "support/server.rs"]
mod server;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use issuer::Person;
use server::{CALLBACK, PASSWORD, Server, VERIFIER, redemption, request};

#[tokio::test]
async fn somebody_who_signs_in_gets_tokens_that_say_what_cognitos_say() {
    let server = Server::start().await;
    let code = server
        .code("web", "nonce=n-1&scope=openid+tools/invoke")
        .await;
    let reply = server.redeem("web", &code).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.json()["token_type"], "Bearer");
    assert_eq!(reply.json()["expires_in"], 3_600);

    let sub = Person::stable_sub("us-east-1_UserPool", "mia");
    let mut access = server
        .verify(&reply.token("access_token"), None)
        .await
        .claims;
    let mut id = server
        .verify(&reply.token("id_token"), Some("web"))
        .await
        .claims;
    assert_eq!(id["origin_jti"], access["origin_jti"]);
    assert_eq!(id["auth_time"], access["auth_time"]);
    let hash = digest(&SHA256, reply.token("access_token").as_bytes());
    let half = BASE64_URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]);
    assert_eq!(id["at_hash"], half);
    for claims in [&mut access, &mut id] {
        for measured in ["exp", "iat", "auth_time", "jti", "origin_jti", "at_hash"] {
            let removed = claims.as_object_mut().unwrap().remove(measured);
            assert!(removed.is_some() || measured == "at_hash", "{measured}");
        }
    }
    assert_eq!(
        access,
        serde_json::json!({
            "sub": sub, "cognito:groups": ["managers"], "iss": server.issuer.issuer_url(),
            "version": 2, "client_id": "web", "token_use": "access",
            "scope": "openid tools/invoke", "username": "mia",
        })
    );
    assert_eq!(
        id,
        serde_json::json!({
            "sub": sub, "cognito:groups": ["managers"], "iss": server.issuer.issuer_url(),
            "aud": "web", "token_use": "id", "cognito:username": "mia", "nonce": "n-1",
            "email": "mia@example.com", "email_verified": true,
        })
    );
}

#[tokio::test]
async fn without_openid_there_is_no_id_token_and_without_groups_no_claim_of_them() {
    let server = Server::start().await;
    let body = format!(
        "{}&scope=tools/invoke&username=dev@example.com&password=dev-password",
        request("web")
    );
    let reply = server.post("/oauth2/authorize", &[], &body).await;
    let reply = server.redeem("web", reply.sent_back("code").unwrap()).await;
    assert!(reply.json().get("id_token").is_none());
    let claims = server
        .verify(&reply.token("access_token"), None)
        .await
        .claims;
    assert_eq!(claims["username"], "dev");
    assert!(claims.get("cognito:groups").is_none());
}

#[tokio::test]
async fn a_wrong_password_shows_the_page_again_with_the_whole_request() {
    let server = Server::start().await;
    for (username, password) in [
        ("mia", "wrong"),
        ("nobody", PASSWORD),
        ("mia", ""),
        ("", ""),
    ] {
        let body = format!("{}&username={username}&password={password}", request("web"));
        let reply = server.post("/oauth2/authorize", &[], &body).await;
        assert_eq!(reply.status, 403);
        assert!(reply.body.contains("is not right"));
        assert!(reply.body.contains("name=\"state\" value=\"s&amp;t\""));
        assert!(!reply.body.contains("value=\"wrong\""));
        assert_eq!(reply.header("location"), "");
    }
}

#[tokio::test]
async fn the_way_back_keeps_state_and_the_callbacks_own_query() {
    let server = Server::start().await;
    let login = format!("username=mia&password={PASSWORD}");
    let body = format!("{}&{login}", request("web"));
    let reply = server.post("/oauth2/authorize", &[], &body).await;
    assert_eq!(reply.status, 302);
    assert_eq!(reply.header("cache-control"), "no-store");
    assert!(
        reply
            .header("location")
            .starts_with(&format!("{CALLBACK}?code="))
    );
    assert_eq!(reply.sent_back("state"), Some("s%26t"));

    let body = body.replace(CALLBACK, "http://localhost:9/q?a=b");
    let reply = server.post("/oauth2/authorize", &[], &body).await;
    assert!(
        reply
            .header("location")
            .starts_with("http://localhost:9/q?a=b&code=")
    );
}

#[tokio::test]
async fn a_code_fits_one_client_one_callback_and_one_verifier() {
    type Redemption = fn(&str) -> String;
    let server = Server::start().await;
    let wrong: [(&str, Redemption); 7] = [
        ("another client", |code| redemption("other-web", code)),
        ("another callback", |code| {
            redemption("web", code).replace(CALLBACK, "http://localhost:9/q?a=b")
        }),
        ("a longer callback", |code| {
            redemption("web", code).replace(CALLBACK, &format!("{CALLBACK}/"))
        }),
        ("another verifier", |code| {
            redemption("web", code).replace(VERIFIER, &VERIFIER.to_uppercase())
        }),
        ("no verifier", |code| {
            redemption("web", code).replace(VERIFIER, "")
        }),
        ("the challenge as verifier", |code| {
            redemption("web", code).replace(VERIFIER, server::CHALLENGE)
        }),
        ("a code that is longer", |code| {
            redemption("web", &format!("{code}A"))
        }),
    ];
    for (what, body) in wrong {
        let code = server.code("web", "").await;
        let reply = server.token(&body(&code)).await;
        assert_eq!(reply.status, 400, "{what}");
        reply.assert_refused(400, "invalid_grant");
        assert!(!reply.body.contains(&code));
    }
    for missing in ["code", "redirect_uri", "client_id"] {
        let code = server.code("web", "").await;
        let body = redemption("web", &code).replace(&format!("&{missing}="), "&x=");
        server
            .token(&body)
            .await
            .assert_refused(400, "invalid_request");
    }
}

#[tokio::test]
async fn a_failed_redemption_spends_the_code_unless_the_client_was_another() {
    let server = Server::start().await;
    let code = server.code("web", "").await;
    server
        .redeem("other-web", &code)
        .await
        .assert_refused(400, "invalid_grant");
    assert_eq!(server.redeem("web", &code).await.status, 200);

    let code = server.code("web", "").await;
    let body = redemption("web", &code).replace(VERIFIER, &VERIFIER.to_uppercase());
    server
        .token(&body)
        .await
        .assert_refused(400, "invalid_grant");
    server
        .redeem("web", &code)
        .await
        .assert_refused(400, "invalid_grant");
}

#[tokio::test]
async fn a_code_that_is_used_twice_ends_its_sign_in_and_no_other() {
    let server = Server::start().await;
    let (code, other) = (server.code("web", "").await, server.code("web", "").await);
    let tokens = server.redeem("web", &code).await;
    let kept = server.redeem("web", &other).await;
    server
        .redeem("web", &code)
        .await
        .assert_refused(400, "invalid_grant");
    let refresh = |tokens: &server::Reply| {
        let token = tokens.token("refresh_token");
        format!("grant_type=refresh_token&client_id=web&refresh_token={token}")
    };
    let reply = server.token(&refresh(&tokens)).await;
    reply.assert_refused(400, "invalid_grant");
    assert_eq!(server.token(&refresh(&kept)).await.status, 200);
}

#[tokio::test]
async fn of_many_who_redeem_a_code_at_once_one_gets_tokens() {
    let server = std::sync::Arc::new(Server::start().await);
    let code = server.code("web", "").await;
    let tries: Vec<_> = (0..16)
        .map(|_| {
            let (server, code) = (server.clone(), code.clone());
            tokio::spawn(async move { server.redeem("web", &code).await.status })
        })
        .collect();
    let mut won = 0;
    for one in tries {
        won += usize::from(one.await.unwrap() == 200);
    }
    assert_eq!(won, 1);
}

#[tokio::test]
async fn a_client_with_a_secret_needs_it_and_may_do_without_pkce() {
    let server = Server::start().await;
    let login = format!("username=mia&password={PASSWORD}");
    let plain = format!("response_type=code&client_id=server&redirect_uri={CALLBACK}&{login}");
    let code = |reply: server::Reply| reply.sent_back("code").unwrap().to_owned();
    let secret = "&client_secret=server-secret";
    let without_verifier =
        |code: &str| redemption("server", code).replace(&format!("&code_verifier={VERIFIER}"), "");

    let first = code(server.post("/oauth2/authorize", &[], &plain).await);
    let reply = server.token(&without_verifier(&first)).await;
    reply.assert_refused(400, "invalid_client");
    let reply = server.token(&(without_verifier(&first) + secret)).await;
    assert_eq!(reply.status, 200, "{}", reply.body);

    // The challenge was taken out on the way.
    let second = code(server.post("/oauth2/authorize", &[], &plain).await);
    let reply = server
        .token(&(redemption("server", &second) + secret))
        .await;
    reply.assert_refused(400, "invalid_grant");
}

#[tokio::test]
async fn a_refresh_token_goes_on_until_it_is_revoked() {
    let server = Server::start().await;
    let code = server.code("web", "nonce=n-1").await;
    let tokens = server.redeem("web", &code).await;
    let token = tokens.token("refresh_token");
    let refresh = format!("grant_type=refresh_token&client_id=web&refresh_token={token}");
    let first = server
        .verify(&tokens.token("access_token"), None)
        .await
        .claims;
    for _ in 0..2 {
        let reply = server.token(&refresh).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert!(reply.json().get("refresh_token").is_none());
        let claims = server
            .verify(&reply.token("access_token"), None)
            .await
            .claims;
        for same in [
            "sub",
            "scope",
            "auth_time",
            "origin_jti",
            "username",
            "cognito:groups",
        ] {
            assert_eq!(claims[same], first[same], "{same}");
        }
        assert_ne!(claims["jti"], first["jti"]);
        let id = server
            .verify(&reply.token("id_token"), Some("web"))
            .await
            .claims;
        assert!(id.get("nonce").is_none());
    }
    let reply = server.token(&format!("{refresh}&scope=tools/invoke")).await;
    let narrowed = server
        .verify(&reply.token("access_token"), None)
        .await
        .claims;
    assert_eq!(narrowed["scope"], "tools/invoke");
    let reply = server
        .token(&format!("{refresh}&scope=tools/manager"))
        .await;
    reply.assert_refused(400, "invalid_scope");
    let foreign = refresh.replace("=web", "=other-web");
    server
        .token(&foreign)
        .await
        .assert_refused(400, "invalid_grant");

    let revoke = |client: &str| format!("client_id={client}&token={token}");
    for (client, then) in [("other-web", 200), ("web", 400)] {
        let reply = server.post("/oauth2/revoke", &[], &revoke(client)).await;
        assert_eq!(reply.status, 200);
        assert_eq!(server.token(&refresh).await.status, then);
    }
    let access = tokens.token("access_token");
    let body = format!("client_id=web&token={access}");
    let reply = server.post("/oauth2/revoke", &[], &body).await;
    reply.assert_refused(400, "unsupported_token_type");
    let reply = server
        .post("/oauth2/revoke", &[], "client_id=machine&token=a")
        .await;
    reply.assert_refused(400, "invalid_client");
}

#[tokio::test]
async fn tokens_without_http_are_the_same() {
    let server = Server::start().await;
    let token = server.issuer.token_for_person("mia", "web").unwrap();
    let claims = server.verify(&token, None).await.claims;
    assert_eq!(claims["scope"], "email openid tools/invoke");
    assert_eq!(claims["cognito:groups"], serde_json::json!(["managers"]));
    for (person, client) in [("nobody", "web"), ("mia", "machine"), ("mia", "nobody")] {
        assert!(server.issuer.token_for_person(person, client).is_err());
    }
}
