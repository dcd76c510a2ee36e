//! The look, as inline styles: most mail programs drop style sheets.
//!
//! Colours are dark text on white with a contrast of at least 4.5:1 (WCAG 2.2, 1.4.3). Fonts are
//! the reader's own. Sizes are in px because the Outlook family reads no other unit well.

macro_rules! font {
    () => {
        "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;"
    };
}

macro_rules! mono {
    () => {
        "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'Courier New',monospace;"
    };
}

pub(super) const BODY: &str = "margin:0;padding:0;background-color:#eef1f6;";
pub(super) const CANVAS: &str = "background-color:#eef1f6;";
pub(super) const MARGIN: &str = "padding:24px 8px;";
pub(super) const CARD: &str = "width:100%;max-width:600px;background-color:#ffffff;border:1px solid #dfe4ec;\
     border-top:4px solid #2f5bd0;border-radius:6px;border-collapse:separate;table-layout:fixed;";
pub(super) const CONTENT: &str = concat!(
    "padding:26px 22px 12px;",
    font!(),
    "font-size:16px;line-height:1.6;color:#263244;text-align:left;word-wrap:break-word;overflow-wrap:break-word;"
);
pub(super) const HIDDEN: &str =
    "display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;mso-hide:all;";

pub(super) const P: &str = "margin:0 0 16px;";
pub(super) const H1: &str = "margin:0 0 18px;font-size:27px;line-height:1.25;font-weight:700;color:#111b2e;letter-spacing:-0.3px;";
pub(super) const H2: &str = "margin:30px 0 12px;padding:0 0 6px;font-size:20px;line-height:1.3;font-weight:700;\
     color:#111b2e;border-bottom:1px solid #e4e8ef;";
pub(super) const H3: &str =
    "margin:24px 0 8px;font-size:17px;line-height:1.35;font-weight:700;color:#111b2e;";
pub(super) const H4: &str =
    "margin:20px 0 6px;font-size:15px;line-height:1.4;font-weight:700;color:#4a586e;";
pub(super) const LIST: &str = "margin:0 0 16px;padding:0 0 0 24px;";
pub(super) const INNER_LIST: &str = "margin:4px 0 4px;padding:0 0 0 22px;";
pub(super) const ITEM: &str = "margin:0 0 6px;";
pub(super) const TASK: &str = "margin:0 0 6px -20px;list-style-type:none;";
pub(super) const QUOTE: &str = "margin:0 0 16px;padding:10px 16px 1px;border-left:4px solid #b9c7ea;\
     background-color:#f6f8fc;color:#3d4b61;";
pub(super) const PRE: &str = concat!(
    "margin:0 0 16px;padding:12px 14px;background-color:#f4f6fa;border:1px solid #e4e8ef;border-radius:6px;",
    mono!(),
    "font-size:13px;line-height:1.5;color:#1d2a3f;white-space:pre-wrap;word-wrap:break-word;overflow-wrap:anywhere;"
);
pub(super) const CODE: &str = concat!(
    "padding:1px 5px;background-color:#eef1f6;border-radius:4px;",
    mono!(),
    "font-size:87%;color:#1d2a3f;"
);
pub(super) const RULE: &str = "margin:28px 0;border:0;border-top:1px solid #dfe4ec;";
pub(super) const LINK: &str = "color:#2450c4;text-decoration:underline;";
pub(super) const STRUCK: &str = "color:#66738a;";

pub(super) const SCROLL: &str = "margin:0 0 20px;overflow-x:auto;";
pub(super) const TABLE: &str = concat!(
    "width:100%;border-collapse:collapse;",
    font!(),
    "font-size:14px;line-height:1.45;color:#263244;"
);
pub(super) const TH: &str = "padding:8px;background-color:#eef2fb;border-bottom:2px solid #c9d5f2;\
     font-weight:700;color:#111b2e;vertical-align:bottom;text-align:";
pub(super) const TD: &str =
    "padding:8px;border-bottom:1px solid #e4e8ef;vertical-align:top;text-align:";
