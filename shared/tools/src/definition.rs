//! What makes a type a tool, and a list of tools a target.

use garde::Validate;
use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use serde::{Serialize, de::DeserializeOwned};

/// A tool: its input type, and what the model needs to know to choose it.
///
/// Doc comments on the input's fields become the descriptions that the model reads. Constraints
/// (`#[garde(length(chars, max = 998))]`) are described to the model and enforced by the function.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tool",
    label = "not a tool",
    note = "write `impl Tool for {Self}` with NAME, DESCRIPTION and Output, or name the type that \
            has it: a tool is the type of its input"
)]
pub trait Tool: DeserializeOwned + JsonSchema + Validate<Context = ()> + Send + 'static {
    /// The name without the target's prefix: letters, digits, `_` and `-`. Amazon Bedrock's
    /// Converse API takes at most 64 characters for `TargetName___ToolName`.
    const NAME: &'static str;
    /// What the tool does and when to use it: by this the model chooses.
    const DESCRIPTION: &'static str;
    /// What the tool answers.
    type Output: Serialize + JsonSchema + Send;
}

/// A Gateway target: a named list of tools, all served by one Lambda function.
///
/// Declared with [`tools!`](crate::tools).
pub trait Target: 'static {
    /// The name in `AWS::BedrockAgentCore::GatewayTarget`, and the prefix of each tool's name.
    const NAME: &'static str;
    /// The tools' names, in the order of declaration.
    const TOOLS: &'static [&'static str];

    /// The tools with their full JSON Schemas. Only `toolschema` calls this, so no schema code
    /// ends up in a function's binary.
    fn definitions() -> Vec<Definition>;
}

/// Says that a tool belongs to the target `T`; implemented by [`tools!`](crate::tools).
#[diagnostic::on_unimplemented(
    message = "the target `{T}` does not declare the tool `{Self}`",
    label = "this handler's input is not a tool of `{T}`",
    note = "add `{Self}` to the list of `{T}` in `tools! {{ .. }}` (shared/tools/src/lib.rs); \
            a handler takes the tool's input by value"
)]
pub trait ToolOf<T: Target>: Tool {}

/// A tool with its JSON Schemas as schemars writes them (draft 2020-12, with `$defs`).
#[derive(Debug, Clone)]
pub struct Definition {
    /// [`Tool::NAME`].
    pub name: &'static str,
    /// [`Tool::DESCRIPTION`].
    pub description: &'static str,
    /// What the tool takes, as it is deserialised.
    pub input: Schema,
    /// What the tool answers, as it is serialised.
    pub output: Schema,
}

impl Definition {
    /// The definition of the tool `T`.
    pub fn of<T: Tool>() -> Self {
        let settings = SchemaSettings::draft2020_12();
        Self {
            name: T::NAME,
            description: T::DESCRIPTION,
            input: settings
                .clone()
                .for_deserialize()
                .into_generator()
                .into_root_schema_for::<T>(),
            output: settings
                .for_serialize()
                .into_generator()
                .into_root_schema_for::<T::Output>(),
        }
    }
}

/// Declares a target and the tools that it serves: `pub struct TYPE = "TargetName" { Tool, .. }`.
///
/// What AWS would refuse after minutes of deployment does not compile: a tool that stands in the
/// list twice, two tools of one name, more than 1,000 tools, a name with other characters than AWS takes or too many of
/// them, an empty description.
#[macro_export]
macro_rules! tools {
    ($(#[$meta:meta])* $vis:vis struct $target:ident = $name:literal { $($tool:ty),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy)]
        $vis struct $target;

        impl $crate::Target for $target {
            const NAME: &'static str = $name;
            const TOOLS: &'static [&'static str] = &[$(<$tool as $crate::Tool>::NAME),+];

            fn definitions() -> ::std::vec::Vec<$crate::Definition> {
                ::std::vec![$($crate::Definition::of::<$tool>()),+]
            }
        }

        $(impl $crate::ToolOf<$target> for $tool {})+

        const _: () = $crate::assert_target::<$target>();
        $(const _: () = $crate::assert_tool::<$target, $tool>();)+
    };
}
