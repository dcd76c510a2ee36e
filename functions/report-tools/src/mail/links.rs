//! Which links a mail keeps.

use std::borrow::Cow;

use pulldown_cmark::LinkType;

use crate::address::is_invisible;

/// The address of a link if the mail keeps it: `http`, `https` and `mailto` only. A relative
/// address means nothing in a mail, and any other scheme (`javascript`, `data`, `file`) can hurt.
pub(super) fn link<'a>(kind: LinkType, url: &'a str) -> Option<Cow<'a, str>> {
    let url = match kind {
        LinkType::Email => Cow::from(format!("mailto:{url}")),
        _ => Cow::from(url),
    };
    let kept = match scheme(&url)? {
        ("http" | "https", rest) => is_host(rest),
        ("mailto", rest) => rest.contains('@'),
        _ => false,
    };
    kept.then_some(url)
}

/// The address of an image if it becomes a link: `http` and `https` only.
pub(super) fn image(url: &str) -> Option<&str> {
    let (scheme, rest) = scheme(url)?;
    (scheme != "mailto" && is_host(rest)).then_some(url)
}

/// The known scheme in lower case and what follows its colon. Browsers skip tabs, line breaks
/// and leading controls when they look for a scheme (WHATWG URL, section 4.4), so an address
/// that holds any, or characters that hide what it says, is none.
fn scheme(url: &str) -> Option<(&'static str, &str)> {
    if url.contains(|c: char| c.is_control() || c.is_whitespace() || is_invisible(c) || c == '\\') {
        return None;
    }
    let (scheme, rest) = url.split_once(':')?;
    let known = ["http", "https", "mailto"];
    let scheme = known
        .into_iter()
        .find(|known| scheme.eq_ignore_ascii_case(known))?;
    Some((scheme, rest))
}

fn is_host(rest: &str) -> bool {
    let host = rest.strip_prefix("//").and_then(|rest| rest.chars().next());
    host.is_some_and(|c| c.is_alphanumeric() || c == '[')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_web_and_mail_addresses_are_links() {
        for url in [
            "http://a.b",
            "https://a.b/c?d=e#f",
            "HTTPS://A.B",
            "https://[::1]/",
            "https://bücher.example",
            "mailto:a@b.c",
            "MailTo:a@b.c?subject=x",
        ] {
            assert!(link(LinkType::Inline, url).is_some(), "{url}");
        }
        for url in [
            "",
            "#",
            "/a",
            "a/b",
            "//a.b",
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "java\tscript:alert(1)",
            "java\nscript:x",
            "\u{1}javascript:x",
            " javascript:x",
            "javascript\u{a0}:x",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "ftp://a.b",
            "tel:1",
            "https:javascript:x",
            "https:/a",
            "https://",
            "https:///a",
            "https:\\\\a.b",
            "https://a.b\\c",
            "http\u{200b}s://a.b",
            "https://a.b/\u{202e}x",
            "mailto:",
            "mailto:x",
            "https://a.b/c d",
            "blob:https://a.b",
            "view-source:https://a.b",
        ] {
            assert!(link(LinkType::Inline, url).is_none(), "{url}");
            assert!(image(url).is_none(), "{url}");
        }
        assert!(image("mailto:a@b.c").is_none());
        assert_eq!(link(LinkType::Email, "a@b.c").unwrap(), "mailto:a@b.c");
    }
}
