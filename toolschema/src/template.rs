//! `template.yaml` as it should be: the region of each target holds its tools' definitions.

use similar::TextDiff;
use thiserror::Error;

use crate::region::{self, MarkerError};
use crate::render::{self, Spelling};
use crate::targets::Lowered;
use crate::yaml;

/// Why a template cannot be brought up to date.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Problem {
    /// A marker is wrong.
    #[error(transparent)]
    Marker(#[from] MarkerError),
    /// The template has a region of a target that is not known.
    #[error(
        "line {line}: no target is called `{name}`; known: {known}. Rename the region, or add the \
         target in toolschema/src/targets.rs"
    )]
    UnknownTarget {
        /// The line of the begin marker, from 1.
        line: usize,
        /// The region's name.
        name: String,
        /// The targets that there are.
        known: String,
    },
    /// The template has no region for a target.
    #[error(
        "the target `{name}` has no region: put the lines `# toolschema:begin {name}` and \
         `# toolschema:end {name}` under the ToolSchema of its GatewayTarget"
    )]
    NoRegion {
        /// The target's name.
        name: &'static str,
    },
}

/// The template with all regions as the types want them. Equal to `text` if it is up to date.
///
/// # Errors
/// All problems of the markers.
pub fn up_to_date(text: &str, targets: &[Lowered]) -> Result<String, Vec<Problem>> {
    let regions = region::find(text)
        .map_err(|errors| errors.into_iter().map(Problem::from).collect::<Vec<_>>())?;
    let mut problems = Vec::new();
    for region in &regions {
        if !targets.iter().any(|target| target.name == region.name) {
            let known: Vec<_> = targets.iter().map(|t| format!("`{}`", t.name)).collect();
            problems.push(Problem::UnknownTarget {
                line: region.line,
                name: region.name.clone(),
                known: known.join(", "),
            });
        }
    }
    for target in targets {
        if !regions.iter().any(|region| region.name == target.name) {
            problems.push(Problem::NoRegion { name: target.name });
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
