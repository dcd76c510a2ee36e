// expect: fn(Call<_>, _)
// expect: fn(fixture::Echo)

use fixture::*;

async fn echo(input: Echo) -> Result<Echoed, ToolError> {
    Ok(Echoed { text: input.text })
}

fn main() {
    let _ = Router::new(Fixture).on(echo);
}
