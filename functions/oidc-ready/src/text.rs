//! Foreign words, as far as a log or an answer may repeat them.

use std::{error::Error, iter::successors};

/// The first line of a text, in so many characters at most and without control characters. Further
/// lines can hold anything: a refused signature, for one, is explained with the signed headers.
pub(crate) fn excerpt(text: &str, most: usize) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    let mut all = line.chars().filter(|c| !c.is_control());
    let mut excerpt: String = all.by_ref().take(most).collect();
    if all.next().is_some() {
        excerpt.push('…');
    }
    excerpt
}

/// An address without what can be secret in it: all from the first `?` or `#` on.
pub(crate) fn without_query(url: &str) -> String {
    excerpt(url.split(['?', '#']).next().unwrap_or_default(), 300)
}

/// A text that is no address to speak to, as far as it can be shown: without its query, and without
/// all before its last `@`, since a password can hold whatever else ends one.
pub(crate) fn without_password(text: &str) -> String {
    match text.rsplit_once('@') {
        None => without_query(text),
        Some((_, host)) => format!("…@{}", without_query(host)),
    }
}

/// An error and what caused it, each once.
pub(crate) fn causes(error: &(dyn Error + 'static)) -> String {
    let mut all: Vec<String> = successors(Some(error), |&error| error.source())
        .map(ToString::to_string)
        .collect();
    all.dedup();
    excerpt(&all.join(": "), 300)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_one_short_line() {
        assert_eq!(excerpt(" denied\nx-amz-security-token:hush", 50), "denied");
        assert_eq!(excerpt("äöü", 2), "äö…");
        assert_eq!(excerpt("a\u{1b}[31mb", 50), "a[31mb");
        assert_eq!(excerpt("", 2), "");
    }

    #[test]
    fn an_address_is_shown_without_its_query() {
        assert_eq!(without_query("https://a.b/c?d=e#f"), "https://a.b/c");
    }

    #[test]
    fn what_is_no_address_is_shown_without_its_password() {
        assert_eq!(without_password("a.b/c?d=e"), "a.b/c");
        for password in ["p", "p:p", "p@p", "p/p", "p?p", "p#p", ""] {
            let text = format!("https://user:{password}@a.b/c?d=e");
            assert_eq!(without_password(&text), "…@a.b/c");
        }
    }
}
