// expect: `Shout` cannot be a tool's input
// expect: lacks Deserialize, JsonSchema or Validate
// expect: write `#[derive(Deserialize, JsonSchema, Validate)]`

use fixture::*;

#[derive(JsonSchema, Validate)]
struct Shout {
    #[garde(skip)]
    text: String,
}

impl Tool for Shout {
    const NAME: &'static str = "shout";
    const DESCRIPTION: &'static str = "Repeats a text in capitals. Use this to test.";
    type Output = Echoed;
}

tools! { struct Target = "Target" { Shout } }

fn main() {}
