//! What `/oauth2/authorize` refuses, and what its pages are made of.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics is a test that fails"
)]

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "support/server.rs"]
mod server;

use server::{CALLBACK, CHALLENGE, PASSWORD, Server, request};

const HOSTILE: &str = "%22%3E%3Cscript%3Ealert%281%29%3C/script%3E%27%26";
const ESCAPED: &str = "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp;";

async fn page(server: &Server, query: &str) -> server::Reply {
    server.get(&format!("/oauth2/authorize?{query}")).await
}

/// The same request, by the page and by its form with a right password.
async fn both(server: &Server, query: &str) -> [server::Reply; 2] {
    let body = format!("{query}&username=mia&password={PASSWORD}");
    [
        page(server, query).await,
        server.post("/oauth2/authorize", &[], &body).await,
    ]
}

#[tokio::test]
async fn nobody_is_sent_to_a_place_that_is_not_registered() {
    let server = Server::start().await;
    let right = request("web");
    let elsewhere = |url: &str| right.replace(CALLBACK, url);
    for query in [
        elsewhere(""),
        elsewhere("http://evil.example/"),
        elsewhere("http://localhost:9/callback/"),
        elsewhere("http://localhost:9/Callback"),
        elsewhere("http://localhost:9/callback?a=b"),
        elsewhere("http://localhost:9/callback%23a"),
        elsewhere("HTTP://localhost:9/callback"),
        elsewhere("http://localhost:9/callback%0d%0aSet-Cookie:+a=b"),
        elsewhere("javascript:alert(1)"),
        right.replace("client_id=web", "client_id=nobody"),
        right.replace("client_id=web", "client_id=machine"),
        right.replace("client_id=web", ""),
        format!("{right}&redirect_uri={CALLBACK}"),
        format!("{right}&state=twice"),
        format!("{right}&scope=%ff"),
        String::new(),
    ] {
        for reply in both(&server, &query).await {
            assert_eq!(reply.status, 400, "{query}");
            assert_eq!(reply.header("location"), "", "{query}");
            assert!(reply.body.contains("Sign-in refused"));
        }
    }
}

#[tokio::test]
async fn other_errors_go_back_to_the_client_with_its_state() {
    let server = Server::start().await;
    let right = request("web");
    let challenge = format!("&code_challenge={CHALLENGE}");
    for (query, error) in [
        (
            right.replace("=code&", "=token&"),
            "unsupported_response_type",
        ),
        (right.replace("response_type=code", ""), "invalid_request"),
        (format!("{right}&scope=tools/manager"), "invalid_scope"),
        (right.replace(&challenge, ""), "invalid_request"),
        (
            right.replace(&challenge, "&code_challenge=short"),
            "invalid_request",
        ),
        (right.replace("S256", "plain"), "invalid_request"),
        (
            right.replace("&code_challenge_method=S256", ""),
            "invalid_request",
        ),
        (
            right
                .replace(&challenge, "")
                .replace("&code_challenge_method=S256", ""),
            "invalid_request",
        ),
    ] {
        for reply in both(&server, &query).await {
            assert_eq!(reply.status, 302, "{query}");
            assert!(
                reply
                    .header("location")
                    .starts_with(&format!("{CALLBACK}?"))
            );
            assert_eq!(reply.sent_back("error"), Some(error), "{query}");
            assert_eq!(reply.sent_back("state"), Some("s%26t"));
            assert!(reply.sent_back("error_description").is_some());
            assert!(reply.sent_back("code").is_none());
        }
    }
}

#[tokio::test]
async fn hostile_parameters_stay_text() {
    let server = Server::start().await;
    let query = format!(
        "{}&nonce={HOSTILE}&scope=openid",
        request("web").replace("s%26t", HOSTILE)
    );
    let login = format!("{query}&username={HOSTILE}&password={HOSTILE}");
    let first = page(&server, &query).await;
    let again = server.post("/oauth2/authorize", &[], &login).await;
    for (reply, times) in [(&first, 2), (&again, 3)] {
        assert!(!reply.body.contains("<script"), "{}", reply.body);
        let value = format!("value=\"{ESCAPED}\"");
        assert_eq!(reply.body.matches(&value).count(), times, "{}", reply.body);
        assert!(reply.body.contains("The &lt;web&gt; client"));
    }
    let wrong_scope = page(&server, &format!("{}&scope={HOSTILE}", request("web"))).await;
    assert!(!wrong_scope.header("location").contains('<'));
    let reply = page(&server, &request(HOSTILE)).await;
    assert!(!reply.body.contains("<script"));
}

#[tokio::test]
async fn pages_load_nothing_run_nothing_and_are_not_framed() {
    let server = Server::start().await;
    for query in [request("web"), String::new()] {
        let reply = page(&server, &query).await;
        let policy = reply.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"));
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"));
        assert_eq!(reply.header("x-frame-options"), "DENY");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(reply.header("cache-control"), "no-store");
        assert!(!reply.body.contains("<script") && !reply.body.contains(" src="));
    }
}

#[tokio::test]
async fn the_page_tells_who_can_sign_in() {
    let server = Server::start().await;
    let reply = page(&server, &request("web")).await;
    for shown in ["mia", PASSWORD, "managers", "dev-password"] {
        assert!(reply.body.contains(shown), "{shown}");
    }
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let server = Server::start().await;
    let body = format!("{}&username=mia&password={PASSWORD}", request("web"));
    let own = server.url.as_str();
    for (header, value, status) in [
        ("origin", own, 302),
        ("sec-fetch-site", "same-origin", 302),
        ("origin", "http://evil.example", 403),
        ("origin", "null", 403),
        ("sec-fetch-site", "cross-site", 403),
        ("sec-fetch-site", "same-site", 403),
    ] {
        let reply = server
            .post("/oauth2/authorize", &[(header, value)], &body)
            .await;
        assert_eq!(reply.status, status, "{header}: {value}");
    }
}

#[tokio::test]
async fn a_query_that_its_form_could_not_carry_is_refused() {
    let server = Server::start().await;
    let query = format!("{}&nonce={}", request("web"), "n".repeat(5_000));
    let reply = page(&server, &query).await;
    assert_eq!((reply.status, reply.header("location")), (400, ""));
}
