// expect: this handler does not answer `Result<fixture::Echoed, ToolError>`
// expect: gives `Result<fixture::Echoed, fixture::ToolError>`
// expect: write `async fn handler(call: Call<State>, input: Input) -> Result<fixture::Echoed, ToolError>`

use fixture::*;

fn echo(_: Call<()>, input: Echo) -> Result<Echoed, ToolError> {
    Ok(Echoed { text: input.text })
}

fn main() {
    let _ = Router::new(Fixture).on(echo);
}
