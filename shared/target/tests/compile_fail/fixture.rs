//! One tool in one target: what the cases beside it get wrong. It must compile.

pub use garde::Validate;
pub use schemars::JsonSchema;
pub use serde::{Deserialize, Serialize};
pub use target::{Call, Router, ToolError};
pub use tools::{Tool, tools};

/// Input of the tool `echo`.
#[derive(Deserialize, JsonSchema, Validate)]
pub struct Echo {
    /// What to repeat
    #[garde(length(chars, max = 100))]
    pub text: String,
}

/// Output of the tool `echo`.
#[derive(Serialize, JsonSchema)]
pub struct Echoed {
    /// What was said
    pub text: String,
}

impl Tool for Echo {
    const NAME: &'static str = "echo";
    const DESCRIPTION: &'static str = "Repeats a text. Use this to test.";
    type Output = Echoed;
}

tools! {
    /// The one target.
    pub struct Fixture = "Fixture" { Echo }
}

/// The right signature.
pub async fn echo(_: Call<()>, input: Echo) -> Result<Echoed, ToolError> {
    Ok(Echoed { text: input.text })
}

/// The right router.
pub fn router() -> Router<Fixture, ()> {
    Router::new(Fixture).on(echo)
}
