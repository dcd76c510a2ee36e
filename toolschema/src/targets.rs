//! Which targets there are.

use tools::Definition;

use crate::definition::ToolDefinition;
use crate::finding::Finding;
use crate::{lint, lower};

/// Every target whose tools are written into `template.yaml`: add new ones here.
pub const ALL: &[Target] = &[Target::of::<tools::ReportTools>()];

/// A Gateway target and where its tools come from.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The name, as in `AWS::BedrockAgentCore::GatewayTarget` and in the region's markers.
    pub name: &'static str,
    /// The tools with their full JSON Schemas.
    pub definitions: fn() -> Vec<Definition>,
}

/// A target with its tools in the Gateway's dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lowered {
    /// The target's name.
    pub name: &'static str,
    /// Its tools, in the order of declaration.
    pub tools: Vec<ToolDefinition>,
}

impl Target {
    /// The target declared by `T`.
    pub const fn of<T: tools::Target>() -> Self {
        Self {
            name: T::NAME,
            definitions: T::definitions,
        }
    }

    /// Lowers and lints all tools, with their output schemas only if asked for.
    ///
    /// # Errors
    /// All problems of all tools.
    pub fn lower(&self, with_outputs: bool) -> Result<Lowered, Vec<Finding>> {
        let mut lowered = Lowered {
            name: self.name,
            tools: Vec::new(),
        };
        let mut findings = Vec::new();
        for definition in (self.definitions)() {
            match lower::tool(self.name, &definition, with_outputs) {
                Ok(tool) => lowered.tools.push(tool),
                Err(more) => findings.extend(more),
            }
        }
        findings.extend(lint::target(&lowered));
        if findings.is_empty() {
            Ok(lowered)
        } else {
            Err(findings)
        }
    }
}

/// Lowers several targets.
///
/// # Errors
/// All problems of all tools of all targets.
pub fn lower_all(targets: &[Target], with_outputs: bool) -> Result<Vec<Lowered>, Vec<Finding>> {
    let mut lowered = Vec::new();
    let mut findings = Vec::new();
    for target in targets {
        match target.lower(with_outputs) {
            Ok(target) => lowered.push(target),
            Err(more) => findings.extend(more),
        }
    }
    if findings.is_empty() {
        Ok(lowered)
    } else {
        Err(findings)
    }
}
