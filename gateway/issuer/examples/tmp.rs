//! tmp
#[path = "../tests/support/server.rs"]
#[allow(dead_code, unused)]
mod server;
#[tokio::main]
async fn main() {
    let l = tokio::net::TcpListener::bind("127.0.0.1:8765").await.unwrap();
    let mut pool = server::pool();
    pool.clients[2].name = "Gateway for people".into();
    pool.clients[2].callback_urls.push("http://127.0.0.1:8766/callback".into());
    let i = issuer::Issuer::new(pool, "http://127.0.0.1:8765").unwrap();
    axum::serve(l, i.router()).await.unwrap();
}
