// expect: the target `fixture::Fixture` does not declare the tool `&fixture::Echo`
// expect: a handler takes the tool's input by value

use fixture::*;

async fn echo(_: Call<()>, input: &Echo) -> Result<Echoed, ToolError> {
    Ok(Echoed {
        text: input.text.clone(),
    })
}

fn main() {
    let _ = Router::new(Fixture).on(echo);
}
