// expect: the tool's DESCRIPTION is empty: say what the tool does and when to use it; by this the model chooses
// expect: assert_tool::<Target, Shout>

use fixture::*;

#[derive(Deserialize, JsonSchema, Validate)]
struct Shout {
    #[garde(skip)]
    text: String,
}

impl Tool for Shout {
    const NAME: &'static str = "shout";
    const DESCRIPTION: &'static str = " ";
    type Output = Echoed;
}

tools! { struct Target = "Target" { Shout } }

fn main() {}
