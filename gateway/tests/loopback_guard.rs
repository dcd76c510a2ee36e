//! No page in a browser gets past any listener.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics is a test that fails"
)]

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "support/functions.rs"]
mod functions;
#[allow(dead_code, reason = "other tests need more of it")]
#[path = "support/http.rs"]
mod http;

use axum::Router;
use axum::routing::get;
use functions::{answer, fixture, host};
use gateway::{aws, loopback, ses};
use http::{exchange, serve};
use serde_json::json;

/// Every request line and header set that must be refused, and those that must pass, for `path`.
async fn check(port: u16, path: &str) {
    let ask = async |line: &str, headers: &[String]| {
        let mut request = format!("{line}\r\nConnection: close\r\n");
        for header in headers {
            request.push_str(&format!("{header}\r\n"));
        }
        exchange(port, (request + "\r\n").as_bytes()).await
    };
    let line = format!("GET {path} HTTP/1.1");
    let host = format!("Host: 127.0.0.1:{port}");
    let other = port.wrapping_add(1);

    for header in [
        format!("Host: localhost:{port}"),
        format!("Host: LocalHost:{port}"),
        format!("Host: [::1]:{port}"),
        host.clone(),
    ] {
        let reply = ask(&line, std::slice::from_ref(&header)).await;
        assert_ne!(reply.status, 403, "{path} {header}");
    }
    for headers in [
        vec![],
        vec!["Host: ".to_owned()],
        vec!["Host: 127.0.0.1".to_owned()],
        vec![format!("Host: 127.0.0.1:{other}")],
        vec![format!("Host: 127.0.0.1:0{port}")],
        vec![format!("Host: 127.0.0.2:{port}")],
        vec![format!("Host: 127.1:{port}")],
        vec![format!("Host: 0.0.0.0:{port}")],
        vec![format!("Host: rebound.example:{port}")],
        vec![format!("Host: localhost.:{port}")],
        vec![format!("Host: localhost.rebound.example:{port}")],
        vec![format!("Host: user@127.0.0.1:{port}")],
        vec![host.clone(), format!("Host: rebound.example:{port}")],
        vec![host.clone(), host.clone()],
    ] {
        let reply = ask(&line, &headers).await;
        assert_eq!(reply.status, 403, "{path} {headers:?}");
        let text = String::from_utf8(reply.body).unwrap();
        assert!(
            text.starts_with("refused: ") && text.lines().count() == 1,
            "{text}"
        );
    }

    for origin in [
        format!("http://127.0.0.1:{port}"),
        format!("http://localhost:{port}"),
    ] {
        let reply = ask(&line, &[host.clone(), format!("Origin: {origin}")]).await;
        assert_ne!(reply.status, 403, "{path} {origin}");
        assert!(
            !reply
                .headers
                .iter()
                .any(|(name, _)| name.starts_with("access-control-"))
        );
    }
    for origin in [
        "null".to_owned(),
        "http://evil.example".to_owned(),
        format!("http://evil.example:{port}"),
        format!("https://127.0.0.1:{port}"),
        format!("http://127.0.0.1:{other}"),
        "http://127.0.0.1".to_owned(),
        format!("http://127.0.0.1:{port}/"),
        "file://".to_owned(),
        String::new(),
    ] {
        let reply = ask(&line, &[host.clone(), format!("Origin: {origin}")]).await;
        assert_eq!(reply.status, 403, "{path} {origin}");
        assert!(
            !reply
                .headers
                .iter()
                .any(|(name, _)| name.starts_with("access-control-"))
        );
    }

    for (site, passes) in [
        ("same-origin", true),
        ("none", true),
        ("same-site", false),
        ("cross-site", false),
    ] {
        let reply = ask(&line, &[host.clone(), format!("Sec-Fetch-Site: {site}")]).await;
        assert_eq!(reply.status != 403, passes, "{path} {site}");
    }

    let preflight = [
        host.clone(),
        "Origin: http://evil.example".to_owned(),
        "Access-Control-Request-Method: POST".to_owned(),
        "Access-Control-Request-Private-Network: true".to_owned(),
    ];
    let reply = ask(&format!("OPTIONS {path} HTTP/1.1"), &preflight).await;
    assert_eq!(reply.status, 403);
    assert!(
        !reply
            .headers
            .iter()
            .any(|(name, _)| name.starts_with("access-control-"))
    );

    for line in [
        format!("GET http://127.0.0.1:{port}{path} HTTP/1.1"),
        format!("GET http://evil.example{path} HTTP/1.1"),
        format!("CONNECT 127.0.0.1:{port} HTTP/1.1"),
    ] {
        assert_eq!(
            ask(&line, std::slice::from_ref(&host)).await.status,
            403,
            "{line}"
        );
    }
    assert_eq!(ask(&format!("GET {path} HTTP/1.0"), &[]).await.status, 403);
}

#[tokio::test]
async fn a_plain_router_is_guarded_on_routes_and_fallbacks() {
    let router = Router::new()
        .route("/here", get(async || "here"))
        .nest("/under", Router::new());
    let port = serve(router).await;
    for path in ["/here", "/elsewhere", "/under/x", "/"] {
        check(port, path).await;
    }
}

#[tokio::test]
async fn the_aws_endpoint_is_guarded() {
    let (host, _) = host(fixture(), 1).await;
    let folder = tempfile::tempdir().unwrap();
    let outbox = ses::Outbox::new(folder.path()).unwrap();
    let router = host.router().merge(outbox.router());
    let port = serve(aws::with_catch_all(
        router,
        std::sync::Arc::new(|_: &str| {}),
    ))
    .await;
    for path in [
        "/2015-03-31/functions/fixture/invocations",
        "/v2/email/outbound-emails",
        "/",
        "/bucket/key",
    ] {
        check(port, path).await;
    }
}

#[tokio::test]
async fn the_runtime_api_is_guarded_and_unknown_paths_lead_nowhere() {
    let (host, _) = host(fixture(), 1).await;
    let environment = answer(&host, json!({"do": "environment"})).await;
    let api = environment["variables"]["AWS_LAMBDA_RUNTIME_API"]
        .as_str()
        .unwrap();
    let (authority, secret) = api
        .strip_prefix("http://")
        .unwrap()
        .split_once('/')
        .unwrap();
    let port: u16 = authority.rsplit_once(':').unwrap().1.parse().unwrap();
    // GET on a POST path: one that answers at once, with the right secret and with a wrong one.
    check(port, &format!("/{secret}/2018-06-01/runtime/init/error")).await;
    check(
        port,
        &format!(
            "/{}/2018-06-01/runtime/invocation/next",
            "0".repeat(secret.len())
        ),
    )
    .await;
    check(port, "/2018-06-01/runtime/invocation/next").await;

    for path in [
        "/2018-06-01/runtime/invocation/next",
        "/0000/2018-06-01/runtime/invocation/next",
    ] {
        let reply = http::request(port, "GET", path, &[], b"").await;
        assert_eq!(reply.status, 404, "{path}");
    }
    // A path dies with its process.
    host.shutdown().await;
}

#[tokio::test]
async fn only_the_loopback_address_is_bound() {
    let listener = loopback::bind(0).await.unwrap();
    assert_eq!(
        listener.url(),
        format!("http://127.0.0.1:{}", listener.port())
    );
    let hex = format!(":{:04X} ", listener.port());
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"]
        .map(|path| std::fs::read_to_string(path).unwrap_or_default());
    let bound: Vec<_> = tables
        .iter()
        .flat_map(|table| table.lines())
        .filter_map(|line| line.split_whitespace().nth(1))
        .filter(|local| format!("{local} ").ends_with(&hex))
        .collect();
    assert!(
        bound.iter().all(|local| local.starts_with("0100007F:")),
        "{bound:?}"
    );
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let first = loopback::bind(0).await.unwrap();
    let error = loopback::bind(first.port()).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains(&format!("port `{}`", first.port())),
        "{error}"
    );
}

#[tokio::test]
async fn serving_ends_even_with_a_request_that_never_does() {
    let listener = loopback::bind(0).await.unwrap();
    let port = listener.port();
    let router = Router::new().route("/", get(std::future::pending::<()>));
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(loopback::serve(listener, router, async {
        let _ = ended.await;
    }));
    let open = tokio::spawn(http::request(port, "GET", "/", &[], b""));
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    end.send(()).unwrap();
    server.await.unwrap().unwrap();
    open.abort();
}
