//! What a mail looks like, and what can never be in one.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that panics is a test that fails"
)]

use std::{env, fs, path::Path};

use report_tools::{format_report, mail::Mail};
use tools::FormatReport;

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mail"))
}

/// Compares with a golden file; `UPDATE_GOLDEN=1` writes it.
fn check(name: &str, actual: &str) {
    let path = folder().join(name);
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, actual).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap();
    assert!(
        actual == expected,
        "{name} differs: look at it, then renew it with UPDATE_GOLDEN=1\n{actual}"
    );
}

fn example() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/weekly-report.json");
    let report: FormatReport = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    format_report::markdown(&report).unwrap()
}

#[test]
fn the_example_and_other_documents_render_as_expected() {
    check("weekly-report.md", &example());
    for name in ["weekly-report", "features", "hostile"] {
        let markdown = fs::read_to_string(folder().join(format!("{name}.md"))).unwrap();
        let mail = Mail::render(&markdown, None).unwrap();
        check(&format!("{name}.html"), &mail.html);
        check(&format!("{name}.txt"), &mail.text);
        assert_safe(&mail.html);
    }
}

const TAGS: [&str; 27] = [
    "html",
    "head",
    "meta",
    "title",
    "body",
    "div",
    "table",
    "tr",
    "th",
    "td",
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "ul",
    "ol",
    "li",
    "blockquote",
    "pre",
    "code",
    "em",
    "strong",
    "del",
    "a",
    "br",
    "hr",
];
const ATTRIBUTES: [&str; 14] = [
    "style",
    "href",
    "align",
    "role",
    "width",
    "cellpadding",
    "cellspacing",
    "border",
    "dir",
    "scope",
    "start",
    "charset",
    "name",
    "content",
];

/// Reads the HTML tag by tag, and refuses any tag, attribute or address that no mail may have.
fn assert_safe(html: &str) {
    // The two comments for Outlook are the page's own, word for word.
    let html = html
        .replace(
            "<!--[if mso]><table role=\"presentation\" width=\"600\"><tr><td><![endif]-->",
            "",
        )
        .replace("<!--[if mso]></td></tr></table><![endif]-->", "")
        .replace("<!DOCTYPE html>", "");
    let mut rest = html.as_str();
    let mut open = Vec::new();
    while let Some(start) = rest.find('<') {
        assert!(
            !rest[..start].contains('>'),
            "a stray `>` in {}",
            &rest[..start]
        );
        let tag = &rest[start + 1..];
        let end = tag.find('>').expect("a tag ends");
        let (tag, after) = (&tag[..end], &tag[end + 1..]);
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "tags are balanced");
            continue;
        }
        let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(TAGS.contains(&name), "tag `{name}` in <{tag}>");
        if !["meta", "br", "hr"].contains(&name) {
            open.push(name);
        }
        while !attributes.is_empty() {
            let (attribute, value) = attributes.split_once("=\"").expect("a quoted value");
            let (value, after) = value.split_once('"').expect("a closing quote");
            attributes = after.strip_prefix(' ').unwrap_or(after);
            assert!(
                ATTRIBUTES.contains(&attribute),
                "attribute `{attribute}` in <{tag}>"
            );
            if attribute == "href" {
                let known = ["http://", "https://", "mailto:"];
                let address = value.to_ascii_lowercase();
                assert!(
                    known.iter().any(|scheme| address.starts_with(scheme)),
                    "{value}"
                );
            }
            if attribute == "style" {
                assert!(!value.contains("url("), "{value}");
            }
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
}

#[test]
fn text_is_escaped_once() {
    let mail = Mail::render("# A & B <c> &amp; &lt;\n\n`&amp;` \"q\" it's", None).unwrap();
    assert_eq!(mail.subject, "A & B <c> & <");
    assert!(
        mail.html
            .contains("<title>A &amp; B &lt;c&gt; &amp; &lt;</title>"),
        "{}",
        mail.html
    );
    assert!(
        mail.html
            .contains(">&amp;amp;</code> &quot;q&quot; it&#39;s</p>"),
        "{}",
        mail.html
    );
    assert_eq!(
        mail.text,
        "A & B <c> & <\n=============\n\n&amp; \"q\" it's\n"
    );
}

#[test]
fn a_document_without_text_is_no_mail() {
    for markdown in ["", " \n", "[a]: https://b.c\n", "#", "\u{0}\u{1b}"] {
        let rendered = Mail::render(markdown, None);
        let empty = rendered
            .as_ref()
            .is_err_and(|error| error.to_string().contains("holds no text"));
        assert!(empty || markdown.contains('\u{0}'), "{markdown:?}");
    }
}

#[test]
fn deep_and_wide_documents_stay_small_and_render() {
    for (part, times) in [
        (">", 100_000),
        ("> ", 50_000),
        ("- ", 50_000),
        ("1. ", 30_000),
        ("*a ", 50_000),
        ("**a", 50_000),
        ("[", 100_000),
        ("![", 50_000),
        ("[a](", 30_000),
        ("`", 100_001),
        ("~~a ", 50_000),
        ("<", 100_000),
        ("<!--", 30_000),
        ("&", 100_000),
        ("\\", 100_000),
        ("_a*", 50_000),
        ("> - ", 30_000),
        ("# \n", 30_000),
        ("- a\n", 30_000),
        ("a\n\n", 30_000),
        ("|", 50_000),
        ("[a]: b\n", 20_000),
    ] {
        let markdown = part.repeat(times) + "text\n";
        match Mail::render(&markdown, None) {
            Ok(mail) => {
                assert!(
                    mail.html.len() < 12_000_000 && mail.text.len() < 12_000_000,
                    "{part:?}"
                );
                assert_safe(&mail.html);
            }
            Err(error) => assert!(!error.to_string().is_empty(), "{part:?}"),
        }
    }
    let deep: String = (0..2_000)
        .map(|n| format!("{}- {n}\n", "  ".repeat(n)))
        .collect();
    assert_safe(&Mail::render(&deep, None).unwrap().html);
}

#[test]
fn a_table_that_padding_would_blow_up_is_refused() {
    let columns = "|a".repeat(5_000);
    let marks = "|-".repeat(5_000);
    let markdown = format!("{columns}|\n{marks}|\n{}", "|x\n".repeat(20_000));
    let error = Mail::render(&markdown, None).unwrap_err();
    assert!(error.to_string().contains("larger than 10 MB"), "{error}");
}

/// The same documents each time: a linear congruential generator picks fragments that mean
/// something to a Markdown or HTML parser.
#[test]
fn no_document_panics_or_gets_markup_in() {
    const FRAGMENTS: [&str; 60] = [
        "a",
        " ",
        "  ",
        "    ",
        "\n",
        "\n\n",
        "\r\n",
        "\t",
        "*",
        "**",
        "_",
        "~~",
        "`",
        "```",
        "~~~",
        "#",
        "## ",
        "> ",
        "- ",
        "1. ",
        "- [x] ",
        "|",
        " | ",
        "|-|-|",
        "\n|a|b|\n|-|-:|\n|c|",
        "---",
        "===",
        "[",
        "]",
        "(",
        ")",
        "![",
        "](",
        "](https://a.b)",
        "](javascript:x)",
        "<",
        ">",
        "</",
        "<b>",
        "<img src=x onerror=y>",
        "<script>",
        "<!--",
        "-->",
        "<?",
        "<![CDATA[",
        "<https://a.b>",
        "<a@b.c>",
        "&",
        "&amp;",
        "&#10;",
        "&#0;",
        "\"",
        "'",
        "\\",
        "\u{0}",
        "\u{202e}",
        "é",
        "漢",
        "🙂",
        "[r]: https://a.b\n",
    ];
    let mut state = 1_u64;
    let mut next = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    for _ in 0..3_000 {
        let markdown: String = (0..=next(60))
            .map(|_| FRAGMENTS[next(FRAGMENTS.len())])
            .collect();
        if let Ok(mail) = Mail::render(&markdown, None) {
            assert_safe(&mail.html);
            assert!(!mail.subject.contains(char::is_control), "{markdown:?}");
        }
    }
}
