//! What the dialect cannot carry is refused with its path, all at once.

use super::*;

#[test]
fn recursion_is_refused_with_both_places() {
    #[derive(Deserialize, JsonSchema)]
    struct Node {
        children: Vec<Node>,
    }
    #[derive(Deserialize, JsonSchema)]
    struct Left {
        right: Option<Box<Right>>,
    }
    #[derive(Deserialize, JsonSchema)]
    struct Right {
        left: Box<Left>,
    }
    #[derive(Deserialize, JsonSchema)]
    struct Input {
        tree: Node,
        left: Left,
    }
    assert_eq!(
        findings::<Input>(),
        [
            "input.tree.children[]: contains itself: `Node` at `input.tree` has another `Node` at \
             `input.tree.children[]`, and the dialect has no references",
            "input.left.right.left: contains itself: `Left` at `input.left` has another `Left` at \
             `input.left.right.left`, and the dialect has no references",
        ]
    );
    assert_eq!(
        findings::<Node>(),
        [
            "input.children[]: contains itself: `Node` at `input` has another `Node` at \
             `input.children[]`, and the dialect has no references"
        ]
    );
}

#[test]
fn a_type_used_twice_is_not_recursion() {
    #[derive(Deserialize, JsonSchema)]
    struct Input {
        from: Point,
        to: Vec<Point>,
        by: Option<Point>,
    }
    assert!(input::<Input>().is_ok());
}

#[test]
fn all_problems_of_a_type_are_told_together() {
    #[derive(Deserialize, JsonSchema)]
    #[serde(untagged)]
    enum Untagged {
        A(String),
        B(u8),
    }
    #[derive(Deserialize, JsonSchema)]
    enum External {
        A(String),
        B { x: u8 },
        C,
    }
    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "t", content = "c")]
    enum Adjacent {
        A(String),
        B(u8),
    }
    #[derive(Deserialize, JsonSchema)]
    enum Never {}
    #[derive(Deserialize, JsonSchema)]
    struct Input {
        any: Value,
        list: Vec<Value>,
        unit: (),
        tuple: (String, u8),
        untagged: Untagged,
        external: Option<External>,
        result: Result<u8, String>,
        adjacent: Adjacent,
        fine: String,
        map: std::collections::BTreeMap<String, Untagged>,
        #[schemars(extend("not" = {"const": ""}))]
        not_empty: String,
        never: Never,
    }
    let alternatives = "is one of several types that no tag tells apart (an untagged or externally \
                        tagged enum), and the dialect has no alternatives";
    let any = "accepts any JSON value, and the dialect has no type for that";
    assert_eq!(
        findings::<Input>(),
        [
            format!("input.any: {any}"),
            format!("input.list[]: {any}"),
            "input.unit: is always null, which the dialect has no type for".to_owned(),
            "input.tuple: is a tuple whose places hold different things, and the dialect's lists \
             hold one"
                .to_owned(),
            format!("input.untagged: {alternatives}"),
            format!("input.external: {alternatives}"),
            format!("input.result: {alternatives}"),
            "input.adjacent.c: has the type `string` with `t` `A` and `integer` with `t` `B`, and \
             the dialect has one type per field"
                .to_owned(),
            format!("input.map.*: {alternatives}"),
            "input.not_empty: uses the keyword `not`".to_owned(),
            "input.never: accepts no value at all".to_owned(),
        ]
    );
}

#[test]
fn the_top_level_must_be_an_object() {
    assert_eq!(findings::<String>(), ["input: is a string, not an object"]);
    assert_eq!(
        findings::<Vec<u8>>(),
        ["input: is a list, each item an integer (0 to 255), not an object"]
    );
}
