//! Signing a person in: through the page of the local issuer, as a browser would, or in the
//! person's own browser with a page of ours to come back to.

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};

use super::{
    AccessToken, Endpoints, LocalPerson, OAuthError,
    oauth::{CodeRequest, http, sent},
};

/// Fills in the local issuer's form. The password goes to that page and nowhere else.
pub(super) async fn local(
    endpoints: &Endpoints,
    username: &str,
    person: &LocalPerson,
) -> Result<AccessToken, OAuthError> {
    let request = CodeRequest::new(&person.client_id, &person.callback_url);
    let page = request.url(endpoints)?;
    let mut form: Vec<(String, String)> = page.query_pairs().into_owned().collect();
    form.push(("username".to_owned(), username.to_owned()));
    form.push(("password".to_owned(), person.password.clone()));
    let url = &endpoints.authorization_endpoint;
    let response = sent(url, http(url).post(url).form(&form)).await?;
    let location = response
        .headers()
        .get("location")
        .and_then(|to| to.to_str().ok());
    let back = location.and_then(|to| reqwest::Url::parse(to).ok());
    let back =
        back.ok_or_else(|| OAuthError::SignIn("the name or the password was refused".to_owned()))?;
    endpoints.exchange(&request, &request.code(&back)?).await
}

/// Names the page to open on stderr and waits at `redirect_uri`, which must be
/// `http://localhost:PORT/..`, until the person comes back.
pub(super) async fn browser(
    endpoints: &Endpoints,
    client_id: &str,
    redirect_uri: &str,
) -> Result<AccessToken, OAuthError> {
    let failed = |reason: String| OAuthError::SignIn(reason);
    let callback = reqwest::Url::parse(redirect_uri).map_err(|error| failed(error.to_string()))?;
    let port = callback
        .port()
        .filter(|_| callback.host_str() == Some("localhost"))
        .ok_or_else(|| failed(format!("`{redirect_uri}` is not http://localhost:PORT/..")))?;
    let listener = TcpListener::bind(("127.0.0.1", port))
        .await
        .map_err(|error| failed(format!("port `{port}` is not free: {error}")))?;

    let request = CodeRequest::new(client_id, redirect_uri);
    note!("sign in on this page:\n{}", request.url(endpoints)?);
    loop {
        let (stream, _) = listener
            .accept()
            .await
            .map_err(|error| failed(error.to_string()))?;
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        if stream.read_line(&mut line).await.is_err() {
            continue;
        }
        let target = line.split(' ').nth(1).unwrap_or_default();
        let back = callback
            .join(target)
            .ok()
            .filter(|back| back.path() == callback.path());
        let Some(back) = back else {
            // A browser asks for an icon, too.
            let _ = stream
                .write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                .await;
            continue;
        };
        let page = "You are signed in. This page can be closed.";
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{page}",
            page.len()
        );
        let _ = stream.write_all(head.as_bytes()).await;
        return endpoints.exchange(&request, &request.code(&back)?).await;
    }
}
