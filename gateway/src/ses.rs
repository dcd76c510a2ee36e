//! Amazon SES, API version 2, as far as sending a mail goes: each lands in a folder.
//!
//! A mail is three files of one name: `.eml` is what would have been sent, `.html` its HTML part
//! to look at in a browser, and `.json`, written last, says from whom, to whom and when. Only
//! the user who runs the gateway can read them.

mod files;
mod message;
mod request;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fmt, io};

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use http::StatusCode;
use serde_json::json;

use self::request::SendEmail;
use crate::loopback::read_body;

/// The largest request, in bytes (SES quotas: 40 MB for a message, as base64).
const REQUEST_LIMIT: usize = 56 * 1024 * 1024;

/// A mail that was laid in the outbox.
#[derive(Debug, Clone)]
pub struct Mail {
    /// What the sender was told.
    pub message_id: String,
    /// Everyone it goes to: to, cc and bcc.
    pub recipients: Vec<String>,
    /// What would have been sent.
    pub eml: PathBuf,
    /// Its HTML part, if it has one that was given as such.
    pub html: Option<PathBuf>,
    /// Who, to whom, when.
    pub json: PathBuf,
}

type OnMail = Arc<dyn Fn(&Mail) + Send + Sync>;

/// The folder that mails are laid in. Clones are the same outbox.
#[derive(Clone)]
pub struct Outbox {
    folder: Arc<Path>,
    on_mail: OnMail,
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbox")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

impl Outbox {
    /// Makes the folder, with mode 0700, unless it is there.
    pub fn new(folder: impl Into<PathBuf>) -> io::Result<Self> {
        let folder = std::path::absolute(folder.into())?;
        files::make_folder(&folder)?;
        Ok(Self {
            folder: folder.into(),
            on_mail: Arc::new(|_| {}),
        })
    }

    /// Calls `tell` with each mail once it is written whole. It must return soon.
    #[must_use]
    pub fn on_mail(mut self, tell: impl Fn(&Mail) + Send + Sync + 'static) -> Self {
        self.on_mail = Arc::new(tell);
        self
    }

    /// The folder, absolute.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// `POST /v2/email/outbound-emails`, to be served on the AWS endpoint.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/v2/email/outbound-emails", post(send))
            .with_state(self.clone())
    }
}

async fn send(State(outbox): State<Outbox>, body: Body) -> Result<Response, Problem> {
    let body = read_body(body, REQUEST_LIMIT)
        .await
        .map_err(|error| Problem::BadRequest(error.to_string()))?;
    // The parser's own message quotes what it read, which may be the mail.
    let request: SendEmail = serde_json::from_slice(&body).map_err(|error| {
        Problem::BadRequest(format!(
            "the request is no SendEmail in JSON: line {}, column {} does not fit",
            error.line(),
            error.column()
        ))
    })?;
    let draft = request.check().map_err(Problem::BadRequest)?;
    let tell = Arc::clone(&outbox.on_mail);
    // A mail is many small waits for the disk.
    let mail = tokio::task::spawn_blocking(move || message::lay(&outbox.folder, &draft))
        .await
        .map_err(io::Error::other)
        .flatten()
        .map_err(Problem::Unwritten)?;
    tell(&mail);
    Ok(Json(json!({"MessageId": mail.message_id})).into_response())
}

/// Why a mail was not accepted.
#[derive(Debug)]
enum Problem {
    BadRequest(String),
    Unwritten(io::Error),
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, kind, message) = match self {
            Self::BadRequest(message) => (StatusCode::BAD_REQUEST, "BadRequestException", message),
            Self::Unwritten(error) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "InternalServiceErrorException",
                format!("the outbox cannot be written: {error}"),
            ),
        };
        (
            status,
            [("x-amzn-errortype", kind)],
            Json(json!({"message": message})),
        )
            .into_response()
    }
}
