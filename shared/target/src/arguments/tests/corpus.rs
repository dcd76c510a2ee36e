//! What is said of an argument that does not fit, for each kind of type and constraint.

use serde_json::{Value, json};
use tools::Tool;

use super::{
    parse, refusal,
    types::{Buffered, Corpus},
};

#[test]
fn a_broken_constraint_says_what_came_and_what_is_allowed() {
    says::<Corpus>(&[
        (
            json!({"text": "x"}),
            "`text` has 1 character: expected at least 2",
        ),
        (
            json!({"text": "éééééé"}),
            "`text` has 6 characters: expected at most 5",
        ),
        (
            json!({"bytes": "éé"}),
            "`bytes` has 4 bytes: expected at most 3",
        ),
        (
            json!({"list": [1, 2, 3]}),
            "`list` has 3 items: expected at most 2",
        ),
        (
            json!({"list": [1, 10]}),
            "`list[1]` is `10`: expected at most 9",
        ),
        (
            json!({"grid": [[], ["x", "yy"]]}),
            "`grid[1][1]` has 2 characters: expected at most 1",
        ),
        (
            json!({"map": {"a": 1, "b": 2}}),
            "`map` has 2 entries: expected at most 1",
        ),
        (
            json!({"nested_map": {"a": {"size": 11}}}),
            "`nested_map.a.size` is `11`: expected at most 10",
        ),
        (
            json!({"ratio": 0.25}),
            "`ratio` is `0.25`: expected at least 0.5",
        ),
        (json!({"count": 51}), "`count` is `51`: expected at most 50"),
        (
            json!({"link": "secret"}),
            "`link` does not fit: expected a text that begins with `https://`; \
             `link` does not fit: expected a text that ends with `.pdf`",
        ),
        (
            json!({"address": "secret"}),
            "`address` does not fit: expected a text that contains `@`",
        ),
        (
            json!({"ascii": "sécret"}),
            "`ascii` does not fit: expected ASCII characters only",
        ),
        (
            json!({"code": "se cret"}),
            "`code` does not fit: expected letters and digits only",
        ),
        (
            json!({"ip": "secret"}),
            "`ip` does not fit: expected an IP address",
        ),
        (json!({"even": 3}), "`even` is `3`: expected an even number"),
        (
            json!({"nested": [{"size": 1}, {"size": 11}]}),
            "`nested[1].size` is `11`: expected at most 10",
        ),
        (json!({"needs": {}}), "`needs.value` is missing"),
        (
            json!({"needs": {"value": null}}),
            "`needs.value` is missing",
        ),
    ]);
}

#[test]
fn a_constraint_is_told_by_the_argument_and_not_by_the_field() {
    says::<Corpus>(&[
        (
            json!({"percent": 101}),
            "`percent` is `101`: expected at most 100",
        ),
        (
            json!({"clear": "xx"}),
            "`clear` has 2 characters: expected at most 1",
        ),
        (
            json!({"type": "xx"}),
            "`type` has 2 characters: expected at most 1",
        ),
        (
            json!({"camel": {"firstName": "xx"}}),
            "`camel.firstName` has 2 characters: expected at most 1",
        ),
        // A field's own `rename` is the limit.
        (
            json!({"own-name": "xx"}),
            "`renamed` has another length: expected at most 1",
        ),
    ]);
    says::<Buffered>(&[
        (json!({"page": 0}), "`page` is `0`: expected at least 1"),
        (
            json!({"shape": {"kind": "path", "points": [{"x": 11, "y": 0}]}}),
            "`shape.points[0].x` is `11`: expected at most 10",
        ),
        (
            json!({"adjacent": {"kind": "circle", "content": {"radius": 10.5}}}),
            "`adjacent.content.radius` is `10.5`: expected at most 10",
        ),
    ]);
}

#[test]
fn a_value_of_the_wrong_type_says_what_came_and_what_would_fit() {
    says::<Corpus>(&[
        (json!({"text": 5}), "`text` is a number: expected a string"),
        (
            json!({"list": {}}),
            "`list` is an object: expected an array",
        ),
        (
            json!({"list": [1, "secret"]}),
            "`list[1]` is a string: expected an integer",
        ),
        (json!({"map": []}), "`map` is an array: expected an object"),
        (
            json!({"map": {"a": true}}),
            "`map.a` is a boolean: expected an integer from 0 to 255",
        ),
        (
            json!({"ratio": "0.5"}),
            "`ratio` is a string: expected a number",
        ),
        (
            json!({"count": 256}),
            "`count` is `256`: expected an integer from 0 to 255",
        ),
        (
            json!({"count": 1.5}),
            "`count` is `1.5`: expected an integer from 0 to 255",
        ),
        (
            json!({"switch": "true"}),
            "`switch` is a string: expected a boolean",
        ),
        (
            json!({"letter": "secret"}),
            "`letter` is a string: expected a text of one character",
        ),
        (
            json!({"signed": u64::MAX}),
            "`signed` is `18446744073709551615`: expected an integer",
        ),
        (
            json!({"pair": [1]}),
            "`pair` has length 1: expected an array of 2",
        ),
        (
            json!({"pair": [1, "a", 2]}),
            "`pair` has length 3: expected an array of 2",
        ),
        (
            json!({"choice": "secret"}),
            "`choice` is none of the choices: expected `html` or `plain_text`",
        ),
        (
            json!({"choice": 5}),
            "`choice` is a number: expected `html` or `plain_text`",
        ),
        (
            json!({"choice": {"html": null}}),
            "`choice` is an object: expected `html` or `plain_text`",
        ),
        (json!({"nested": [{}]}), "`nested[0].size` is missing"),
        (
            json!({"nested": [[1]]}),
            "`nested[0]` is an array: expected an object",
        ),
        (
            json!({"percent": [5]}),
            "`percent` is an array: expected an integer from 0 to 255",
        ),
        (
            json!({"strict": {"x": 1}}),
            "`strict.x` is not known: expected `known`",
        ),
    ]);
}

#[test]
fn inside_a_tagged_enum_the_path_is_told_where_only_one_value_can_be_meant() {
    let path = |points: Value| json!({"shape": {"kind": "path", "points": points}});
    says::<Buffered>(&[
        (
            json!({"page": "secret"}),
            "`page` is a string: expected an integer from 0 to 255",
        ),
        (
            json!({"shape": 5}),
            "`shape` is a number: expected an object",
        ),
        (
            json!({"shape": ["circle", 5]}),
            "`shape` is an array: expected an object",
        ),
        (json!({"shape": {"radius": 5}}), "`shape.kind` is missing"),
        (
            json!({"shape": {"kind": "x"}}),
            "`shape.kind` is none of the choices: expected `circle` or `path`",
        ),
        (
            json!({"shape": {"kind": "circle", "radius": "secret"}}),
            "`shape.radius` is a string: expected a number",
        ),
        (
            json!({"shape": {"kind": "circle"}}),
            "`shape.radius` is missing",
        ),
        (
            path(json!([{"x": 1, "y": 2}, {"x": true, "y": 2}])),
            "`shape.points[1].x` is a boolean: expected an integer",
        ),
        (
            path(json!([{"x": "a", "y": "a"}])),
            "a value in `shape` is a string: expected an integer",
        ),
        (
            path(json!([{"x": 1}])),
            "`y` is missing somewhere in `shape`",
        ),
        (
            path(json!([{"x": 1, "y": 2, "z": 3}])),
            "`shape.points[0].z` is not known: expected `x` or `y`",
        ),
        (
            json!({"strict": {"x": 1}}),
            "`strict.x` is not known: expected `known`",
        ),
        (
            path(json!([{"x": 1, "y": 2}, 7])),
            "`shape.points[1]` is a number: expected an object",
        ),
        (
            json!({"adjacent": {"kind": "circle", "content": {"radius": true}}}),
            "`adjacent.content.radius` is a boolean: expected a number",
        ),
    ]);
}

#[test]
fn an_integer_may_be_written_with_a_point() {
    let read = parse::<Corpus>(&json!({"count": 5.0, "signed": -7.0}))
        .ok()
        .unwrap();
    assert_eq!((read.count, read.signed), (Some(5), Some(-7)));
    says::<Corpus>(&[
        (
            json!({"signed": 1e300}),
            "`signed` is `1e+300`: expected an integer",
        ),
        (
            json!({"count": -1.0}),
            "`count` is `-1`: expected an integer from 0 to 255",
        ),
    ]);
}

#[test]
fn what_fits_is_read() {
    for event in [
        json!({}),
        json!({"text": "éé", "list": [9], "map": {"a": 255}, "ratio": 1, "count": 50}),
        json!({"link": "https://a/b.pdf", "choice": "plain_text", "percent": 100, "pair": [1, "a"]}),
        json!({"text": null, "unknown": [{}], "strict": {}, "needs": {"value": ""}, "letter": "é"}),
    ] {
        assert!(parse::<Corpus>(&event).is_ok(), "{event}");
    }
    let event = json!({"shape": {"kind": "circle", "radius": 5}, "page": 1, "unknown": {}});
    assert!(parse::<Buffered>(&event).is_ok());
}

/// Each event is refused with exactly that, and no text that came is repeated.
fn says<I: Tool>(table: &[(Value, &str)]) {
    for (event, what) in table {
        let said = refusal::<I>(event.clone());
        assert_eq!(
            said,
            format!("the arguments of `corpus` do not fit: {what}"),
            "{event}"
        );
        assert!(
            !said.contains("secret") && !said.contains("sécret"),
            "{said}"
        );
    }
}
