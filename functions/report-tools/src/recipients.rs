//! Who may be written to.

use crate::address::{Address, InvalidAddress, normal_domain, shown};

/// The allow-list: who may get a mail.
///
/// Read from a comma-separated list of addresses (`ana@example.com`), whole domains
/// (`example.com`, `@example.com` or `*@example.com`, the last being how an IAM condition on
/// `ses:Recipients` spells it; sub-domains are not meant) and `*` for anyone.
#[derive(Debug, Clone)]
pub struct Recipients(Vec<Allowed>);

#[derive(Debug, Clone)]
enum Allowed {
    Anyone,
    Domain(String),
    Address(Address),
}

/// An entry of the allow-list that is neither an address, nor a domain, nor `*`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither an address (`ana@example.com`), nor a domain (`example.com`), nor `*`")]
pub struct InvalidEntry(String);

/// Why a recipient gets no mail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is not one bare address.
    #[error(transparent)]
    Invalid(#[from] InvalidAddress),
    /// The allow-list does not mean it.
    #[error(
        "`{0}` is not among the recipients that this tool may write to: use an allowed address, \
         or ask the operator to add it to the allowed recipients"
    )]
    NotAllowed(Address),
}

impl Recipients {
    /// Only this address.
    #[must_use]
    pub fn only(address: &Address) -> Self {
        Self(vec![Allowed::Address(address.to_lowercase())])
    }

    /// Reads a comma-separated list; blank entries are skipped, and a blank list is `None`.
    ///
    /// # Errors
    /// Names the first entry that is none of the three forms.
    pub fn parse(list: &str) -> Result<Option<Self>, InvalidEntry> {
        let allowed = list
            .split(',')
            .map(str::trim)
            .filter(|entry| !entry.is_empty())
            .map(|entry| Allowed::parse(entry).ok_or_else(|| InvalidEntry(shown(entry))))
            .collect::<Result<Vec<_>, _>>()?;
        Ok((!allowed.is_empty()).then_some(Self(allowed)))
    }

    /// The address to send to: normalised, and exactly what was compared.
    ///
    /// # Errors
    /// When the text is not one bare address, or the list does not mean it.
    pub fn allow(&self, recipient: &str) -> Result<Address, Refused> {
        let address = Address::parse(recipient)?.to_lowercase();
        if self.0.iter().any(|allowed| allowed.means(&address)) {
            Ok(address)
        } else {
            Err(Refused::NotAllowed(address))
        }
    }
}

impl Allowed {
    fn parse(entry: &str) -> Option<Self> {
        if entry == "*" {
            return Some(Self::Anyone);
        }
        let domain = entry
            .strip_prefix("*@")
            .or_else(|| entry.strip_prefix('@'))
            .unwrap_or(entry);
        if domain.contains('@') {
            let address = Address::parse(domain).ok()?;
            // A wildcard that stands anywhere else would read as one, and mean something else.
            let wild = entry.contains('*') || entry.starts_with('@');
            return (!wild).then(|| Self::Address(address.to_lowercase()));
        }
        normal_domain(domain).ok().map(Self::Domain)
    }

    fn means(&self, address: &Address) -> bool {
        match self {
            Self::Anyone => true,
            Self::Domain(domain) => domain == address.domain(),
            Self::Address(allowed) => allowed == address,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Recipients {
        Recipients::parse(text).unwrap().unwrap()
    }

    #[test]
    fn what_the_list_means_gets_through_in_normal_form() {
        for (allowed, given, sent) in [
            ("ana@example.com", "ana@example.com", "ana@example.com"),
            ("ana@example.com", "Ana@EXAMPLE.Com", "ana@example.com"),
            ("Ana@Example.com", "ana@example.com", "ana@example.com"),
            (
                "example.com",
                "o'neil+x@example.com",
                "o'neil+x@example.com",
            ),
            ("@example.com", "a.b@example.com", "a.b@example.com"),
            ("*@example.com", "a@example.com", "a@example.com"),
            ("x@y.org , example.com,", "a@example.com", "a@example.com"),
            (
                "bücher.example",
                "a@bücher.example",
                "a@xn--bcher-kva.example",
            ),
            (
                "bücher.example",
                "a@xn--bcher-kva.example",
                "a@xn--bcher-kva.example",
            ),
            (
                "xn--bcher-kva.example",
                "a@BÜCHER.example",
                "a@xn--bcher-kva.example",
            ),
            // Full-width letters are the same letters (UTS 46), and are sent as such.
            ("example.com", "a@ｅxample.com", "a@example.com"),
            ("*", "anyone@anywhere.org", "anyone@anywhere.org"),
        ] {
            let address = list(allowed).allow(given);
            assert_eq!(address.unwrap().to_string(), sent, "{given} by {allowed}");
        }
    }

    #[test]
    fn what_the_list_does_not_mean_is_refused() {
        for given in [
            "bob@example.com",
            "ana@sub.example.com",
            "ana@example.com.evil.org",
            "ana@example.co",
            "ana@notexample.com",
            "ana@exаmple.com", // a Cyrillic letter
            "ana@examp1e.com",
            "ana+x@example.com",
            "a.na@example.com",
            "anyone@sub.corp.example",
            "anyone@evilcorp.example",
        ] {
            let refused = list("ana@example.com,corp.example").allow(given);
            assert!(
                matches!(refused, Err(Refused::NotAllowed(_))),
                "{given}: {refused:?}"
            );
        }
    }

    #[test]
    fn what_is_not_one_bare_address_is_refused_whatever_the_list_says() {
        for given in [
            "",
            "@",
            "ana",
            "ana@",
            "@example.com",
            "ana@example.com,eve@evil.org",
            "ana@example.com, eve@evil.org",
            "ana@example.com;eve@evil.org",
            "ana@example.com eve@evil.org",
            "Ana <ana@example.com>",
            "<ana@example.com>",
            "ana@example.com(comment)",
            "(eve@evil.org)ana@example.com",
            "\"ana\"@example.com",
            "\"eve@evil.org\"@example.com",
            "@evil.org:ana@example.com",
            "@evil.org,@b.org:ana@example.com",
            "mailto:ana@example.com",
            "eve%evil.org@example.com",
            "evil.org!eve@example.com",
            "ana@example.com@evil.org",
            "ana@example.com.",
            "ana@example.com。",
            "ana@.example.com",
            "ana@example..com",
            "ana.@example.com",
            ".ana@example.com",
            "a..na@example.com",
            " ana@example.com",
            "ana@example.com ",
            "ana@example.com\n",
            "ana@example.com\r\nBcc: eve@evil.org",
            "ana\0@example.com",
            "ana@exam\u{ad}ple.com",
            "ana@example.com\u{200b}",
            "\u{202e}ana@example.com",
            "ana\u{a0}@example.com",
            "añа@example.com",
            "ana＠example.com",
            "ana@localhost",
            "ana@[127.0.0.1]",
            "ana@[IPv6:::1]",
            "ana@127.0.0.1",
            "ana@127.1",
            "ana@exam_ple.com",
            "ana@-example.com",
            "ana@example.com/x",
            "ana@example.com?bcc=eve@evil.org",
            "ana@xn--a.com",
            "*@example.com,",
            "*@*",
        ] {
            let refused = list("*, example.com").allow(given);
            assert!(
                matches!(refused, Err(Refused::Invalid(_))),
                "{given:?}: {refused:?}"
            );
        }
        let long = format!("{}@example.com", "a".repeat(65));
        assert!(list("*").allow(&long).is_err());
        let long = format!("a@{}com", "abcdefgh.".repeat(28));
        assert!(list("*").allow(&long).is_err());
    }

    #[test]
    fn an_address_of_the_list_is_no_pattern() {
        assert!(Recipients::parse("a*@example.com").is_err());
        assert!(Recipients::parse("*ana@example.com").is_err());
        assert!(list("*@example.com").allow("ana@sub.example.com").is_err());
    }

    #[test]
    fn a_bad_entry_is_named() {
        for entry in [
            "*.example.com",
            ".example.com",
            "example",
            "@@example.com",
            "@a@example.com",
            "*@*",
            "**",
            "Ana <ana@example.com>",
            "a@b@c.com",
            "example.com.",
            "*@",
            "@",
        ] {
            let error = Recipients::parse(&format!("ok.org,{entry}")).unwrap_err();
            assert!(error.to_string().contains(&format!("`{entry}`")), "{error}");
        }
        assert!(Recipients::parse(" , ").unwrap().is_none());
    }

    #[test]
    fn the_message_says_what_is_wrong_and_shows_nothing_invisible() {
        let error = list("*")
            .allow("Ana <ana@example.com>")
            .unwrap_err()
            .to_string();
        assert_eq!(
            error,
            "`Ana <ana@example.com>` is not one bare mail address (it holds white space): \
             give one such as `ana@example.com`"
        );
        let error = list("*")
            .allow("a\r\n@example.com")
            .unwrap_err()
            .to_string();
        assert!(error.contains(r"`a\r\n@example.com`"), "{error}");
    }
}
