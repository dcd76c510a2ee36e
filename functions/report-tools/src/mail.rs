//! Markdown into a mail: HTML that mail programs show, and plain text beside it.
//!
//! One pass over the parser's events feeds both writers. No foreign markup gets in, so nothing
//! has to be sanitised afterwards: raw HTML comes out as the text that it is, and only the tags
//! and attributes that `html.rs` writes exist. Nothing is loaded when the mail is read: an image
//! becomes a link, since an image's address is a way to leak what the model knows.

mod escape;
mod html;
mod links;
mod outline;
mod page;
mod style;
mod text;

use pulldown_cmark::{Options, Parser};

use self::{html::HtmlWriter, outline::Outline, text::TextWriter};
use crate::subject::{InvalidSubject, subject};

/// The largest mail, in bytes of HTML and text. Far below the 40 MB of SES, and a bound for what
/// short Markdown can grow into (a table with one long row and many short ones).
const LARGEST: usize = 10 * 1024 * 1024;

/// A mail without its addresses.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The subject line, one line of plain text.
    pub subject: String,
    /// A whole HTML document with inline styles.
    pub html: String,
    /// The same as plain text, lines ended by `\n`.
    pub text: String,
}

/// Why there is no mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The subject given is not fit for a header.
    #[error(transparent)]
    Subject(#[from] InvalidSubject),
    /// There is nothing to read in it.
    #[error("`markdown_content` holds no text: give the report as Markdown")]
    Empty,
    /// It would be larger than any mail program shows.
    #[error("the mail would be larger than 10 MB: shorten the report or send it in parts")]
    TooLarge,
}

impl Mail {
    /// Renders a document; the subject is the one given, else the first heading, else `Report`.
    ///
    /// # Errors
    /// When the subject is unfit, the document is empty, or the mail would be too large.
    pub fn render(markdown: &str, given_subject: Option<&str>) -> Result<Self, RenderError> {
        let options =
            Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
        let mut html = HtmlWriter::default();
        let mut text = TextWriter::default();
        let mut outline = Outline::default();
        for event in Parser::new_ext(markdown, options) {
            outline.event(&event);
            text.event(&event);
            html.event(event);
            if html.len() + text.len() > LARGEST {
                return Err(RenderError::TooLarge);
            }
        }
        let text = text.finish();
        if text.trim().is_empty() {
            return Err(RenderError::Empty);
        }
        let subject = subject(given_subject, outline.heading())?;
        Ok(Self {
            html: page::page(&subject, outline.lead(), &html.finish()),
            text,
            subject,
        })
    }
}

/// Shows sizes only: a mail's content does not belong in a log.
impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mail")
            .field("html_bytes", &self.html.len())
            .field("text_bytes", &self.text.len())
            .finish_non_exhaustive()
    }
}
