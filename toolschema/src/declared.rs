//! The GatewayTargets of a template, as they stand in the file: nothing is evaluated, so that no
//! parameter has to be known.

use template::{Declared, Template, Written};

use crate::finding::{Finding, source};
use crate::region::Region;
use crate::words::code;

const KIND: &str = "AWS::BedrockAgentCore::GatewayTarget";

/// Where the tools of a Lambda target come from.
const LAMBDA: [&str; 4] = ["Properties", "TargetConfiguration", "Mcp", "Lambda"];
const STORED: [&str; 6] = [
    "Properties",
    "TargetConfiguration",
    "Mcp",
    "Lambda",
    "ToolSchema",
    "S3",
];

/// Compares the names of the targets with those in the template at `file`.
///
/// A region's text does not matter: one that is broken can still be written anew.
pub fn findings(file: &str, text: &str, regions: &[Region]) -> Vec<Finding> {
    let template = match Template::parse(&without(text, regions)) {
        Ok(template) => template,
        Err(errors) => {
            let finding = |error: &template::Error| {
                Finding::new(
                    file,
                    error.to_string(),
                    source::PREFIX,
                    "correct it: CloudFormation would not read it either",
                )
            };
            return errors.iter().map(finding).collect();
        }
    };
    let targets: Vec<_> = template.declared().filter(|d| d.kind() == KIND).collect();
    let mut findings = Vec::new();
    for region in regions {
        let around = targets.iter().find(|t| t.lines().contains(&region.line));
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
    for target in targets.iter().filter(|target| is_inline(target)) {
        if !regions.iter().any(|r| target.lines().contains(&r.line)) {
            findings.push(
                Finding::new(
                    target.logical_id(),
                    format!(
                        "{file}:{}: the tools of this target come from no type",
                        target.lines().start
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

/// Whether its tools come from a Lambda function and stand in the template.
fn is_inline(target: &Declared<'_>) -> bool {
    target.written(&LAMBDA) != Written::Absent && target.written(&STORED) == Written::Absent
}

fn name(file: &str, target: &Declared<'_>, region: &Region) -> Option<Finding> {
    let expected = &region.name;
    let id = code(target.logical_id());
    let write =
        format!("write `Name: {expected}`, or rename the target in `tools!` and the region");
    let at = target.lines().start;
    let finding = |line, rule: String, remedy: String| {
        Some(Finding::new(
            expected,
            format!("{file}:{line}: {rule}"),
            source::PREFIX,
            remedy,
        ))
    };
    match target.written(&["Properties", "Name"]) {
        Written::Text(name, _) if name == expected => None,
        Written::Text(name, place) => finding(
            place.line,
            format!("its resource {id} has the name {}", code(name)),
            write,
        ),
        Written::Absent => finding(at, format!("its resource {id} has no `Name`"), write),
        Written::Computed(_) | Written::Collection(_) => finding(
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
        assert!(found[0].rule.starts_with("2:5: not YAML"), "{found:?}");
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
