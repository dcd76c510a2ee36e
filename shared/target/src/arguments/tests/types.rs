//! Inputs with an argument for each kind of type and constraint.

use std::collections::BTreeMap;

use garde::Validate;
use schemars::JsonSchema;
use serde::Deserialize;
use tools::Tool;

#[derive(Deserialize, JsonSchema, Validate, Default)]
#[serde(default)]
pub(super) struct Corpus {
    #[garde(length(chars, min = 2, max = 5))]
    text: Option<String>,
    #[garde(length(max = 3))]
    bytes: Option<String>,
    #[garde(length(max = 2), inner(range(max = 9)))]
    list: Vec<i64>,
    #[garde(inner(inner(length(chars, max = 1))))]
    grid: Vec<Vec<String>>,
    #[garde(length(max = 1))]
    map: BTreeMap<String, u8>,
    #[garde(dive)]
    nested_map: BTreeMap<String, Nested>,
    #[garde(range(min = 0.5, max = 1.0))]
    ratio: Option<f64>,
    #[garde(range(min = 1, max = 50))]
    pub(super) count: Option<u8>,
    #[garde(prefix("https://"), suffix(".pdf"))]
    link: Option<String>,
    #[garde(contains("@"))]
    address: Option<String>,
    #[garde(ascii)]
    ascii: Option<String>,
    #[garde(alphanumeric)]
    code: Option<String>,
    #[garde(ip)]
    ip: Option<String>,
    #[garde(inner(custom(is_even)))]
    even: Option<i64>,
    #[garde(skip)]
    switch: Option<bool>,
    #[garde(skip)]
    letter: Option<char>,
    #[garde(skip)]
    pub(super) signed: Option<i64>,
    #[garde(skip)]
    pair: Option<(i64, String)>,
    #[garde(skip)]
    choice: Option<Choice>,
    #[garde(dive)]
    nested: Option<Vec<Nested>>,
    #[garde(dive)]
    percent: Option<Percent>,
    #[garde(dive)]
    clear: Option<Clear>,
    #[garde(dive)]
    camel: Option<Camel>,
    #[garde(dive)]
    needs: Option<Needs>,
    #[garde(dive)]
    strict: Option<Strict>,
    #[garde(length(chars, max = 1))]
    r#type: Option<String>,
    #[serde(rename = "own-name")]
    #[garde(length(chars, max = 1))]
    renamed: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Choice {
    Html,
    PlainText,
}

#[derive(Deserialize, JsonSchema, Validate)]
struct Nested {
    #[garde(range(max = 10))]
    size: u8,
}

#[derive(Deserialize, JsonSchema, Validate)]
struct Percent(#[garde(range(max = 100))] u8);

#[derive(Deserialize, JsonSchema, Validate)]
#[garde(transparent)]
struct Clear(#[garde(length(chars, max = 1))] String);

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase")]
struct Camel {
    #[garde(length(chars, max = 1))]
    first_name: String,
}

#[derive(Deserialize, JsonSchema, Validate)]
struct Needs {
    #[garde(required)]
    value: Option<String>,
}

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
struct Strict {
    #[garde(skip)]
    #[expect(dead_code, reason = "only read")]
    known: Option<String>,
}

#[derive(Deserialize, JsonSchema, Validate)]
pub(super) struct Buffered {
    #[garde(dive)]
    shape: Option<Shape>,
    #[garde(dive)]
    adjacent: Option<Adjacent>,
    #[garde(dive)]
    strict: Option<Strict>,
    #[serde(flatten)]
    #[garde(dive)]
    paging: Page,
}

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Shape {
    Circle {
        #[garde(range(max = 10.0))]
        radius: f64,
    },
    Path {
        #[garde(dive)]
        points: Vec<Point>,
    },
}

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(tag = "kind", content = "content", rename_all = "snake_case")]
enum Adjacent {
    Circle {
        #[garde(range(max = 10.0))]
        radius: f64,
    },
}

#[derive(Deserialize, JsonSchema, Validate)]
#[serde(deny_unknown_fields)]
struct Point {
    #[garde(range(max = 10))]
    x: i64,
    #[garde(range(max = 10))]
    y: i64,
}

#[derive(Deserialize, JsonSchema, Validate)]
struct Page {
    #[garde(range(min = 1))]
    page: Option<u8>,
}

macro_rules! tool {
    ($($input:ty)*) => {$(
        impl Tool for $input {
            const NAME: &'static str = "corpus";
            const DESCRIPTION: &'static str = "A corpus.";
            type Output = String;
        }
    )*};
}
tool!(Corpus Buffered);

fn is_even(number: &i64, _: &()) -> garde::Result {
    match number % 2 {
        0 => Ok(()),
        _ => Err(garde::Error::new("expected an even number")),
    }
}
