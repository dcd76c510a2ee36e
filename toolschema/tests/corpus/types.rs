//! A type for each group of features.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::net::IpAddr;
use std::num::NonZeroU16;

use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Scalars {
    text: String,
    letter: char,
    yes: bool,
    tiny: i8,
    byte: u8,
    medium: i32,
    large: i64,
    huge: u64,
    size: usize,
    single: f32,
    double: f64,
    not_zero: NonZeroU16,
    address: IpAddr,
}

#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Names {
    first_field: String,
    #[serde(rename = "UPPER-case")]
    upper: i32,
    #[serde(skip)]
    never_seen: u8,
    #[serde(skip_deserializing)]
    only_written: u8,
    #[serde(alias = "otherName")]
    aliased_default: Option<String>,
}

fn five() -> u32 {
    5
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Optional {
    text_option: Option<String>,
    point_option: Option<Point>,
    twice_option: Option<Option<bool>>,
    list_option: Option<Vec<Point>>,
    map_option: Option<BTreeMap<String, Choice>>,
    choice_option: Option<Choice>,
    tagged_option: Option<Internal>,
    #[serde(default)]
    switch_default: bool,
    #[serde(default = "five")]
    number_default: u32,
    always: String,
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Lists {
    list: Vec<String>,
    deep: Vec<Vec<Vec<i16>>>,
    set: BTreeSet<u8>,
    queue: VecDeque<Point>,
    fixed: [f64; 3],
    pair: (i32, i32),
    boxed: Box<[Choice]>,
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Maps {
    free: HashMap<String, f64>,
    nested: BTreeMap<String, BTreeMap<String, Point>>,
    numbered: BTreeMap<u16, String>,
    signed: BTreeMap<i8, bool>,
    chosen: BTreeMap<Bare, i32>,
    anything: serde_json::Map<String, serde_json::Value>,
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Point {
    x: f64,
    y: f64,
}

/// Wraps one thing.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct Wrapper(Point);

#[derive(Deserialize, JsonSchema)]
#[serde(transparent)]
pub(crate) struct Transparent {
    inner: Vec<u8>,
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Generic<T> {
    one: T,
    many: Vec<T>,
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Nested {
    wrapper: Wrapper,
    transparent: Transparent,
    generic: Generic<Generic<Point>>,
    shared: Cow<'static, str>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Choice {
    FirstOne,
    /// Another
    SecondOne,
    #[serde(rename = "3rd")]
    Third,
}

#[derive(Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Bare {
    OnlyThis,
    OrThat,
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Choices {
    choice: Choice,
    bare: Bare,
    list: Vec<Bare>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Internal {
    Circle {
        radius: f64,
        label: Option<String>,
    },
    At(Point),
    Nothing,
    #[serde(rename_all = "camelCase")]
    BoxShape {
        side_length: f64,
        radius: f64,
    },
}

#[derive(Deserialize, JsonSchema)]
#[serde(tag = "t", content = "c")]
pub(crate) enum Adjacent {
    Named { name: String },
    Other(Other),
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Other {
    name: String,
    count: Option<u32>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(tag = "t", content = "c", rename_all_fields = "UPPERCASE")]
pub(crate) enum Contents {
    One(Vec<i32>),
    Two(Vec<i32>),
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Variants {
    internal: Internal,
    adjacent: Adjacent,
    contents: Contents,
    list: Vec<Internal>,
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Flattened {
    id: i64,
    #[serde(flatten)]
    other: Other,
    #[serde(flatten)]
    internal: Internal,
    #[serde(flatten)]
    rest: BTreeMap<String, serde_json::Value>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Closed {
    only: String,
    this_option: Option<Point>,
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Constrained {
    #[schemars(length(min = 2, max = 5))]
    text: String,
    #[schemars(range(min = 3, max = 9))]
    number: i32,
    #[schemars(range(max = 1.5), extend("exclusiveMinimum" = 0))]
    share: f64,
    #[schemars(length(min = 1, max = 2), inner(length(min = 1)))]
    list: Vec<String>,
    #[schemars(email)]
    mail: String,
    #[schemars(url)]
    link: String,
    #[schemars(extend("format" = "date-time"))]
    when: String,
    #[schemars(extend("const" = "v1"))]
    version: String,
    #[schemars(extend("enum" = [1, 2, 3]))]
    step: u8,
}

#[derive(Deserialize, JsonSchema)]
#[serde(try_from = "Raw")]
pub(crate) struct Converted {
    _sum: i64,
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Raw {
    a: i32,
    b: i32,
}

impl TryFrom<Raw> for Converted {
    type Error = &'static str;

    fn try_from(raw: Raw) -> Result<Self, Self::Error> {
        Ok(Self {
            _sum: i64::from(raw.a) + i64::from(raw.b),
        })
    }
}

fn from_text<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    Ok(u64::try_from(String::deserialize(deserializer)?.len()).unwrap())
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Replaced {
    #[serde(deserialize_with = "from_text")]
    #[schemars(with = "String")]
    length: u64,
    converted: Converted,
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct Lenient {
    needed: String,
    text_option: Option<String>,
    #[serde(alias = "old_name")]
    new_name: String,
    #[serde(flatten)]
    point: Option<Point>,
}
