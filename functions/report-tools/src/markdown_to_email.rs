//! The tool `markdown_to_email`: Markdown as a mail to one allowed recipient.

use target::{Call, ToolError};
use tools::{EmailSent, MarkdownToEmail};

use crate::{
    mail::{Mail, RenderError},
    mailer::Mailer,
    recipients::Refused,
};

/// Renders the report and sends it.
///
/// # Errors
/// `invalid_recipient` and `recipient_not_allowed` for the address, `invalid_subject`,
/// `empty_mail` and `mail_too_large` for the content, and those of [`Mailer::send`].
pub async fn markdown_to_email(
    call: Call<Mailer>,
    input: MarkdownToEmail,
) -> Result<EmailSent, ToolError> {
    let mailer = call.state();
    let recipient = mailer
        .recipients()
        .allow(&input.recipient_email)
        .map_err(refused)?;
    let mail =
        Mail::render(&input.markdown_content, input.subject.as_deref()).map_err(unrendered)?;
    let message_id = mailer.send(&recipient, &mail, call.deadline()).await?;
    Ok(EmailSent {
        status: "success",
        message: format!("Email sent to {recipient}"),
        message_id,
    })
}

fn refused(error: Refused) -> ToolError {
    let code = match error {
        Refused::Invalid(_) => "invalid_recipient",
        Refused::NotAllowed(_) => "recipient_not_allowed",
    };
    ToolError::new(code, error.to_string())
}

fn unrendered(error: RenderError) -> ToolError {
    let code = match error {
        RenderError::Subject(_) => "invalid_subject",
        RenderError::Empty => "empty_mail",
        RenderError::TooLarge => "mail_too_large",
    };
    ToolError::new(code, error.to_string())
}
