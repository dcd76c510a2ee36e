//! What a target is to be, from the options and the tools' types.

use std::fmt;

use serde_json::Value;
use toolschema::{
    Level,
    render::{self, Spelling},
    targets::{self, Target},
};

use crate::cli::TargetPut;

/// Characters of a description (AgentCore control-plane API, `TargetDescription`).
const DESCRIPTION: usize = 200;
/// Characters of `Target___tool` (Amazon Bedrock Converse API, tool names).
const PREFIXED: usize = 64;

/// A target as it is wanted.
#[derive(Debug)]
#[cfg_attr(
    not(any(feature = "aws", test)),
    expect(dead_code, reason = "read only where AWS can be called")
)]
pub(super) struct Wanted {
    /// Its name at the gateway, and the prefix of its tools' names.
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) function_arn: String,
    /// `{"inlinePayload": [..]}` as the API spells it.
    pub(super) schema: Value,
    tools: usize,
}

/// What cannot be wanted.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unfit {
    #[error("no target `{0}` is declared by the types: there is `{1}`")]
    NoTarget(String, String),
    #[error("the types declare several targets: choose one of `{0}` with --target")]
    SeveralTargets(String),
    #[error(
        "`{0}` is not the ARN of a function: expected one such as \
         `arn:aws:lambda:us-east-1:123456789012:function:report-tools:live`"
    )]
    Arn(String),
    #[error(
        "`{0}` is no name for a target: expected letters and digits, with single hyphens between them"
    )]
    Name(String),
    #[error(
        "`{name}` has {length} characters: expected {PREFIXED} at most, so choose a shorter --name"
    )]
    Prefixed { name: String, length: usize },
    #[error("the description has {0} characters: expected 1 to {DESCRIPTION}")]
    Description(usize),
    #[error("the tools cannot be attached:\n{0}")]
    Tools(String),
}

impl Wanted {
    /// Checks what AWS would refuse without saying why.
    pub(super) fn read(options: &TargetPut, declared: &[Target]) -> Result<Self, Unfit> {
        let target = choose(options.target.as_deref(), declared)?;
        let name = options
            .name
            .clone()
            .unwrap_or_else(|| target.name.to_owned());
        if !is_target_name(&name) {
            return Err(Unfit::Name(name));
        }
        if !is_function_arn(&options.function_arn) {
            return Err(Unfit::Arn(options.function_arn.clone()));
        }
        if let Some(length) = options
            .description
            .as_ref()
            .map(|text| text.chars().count())
            && !(1..=DESCRIPTION).contains(&length)
        {
            return Err(Unfit::Description(length));
        }
        let (lowered, findings) = targets::lower_all(&[target], false);
        let errors = findings
            .iter()
            .filter(|finding| finding.level == Level::Error);
        let errors: Vec<String> = errors.map(ToString::to_string).collect();
        if !errors.is_empty() {
            return Err(Unfit::Tools(errors.join("\n")));
        }
        let tools: Vec<_> = lowered
            .into_iter()
            .flat_map(|target| target.tools)
            .collect();
        for tool in &tools {
            let name = format!("{name}___{}", tool.name);
            let length = name.chars().count();
            if length > PREFIXED {
                return Err(Unfit::Prefixed { name, length });
            }
        }
        Ok(Self {
            name,
            description: options.description.clone(),
            function_arn: options.function_arn.clone(),
            schema: render::inline_payload(&tools, Spelling::Camel),
            tools: tools.len(),
        })
    }
}

/// In words, for messages.
impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the target `{}` ({} tools)", self.name, self.tools)
    }
}

fn choose(name: Option<&str>, declared: &[Target]) -> Result<Target, Unfit> {
    let names = || {
        declared
            .iter()
            .map(|target| target.name)
            .collect::<Vec<_>>()
            .join("`, `")
    };
    match (name, declared) {
        (Some(name), _) => declared
            .iter()
            .find(|target| target.name == name)
            .copied()
            .ok_or_else(|| Unfit::NoTarget(name.to_owned(), names())),
        (None, [only]) => Ok(*only),
        (None, _) => Err(Unfit::SeveralTargets(names())),
    }
}

/// `([0-9a-zA-Z][-]?){1,100}` (AgentCore control-plane API, `TargetName`).
fn is_target_name(name: &str) -> bool {
    let letters = name.chars().filter(char::is_ascii_alphanumeric).count();
    (1..=100).contains(&letters)
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && !name.starts_with('-')
        && !name.contains("--")
}

/// `arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME`, with or without a qualifier.
fn is_function_arn(arn: &str) -> bool {
    let parts: Vec<&str> = arn.split(':').collect();
    let told = |part: &&str| !part.is_empty();
    matches!(parts.as_slice(), ["arn", _, "lambda", _, _, "function", ..])
        && (7..=8).contains(&parts.len())
        && parts.iter().all(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:lambda:us-east-1:123456789012:function:report-tools";

    fn options() -> TargetPut {
        TargetPut {
            gateway_id: "tools-abcdefghij".to_owned(),
            function_arn: ARN.to_owned(),
            target: None,
            name: None,
            description: None,
            dry_run: false,
            wait: 300,
        }
    }

    fn unfit(change: impl FnOnce(&mut TargetPut)) -> String {
        let mut options = options();
        change(&mut options);
        Wanted::read(&options, targets::ALL)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn the_target_is_named_after_its_types_unless_another_name_is_told() {
        let mut options = options();
        options.target = Some("ReportTools".to_owned());
        let wanted = Wanted::read(&options, targets::ALL).unwrap();
        assert_eq!(wanted.name, "ReportTools");
        assert_eq!(
            wanted.schema["inlinePayload"][0]["name"],
            "markdown_to_email"
        );
        options.name = Some("Mails".to_owned());
        assert_eq!(Wanted::read(&options, targets::ALL).unwrap().name, "Mails");
    }

    #[test]
    fn what_aws_would_refuse_is_named_first() {
        assert!(unfit(|o| o.target = Some("Nope".to_owned())).contains("there is `ReportTools`"));
        for name in ["Report_Tools", "-a", "a--b", ""] {
            assert!(
                unfit(|o| o.name = Some(name.to_owned())).contains("is no name"),
                "{name}"
            );
        }
        for arn in [
            "report-tools",
            "arn:aws:lambda:us-east-1:1:layer:x",
            "arn:aws:lambda:::function:",
        ] {
            assert!(
                unfit(|o| o.function_arn = arn.to_owned()).contains("is not the ARN"),
                "{arn}"
            );
        }
        assert!(unfit(|o| o.description = Some("x".repeat(201))).contains("201 characters"));
        assert!(unfit(|o| o.name = Some("N".repeat(60))).contains("a shorter --name"));
    }

    #[test]
    fn a_schema_over_one_megabyte_is_refused() {
        let long = Target {
            name: "Long",
            definitions: || {
                let mut tools = (targets::ALL[0].definitions)();
                tools[0].description = String::leak("Reads a long text. ".repeat(60_000));
                tools
            },
        };
        let error = Wanted::read(&options(), &[long]).unwrap_err().to_string();
        assert!(error.contains("1000000 are allowed"), "{error}");
    }
}
