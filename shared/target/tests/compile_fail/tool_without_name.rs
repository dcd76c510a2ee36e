// expect: missing `NAME`

use fixture::*;

#[derive(Deserialize, JsonSchema, Validate)]
struct Shout {
    #[garde(skip)]
    text: String,
}

impl Tool for Shout {
    const DESCRIPTION: &'static str = "Repeats a text in capitals. Use this to test.";
    type Output = Echoed;
}

tools! { struct Target = "Target" { Shout } }

fn main() {}
