// expect: fn(fixture::Call<String>,
// expect: fn(fixture::Call<()>, fixture::Echo)

use fixture::*;

async fn echo(_: Call<()>, input: Echo) -> Result<Echoed, ToolError> {
    Ok(Echoed { text: input.text })
}

fn main() {
    let _: Router<Fixture, String> = Router::new(Fixture).on(echo);
}
