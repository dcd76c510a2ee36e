// expect: the tool's NAME is too long: `TargetName___ToolName` may have 64 characters, so shorten the NAME or the target's name
// expect: assert_tool::<Target, Shout>

use fixture::*;

#[derive(Deserialize, JsonSchema, Validate)]
struct Shout {
    #[garde(skip)]
    text: String,
}

impl Tool for Shout {
    const NAME: &'static str = "shout_shout_shout_shout_shout_shout_shout_shout_shout_shout";
    const DESCRIPTION: &'static str = "Repeats a text in capitals. Use this to test.";
    type Output = Echoed;
}

tools! { struct Target = "Target" { Shout } }

fn main() {}
