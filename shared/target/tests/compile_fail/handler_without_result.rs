// expect: this handler does not answer `Result<fixture::Echoed, ToolError>`
// expect: gives `impl Future<Output = fixture::Echoed>`

use fixture::*;

async fn echo(_: Call<()>, input: Echo) -> Echoed {
    Echoed { text: input.text }
}

fn main() {
    let _ = Router::new(Fixture).on(echo);
}
