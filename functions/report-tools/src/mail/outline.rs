//! The document's first heading and first paragraph, as plain text.

use pulldown_cmark::{Event, Tag, TagEnd};

/// How much of the first paragraph is kept, in characters: what an inbox shows beside a subject.
const LEAD: usize = 140;

/// Collects the first heading with text, for the subject, and the first paragraph with text.
#[derive(Debug, Default)]
pub(super) struct Outline {
    heading: Option<String>,
    lead: Option<String>,
    current: Option<String>,
}

impl Outline {
    pub(super) fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(Tag::Heading { .. }) if self.heading.is_none() => {
                self.current = Some(String::new());
            }
            Event::Start(Tag::Paragraph) if self.lead.is_none() => {
                self.current = Some(String::new());
            }
            Event::End(TagEnd::Heading(_)) if self.heading.is_none() => {
                self.heading = self.take();
            }
            Event::End(TagEnd::Paragraph) if self.lead.is_none() => {
                self.lead = self.take().map(|text| shorten(&text));
            }
            Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) => self.push(text),
            Event::SoftBreak | Event::HardBreak => self.push(" "),
            _ => {}
        }
    }

    /// The text of the first heading.
    pub(super) fn heading(&self) -> Option<&str> {
        self.heading.as_deref()
    }

    /// The start of the first paragraph.
    pub(super) fn lead(&self) -> Option<&str> {
        self.lead.as_deref()
    }

    fn push(&mut self, text: &str) {
        if let Some(current) = &mut self.current {
            current.push_str(text);
        }
    }

    fn take(&mut self) -> Option<String> {
        self.current.take().filter(|text| !text.trim().is_empty())
    }
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(LEAD) {
        None => text.to_owned(),
        Some((end, _)) => {
            let cut = text.get(..end).unwrap_or_default();
            let words = cut.rsplit_once(' ').map_or(cut, |(words, _)| words);
            format!("{words}…")
        }
    }
}
