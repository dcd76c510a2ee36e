mod corpus;
mod types;

use super::*;
use serde_json::json;
use tools::{FormatReport, MarkdownToEmail};

fn refusal<I: Tool>(event: Value) -> String {
    let error = parse::<I>(&event).err().unwrap();
    assert_eq!(error.code(), "invalid_arguments");
    error.to_string()
}

#[test]
fn a_wrong_type_is_named_with_its_path() {
    let event = json!({"title": "T", "sections": [{"heading": "H"}, {"heading": 5}]});
    let said = refusal::<FormatReport>(event);
    assert!(
        said.ends_with("`sections[1].heading` is a number: expected a string"),
        "{said}"
    );
}

#[test]
fn a_missing_field_is_named_with_its_path() {
    let said = refusal::<FormatReport>(json!({"title": "T", "sections": [{}]}));
    assert!(said.ends_with("`sections[0].heading` is missing"), "{said}");
    let said = refusal::<MarkdownToEmail>(json!({"recipient_email": "a@example.com"}));
    assert!(said.ends_with("`markdown_content` is missing"), "{said}");
}

#[test]
fn an_object_is_not_taken_from_an_array() {
    let said = refusal::<FormatReport>(json!({"title": "T", "sections": [["H"]]}));
    assert!(
        said.ends_with("`sections[0]` is an array: expected an object"),
        "{said}"
    );
    for odd in [json!(["T", []]), json!("text"), json!(null), json!(5)] {
        assert!(refusal::<FormatReport>(odd).ends_with("expected an object"));
    }
}

#[test]
fn all_broken_constraints_come_at_once() {
    let event = json!({"title": "", "sections": [{"heading": ""}]});
    let said = refusal::<FormatReport>(event);
    assert!(
        said.contains("`title`") && said.contains("`sections[0].heading`"),
        "{said}"
    );
}

#[test]
fn of_very_many_broken_constraints_the_first_are_told() {
    let sections = vec![json!({"heading": ""}); 1000];
    let said = refusal::<FormatReport>(json!({"title": "T", "sections": sections}));
    assert!(said.ends_with("; and 980 more"), "{said}");
}

#[test]
fn a_value_of_the_wrong_type_is_not_repeated() {
    let said = refusal::<FormatReport>(json!({"title": "T", "sections": "the secret"}));
    assert!(!said.contains("secret"), "{said}");
    assert!(
        said.ends_with("`sections` is a string: expected an array"),
        "{said}"
    );
}

/// Six megabytes, the most that Lambda hands over, in each shape that is searched for the misfit.
#[test]
fn a_large_event_that_does_not_fit_is_told_in_a_few_words() {
    let name = "n".repeat(1_000_000);
    let mut deep = json!(true);
    for _ in 0..100 {
        deep = json!({"points": deep});
    }
    for points in [
        json!(vec![true; 1_000_000]),
        json!({name: vec![json!({}); 500_000]}),
        json!(vec![deep; 3_000]),
    ] {
        let event = json!({"shape": {"kind": "path", "points": points}});
        assert!(refusal::<types::Buffered>(event).len() < 200);
    }
}

#[test]
fn deep_nesting_is_an_error() {
    let event = "[".repeat(100_000);
    assert_eq!(
        read(event.as_bytes()).unwrap_err().code(),
        "invalid_arguments"
    );
}
