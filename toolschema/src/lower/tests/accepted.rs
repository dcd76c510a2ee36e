//! What the dialect can carry, and how what it cannot is told.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::*;

/// Asserts on the properties of the type, in order: name, and the lowered schema.
fn assert_properties<T: JsonSchema>(expected: Value) {
    let properties = input::<T>().unwrap()["properties"].clone();
    assert_eq!(properties, expected, "{properties:#}");
    let order = |value: &Value| {
        value
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(order(&properties), order(&expected));
}

fn text(description: &str) -> Value {
    json!({"type": "string", "description": description})
}

#[test]
fn fields_keep_their_order_their_case_and_their_docs() {
    /// Not for the model.
    #[derive(Deserialize, JsonSchema)]
    #[serde(rename_all = "camelCase")]
    struct Input {
        /// The last letter,
        /// on two lines
        zed_field: String,
        /// A
        #[serde(rename = "UPPER_a")]
        a: bool,
        #[serde(skip)]
        internal: u8,
        /// M
        m: Option<i64>,
    }
    assert_eq!(
        input::<Input>().unwrap(),
        json!({
            "type": "object",
            "properties": {
                "zedField": text("The last letter, on two lines"),
                "UPPER_a": {"type": "boolean", "description": "A"},
                "m": {"type": "integer", "description": "M"},
            },
            "required": ["zedField", "UPPER_a"],
        })
    );
    assert_properties::<Input>(json!({
        "zedField": text("The last letter, on two lines"),
        "UPPER_a": {"type": "boolean", "description": "A"},
        "m": {"type": "integer", "description": "M"},
    }));
}

#[test]
fn options_are_not_required_in_any_spelling() {
    #[derive(Deserialize, Serialize, JsonSchema)]
    struct Input {
        plain: Option<String>,
        nested: Option<Point>,
        twice: Option<Option<u8>>,
        list: Vec<Option<i32>>,
        #[serde(default)]
        switch: bool,
    }
    let schema = input::<Input>().unwrap();
    assert_eq!(schema["required"], json!(["list"]));
    assert_eq!(schema["properties"]["plain"], json!({"type": "string"}));
    assert_eq!(
        schema["properties"]["list"]["items"],
        json!({"type": "integer"})
    );
    assert_eq!(
        schema["properties"]["nested"]["required"],
        json!(["x", "y"])
    );
    // As it is serialised: a null is written, but the dialect has no null.
    assert_eq!(output::<Input>()["required"], json!(["list", "switch"]));
}

#[test]
fn references_are_inlined_at_any_depth() {
    #[derive(Deserialize, JsonSchema)]
    struct Inner {
        point: Point,
    }
    #[derive(Deserialize, JsonSchema)]
    struct Generic<T> {
        /// Many
        items: Vec<Vec<T>>,
        /// One more
        again: T,
    }
    #[derive(Deserialize, JsonSchema)]
    struct Input {
        generic: Generic<Inner>,
    }
    let point = json!({
        "type": "object",
        "properties": {
            "x": {"type": "number", "description": "Across"},
            "y": {"type": "number", "description": "Up"},
        },
        "required": ["x", "y"],
    });
    let inner = json!({
        "type": "object",
        "properties": {"point": point},
        "required": ["point"],
    });
    let generic = &input::<Input>().unwrap()["properties"]["generic"]["properties"];
    assert_eq!(generic["items"]["items"]["items"], inner);
    let mut described = inner;
    described["description"] = json!("One more");
    assert_eq!(generic["again"], described);
}

#[test]
fn constraints_stand_once_at_the_end_of_the_description() {
    #[derive(Deserialize, JsonSchema)]
    struct Name(#[schemars(length(min = 1, max = 20), regex(pattern = "^[a-z]+$"))] String);
    fn many() -> u8 {
        5
    }
    #[derive(Deserialize, JsonSchema)]
    struct Input {
        /// A title
        #[schemars(length(min = 1, max = 200))]
        title: Option<String>,
        name: Name,
        /// How many
        #[serde(default = "many")]
        #[schemars(range(min = 1, max = 10))]
        count: u8,
        /// Share
        #[schemars(range(max = 1.5), extend("exclusiveMinimum" = 0, "multipleOf" = 0.5))]
        share: f32,
        #[schemars(email)]
        mail: String,
        #[schemars(url, example = &"https://example.com")]
        link: String,
        #[schemars(extend("format" = "date-time"))]
        when: String,
        #[schemars(length(min = 1), inner(length(max = 3)))]
        tags: BTreeSet<String>,
        pair: [i64; 2],
        letter: char,
        #[serde(default)]
        #[deprecated]
        old: String,
        fixed: std::num::NonZeroU32,
        #[schemars(extend("const" = 3))]
        version: i32,
    }
    assert_properties::<Input>(json!({
        "title": text("A title (1 to 200 characters)"),
        "name": text("1 to 20 characters; matches the regular expression `^[a-z]+$`"),
        "count": {"type": "integer", "description": "How many (1 to 10; default `5`)"},
        "share": {"type": "number", "description": "Share (at most 1.5 and more than 0; a multiple of 0.5)"},
        "mail": text("an email address"),
        "link": text("a URI with its scheme; for example `https://example.com`"),
        "when": text("a date and time as in `2026-01-31T12:00:00Z`"),
        "tags": {
            "type": "array",
            "description": "not empty; no item twice",
            "items": text("at most 3 characters"),
        },
        "pair": {"type": "array", "description": "exactly 2 items", "items": {"type": "integer"}},
        "letter": text("exactly 1 character"),
        "old": text("deprecated; default `\"\"`"),
        "fixed": {"type": "integer", "description": "at least 1"},
        "version": {"type": "integer", "description": "always `3`"},
    }));
}

#[test]
fn unit_variants_are_text_with_its_choices() {
    #[derive(Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
    #[serde(rename_all = "snake_case")]
    enum Plain {
        FirstChoice,
        Second,
    }
    #[derive(Deserialize, JsonSchema)]
    #[serde(rename_all = "lowercase")]
    enum Documented {
        /// cheap,
        /// but slow.
        Low,
        High,
    }
    #[derive(Deserialize, JsonSchema)]
    struct Input {
        /// How
        plain: Option<Plain>,
        /// How fast
        documented: Documented,
        /// One each
        map: BTreeMap<Plain, bool>,
    }
    assert_properties::<Input>(json!({
        "plain": text("How (one of `first_choice`, `second`)"),
        "documented": text("How fast. One of `high`, `low` (cheap, but slow)"),
        "map": {
            "type": "object",
            "description": "One each (no other keys)",
            "properties": {
                "first_choice": {"type": "boolean"},
                "second": {"type": "boolean"},
            },
        },
    }));
}

#[test]
fn an_internally_tagged_enum_is_an_object_that_explains_its_variants() {
    #[derive(Deserialize, JsonSchema)]
    struct Input {
        shape: Shape,
    }
    assert_properties::<Input>(json!({
        "shape": {
            "type": "object",
            "description": "A shape. `kind` `circle` (A round thing) takes `radius`, optionally `label`. \
                `kind` `at` takes `x` and `y`. `kind` `nothing` takes no other field. \
                `kind` `box` takes `radius`.",
            "properties": {
                "kind": text("Which variant this is (one of `circle`, `at`, `nothing`, `box`)"),
                "radius": {
                    "type": "number",
                    "description": "With `kind` `circle`: How wide. With `kind` `box`: From edge to edge \
                        (only with `kind` `circle` or `box`)",
                },
                "label": text("What it says (only with `kind` `circle`)"),
                "x": {"type": "number", "description": "Across (only with `kind` `at`)"},
                "y": {"type": "number", "description": "Up (only with `kind` `at`)"},
            },
            "required": ["kind"],
        },
    }));
}

#[test]
fn an_adjacently_tagged_enum_unites_its_contents() {
    #[derive(Deserialize, JsonSchema)]
    struct Named {
        /// Its name
        name: Option<String>,
    }
    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "t", content = "c")]
    enum Content {
        A(Point),
        B(Named),
    }
    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "t", content = "c")]
    enum Texts {
        A(String),
        B(String),
    }
    #[derive(Deserialize, JsonSchema)]
    struct Input {
        content: Content,
        texts: Texts,
    }
    let schema = input::<Input>().unwrap();
    let content = &schema["properties"]["content"];
    assert_eq!(content["required"], json!(["t", "c"]));
    assert_eq!(
        content["properties"]["c"],
        json!({
            "type": "object",
            "description": "With `t` `A`: `x` and `y`. With `t` `B`: optionally `name`",
            "properties": {
                "x": {"type": "number", "description": "Across (only with `t` `A`)"},
                "y": {"type": "number", "description": "Up (only with `t` `A`)"},
                "name": text("Its name (only with `t` `B`)"),
            },
        })
    );
    assert_eq!(
        schema["properties"]["texts"]["properties"]["c"],
        text("What the variant holds")
    );
}

#[test]
fn flattened_fields_stand_beside_the_others() {
    #[derive(Deserialize, JsonSchema)]
    struct Named {
        /// Its name
        name: String,
    }
    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "mode")]
    enum Mode {
        Fast,
        Slow {
            /// How slow
            delay: u8,
        },
    }
    #[derive(Deserialize, JsonSchema)]
    struct Input {
        /// First
        id: i64,
        #[serde(flatten)]
        point: Point,
        #[serde(flatten)]
        named: Option<Named>,
        #[serde(flatten)]
        shape: Shape,
        #[serde(flatten)]
        mode: Option<Mode>,
        #[serde(flatten)]
        rest: BTreeMap<String, Vec<bool>>,
    }
    let schema = input::<Input>().unwrap();
    let names: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        [
            "id", "x", "y", "name", "kind", "radius", "label", "mode", "delay"
        ]
    );
    assert_eq!(schema["required"], json!(["id", "x", "y", "kind"]));
    assert!(
        schema["description"]
            .as_str()
            .unwrap()
            .starts_with("Other keys are free, the value of each a list, each item a boolean. "),
        "{schema:#}"
    );
}

#[test]
fn maps_are_objects_whose_keys_and_values_are_described() {
    #[derive(Deserialize, JsonSchema)]
    struct Input {
        /// Counts
        counts: BTreeMap<String, u32>,
        /// By number
        numbered: BTreeMap<u8, Point>,
        /// Anything
        free: serde_json::Map<String, Value>,
    }
    let object = |description: &str| json!({"type": "object", "description": description});
    assert_properties::<Input>(json!({
        "counts": object("Counts. Each key is a free name, its value an integer (at least 0)"),
        "numbered": object(
            "By number. Each key is a whole number from 0, its value an object with \
             `x`: a number (Across), `y`: a number (Up)"
        ),
        "free": object("Anything. Each key is a free name, its value any JSON"),
    }));
}

#[test]
fn what_a_type_refuses_of_unknown_keys_is_told() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    struct Input {}
    assert_eq!(
        input::<Input>().unwrap(),
        json!({"type": "object", "description": "no other keys"})
    );
}

#[test]
fn an_even_tuple_is_a_list() {
    #[derive(Deserialize, JsonSchema)]
    struct Input {
        /// From and to
        range: (i64, i64),
    }
    assert_properties::<Input>(json!({
        "range": {
            "type": "array",
            "description": "From and to (exactly 2 items)",
            "items": {"type": "integer"},
        },
    }));
}
