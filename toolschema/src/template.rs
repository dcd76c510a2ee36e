//! `template.yaml` as it should be: the region of each target holds its tools' definitions.

use similar::TextDiff;

use crate::finding::{Finding, source};
use crate::region;
use crate::render::{self, Spelling};
use crate::targets::Lowered;
use crate::words::code;
use crate::yaml;

/// The template `file` with all regions as the types want them. Equal to `text` if it is up to
/// date.
///
/// # Errors
/// All that is wrong with the markers: they do not pair up, or name no target, or are missing.
pub fn up_to_date(file: &str, text: &str, targets: &[Lowered]) -> Result<String, Vec<Finding>> {
    let problem = |rule: String, remedy: String| Finding::new(file, rule, source::MARKERS, remedy);
    let regions = region::find(text).map_err(|errors| {
        let remedy = "begin and end each region with a line of its own, both with one name";
        let errors = errors
            .iter()
            .map(|error| problem(error.to_string(), remedy.to_owned()));
        errors.collect::<Vec<_>>()
    })?;
    let mut problems = Vec::new();
    for region in &regions {
        if !targets.iter().any(|target| target.name == region.name) {
            let known: Vec<_> = targets.iter().map(|t| code(t.name)).collect();
            problems.push(problem(
                format!(
                    "line {}: no target is called {}; known: {}",
                    region.line,
                    code(&region.name),
                    known.join(", ")
                ),
                "rename the region, or add the target in toolschema/src/targets.rs".to_owned(),
            ));
        }
    }
    for Lowered { name, .. } in targets {
        if !regions.iter().any(|region| region.name == *name) {
            problems.push(problem(
                format!("the target {} has no region", code(name)),
                format!(
                    "put the lines `# toolschema:begin {name}` and `# toolschema:end {name}` under \
                     the ToolSchema of its GatewayTarget"
                ),
            ));
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(region::replace(text, &regions, |name| {
        targets
            .iter()
            .find(|target| target.name == name)
            .map(lines)
            .unwrap_or_default()
    }))
}

/// A target's `InlinePayload` as lines of YAML.
pub fn lines(target: &Lowered) -> Vec<String> {
    yaml::lines(&render::inline_payload(&target.tools, Spelling::Pascal))
}

/// A unified diff from `is` to `should`, for people; `name` is the file's.
pub fn diff(name: &str, is: &str, should: &str) -> String {
    TextDiff::from_lines(is, should)
        .unified_diff()
        .header(name, &format!("{name} (from the types)"))
        .to_string()
}
