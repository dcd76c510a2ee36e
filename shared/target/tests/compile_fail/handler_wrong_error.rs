// expect: this handler does not answer `Result<fixture::Echoed, ToolError>`
// expect: gives `impl Future<Output = Result<fixture::Echoed, std::io::Error>>`

use fixture::*;

async fn echo(_: Call<()>, input: Echo) -> Result<Echoed, std::io::Error> {
    Ok(Echoed { text: input.text })
}

fn main() {
    let _ = Router::new(Fixture).on(echo);
}
