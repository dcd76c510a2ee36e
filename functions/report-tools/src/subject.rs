//! The subject line.

use crate::address::is_invisible;

/// The longest subject that is made from a heading, in characters; the tool's input allows as
/// many. SES folds the header line itself.
const LONGEST: usize = 200;

/// Why a given subject is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "`subject` holds a line break, control or invisible character: give one line of plain text"
)]
pub struct InvalidSubject;

/// The subject given, else the document's first heading, else `Report`.
///
/// A blank subject counts as none: models send `""` for what they leave out.
///
/// # Errors
/// When the subject given holds a character that could start another header or hide text.
pub fn subject(given: Option<&str>, heading: Option<&str>) -> Result<String, InvalidSubject> {
    let unfit = |c: char| c.is_control() || (is_invisible(c) && !joins(c));
    match given.map(str::trim_ascii).filter(|text| !text.is_empty()) {
        Some(text) if text.contains(unfit) => Err(InvalidSubject),
        Some(text) => Ok(text.to_owned()),
        None => Ok(heading
            .map(|text| {
                let words: Vec<_> = text.split(|c| unfit(c) || c == ' ').collect();
                let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
                words.join(" ").chars().take(LONGEST).collect::<String>()
            })
            .filter(|text| !text.is_empty())
            .unwrap_or_else(|| "Report".to_owned())),
    }
}

/// Joiners, which Persian, Indic scripts and emoji need inside a word.
fn joins(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subject_given_wins_then_the_heading_then_report() {
        assert_eq!(subject(Some(" Über uns "), Some("H")).unwrap(), "Über uns");
        assert_eq!(subject(None, Some("A  heading")).unwrap(), "A heading");
        assert_eq!(subject(Some("  "), Some("H")).unwrap(), "H");
        assert_eq!(subject(None, Some(" \n ")).unwrap(), "Report");
        assert_eq!(subject(None, None).unwrap(), "Report");
        assert_eq!(
            subject(Some("family 👨\u{200d}👩"), None).unwrap(),
            "family 👨\u{200d}👩"
        );
    }

    #[test]
    fn a_subject_that_could_write_headers_or_hide_text_is_refused() {
        for c in [
            "\r\n", "\n", "\r", "\0", "\t", "\u{85}", "\u{2028}", "\u{202e}", "\u{2066}",
            "\u{200b}",
        ] {
            assert_eq!(
                subject(Some(&format!("a{c}Bcc: b@c.de")), None),
                Err(InvalidSubject)
            );
        }
    }

    #[test]
    fn a_heading_becomes_a_fitting_subject() {
        let heading = format!("a\r\nBcc: x\u{202e}y {}", "z".repeat(500));
        let subject = subject(None, Some(&heading)).unwrap();
        assert!(subject.starts_with("a Bcc: x y zzz"), "{subject}");
        assert_eq!(subject.chars().count(), 200);
    }
}
