//! Sends mails through Amazon SES v2.

mod connection;
mod outcome;
mod send;
mod settings;

use aws_sdk_sesv2::{
    Client, Config,
    config::{
        BehaviorVersion, Region, StalledStreamProtectionConfig, retry::RetryConfig,
        timeout::TimeoutConfig,
    },
};
use target::InitError;

use crate::{address::Address, recipients::Recipients};
use connection::Connection;

pub use settings::{InvalidSettings, Settings};

/// Everything that sending a mail needs; made once, when the function starts.
#[derive(Debug)]
pub struct Mailer {
    client: Client,
    connection: Connection,
    sender: Address,
    recipients: Recipients,
}

impl Mailer {
    /// Reads the settings from the environment, makes the client and opens its connection.
    ///
    /// # Errors
    /// Names the variable that is missing or wrong. A connection that does not open is no error:
    /// the first mail tries again.
    pub async fn from_env() -> Result<Self, InitError> {
        let settings = Settings::read(|name| std::env::var(name).ok())
            .map_err(|error| InitError::new(error.to_string()))?;
        let mailer = Self::new(settings);
        mailer.connection.warm().await;
        Ok(mailer)
    }

    /// Makes the client; nothing is sent yet.
    ///
    /// The configuration is written out here and not loaded by `aws-config`, whose profiles,
    /// single sign-on and instance metadata are dead weight and start-up time in Lambda: there,
    /// credentials and region are in the environment and stay the same for its life.
    ///
    /// The SDK retries nothing and has no time limits of its own: SES has no idempotency key, so
    /// what may be repeated is decided by what SES surely refused, and the limit is the call's
    /// deadline (`send.rs`).
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let connection = Connection::new(settings.endpoint());
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(settings.region))
            .credentials_provider(settings.credentials)
            .http_client(connection.http_client())
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::disabled())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .endpoint_url(connection.url())
            .build();
        Self {
            client: Client::from_conf(config),
            connection,
            sender: settings.sender,
            recipients: settings.recipients,
        }
    }

    /// Who may be written to.
    #[must_use]
    pub fn recipients(&self) -> &Recipients {
        &self.recipients
    }
}
