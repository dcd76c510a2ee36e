//! Free text of a section, Markdown allowed.

use pulldown_cmark::{Event, Options, Parser, Tag};

/// A line that stands after the text to see whether it is still inside something.
const NEXT: &str = "# next\n";

/// The text, with what it leaves open closed: a code fence or an HTML block that never ends would
/// swallow the sections after it (GFM, sections 4.5 and 4.6).
pub(super) fn closed(text: &str) -> String {
    let text = text.trim_end();
    if is_closed(text) {
        return text.to_owned();
    }
    let fences = ['`', '~'].map(|mark| {
        let runs = text.split(|c| c != mark).map(str::len);
        mark.to_string().repeat(runs.max().unwrap_or(0).max(3))
    });
    let html = [
        "-->",
        "</pre>",
        "</script>",
        "</style>",
        "</textarea>",
        "?>",
        ">",
        "]]>",
    ];
    fences
        .iter()
        .map(String::as_str)
        .chain(html)
        .map(|end| format!("{text}\n{end}"))
        .find(|closed| is_closed(closed))
        // No other block of GFM outlives a heading; should one appear, its text is kept as code.
        .unwrap_or_else(|| text.lines().map(|line| format!("    {line}\n")).collect())
}

/// Whether a heading after the text is a heading of the document.
fn is_closed(text: &str) -> bool {
    let document = format!("{text}\n\n{NEXT}");
    let next = document.len() - NEXT.len();
    let mut depth = 0_usize;
    for (event, place) in Parser::new_ext(&document, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { .. }) if place.start == next => return depth == 0,
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}
