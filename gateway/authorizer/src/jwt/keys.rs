//! The issuer's keys as they are known here, and when they are fetched again.
//!
//! A key that is not known may be new (a rotation) or made up. So a fetch that began after the
//! token came decides: one for all who wait, and no more than one a second, however many tokens
//! with made-up keys come. Nobody is refused because a fetch was too recent: they wait for the
//! next. What fails to be fetched leaves the known keys as they are.

use std::{sync::Arc, time::Duration};

use reqwest::Url;
use serde_json::Value;
use tokio::{
    sync::{Mutex, watch},
    time::{Instant, sleep_until},
};

use super::{
    config::ConfigError,
    fetch::{FetchError, Fetcher, may_lead_to, shown},
    jwks::{self, Key, Keys},
};

/// When keys are fetched.
#[derive(Clone, Copy)]
struct Times {
    /// The least time between two fetches.
    apart: Duration,
    /// How long keys count before they are fetched anew: a withdrawn key gets in no longer.
    fresh: Duration,
    /// How long they count on when that failed.
    grace: Duration,
}

const TIMES: Times = Times {
    apart: Duration::from_secs(1),
    fresh: Duration::from_secs(300),
    grace: Duration::from_secs(30),
};

pub(super) struct KeyCache {
    discovery: Url,
    fetcher: Fetcher,
    times: Times,
    known: watch::Sender<Option<Known>>,
    /// Held by the one who fetches.
    fetches: Mutex<Fetches>,
}

#[derive(Clone)]
struct Known {
    issuer: Arc<str>,
    keys: Arc<Keys>,
    fresh_until: Instant,
}

#[derive(Default)]
struct Fetches {
    /// When the last one began, whether or not it came to an end.
    began: Option<Instant>,
    /// The last one that came to an end: when it began, and whether it brought keys.
    ended: Option<(Instant, bool)>,
}

/// A key, and the issuer whose it is.
pub(super) struct Found {
    pub(super) issuer: Arc<str>,
    pub(super) key: Arc<Key>,
}

pub(super) enum NotFound {
    /// The issuer has no such key.
    NoSuchKey,
    /// The issuer cannot be asked.
    Unavailable,
}

impl KeyCache {
    pub(super) fn new(discovery: Url) -> Result<Self, ConfigError> {
        Ok(Self {
            fetcher: Fetcher::new(&discovery)?,
            discovery,
            times: TIMES,
            known: watch::Sender::new(None),
            fetches: Mutex::default(),
        })
    }

    pub(super) fn issuer(&self) -> Option<String> {
        self.known
            .borrow()
            .as_ref()
            .map(|known| known.issuer.as_ref().to_owned())
    }

    pub(super) async fn find(&self, kid: &str) -> Result<Found, NotFound> {
        let came = Instant::now();
        let is_fresh = |known: &Known| came < known.fresh_until;
        if let Some(found) = self.look_up(kid, is_fresh) {
            return Ok(found);
        }
        let fetched = self.fetched_since(came).await;
        match self.look_up(kid, |_| true) {
            Some(found) => Ok(found),
            None if fetched => Err(NotFound::NoSuchKey),
            None => Err(NotFound::Unavailable),
        }
    }

    fn look_up(&self, kid: &str, counts: impl FnOnce(&Known) -> bool) -> Option<Found> {
        let known = self.known.borrow();
        let known = known.as_ref().filter(|known| counts(known))?;
        let key = Arc::clone(known.keys.get(kid)?);
        Some(Found {
            issuer: Arc::clone(&known.issuer),
            key,
        })
    }

    /// Waits for a fetch that began at `came` or later; whether it brought keys.
    async fn fetched_since(&self, came: Instant) -> bool {
        let mut fetches = self.fetches.lock().await;
        if let Some((began, brought)) = fetches.ended
            && began >= came
        {
            return brought;
        }
        if let Some(began) = fetches.began {
            sleep_until(began + self.times.apart).await;
        }
        let began = Instant::now();
        fetches.began = Some(began);
        let brought = match self.fetch().await {
            Ok((issuer, keys)) => {
                let fresh_until = Instant::now() + self.times.fresh;
                self.known.send_replace(Some(Known {
                    issuer,
                    keys,
                    fresh_until,
                }));
                true
            }
            Err(error) => {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                tracing::warn!(%error, cause, "the issuer's keys were not fetched");
                let until = Instant::now() + self.times.grace;
                self.known.send_modify(|known| {
                    if let Some(known) = known {
                        known.fresh_until = known.fresh_until.max(until);
                    }
                });
                false
            }
        };
        fetches.ended = Some((began, brought));
        brought
    }

    async fn fetch(&self) -> Result<(Arc<str>, Arc<Keys>), FetchError> {
        let document = self.fetcher.json(&self.discovery).await?;
        let text = |name| document.get(name).and_then(Value::as_str);
        let issuer = text("issuer").filter(|issuer| !issuer.is_empty());
        let jwks = text("jwks_uri").and_then(|uri| Url::parse(uri).ok());
        let jwks = jwks.filter(|jwks| may_lead_to(&self.discovery, jwks));
        let (Some(issuer), Some(jwks)) = (issuer, jwks) else {
            let what = "a discovery document with `issuer` and a `jwks_uri` of the same scheme";
            return Err(FetchError::NotA(shown(&self.discovery), what));
        };
        let keys = jwks::read(&self.fetcher.json(&jwks).await?);
        let keys = keys.ok_or_else(|| FetchError::NotA(shown(&jwks), "a key set"))?;
        Ok((issuer.into(), Arc::new(keys)))
    }
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
