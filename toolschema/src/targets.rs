//! Which targets there are.

use tools::Definition;

use crate::contract::Contract;
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
    /// What each tool takes and answers in full, for its golden file.
    pub contracts: Vec<Contract>,
}

impl Lowered {
    /// A tool's name as the model sees it (AgentCore developer guide, Gateway tool names).
    pub fn prefixed(&self, tool: &str) -> String {
        format!("{}___{tool}", self.name)
    }
}

impl Target {
    /// The target declared by `T`.
    pub const fn of<T: tools::Target>() -> Self {
        Self {
            name: T::NAME,
            definitions: T::definitions,
        }
    }

    /// Lowers all tools that can be lowered, and adds what is wrong with the others.
    fn lower(&self, with_outputs: bool, findings: &mut Vec<Finding>) -> Lowered {
        let mut lowered = Lowered {
            name: self.name,
            tools: Vec::new(),
            contracts: Vec::new(),
        };
        for definition in (self.definitions)() {
            match lower::tool(self.name, &definition, with_outputs) {
                Ok(tool) => lowered.tools.push(tool),
                Err(more) => findings.extend(more),
            }
            lowered.contracts.push(Contract::of(&definition));
            // Written or not, what a tool answers is read by the model.
            let name = lowered.prefixed(definition.name);
            if let Ok(output) = lower::root(&name, "output", definition.output.as_value()) {
                lint::secrets(&name, "output", &output, findings);
            }
        }
        lowered
    }
}

/// Lowers and lints all tools, with their output schemas only if asked for. A tool with a finding
/// from lowering is in no target.
pub fn lower_all(targets: &[Target], with_outputs: bool) -> (Vec<Lowered>, Vec<Finding>) {
    let mut findings = Vec::new();
    let lowered: Vec<_> = targets
        .iter()
        .map(|target| target.lower(with_outputs, &mut findings))
        .collect();
    findings.extend(lint::all(&lowered));
    (lowered, findings)
}
