//! What the environment says about sending mails.

use std::fmt;

use aws_sdk_sesv2::config::Credentials;

use crate::{
    address::{Address, InvalidAddress},
    recipients::{InvalidEntry, Recipients},
};

/// The settings of a [`Mailer`](super::Mailer).
pub struct Settings {
    pub(super) sender: Address,
    pub(super) recipients: Recipients,
    pub(super) region: String,
    pub(super) credentials: Credentials,
    endpoint: Option<String>,
}

/// A setting that is missing or wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidSettings {
    /// No sender.
    #[error(
        "`SES_SENDER_EMAIL` is not set: set it to the address that mails come from, verified in \
         Amazon SES, such as `reports@example.com`"
    )]
    NoSender,
    /// A sender that is not one bare address.
    #[error("`SES_SENDER_EMAIL`: {0}")]
    Sender(InvalidAddress),
    /// An entry of the allow-list that means nothing.
    #[error("`ALLOWED_RECIPIENTS`: {0}")]
    Recipients(InvalidEntry),
    /// An endpoint that is no web address.
    #[error("`{0}` is not the address of a server: set it to one such as `http://127.0.0.1:8005`")]
    Endpoint(&'static str),
    /// What Lambda sets is missing.
    #[error("`{0}` is not set: Lambda sets it; elsewhere, set it by hand")]
    Missing(&'static str),
}

impl Settings {
    /// Reads the settings from variables; one that is empty counts as not set.
    ///
    /// # Errors
    /// Names the first variable that is missing or wrong.
    pub fn read(var: impl Fn(&str) -> Option<String>) -> Result<Self, InvalidSettings> {
        let set = |name| var(name).filter(|value| !value.trim().is_empty());
        let needed = |name| set(name).ok_or(InvalidSettings::Missing(name));

        let sender = set("SES_SENDER_EMAIL").ok_or(InvalidSettings::NoSender)?;
        let sender = Address::parse(&sender).map_err(InvalidSettings::Sender)?;
        let allowed = set("ALLOWED_RECIPIENTS").unwrap_or_default();
        let recipients = Recipients::parse(&allowed)
            .map_err(InvalidSettings::Recipients)?
            .unwrap_or_else(|| Recipients::only(&sender));

        // The order in which the AWS SDKs look for an endpoint (SDKs and Tools reference guide,
        // "Service-specific endpoints").
        let mut endpoint = None;
        for name in ["AWS_ENDPOINT_URL_SESV2", "AWS_ENDPOINT_URL"] {
            if let Some(url) = set(name).filter(|_| endpoint.is_none()) {
                let server = ["http://", "https://"]
                    .iter()
                    .find_map(|s| url.strip_prefix(s));
                if !server.is_some_and(|server| {
                    server.starts_with(|c: char| c.is_alphanumeric() || c == '[')
                }) {
                    return Err(InvalidSettings::Endpoint(name));
                }
                endpoint = Some(url);
            }
        }

        Ok(Self {
            sender,
            recipients,
            region: needed("AWS_REGION")?,
            credentials: Credentials::new(
                needed("AWS_ACCESS_KEY_ID")?,
                needed("AWS_SECRET_ACCESS_KEY")?,
                set("AWS_SESSION_TOKEN"),
                None,
                "environment",
            ),
            endpoint,
        })
    }

    /// Where SES answers: the endpoint set, else the region's (AWS General Reference, "Amazon SES
    /// endpoints").
    pub(super) fn endpoint(&self) -> String {
        let region = &self.region;
        self.endpoint
            .clone()
            .unwrap_or_else(|| format!("https://email.{region}.amazonaws.com"))
    }
}

/// Leaves the credentials out.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("sender", &self.sender)
            .field("recipients", &self.recipients)
            .field("region", &self.region)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAMBDA: [(&str, &str); 3] = [
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "hush"),
    ];

    fn read(more: &[(&str, &str)]) -> Result<Settings, InvalidSettings> {
        Settings::read(|name| {
            let all = more.iter().chain(&LAMBDA);
            all.into_iter()
                .find(|(n, _)| *n == name)
                .map(|(_, v)| (*v).to_owned())
        })
    }

    #[test]
    fn the_sender_alone_is_allowed_unless_others_are_listed() {
        let alone = read(&[("SES_SENDER_EMAIL", "Reports@Example.com")]).unwrap();
        assert!(alone.recipients.allow("reports@example.com").is_ok());
        assert!(alone.recipients.allow("ana@example.com").is_err());
        assert_eq!(alone.sender.to_string(), "Reports@example.com");
        let blank = read(&[
            ("SES_SENDER_EMAIL", "a@b.de"),
            ("ALLOWED_RECIPIENTS", " , "),
        ])
        .unwrap();
        assert!(blank.recipients.allow("a@b.de").is_ok());
        let listed = read(&[
            ("SES_SENDER_EMAIL", "a@b.de"),
            ("ALLOWED_RECIPIENTS", "example.com"),
        ])
        .unwrap();
        assert!(listed.recipients.allow("ana@example.com").is_ok());
        assert!(listed.recipients.allow("a@b.de").is_err());
    }

    #[test]
    fn a_wrong_setting_is_named() {
        for (vars, named) in [
            (&[][..], "`SES_SENDER_EMAIL` is not set"),
            (
                &[("SES_SENDER_EMAIL", " ")],
                "`SES_SENDER_EMAIL` is not set",
            ),
            (
                &[("SES_SENDER_EMAIL", "Reports <a@b.de>")],
                "`SES_SENDER_EMAIL`: `Reports <a@b.de>` is not one bare",
            ),
            (
                &[
                    ("SES_SENDER_EMAIL", "a@b.de"),
                    ("ALLOWED_RECIPIENTS", "c@d.de,x"),
                ],
                "`ALLOWED_RECIPIENTS`: `x` is neither",
            ),
            (
                &[
                    ("SES_SENDER_EMAIL", "a@b.de"),
                    ("AWS_ENDPOINT_URL", "localhost:1"),
                ],
                "`AWS_ENDPOINT_URL` is not",
            ),
            (
                &[("SES_SENDER_EMAIL", "a@b.de"), ("AWS_REGION", "")],
                "`AWS_REGION` is not set",
            ),
        ] {
            let error = read(vars).unwrap_err().to_string();
            assert!(error.starts_with(named), "{error}");
        }
    }

    #[test]
    fn the_endpoint_is_the_service_s_own_then_any_then_the_region_s() {
        let sender = ("SES_SENDER_EMAIL", "a@b.de");
        let any = ("AWS_ENDPOINT_URL", "http://any:1");
        let own = ("AWS_ENDPOINT_URL_SESV2", "http://own:1");
        assert_eq!(
            read(&[sender, any, own]).unwrap().endpoint(),
            "http://own:1"
        );
        assert_eq!(read(&[sender, any]).unwrap().endpoint(), "http://any:1");
        assert_eq!(
            read(&[sender]).unwrap().endpoint(),
            "https://email.eu-west-1.amazonaws.com"
        );
    }

    #[test]
    fn debug_keeps_the_secret() {
        let settings = read(&[("SES_SENDER_EMAIL", "a@b.de")]).unwrap();
        assert!(!format!("{settings:?}").contains("hush"));
    }
}
