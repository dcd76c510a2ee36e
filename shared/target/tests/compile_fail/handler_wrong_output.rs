// expect: this handler does not answer `Result<Echoed, ToolError>`
// expect: gives `impl Future<Output = Result<String, fixture::ToolError>>`
// expect: `Echoed` is the `Output` of the tool

use fixture::*;

async fn echo(_: Call<()>, input: Echo) -> Result<String, ToolError> {
    Ok(input.text)
}

fn main() {
    let _ = Router::new(Fixture).on(echo);
}
