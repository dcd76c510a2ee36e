//! One bare mail address.

use std::fmt;

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};

/// A bare mail address, such as `ana@example.com`: a dot-atom, one `@`, a domain name.
///
/// Narrower than RFC 5322 on purpose. What some mail software reads as several addresses or as a
/// route to another host (lists, display names, comments, quotes, `%`, `!`) is no address here,
/// so what is compared with the allow-list is what gets the mail. The domain is kept as IDNA
/// writes it for DNS (UTS 46, lower-case ASCII), because Amazon SES takes no other
/// (SES API v2 reference, `Destination`); for the same reason the local part is ASCII.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    local: String,
    domain: String,
}

/// Why a text is not one bare mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not one bare mail address ({why}): give one such as `ana@example.com`")]
pub struct InvalidAddress {
    given: String,
    why: &'static str,
}

impl Address {
    /// Reads an address; the local part keeps its case, the domain becomes lower-case ASCII.
    ///
    /// # Errors
    /// For anything but one bare address, saying what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, InvalidAddress> {
        Self::read(text).map_err(|why| InvalidAddress {
            given: shown(text),
            why,
        })
    }

    fn read(text: &str) -> Result<Self, &'static str> {
        if text.chars().any(|c| c.is_control() || is_invisible(c)) {
            return Err("it holds a control character");
        }
        if text.chars().any(char::is_whitespace) {
            return Err("it holds white space");
        }
        if text.contains([',', ';']) {
            return Err("it is a list");
        }
        if text.contains(['<', '>', '(', ')', '"', ':', '\\']) {
            return Err("it has a display name, comment, quote or route");
        }
        let (local, domain) = text.split_once('@').ok_or("it has no `@`")?;
        if domain.contains('@') {
            return Err("it has more than one `@`");
        }
        check_local(local)?;
        let domain = normal_domain(domain)?;
        // RFC 5321, section 4.5.3.1.3: a path is 256 octets with its angle brackets.
        if local.len() + 1 + domain.len() > 254 {
            return Err("it is longer than 254 characters");
        }
        Ok(Self {
            local: local.to_owned(),
            domain,
        })
    }

    /// The same address with a lower-case local part: the form in which addresses are compared.
    #[must_use]
    pub fn to_lowercase(&self) -> Self {
        Self {
            local: self.local.to_ascii_lowercase(),
            domain: self.domain.clone(),
        }
    }

    /// The domain in lower-case ASCII.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.local, self.domain)
    }
}

/// The domain in the form in which domains are compared and sent to.
///
/// # Errors
/// What is wrong with it, in words that fit after the address in brackets.
pub(crate) fn normal_domain(domain: &str) -> Result<String, &'static str> {
    if domain.is_empty() {
        return Err("it has no domain");
    }
    if domain.starts_with('[') {
        return Err("its domain is an IP address");
    }
    let ascii = Uts46::new()
        .to_ascii(
            domain.as_bytes(),
            AsciiDenyList::STD3,
            Hyphens::Check,
            DnsLength::Verify,
        )
        .map_err(|_| "its domain is not a valid domain name")?;
    match ascii.rsplit_once('.') {
        None => Err("its domain has no dot"),
        // No top-level domain is all digits (RFC 3696, section 2); what ends so is an IP address.
        Some((_, top)) if top.bytes().all(|b| b.is_ascii_digit()) => {
            Err("its domain is an IP address")
        }
        Some(_) => Ok(ascii.into_owned()),
    }
}

fn check_local(local: &str) -> Result<(), &'static str> {
    if local.is_empty() {
        return Err("it has nothing before the `@`");
    }
    // RFC 5321, section 4.5.3.1.1.
    if local.len() > 64 {
        return Err("the part before the `@` is longer than 64 characters");
    }
    if !local.is_ascii() {
        return Err("the part before the `@` has characters that are not ASCII");
    }
    if local.contains(['%', '!']) {
        return Err("it has a `%` or `!` route");
    }
    if local.split('.').any(str::is_empty) {
        return Err("a dot stands at an end of the part before the `@`, or two in a row");
    }
    // RFC 5322, section 3.2.3: atext, without the two that relays read as routes.
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b".#$&'*+-/=?^_`{|}~".contains(&b);
    if !local.bytes().all(allowed) {
        return Err("the part before the `@` has a character that is not allowed");
    }
    Ok(())
}

/// Characters that change what is seen but not what is written: bidirectional controls, joiners,
/// zero-width spaces, line separators, the soft hyphen and the byte order mark.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// What was given, fit for a message: nothing invisible in it and not longer than a line.
pub(crate) fn shown(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(80)
        .flat_map(|c| c.escape_debug())
        .map(|c| if c == '`' { '\'' } else { c })
        .collect();
    if text.chars().nth(80).is_some() {
        shown.push('…');
    }
    shown
}
