//! Text as HTML, the one place where it is escaped.

/// Appends text to HTML, fit for an element's content and for an attribute in double quotes.
pub(super) fn escape(out: &mut String, text: &str) {
    for c in text.chars().filter(|&c| is_shown(c)) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}

/// Control characters other than tab and line feed have no place in a mail or in HTML, and
/// directional overrides and embeddings let a line read as something else than it says.
pub(super) fn is_shown(c: char) -> bool {
    matches!(c, '\n' | '\t') || !(c.is_control() || matches!(c, '\u{202a}'..='\u{202e}'))
}
