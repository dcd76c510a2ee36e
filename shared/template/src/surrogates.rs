//! Characters beyond U+FFFF as JSON escapes them: as two halves, which YAML does not know.

use std::borrow::Cow;

/// A `\u` escape's length, of which a pair takes two.
const ESCAPE: usize = 6;

/// JSON with each pair of halves written as its character; YAML as it is.
pub(crate) fn joined(source: &str) -> Cow<'_, str> {
    let text = source.trim_start_matches('\u{feff}').trim_start();
    if !text.starts_with('{') || !source.contains("\\u") {
        return Cow::Borrowed(source);
    }
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        // `after` begins behind the backslash of a pair, or of any other escape.
        let pair = after.split_at_checked(2 * ESCAPE - 1);
        if let Some((c, next)) = pair.and_then(|(pair, next)| Some((character(pair)?, next))) {
            out.push(c);
            rest = next;
            continue;
        }
        let mut escaped = after.chars();
        out.push('\\');
        out.extend(escaped.next());
        rest = escaped.as_str();
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// `uD83D\uDE00` as a character.
fn character(pair: &str) -> Option<char> {
    let (high, low) = pair.split_once('\\')?;
    let half = |text: &str| u16::from_str_radix(text.strip_prefix('u')?, 16).ok();
    let text = String::from_utf16(&[half(high)?, half(low)?]).ok()?;
    let mut characters = text.chars();
    let c = characters.next()?;
    // Two characters are no pair, and need no joining.
    characters.next().is_none().then_some(c)
}
