//! The document around a mail's content.

use super::{
    escape::escape,
    style::{BODY, CANVAS, CARD, CONTENT, HIDDEN, MARGIN},
};

/// The whole document: one card, 600 px wide where there is room, as wide as a phone elsewhere.
///
/// The layout is a table because the Outlook family knows no other; its comment gives that family
/// the width, which it does not read from `max-width`. `lead` is what an inbox shows beside the
/// subject, hidden in the mail itself.
pub(super) fn page(subject: &str, lead: Option<&str>, content: &str) -> String {
    let mut out = String::with_capacity(content.len() + 2048);
    out.push_str(
        "<!DOCTYPE html>\n<html>\n<head>\n\
         <meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light\">\n\
         <meta name=\"supported-color-schemes\" content=\"light\">\n\
         <title>",
    );
    escape(&mut out, subject);
    out.push_str("</title>\n</head>\n");
    out.push_str(&format!("<body style=\"{BODY}\">\n"));
    if let Some(lead) = lead {
        out.push_str(&format!("<div style=\"{HIDDEN}\">"));
        escape(&mut out, lead);
        out.push_str("</div>\n");
    }
    out.push_str(&format!(
        "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"{CANVAS}\">\
         <tr><td align=\"center\" style=\"{MARGIN}\">\n\
         <!--[if mso]><table role=\"presentation\" width=\"600\"><tr><td><![endif]-->\n\
         <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"{CARD}\">\
         <tr><td dir=\"auto\" style=\"{CONTENT}\">\n"
    ));
    out.push_str(content);
    out.push_str(
        "</td></tr></table>\n\
         <!--[if mso]></td></tr></table><![endif]-->\n\
         </td></tr></table>\n</body>\n</html>\n",
    );
    out
}
