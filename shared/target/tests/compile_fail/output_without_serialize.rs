// expect: `Shouted` cannot be a tool's output
// expect: lacks Serialize or JsonSchema
// expect: write `#[derive(Serialize, JsonSchema)]`

use fixture::*;

#[derive(Deserialize, JsonSchema, Validate)]
struct Shout {
    #[garde(skip)]
    text: String,
}

impl Tool for Shout {
    const NAME: &'static str = "shout";
    const DESCRIPTION: &'static str = "Repeats a text in capitals. Use this to test.";
    type Output = Shouted;
}

struct Shouted;

tools! { struct Target = "Target" { Shout } }

fn main() {}
