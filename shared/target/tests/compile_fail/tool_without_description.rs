// expect: missing `DESCRIPTION`

use fixture::*;

#[derive(Deserialize, JsonSchema, Validate)]
struct Shout {
    #[garde(skip)]
    text: String,
}

impl Tool for Shout {
    const NAME: &'static str = "shout";
    type Output = Echoed;
}

tools! { struct Target = "Target" { Shout } }

fn main() {}
