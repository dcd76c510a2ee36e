// expect: the target `fixture::Fixture` does not declare the tool `Shout`
// expect: this handler's input is not a tool of `fixture::Fixture`
// expect: add `Shout` to the list of `fixture::Fixture` in `tools! { .. }`

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

async fn shout(_: Call<()>, input: Shout) -> Result<Echoed, ToolError> {
    Ok(Echoed {
        text: input.text.to_uppercase(),
    })
}

fn main() {
    let _ = Router::new(Fixture).on(echo).on(shout);
}
