// expect: missing `Output`

use fixture::*;

#[derive(Deserialize, JsonSchema, Validate)]
struct Shout {
    #[garde(skip)]
    text: String,
}

impl Tool for Shout {
    const NAME: &'static str = "shout";
    const DESCRIPTION: &'static str = "Repeats a text in capitals. Use this to test.";
}

tools! { struct Target = "Target" { Shout } }

fn main() {}
