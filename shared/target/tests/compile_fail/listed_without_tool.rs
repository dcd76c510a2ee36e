// expect: `Shout` is not a tool
// expect: write `impl Tool for Shout` with NAME, DESCRIPTION and Output

use fixture::*;

#[derive(Deserialize, JsonSchema, Validate)]
struct Shout {
    #[garde(skip)]
    text: String,
}

tools! { struct Target = "Target" { Shout } }

fn main() {}
