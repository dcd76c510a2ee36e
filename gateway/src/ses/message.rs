//! A draft as files: MIME, HTML, and a summary.

use std::io;
use std::path::Path;

use chrono::{DateTime, SecondsFormat, Utc};
use mail_builder::MessageBuilder;
use mail_builder::headers::HeaderType;
use mail_builder::headers::address::Address;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use serde_json::json;

use super::Mail;
use super::files::write;
use super::request::{Draft, Parts};

/// Writes a draft into `folder`.
pub(super) fn lay(folder: &Path, draft: &Draft) -> io::Result<Mail> {
    let now = Utc::now();
    let id = uuid::Uuid::new_v4().to_string();
    let name = |suffix: &str| format!("{}-{id}.{suffix}", now.format("%Y%m%dT%H%M%S%.3fZ"));

    let (message, html) = match &draft.parts {
        Parts::Raw(message) => (message.clone(), None),
        Parts::Simple { text, html } => (
            build(draft, text.as_deref(), html.as_deref(), &id, now)?,
            html.as_deref(),
        ),
    };
    let eml = write(folder, &name("eml"), &message)?;
    let html = html
        .map(|html| write(folder, &name("html"), html.as_bytes()))
        .transpose()?;
    let summary = json!({
        "message_id": id,
        "time": now.to_rfc3339_opts(SecondsFormat::Millis, true),
        "from": draft.from,
        "to": draft.to,
        "cc": draft.cc,
        "bcc": draft.bcc,
        "reply_to": draft.reply_to,
        "subject": draft.subject,
        "headers": draft.headers,
        "files": {"eml": name("eml"), "html": html.as_ref().map(|_| name("html"))},
    });
    let json = write(folder, &name("json"), format!("{summary:#}\n").as_bytes())?;
    let recipients = draft.recipients().cloned().collect();
    Ok(Mail {
        message_id: id,
        recipients,
        eml,
        html,
        json,
    })
}

fn build(
    draft: &Draft,
    text: Option<&str>,
    html: Option<&str>,
    id: &str,
    now: DateTime<Utc>,
) -> io::Result<Vec<u8>> {
    let from = std::slice::from_ref(&draft.from);
    let mut message = MessageBuilder::new()
        .message_id(format!("{id}@localhost"))
        .date(now.timestamp())
        .header("From", addresses(from))
        .subject(draft.subject.as_str());
    // Bcc is for the envelope alone.
    for (name, list) in [
        ("To", &draft.to),
        ("Cc", &draft.cc),
        ("Reply-To", &draft.reply_to),
    ] {
        if !list.is_empty() {
            message = message.header(name, addresses(list));
        }
    }
    for header in &draft.headers {
        message = message.header(
            header.name.as_str(),
            HeaderType::Text(Text::new(header.value.as_str())),
        );
    }
    if let Some(text) = text {
        message = message.text_body(text);
    }
    if let Some(html) = html {
        message = message.html_body(html);
    }
    message.write_to_vec()
}

/// A header of addresses: as they were given, unless a name in them must be encoded.
fn addresses(list: &[String]) -> HeaderType<'_> {
    if list.iter().all(|address| address.is_ascii()) {
        return HeaderType::Raw(Raw::new(list.join(", ")));
    }
    let parsed = list.iter().map(|address| match address.rsplit_once('<') {
        Some((name, rest)) => {
            let name = name.trim().trim_matches('"');
            let email = rest.trim_end().trim_end_matches('>');
            Address::new_address((!name.is_empty()).then_some(name), email)
        }
        None => Address::new_address(None::<&str>, address.trim()),
    });
    HeaderType::Address(Address::new_list(parsed.collect()))
}
