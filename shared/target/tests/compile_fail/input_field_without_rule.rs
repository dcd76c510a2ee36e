// expect: use `#[garde(skip)]`
// expect: `Shout` cannot be a tool's input
// expect: on each field a garde rule, `#[garde(dive)]` or `#[garde(skip)]`

use fixture::*;

#[derive(Deserialize, JsonSchema, Validate)]
struct Shout {
    /// What to shout
    text: String,
}

impl Tool for Shout {
    const NAME: &'static str = "shout";
    const DESCRIPTION: &'static str = "Repeats a text in capitals. Use this to test.";
    type Output = Echoed;
}

tools! { struct Target = "Target" { Shout } }

fn main() {}
