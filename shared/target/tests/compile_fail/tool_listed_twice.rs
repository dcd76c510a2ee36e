// expect: two tools of this target have the same NAME: give one of them another, or list the tool once

use fixture::*;

#[derive(Deserialize, JsonSchema, Validate)]
struct Shout {
    #[garde(skip)]
    text: String,
}

impl Tool for Shout {
    const NAME: &'static str = "shout";
    const DESCRIPTION: &'static str = "Repeats a text in capitals. Use this to test.";
    type Output = Echoed;
}

tools! { struct Target = "Target" { Shout, Shout } }

fn main() {}
