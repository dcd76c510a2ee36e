//! The request SendEmail (SES API v2 reference), and what it must hold.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

/// The most recipients of one mail (SES quotas).
const RECIPIENTS: usize = 50;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SendEmail {
    from_email_address: Option<String>,
    #[serde(default)]
    destination: Option<Destination>,
    #[serde(default)]
    reply_to_addresses: Option<Vec<String>>,
    content: Option<Content>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Destination {
    to_addresses: Option<Vec<String>>,
    cc_addresses: Option<Vec<String>>,
    bcc_addresses: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    simple: Option<Simple>,
    raw: Option<Raw>,
    template: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Simple {
    subject: Option<Text>,
    body: Option<Body>,
    headers: Option<Vec<Header>>,
    attachments: Option<Vec<serde::de::IgnoredAny>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    text: Option<Text>,
    html: Option<Text>,
}

/// Its `Charset` says how SES should encode it on the way; here it is always UTF-8.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Text {
    data: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Raw {
    data: Option<String>,
}

/// One extra header.
#[derive(Deserialize, serde::Serialize)]
#[serde(rename_all(deserialize = "PascalCase", serialize = "snake_case"))]
pub(super) struct Header {
    pub(super) name: String,
    pub(super) value: String,
}

/// A request that holds all that a mail needs.
pub(super) struct Draft {
    pub(super) from: String,
    pub(super) to: Vec<String>,
    pub(super) cc: Vec<String>,
    pub(super) bcc: Vec<String>,
    pub(super) reply_to: Vec<String>,
    pub(super) subject: String,
    pub(super) headers: Vec<Header>,
    pub(super) parts: Parts,
}

pub(super) enum Parts {
    Simple {
        text: Option<String>,
        html: Option<String>,
    },
    /// A whole message, headers and all.
    Raw(Vec<u8>),
}

impl SendEmail {
    /// The draft, or what is wrong with the request. The reason never quotes what the mail says.
    pub(super) fn check(self) -> Result<Draft, String> {
        let Some(content) = self.content else {
            return Err("Content is missing: give Simple or Raw".to_owned());
        };
        let destination = self.destination.unwrap_or_default();
        let mut draft = Draft {
            from: self.from_email_address.unwrap_or_default(),
            to: destination.to_addresses.unwrap_or_default(),
            cc: destination.cc_addresses.unwrap_or_default(),
            bcc: destination.bcc_addresses.unwrap_or_default(),
            reply_to: self.reply_to_addresses.unwrap_or_default(),
            subject: String::new(),
            headers: Vec::new(),
            parts: Parts::Raw(Vec::new()),
        };
        match content {
            Content {
                template: Some(_), ..
            } => {
                return Err("Content.Template is not emulated: give Simple or Raw".to_owned());
            }
            Content {
                simple: Some(_),
                raw: Some(_),
                ..
            } => {
                return Err("Content has both Simple and Raw: give one".to_owned());
            }
            Content {
                simple: Some(simple),
                ..
            } => draft.take_simple(simple)?,
            Content { raw: Some(raw), .. } => draft.take_raw(raw)?,
            _ => return Err("Content is empty: give Simple or Raw".to_owned()),
        }
        draft.check_addresses()?;
        Ok(draft)
    }
}

impl Draft {
    /// Everyone it goes to.
    pub(super) fn recipients(&self) -> impl Iterator<Item = &String> {
        self.to.iter().chain(&self.cc).chain(&self.bcc)
    }

    fn take_simple(&mut self, simple: Simple) -> Result<(), String> {
        let data = |text: Option<Text>| text.and_then(|text| text.data);
        self.subject = data(simple.subject).ok_or("Content.Simple.Subject.Data is missing")?;
        if self.subject.chars().any(char::is_control) {
            return Err("Content.Simple.Subject.Data has a control character".to_owned());
        }
        if simple
            .attachments
            .is_some_and(|attachments| !attachments.is_empty())
        {
            return Err("Content.Simple.Attachments is not emulated: give Raw".to_owned());
        }
        let body = simple.body.ok_or("Content.Simple.Body is missing")?;
        let (text, html) = (data(body.text), data(body.html));
        if text.is_none() && html.is_none() {
            return Err(
                "Content.Simple.Body is empty: give Text.Data, Html.Data or both".to_owned(),
            );
        }
        self.headers = simple.headers.unwrap_or_default();
        for Header { name, value } in &self.headers {
            // RFC 5322, section 2.2.
            let named = !name.is_empty()
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_graphic() && byte != b':');
            if !named || value.chars().any(char::is_control) {
                return Err(
                    "Content.Simple.Headers has a name or value that is no header".to_owned(),
                );
            }
        }
        self.parts = Parts::Simple { text, html };
        Ok(())
    }

    /// What the request does not say is taken from the message's own headers.
    fn take_raw(&mut self, raw: Raw) -> Result<(), String> {
        let data = raw.data.ok_or("Content.Raw.Data is missing")?;
        let message = STANDARD
            .decode(data)
            .map_err(|_| "Content.Raw.Data is no base64")?;
        let headers = headers(&message);
        let find = |wanted: &str| {
            let mut named = headers
                .iter()
                .filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
            named
                .next()
                .map(|(_, value)| value.clone())
                .unwrap_or_default()
        };
        self.subject = find("Subject");
        if self.from.is_empty() {
            self.from = find("From");
        }
        if self.recipients().next().is_none() {
            // Whole headers: how many addresses each lists is not looked into.
            let given = |header: String| (!header.is_empty()).then_some(header);
            self.to.extend(given(find("To")));
            self.cc.extend(given(find("Cc")));
            self.bcc.extend(given(find("Bcc")));
        }
        self.parts = Parts::Raw(message);
        Ok(())
    }

    fn check_addresses(&self) -> Result<(), String> {
        if self.from.trim().is_empty() {
            return Err("FromEmailAddress is missing: a mail needs a sender".to_owned());
        }
        let count = self.recipients().count();
        if count == 0 {
            return Err(
                "Destination has no address: give ToAddresses, CcAddresses or BccAddresses"
                    .to_owned(),
            );
        }
        if count > RECIPIENTS {
            return Err(format!("Recipient count exceeds {RECIPIENTS}."));
        }
        for address in self.recipients().chain(&self.reply_to).chain([&self.from]) {
            if address.chars().any(char::is_control) {
                return Err("an address has a control character".to_owned());
            }
            if !address.contains('@') {
                return Err(format!(
                    "`{address}` is no address: it must be name@domain or Name <name@domain>"
                ));
            }
        }
        Ok(())
    }
}

/// The headers of a message, unfolded (RFC 5322, section 2.2.3).
fn headers(message: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(message);
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in text.lines().take_while(|line| !line.is_empty()) {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = headers.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            headers.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    headers
}
