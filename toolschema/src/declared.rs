//! The GatewayTargets of a template, as they stand in the file: nothing is evaluated, so that no
//! parameter has to be known.

use saphyr_parser::{Event, Parser, ScanError};

use crate::finding::{Finding, source};
use crate::region::Region;
use crate::words::code;

/// A Lambda target with its tools inline: what a region belongs into.
#[derive(Debug, Default)]
struct Declared {
    /// Its name in the template.
    logical_id: String,
    /// The value of `Type`.
    kind: String,
    name: Name,
    /// The lines that it takes, from 1, without the end.
    lines: std::ops::Range<usize>,
    /// Whether its tools come from a Lambda function and stand in the template.
    inline: bool,
}

#[derive(Debug, Default)]
enum Name {
    #[default]
    Absent,
    /// Made by an intrinsic function.
    Computed,
    /// The text and its line, from 1.
    Plain(String, usize),
}

const KIND: &str = "AWS::BedrockAgentCore::GatewayTarget";

/// Compares the names of the targets with those in the template at `file`.
///
/// A region's text does not matter: one that is broken can still be written anew.
pub fn findings(file: &str, text: &str, regions: &[Region]) -> Vec<Finding> {
    let targets = match read(&without(text, regions)) {
        Ok(resources) => resources.into_iter().filter(|r| r.kind == KIND),
        Err(error) => {
            let line = error.marker().line();
            return vec![Finding::new(
                file,
                format!("line {line}: is not YAML: {}", error.info()),
                source::PREFIX,
                "correct it: CloudFormation would not read it either",
            )];
        }
    };
    let targets: Vec<_> = targets.collect();
    let mut findings = Vec::new();
    for region in regions {
        let around = targets.iter().find(|t| t.lines.contains(&region.line));
        findings.extend(match around {
            Some(target) => name(file, target, region),
            None => Some(
                Finding::new(
                    &region.name,
                    format!("{file}:{}: its region stands in no {KIND}", region.line),
                    source::PREFIX,
                    "move the markers under the ToolSchema of the target, so that their names can \
                     be compared",
                )
                .warning(),
            ),
        });
    }
    for target in targets.iter().filter(|target| target.inline) {
        if !regions.iter().any(|r| target.lines.contains(&r.line)) {
            findings.push(
                Finding::new(
                    &target.logical_id,
                    format!(
                        "{file}:{}: the tools of this target come from no type",
                        target.lines.start
                    ),
                    source::PREFIX,
                    "declare the target with `tools!`, name it in toolschema/src/targets.rs and \
                     put its markers under ToolSchema",
                )
                .warning(),
            );
        }
    }
    findings
}

fn name(file: &str, target: &Declared, region: &Region) -> Option<Finding> {
    let expected = &region.name;
    let id = code(&target.logical_id);
    let write =
        format!("write `Name: {expected}`, or rename the target in `tools!` and the region");
    let at = target.lines.start;
    let finding = |line, rule: String, remedy: String| {
        Some(Finding::new(
            expected,
            format!("{file}:{line}: {rule}"),
            source::PREFIX,
            remedy,
        ))
    };
    match &target.name {
        Name::Plain(name, _) if name == expected => None,
        Name::Plain(name, line) => finding(
            *line,
            format!("its resource {id} has the name {}", code(name)),
            write,
        ),
        Name::Absent => finding(at, format!("its resource {id} has no `Name`"), write),
        Name::Computed => finding(
            at,
            format!("its resource {id} has a computed `Name`, which cannot be compared"),
            format!("write `Name: {expected}`: the names of tools are made of it"),
        )
        .map(Finding::warning),
    }
}

/// The text with the inside of each region blank, on the same lines.
fn without(text: &str, regions: &[Region]) -> String {
    let mut blank = String::with_capacity(text.len());
    let mut from = 0;
    for region in regions {
        blank.push_str(text.get(from..region.inner.start).unwrap_or_default());
        let inner = text.get(region.inner.clone()).unwrap_or_default();
        blank.extend(inner.chars().filter(|c| *c == '\n'));
        from = region.inner.end;
    }
    blank.push_str(text.get(from..).unwrap_or_default());
    blank
}

/// A collection that is being read.
struct Open {
    /// The key whose value comes next; `None` in a list, and where a key comes next.
    key: Option<String>,
    is_map: bool,
}

/// All resources, in the order of the file.
fn read(text: &str) -> Result<Vec<Declared>, ScanError> {
    let mut resources: Vec<Declared> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event?;
        if matches!(event, Event::MappingEnd | Event::SequenceEnd) {
            open.pop();
            if open.len() == 2
                && path(&open).first() == Some(&"Resources")
                && let Some(resource) = resources.last_mut()
            {
                resource.lines.end = span.start.line();
            }
            close(&mut open);
            continue;
        }
        let (value, is_map) = match &event {
            Event::MappingStart(..) => (None, true),
            Event::SequenceStart(..) => (None, false),
            Event::Scalar(text, _, _, None) => (Some(text.as_ref()), false),
            // A tag is an intrinsic function.
            Event::Scalar(..) | Event::Alias(_) => (None, false),
            _ => continue,
        };
        if let Some(top) = open.last_mut()
            && top.is_map
            && top.key.is_none()
        {
            top.key = Some(value.unwrap_or_default().to_owned());
            continue;
        }
        note(&mut resources, &path(&open), value, span.start.line());
        if matches!(event, Event::MappingStart(..) | Event::SequenceStart(..)) {
            open.push(Open { key: None, is_map });
        } else {
            close(&mut open);
        }
    }
    Ok(resources)
}

/// The value of the innermost key is complete.
fn close(open: &mut [Open]) {
    if let Some(top) = open.last_mut() {
        top.key = None;
    }
}

/// The keys that lead to the value, empty for an item of a list.
fn path(open: &[Open]) -> Vec<&str> {
    let keys = open.iter().map(|open| open.key.as_deref());
    keys.map(Option::unwrap_or_default).collect()
}

/// Notes the value at `path`; `value` is `None` for anything but plain text.
fn note(resources: &mut Vec<Declared>, path: &[&str], value: Option<&str>, line: usize) {
    let Some((&"Resources", [id, inner @ ..])) = path.split_first() else {
        return;
    };
    if inner.is_empty() {
        resources.push(Declared {
            logical_id: (*id).to_owned(),
            lines: line..usize::MAX,
            ..Declared::default()
        });
    }
    let Some(resource) = resources.last_mut() else {
        return;
    };
    match inner {
        ["Type"] => value.unwrap_or_default().clone_into(&mut resource.kind),
        ["Properties", "Name"] => {
            resource.name = match value {
                Some(name) => Name::Plain(name.to_owned(), line),
                None => Name::Computed,
            };
        }
        ["Properties", "TargetConfiguration", "Mcp", "Lambda"] => resource.inline = true,
        [
            "Properties",
            "TargetConfiguration",
            "Mcp",
            "Lambda",
            "ToolSchema",
            "S3",
        ] => {
            resource.inline = false;
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::region;

    /// What is found in a template whose target `T` has these lines under `Properties`.
    fn found(resource: &str, name: &str) -> Vec<String> {
        let text = format!(
            "Parameters:\n  Needed: {{Type: String}}\nResources:\n  Topic:\n    Type: AWS::SNS::Topic\n\
             {resource}    Type: AWS::BedrockAgentCore::GatewayTarget\n    Properties:\n{name}      \
             TargetConfiguration:\n        Mcp:\n          Lambda:\n            ToolSchema:\n              \
             # toolschema:begin T\n              <<<<<<< - {{\n              # toolschema:end T\n  \
             Last:\n    Type: AWS::SNS::Topic\n    Properties: {{Name: !Ref Needed}}\n"
        );
        let found = findings("t.yaml", &text, &region::find(&text).unwrap());
        found
            .iter()
            .map(|f| format!("{:?} {}: {}", f.level, f.tool, f.rule))
            .collect()
    }

    #[test]
    fn a_name_is_the_same_in_the_types_and_in_the_template() {
        for name in ["T", "'T'", "\"T\" # the tools"] {
            assert_eq!(
                found("  Target:\n", &format!("      Name: {name}\n")),
                [""; 0]
            );
        }
        assert_eq!(
            found("  Target:\n", "      Name: Tools\n"),
            ["Error T: t.yaml:9: its resource `Target` has the name `Tools`"]
        );
        assert_eq!(
            found("  Target:\n", ""),
            ["Error T: t.yaml:7: its resource `Target` has no `Name`"]
        );
        for computed in ["!Sub T", "!Sub 'T'", "{Ref: Needed}", "[T]"] {
            assert_eq!(
                found("  Target:\n", &format!("      Name: {computed}\n")),
                [
                    "Warning T: t.yaml:7: its resource `Target` has a computed `Name`, which cannot \
                  be compared"
                ],
                "{computed}"
            );
        }
    }

    #[test]
    fn a_target_without_a_region_and_a_region_without_a_target_are_told() {
        let other = |schema: &str| {
            format!(
                "  Other:\n    Type: AWS::BedrockAgentCore::GatewayTarget\n    Properties:\n      \
                 Name: Other\n      TargetConfiguration: {{Mcp: {schema}}}\n  Target:\n"
            )
        };
        let name = "      Name: T\n";
        assert_eq!(
            found(&other("{Lambda: {ToolSchema: {InlinePayload: []}}}"), name),
            ["Warning Other: t.yaml:7: the tools of this target come from no type"]
        );
        for schema in [
            "{Lambda: {ToolSchema: {S3: {Uri: x}}}}",
            "{OpenApiSchema: {S3: x}}",
        ] {
            assert_eq!(found(&other(schema), name), [""; 0]);
        }
        let text = "Resources:\n  A:\n    Type: X\n# toolschema:begin T\n# toolschema:end T\n";
        let found = findings("t.yaml", text, &region::find(text).unwrap());
        assert_eq!(
            found[0].rule,
            "t.yaml:4: its region stands in no AWS::BedrockAgentCore::GatewayTarget"
        );
    }

    #[test]
    fn what_is_no_yaml_is_told_with_its_line_and_odd_yaml_is_survived() {
        let found = findings("t.yaml", "a: b\nc: d: e\n", &[]);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].rule.starts_with("line 2: is not YAML"),
            "{found:?}"
        );
        for odd in [
            "",
            "5",
            "[[a], {b: c}]",
            "Resources: 5",
            "Resources: [a]",
            "? [a]\n: b",
            "a: &x [*x]",
        ] {
            findings("t.yaml", odd, &[]);
        }
        findings("t.yaml", &"[".repeat(10_000), &[]);
    }
}
