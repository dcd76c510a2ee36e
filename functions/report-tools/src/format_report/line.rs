//! Text that must stay on one line of Markdown. Inline markup in it is kept.

/// The text on one line: runs of line breaks and control characters become one space.
pub(super) fn one_line(text: &str) -> String {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let parts = text.split(breaks).map(|part| part.trim_matches(' '));
    parts
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The text of an ATX heading: a closing `#` would be taken for its end mark
/// (GFM, section 4.2).
pub(super) fn heading(text: &str) -> String {
    let mut line = one_line(text);
    if line.ends_with('#') && !escaped(&line, line.len() - 1) {
        line.insert(line.len() - 1, '\\');
    }
    line
}

/// The text of a paragraph or list item: what would start another kind of block is escaped.
pub(super) fn paragraph(text: &str) -> String {
    let mut line = one_line(text);
    if let Some(place) = block_start(&line) {
        line.insert(place, '\\');
    }
    line
}

/// Where a backslash must go so that the line is plain text, if it starts another block.
fn block_start(line: &str) -> Option<usize> {
    let first = line.chars().next()?;
    let ends_mark = |rest: &str| rest.is_empty() || rest.starts_with(' ');
    let starts = match first {
        '>' => true,
        '#' => {
            let rest = line.trim_start_matches('#');
            line.len() - rest.len() <= 6 && ends_mark(rest)
        }
        '-' | '+' | '*' | '_' => {
            let rule = line.chars().all(|c| c == first || c == ' ');
            rule || (first != '_' && line.strip_prefix(first).is_some_and(ends_mark))
        }
        '`' => line.starts_with("```"),
        '~' => line.starts_with("~~~"),
        // A link reference definition, which is not shown.
        '[' => {
            let mut ends = line.match_indices(']').map(|(place, _)| place);
            let end = ends.find(|&place| !escaped(line, place));
            end.and_then(|end| line.get(end + 1..))
                .is_some_and(|rest| rest.starts_with(':'))
        }
        // An HTML block can run on to the end of the document.
        '<' => true,
        _ => {
            let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
            let digits = line.len() - rest.len();
            let list =
                (1..=9).contains(&digits) && rest.strip_prefix(['.', ')']).is_some_and(ends_mark);
            return list.then_some(digits);
        }
    };
    // `<https://example.com>` is a link, and starts no block.
    let link = line.get(1..).and_then(|rest| rest.split_once([':', '@']));
    let is_link = first == '<'
        && link.is_some_and(|(name, _)| {
            name.chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-._".contains(c))
        });
    (starts && !is_link).then_some(0)
}

/// Whether the character at `place` has a backslash in front that is not itself escaped.
pub(super) fn escaped(line: &str, place: usize) -> bool {
    let before = line.get(..place).unwrap_or_default();
    (before.len() - before.trim_end_matches('\\').len()) % 2 == 1
}
