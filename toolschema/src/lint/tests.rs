use super::*;
use crate::definition::Fields;

const DESCRIPTION: &str = "Does it. Use this when it must be done.";

fn with(name: &str, description: &str, fields: &[(&str, &str)]) -> ToolDefinition {
    let mut input = Fields::default();
    for (name, doc) in fields {
        let mut schema = SchemaDefinition::of(Shape::String);
        (*doc).clone_into(&mut schema.doc);
        input.properties.push(((*name).to_owned(), schema));
    }
    ToolDefinition {
        name: name.to_owned(),
        description: description.to_owned(),
        input: SchemaDefinition::of(Shape::Object(input)),
        output: None,
    }
}

fn findings(name: &'static str, tools: Vec<ToolDefinition>) -> Vec<Finding> {
    let contracts = Vec::new();
    all(&[Lowered {
        name,
        tools,
        contracts,
    }])
}

fn rules(name: &'static str, tools: Vec<ToolDefinition>) -> Vec<String> {
    findings(name, tools)
        .into_iter()
        .map(|f| f.to_string().lines().next().unwrap().to_owned())
        .collect()
}

#[test]
fn a_target_within_the_limits_has_no_findings() {
    let longest = "t".repeat(64 - "Report-Tools2___".len());
    assert_eq!(
        rules(
            "Report-Tools2",
            vec![with(&longest, DESCRIPTION, &[("a", "What comes first")])]
        ),
        [""; 0]
    );
}

#[test]
fn each_broken_limit_is_found() {
    for name in ["", "-a", "a--b", "a_b", "a b", "é"] {
        let rules = rules(name, vec![]);
        assert!(
            rules[0].ends_with("is no name for a target"),
            "{name}: {rules:?}"
        );
    }
    let long = "t".repeat(65 - "T___".len());
    assert_eq!(
        rules(
            "T",
            vec![
                with("a.b", DESCRIPTION, &[]),
                with(&long, "Does more. Use it often.", &[]),
                with("c", "", &[("x", "")]),
            ]
        ),
        [
            "error: T___a.b: `a.b` is no name for a tool".to_owned(),
            format!(
                "error: T___{long}: the name with its target's prefix has 65 characters, 64 are \
                 allowed"
            ),
            "error: T___c: has no description".to_owned(),
            "error: T___c, `input.x`: has no description".to_owned(),
        ]
    );
}

#[test]
fn too_many_tools_and_too_many_bytes_are_found() {
    let tools = vec![with("t", &"d".repeat(1_000), &[]); 1_001];
    let found = rules("T", tools);
    assert_eq!(found[0], "error: T: has 1001 tools, 1000 are allowed");
    assert!(
        found[1].starts_with("error: T: the inline schema has "),
        "{found:?}"
    );
}

#[test]
fn descriptions_that_do_not_help_the_model_are_warned_of() {
    let tools = vec![
        with("send_mail", "Sends a mail to one person.", &[]),
        with("send_it", "To send it", &[]),
        with(
            "copy",
            DESCRIPTION,
            &[
                ("from", "Where it lies"),
                ("userId", "The user id."),
                ("to", "where it lies."),
                ("why", DESCRIPTION),
            ],
        ),
        with("twin", "Does it. Use this, when it must be done", &[]),
    ];
    assert_eq!(
        rules("T", tools),
        [
            "warning: T___send_mail: the description does not say when to use the tool",
            "warning: T___send_it: the description only repeats the tool's name",
            "warning: T___copy, `input.userId`: the description only repeats the field's name",
            "warning: T___copy, `input.why`: has the tool's description",
            "warning: T___copy, `input.to`: has the same description as `from`",
            "warning: T___twin: has the same description as `T___copy`",
        ]
    );
}

#[test]
fn a_type_used_twice_copies_no_description() {
    let point = with("", "", &[("x", "Across")]).input;
    let mut tool = with("t", DESCRIPTION, &[]);
    let Shape::Object(fields) = &mut tool.input.shape else {
        unreachable!()
    };
    for name in ["from", "to"] {
        let mut point = point.clone();
        point.doc = format!("Where {name} is");
        fields.properties.push((name.to_owned(), point));
    }
    assert_eq!(rules("T", vec![tool]), [""; 0]);
}

#[test]
fn a_secret_is_an_error_with_a_way_out() {
    let fields = [
        ("access_token", "What the API wants"),
        ("token_count", "How many"),
    ];
    let found = findings("T", vec![with("t", DESCRIPTION, &fields)]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].path, "input.access_token");
    assert!(found[0].remedy.contains("AgentCore Identity"));
}

#[test]
fn names_fall_into_words() {
    for (name, words) in [
        ("api_key", "api key"),
        ("apiKey", "api key"),
        ("APIKey", "api key"),
        ("X-Api-Key", "x api key"),
        ("größeÄ2", "größe ä2"),
        ("__", ""),
    ] {
        assert_eq!(name_words(name).join(" "), words);
    }
}
