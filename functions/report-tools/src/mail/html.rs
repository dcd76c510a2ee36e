//! Markdown events as the HTML of a mail.

use pulldown_cmark::{Alignment, Event, HeadingLevel, Tag};

use super::{
    escape::escape,
    links,
    style::{
        CODE, H1, H2, H3, H4, INNER_LIST, ITEM, LINK, LIST, P, PRE, QUOTE, RULE, SCROLL, STRUCK,
        TABLE, TASK, TD, TH,
    },
};

/// How deep quotes, lists and emphasis are nested in the HTML; deeper ones lose their markup and
/// keep their text. Mail programs give up on deep nesting long before a parser does.
const DEEPEST: usize = 24;

/// Writes HTML, event by event.
#[derive(Debug, Default)]
pub(super) struct HtmlWriter {
    out: String,
    open: Vec<Open>,
    /// For each open list whether its tags were written.
    lists: Vec<bool>,
    columns: Vec<Alignment>,
    column: usize,
    in_head: bool,
    /// A link inside a link is not HTML; the outer one wins.
    in_link: bool,
}

/// What ends an element that is open in the Markdown.
#[derive(Debug, Clone, Copy)]
enum Open {
    /// Nothing: no start tag was written.
    Unwritten,
    Element(&'static str),
    /// A list, with no end tag if no start tag was written.
    List(&'static str),
    Link,
    /// An image's link, and where its text starts.
    Image(usize),
}

impl HtmlWriter {
    /// The bytes written.
    pub(super) fn len(&self) -> usize {
        self.out.len()
    }

    /// The HTML of the content.
    pub(super) fn finish(self) -> String {
        self.out
    }

    pub(super) fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => {
                let open = self.start(&tag);
                self.open.push(open);
            }
            Event::End(_) => self.end(),
            Event::Text(text) => escape(&mut self.out, &text),
            Event::Code(text) => {
                self.element("code", CODE);
                escape(&mut self.out, &text);
                self.out.push_str("</code>");
            }
            // Raw HTML is shown as what it is: text.
            Event::Html(text) | Event::InlineHtml(text) => {
                for (line, text) in text.trim_end_matches('\n').split('\n').enumerate() {
                    if line > 0 {
                        self.out.push_str("<br>\n");
                    }
                    escape(&mut self.out, text);
                }
                if text.ends_with('\n') {
                    self.out.push_str("<br>\n");
                }
            }
            Event::SoftBreak | Event::HardBreak => self.out.push_str("<br>\n"),
            Event::Rule => {
                self.element("hr", RULE);
                self.out.push('\n');
            }
            Event::TaskListMarker(done) => self.task(done),
            // Not enabled: footnotes and mathematics stay the text that they are.
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                escape(&mut self.out, &text);
            }
        }
    }

    /// Writes a start tag and gives what ends it.
    fn start(&mut self, tag: &Tag<'_>) -> Open {
        let shallow = self.open.len() < DEEPEST;
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => self.block("p", P, "</p>\n"),
            Tag::Heading { level, .. } => match level {
                HeadingLevel::H1 => self.block("h1", H1, "</h1>\n"),
                HeadingLevel::H2 => self.block("h2", H2, "</h2>\n"),
                HeadingLevel::H3 => self.block("h3", H3, "</h3>\n"),
                _ => self.block("h4", H4, "</h4>\n"),
            },
            Tag::CodeBlock(_) => self.block("pre", PRE, "</pre>\n"),
            Tag::BlockQuote(_) if shallow => self.block("blockquote", QUOTE, "</blockquote>\n"),
            Tag::List(first) => self.list(*first, shallow),
            Tag::Item if self.lists.last() == Some(&true) => self.block("li", ITEM, "</li>\n"),
            Tag::Table(columns) => {
                self.columns.clone_from(columns);
                self.element("div", SCROLL);
                self.block("table", TABLE, "</table></div>\n")
            }
            Tag::TableHead | Tag::TableRow => {
                self.in_head = matches!(tag, Tag::TableHead);
                self.column = 0;
                self.inline("<tr>", "</tr>\n")
            }
            Tag::TableCell => self.cell(),
            Tag::Emphasis if shallow => self.inline("<em>", "</em>"),
            Tag::Strong if shallow => self.inline("<strong>", "</strong>"),
            Tag::Strikethrough if shallow => self.block("del", STRUCK, "</del>"),
            Tag::Link {
                link_type,
                dest_url,
                ..
            } => self.anchor(links::link(*link_type, dest_url).as_deref(), |_| Open::Link),
            Tag::Image { dest_url, .. } => self.anchor(links::image(dest_url), Open::Image),
            _ => Open::Unwritten,
        }
    }

    fn end(&mut self) {
        match self.open.pop() {
            None | Some(Open::Unwritten) => {}
            Some(Open::Element(end)) => self.out.push_str(end),
            Some(Open::List(end)) => {
                self.lists.pop();
                self.out.push_str(end);
            }
            Some(Open::Image(start)) if start == self.out.len() => self.end_anchor("image"),
            Some(Open::Link | Open::Image(_)) => self.end_anchor(""),
        }
    }

    fn element(&mut self, name: &str, style: &str) {
        self.out.extend(["<", name, " style=\"", style, "\">"]);
    }

    fn block(&mut self, name: &str, style: &str, end: &'static str) -> Open {
        self.element(name, style);
        Open::Element(end)
    }

    fn inline(&mut self, start: &str, end: &'static str) -> Open {
        self.out.push_str(start);
        Open::Element(end)
    }

    fn list(&mut self, first: Option<u64>, shallow: bool) -> Open {
        let style = if self.lists.is_empty() {
            LIST
        } else {
            INNER_LIST
        };
        self.lists.push(shallow);
        let name = if first.is_some() { "ol" } else { "ul" };
        match (shallow, first) {
            (false, _) => return Open::List(""),
            (true, None | Some(1)) => self.element(name, style),
            (true, Some(first)) => {
                self.out
                    .push_str(&format!("<ol start=\"{first}\" style=\"{style}\">"));
            }
        }
        Open::List(if first.is_some() {
            "</ol>\n"
        } else {
            "</ul>\n"
        })
    }

    /// A task shows its box in place of the bullet.
    fn task(&mut self, done: bool) {
        let bullet = format!("<li style=\"{ITEM}\">");
        if self.out.ends_with(&bullet) {
            self.out.truncate(self.out.len() - bullet.len());
            self.element("li", TASK);
        }
        self.out.push_str(if done { "☑ " } else { "☐ " });
    }

    fn cell(&mut self) -> Open {
        let align = match self.columns.get(self.column) {
            // Figures: a line break between a number and its unit would be hard to read.
            Some(Alignment::Right) if !self.in_head => "right;white-space:nowrap",
            Some(Alignment::Right) => "right",
            Some(Alignment::Center) => "center",
            _ => "left",
        };
        self.column += 1;
        let (start, style, end) = if self.in_head {
            ("<th scope=\"col\" style=\"", TH, "</th>")
        } else {
            ("<td style=\"", TD, "</td>")
        };
        self.out.extend([start, style, align, ";\">"]);
        Open::Element(end)
    }

    /// Starts a link, unless its address is not kept or a link is open already.
    fn anchor(&mut self, url: Option<&str>, open: impl Fn(usize) -> Open) -> Open {
        match url {
            Some(url) if !self.in_link => {
                self.in_link = true;
                self.out.push_str("<a href=\"");
                escape(&mut self.out, url);
                self.out.extend(["\" style=\"", LINK, "\">"]);
                open(self.out.len())
            }
            _ => Open::Unwritten,
        }
    }

    fn end_anchor(&mut self, text: &str) {
        self.in_link = false;
        self.out.extend([text, "</a>"]);
    }
}
