//! Markdown events as plain text, for readers and programs that show no HTML.

mod table;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::{escape::is_shown, links};
use table::TextTable;

/// How deep quotes and lists are indented; what is deeper stays at that depth, so that a line
/// cannot grow with the nesting.
const DEEPEST: usize = 8;

/// Writes plain text, event by event.
#[derive(Debug, Default)]
pub(super) struct TextWriter {
    out: String,
    /// The text of the block that is open.
    block: String,
    /// Whether a blank line goes before the next block.
    gap: bool,
    indents: Vec<Indent>,
    /// The number of the next item of each open list, none for bullets.
    lists: Vec<Option<u64>>,
    /// Each open link: where its text starts in `block`, and its address if it is kept.
    links: Vec<(usize, Option<String>)>,
    table: Option<TextTable>,
}

/// What stands before a line of a quote or item.
#[derive(Debug)]
struct Indent {
    first: Option<String>,
    rest: String,
}

impl TextWriter {
    /// The bytes written.
    pub(super) fn len(&self) -> usize {
        self.out.len() + self.block.len()
    }

    /// The text, ended by a line feed.
    pub(super) fn finish(mut self) -> String {
        self.flush();
        self.out
    }

    pub(super) fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(*tag),
            Event::Text(text)
            | Event::Code(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::FootnoteReference(text) => {
                self.block.extend(text.chars().filter(|&c| is_shown(c)));
            }
            Event::SoftBreak | Event::HardBreak => self.block.push('\n'),
            Event::Rule => {
                self.block.push_str(&"-".repeat(40));
                self.end_block();
            }
            Event::TaskListMarker(done) => self.block.push_str(if *done { "[x] " } else { "[ ] " }),
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Paragraph | Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::HtmlBlock => {
                self.flush()
            }
            Tag::BlockQuote(_) => {
                self.flush();
                self.indent("> ".to_owned(), "> ".to_owned());
            }
            Tag::List(first) => {
                self.flush();
                self.lists.push(*first);
            }
            Tag::Item => {
                let mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let mark = format!("{number}. ");
                        *number = number.saturating_add(1);
                        mark
                    }
                    _ => "- ".to_owned(),
                };
                let rest = " ".repeat(mark.len());
                self.indent(mark, rest);
            }
            Tag::Table(columns) => {
                self.flush();
                self.table = Some(TextTable::new(columns));
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(table) = &mut self.table {
                    table.row();
                }
            }
            Tag::Strikethrough => self.block.push_str("~~"),
            Tag::Link {
                link_type,
                dest_url,
                ..
            } => {
                let url = links::link(*link_type, dest_url);
                self.links.push((self.block.len(), url.map(Into::into)));
            }
            Tag::Image { dest_url, .. } => {
                let url = links::image(dest_url).map(str::to_owned);
                self.links.push((self.block.len(), url));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.end_block(),
            TagEnd::Heading(level) => self.end_heading(level),
            TagEnd::CodeBlock => {
                let code = std::mem::take(&mut self.block);
                let lines = code.trim_end().split('\n');
                self.block = lines.map(|line| format!("    {line}\n")).collect();
                self.end_block();
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.indents.pop();
                self.gap = true;
            }
            TagEnd::Item => {
                self.flush();
                let unused = self
                    .indents
                    .last()
                    .is_some_and(|indent| indent.first.is_some());
                if unused && self.indents.len() <= DEEPEST {
                    self.line("");
                }
                self.indents.pop();
            }
            TagEnd::List(_) => {
                self.lists.pop();
                self.gap |= self.lists.is_empty();
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.block);
                if let Some(table) = &mut self.table {
                    table.cell(cell);
                }
            }
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    self.block = table.finish();
                    self.end_block();
                }
            }
            TagEnd::Strikethrough => self.block.push_str("~~"),
            TagEnd::Link | TagEnd::Image => self.end_link(),
            _ => {}
        }
    }

    fn end_heading(&mut self, level: HeadingLevel) {
        let widths = self.block.split('\n').map(|line| line.chars().count());
        let width = widths.max().unwrap_or(0).min(72);
        match level {
            HeadingLevel::H1 => self.block.push_str(&format!("\n{}", "=".repeat(width))),
            HeadingLevel::H2 => self.block.push_str(&format!("\n{}", "-".repeat(width))),
            _ => {}
        }
        self.end_block();
    }

    /// `text (address)`, or the address alone where the text says the same.
    fn end_link(&mut self) {
        let Some((start, Some(url))) = self.links.pop() else {
            return;
        };
        let text = self.block.get(start..).unwrap_or_default();
        let bare = url.strip_prefix("mailto:").unwrap_or(&url);
        if text.is_empty() {
            self.block.push_str(&url);
        } else if text != url && text != bare {
            self.block.push_str(&format!(" ({url})"));
        }
    }

    fn indent(&mut self, first: String, rest: String) {
        let first = Some(first);
        self.indents.push(Indent { first, rest });
    }

    fn end_block(&mut self) {
        self.flush();
        self.gap = true;
    }

    /// Writes the open block, line by line, behind what its quotes and items put before it.
    fn flush(&mut self) {
        let block = std::mem::take(&mut self.block);
        let block = block.trim_end();
        if block.is_empty() {
            return;
        }
        for line in block.split('\n') {
            self.line(line);
        }
    }

    fn line(&mut self, line: &str) {
        if std::mem::take(&mut self.gap) && !self.out.is_empty() {
            // An item's mark is still to come: the blank line before it belongs to what is outside.
            let outside = self.indents.iter().take(DEEPEST);
            let outside = outside.take_while(|indent| indent.first.is_none());
            let blank: String = outside.map(|indent| indent.rest.as_str()).collect();
            self.out.push_str(blank.trim_end());
            self.out.push('\n');
        }
        let start = self.out.len();
        for indent in self.indents.iter_mut().take(DEEPEST) {
            let first = indent.first.take();
            self.out.push_str(first.as_deref().unwrap_or(&indent.rest));
        }
        self.out.push_str(line);
        self.out.truncate(start.max(self.out.trim_end().len()));
        self.out.push('\n');
    }
}
