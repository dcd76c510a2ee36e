use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use tools::ReportTable;

use super::*;

fn section(heading: &str) -> ReportSection {
    ReportSection {
        heading: heading.to_owned(),
        body: None,
        bullets: None,
        table: None,
    }
}

fn report(sections: Vec<ReportSection>) -> FormatReport {
    FormatReport {
        title: "Title".to_owned(),
        summary: None,
        sections,
    }
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn table(columns: &[&str], rows: &[&[&str]]) -> ReportTable {
    ReportTable {
        columns: strings(columns),
        rows: rows.iter().map(|row| strings(row)).collect(),
    }
}

/// The parts of a document as a reader of Markdown sees them.
#[derive(Debug, Default, PartialEq)]
struct Seen {
    headings: Vec<(HeadingLevel, String)>,
    items: Vec<String>,
    rows: Vec<Vec<String>>,
}

fn read(markdown: &str) -> Seen {
    let mut seen = Seen::default();
    let mut text = String::new();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. } | Tag::Item | Tag::TableCell) => text.clear(),
            Event::Start(Tag::TableHead | Tag::TableRow) => seen.rows.push(Vec::new()),
            Event::End(TagEnd::Heading(level)) => seen.headings.push((level, text.clone())),
            Event::End(TagEnd::Item) => seen.items.push(text.clone()),
            Event::End(TagEnd::TableCell) => seen.rows.last_mut().unwrap().push(text.clone()),
            Event::Text(t) | Event::Code(t) | Event::InlineHtml(t) | Event::Html(t) => {
                text.push_str(&t)
            }
            _ => {}
        }
    }
    seen
}

#[test]
fn a_whole_report_reads_as_written() {
    let report = FormatReport {
        title: "Weekly report".to_owned(),
        summary: Some("All is **well**.".to_owned()),
        sections: vec![
            ReportSection {
                body: Some("Text.".to_owned()),
                bullets: Some(strings(&["one", "two"])),
                table: Some(table(&["Name", "Count"], &[&["a", "1"], &["b", "1,200"]])),
                ..section("Figures")
            },
            section("Nothing"),
        ],
    };
    assert_eq!(
        markdown(&report).unwrap(),
        "# Weekly report\n\nAll is **well**.\n\n## Figures\n\nText.\n\n- one\n- two\n\n\
         | Name | Count |\n| --- | ---: |\n| a | 1 |\n| b | 1,200 |\n\n## Nothing\n"
    );
}

#[test]
fn ragged_rows_are_padded_and_extra_cells_kept() {
    let given = table(&["A", "B"], &[&["1"], &[], &["1", "2", "3"]]);
    let out = markdown(&report(vec![ReportSection {
        table: Some(given),
        ..section("S")
    }]))
    .unwrap();
    let row = |texts: &[&str]| strings(texts);
    assert_eq!(
        read(&out).rows,
        [
            row(&["A", "B", ""]),
            row(&["1", "", ""]),
            row(&["", "", ""]),
            row(&["1", "2", "3"])
        ]
    );
}

#[test]
fn a_table_of_empty_names_is_still_a_table() {
    for (columns, rows) in [
        (&[][..], &[&["x"][..]][..]),
        (&[""][..], &[&["x"][..]][..]),
        (&[""][..], &[&[""][..], &[]][..]),
    ] {
        let given = table(columns, rows);
        let out = markdown(&report(vec![ReportSection {
            table: Some(given),
            ..section("S")
        }]))
        .unwrap();
        let seen = read(&out).rows;
        assert_eq!(seen.len(), rows.len() + 1, "{out}");
        assert!(seen.iter().all(|row| row.len() == 1), "{out}");
    }
    let out = markdown(&report(vec![ReportSection {
        table: Some(table(&[], &[])),
        ..section("S")
    }]));
    assert_eq!(out.unwrap(), "# Title\n\n## S\n");
}

#[test]
fn a_cell_cannot_leave_its_cell() {
    for (given, read_as) in [
        ("a|b", "a|b"),
        (r"a\|b", "a|b"),
        (r"a\\|b", r"a\|b"),
        ("|", "|"),
        ("`a|b`", "a|b"),
        ("a\nb", "a b"),
        ("a\r\n\r\nb", "a b"),
        ("a\u{2028}b", "a b"),
        (r"ends in \", r"ends in \"),
        ("# a", "# a"),
        ("- a", "- a"),
        ("> a", "> a"),
        ("```", "```"),
        ("---", "---"),
        ("<b>", "<b>"),
    ] {
        let given = table(&[given, given], &[&[given, given], &["x", given]]);
        let out = markdown(&report(vec![ReportSection {
            table: Some(given),
            ..section("S")
        }]))
        .unwrap();
        let seen = read(&out);
        assert_eq!(seen.rows.len(), 3, "{out}");
        assert!(
            seen.rows
                .iter()
                .all(|row| row.len() == 2 && row[1] == read_as),
            "{out}{seen:?}"
        );
        assert_eq!(seen.headings.len(), 2, "{out}");
    }
}

#[test]
fn bullets_and_headings_stay_what_they_are() {
    for text in [
        "# a",
        "#",
        "###### a",
        "> a",
        "- a",
        "+ a",
        "* a",
        "-",
        "---",
        "***",
        "* * *",
        "___",
        "===",
        "1. a",
        "12) a",
        "```",
        "```rust",
        "~~~",
        "[a]: https://example.com",
        "[a]:x",
        "[a\\]b]: x",
        "<!-- a",
        "<pre>",
        "<div>",
        "</div>",
        "<?php",
        "a #",
        "a ##",
        "C#",
        "a\\#",
        "#hash",
        "-5 degrees",
        "+1",
        "1.5 times",
        "| a | b |",
        "a\nb",
        "a\n\n# b",
        "\ta",
        "`a",
        "**a",
        "[a",
        "a\\",
        "=",
        "\\# a",
    ] {
        let out = markdown(&FormatReport {
            title: text.to_owned(),
            summary: None,
            sections: vec![
                ReportSection {
                    bullets: Some(strings(&[text, "x", text])),
                    ..section(text)
                },
                section("Last"),
            ],
        })
        .unwrap();
        let seen = read(&out);
        let words = |text: &str| {
            text.replace('\\', "")
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        };
        let texts: Vec<_> = seen.headings.iter().map(|(_, seen)| words(seen)).collect();
        assert_eq!(
            texts,
            [words(text), words(text), "Last".to_owned()],
            "{text:?}: {out}"
        );
        let items: Vec<_> = seen.items.iter().map(|item| words(item)).collect();
        assert_eq!(
            items,
            [words(text), "x".to_owned(), words(text)],
            "{text:?}: {out}"
        );
    }
}

#[test]
fn inline_markup_survives() {
    let bullets = strings(&[
        "**bold** start",
        "*em* start",
        "<https://example.com>",
        "[a](https://b.c)",
        "[a](https://b.c) and [d]: e",
        "`code`",
    ]);
    let out = markdown(&report(vec![ReportSection {
        bullets: Some(bullets.clone()),
        ..section("S")
    }]))
    .unwrap();
    for bullet in bullets {
        assert!(out.contains(&format!("\n- {bullet}\n")), "{out}");
    }
}

#[test]
fn what_a_body_leaves_open_does_not_swallow_the_next_section() {
    for body in [
        "```\ncode",
        "```rust\ncode\n\n",
        "````\n```\ncode",
        "~~~\ncode",
        "~~~~\n```\n~~~",
        "> ```\n> code",
        "- ```\n  code",
        "<!-- comment",
        "<pre>\n\ntext",
        "<script>\n\nx",
        "<style>",
        "<textarea>",
        "<?php",
        "<!DOCTYPE",
        "<![CDATA[ x",
        "<div>",
        "a\n---",
        "a\n===",
        "[a]: <x",
        "[a]: x 'y",
        "# heading",
        "    code",
        "1. a\n   ```\n   b",
        "| a |\n| - |",
        "\\",
        "`a",
        "```\n```\n```",
        "<!-- a -->\n```\n-->",
    ] {
        let out = markdown(&FormatReport {
            summary: Some(body.to_owned()),
            ..report(vec![
                ReportSection {
                    body: Some(body.to_owned()),
                    table: Some(table(&["A"], &[&["1"]])),
                    ..section("First")
                },
                section("Last"),
            ])
        })
        .unwrap();
        let seen = read(&out);
        let ours: Vec<_> = seen
            .headings
            .iter()
            .map(|(_, text)| text.as_str())
            .filter(|t| ["Title", "First", "Last"].contains(t))
            .collect();
        assert_eq!(ours, ["Title", "First", "Last"], "{out}");
        assert!(
            seen.rows.ends_with(&[strings(&["A"]), strings(&["1"])]),
            "{out}"
        );
    }
}

#[test]
fn columns_of_figures_are_aligned_to_the_right() {
    let rows: &[&[&str]] = &[
        &[
            "1,200",
            "+4.5 %",
            "€ 3",
            "40 ms",
            "a",
            "1",
            "2026-11-20",
            "–",
        ],
        &["", "-3%", "4.10 €", "1.2 s", "1", "n/a", "1", ""],
    ];
    let given = table(&["a", "b", "c", "d", "e", "f", "g", "h"], rows);
    let out = markdown(&report(vec![ReportSection {
        table: Some(given),
        ..section("S")
    }]))
    .unwrap();
    assert!(
        out.contains("\n| ---: | ---: | ---: | ---: | --- | --- | --- | --- |\n"),
        "{out}"
    );
}

#[test]
fn a_table_that_padding_would_blow_up_is_refused() {
    let mut rows = vec![Vec::new(); 10_000];
    rows.push(vec![String::new(); 10_000]);
    let given = ReportTable {
        columns: strings(&["A"]),
        rows,
    };
    let error = markdown(&report(vec![
        section("S"),
        ReportSection {
            table: Some(given),
            ..section("T")
        },
    ]));
    assert!(
        error
            .unwrap_err()
            .to_string()
            .starts_with("`sections[1].table` has 100020000 cells")
    );
}
