//! Pools that cannot be served, and what is never shown.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics is a test that fails"
)]

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "support/server.rs"]
mod server;

use issuer::{Issuer, Pool, PoolError, StartError};
use server::{PASSWORD, SECRET, pool};

fn refused(change: impl FnOnce(&mut Pool)) -> PoolError {
    let mut pool = pool();
    change(&mut pool);
    match Issuer::new(pool, "http://127.0.0.1:1") {
        Err(StartError::Pool(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_pool_that_could_not_work_is_refused() {
    for id in [
        "",
        "pool",
        "us-east-1_",
        "_a",
        "a_b/c",
        "a_{b}",
        "a_b c",
        "a_é",
    ] {
        assert_eq!(
            refused(|pool| pool.id = id.to_owned()),
            PoolError::Id(id.to_owned())
        );
    }
    let (machine, web) = (|| "machine".to_owned(), || "web".to_owned());
    assert_eq!(
        refused(|pool| pool.clients[1].id = machine()),
        PoolError::ClientTwice(machine())
    );
    assert_eq!(
        refused(|pool| pool.people[1].email = "mia".to_owned()),
        PoolError::PersonTwice("mia".to_owned())
    );
    assert_eq!(
        refused(|pool| pool.clients[0].scopes.extend(["tools/no".to_owned()])),
        PoolError::Scope {
            client: machine(),
            scope: "tools/no".to_owned()
        }
    );
    assert_eq!(
        refused(|pool| pool.clients[0].flows.code = true),
        PoolError::BothFlows(machine())
    );
    assert_eq!(
        refused(|pool| pool.clients[0].secret = None),
        PoolError::NoSecret(machine())
    );
    assert_eq!(
        refused(|pool| pool.clients[2].callback_urls.clear()),
        PoolError::NoCallback(web())
    );
    for url in [
        "",
        "/callback",
        "http://a/#b",
        "http://a/\r\nb",
        "http:",
        "1://a",
    ] {
        let url = url.to_owned();
        assert_eq!(
            refused(|pool| pool.clients[2].callback_urls.push(url.clone())),
            PoolError::Callback { client: web(), url }
        );
    }
}

#[test]
fn a_base_url_must_be_one() {
    for url in [
        "",
        "http://",
        "127.0.0.1:1",
        "ftp://a",
        "http://a b",
        "http://a?b",
    ] {
        let refused = Issuer::new(pool(), url);
        assert!(matches!(refused, Err(StartError::BaseUrl(_))), "{url}");
    }
    let issuer = Issuer::new(pool(), "http://127.0.0.1:1/").unwrap();
    assert_eq!(issuer.issuer_url(), "http://127.0.0.1:1/us-east-1_UserPool");
}

#[test]
fn no_secret_is_shown() {
    let pool = pool();
    let shown = format!(
        "{pool:?} {:?}",
        Issuer::new(pool.clone(), "http://a").unwrap()
    );
    for secret in [SECRET, PASSWORD, "other-secret"] {
        assert!(!shown.contains(secret));
    }
    assert!(shown.contains("[redacted]"));
}

#[test]
fn a_persons_id_is_a_uuid_that_lasts() {
    let sub = issuer::Person::stable_sub("us-east-1_UserPool", "mia");
    assert_eq!(sub, issuer::Person::stable_sub("us-east-1_UserPool", "mia"));
    assert_ne!(sub, issuer::Person::stable_sub("us-east-1_UserPool", "dev"));
    assert_ne!(sub, issuer::Person::stable_sub("us-east-1_Other", "mia"));
    assert_eq!(uuid::Uuid::parse_str(&sub).unwrap().get_version_num(), 4);
}
