// expect: the target `fixture::Fixture` does not declare the tool `String`
// expect: `String` is not a tool
// expect: a tool is the type of its input

use fixture::*;

async fn echo(_: Call<()>, text: String) -> Result<Echoed, ToolError> {
    Ok(Echoed { text })
}

fn main() {
    let _ = Router::new(Fixture).on(echo);
}
