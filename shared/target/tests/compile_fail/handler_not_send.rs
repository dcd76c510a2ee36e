// expect: `Send`
// expect: `Rc<String>`

use fixture::*;

async fn echo(_: Call<()>, input: Echo) -> Result<Echoed, ToolError> {
    let text = std::rc::Rc::new(input.text);
    std::future::ready(()).await;
    Ok(Echoed {
        text: text.to_string(),
    })
}

fn main() {
    let _ = Router::new(Fixture).on(echo);
}
