//! A server that answers `SendEmail` as it is told, one reply for each mail, and counts.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    task::JoinSet,
};

/// What the server does with one mail.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    bytes: String,
    then: Then,
}

#[derive(Debug, Clone, Copy)]
enum Then {
    Next,
    Close,
    Hang,
}

impl Reply {
    pub(crate) fn sent() -> Self {
        let bytes =
            "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"MessageId\":\"id-#\"}".to_owned();
        Self {
            bytes,
            then: Then::Next,
        }
    }

    pub(crate) fn error(status: u16, code: &str, message: &str) -> Self {
        let body = serde_json::json!({ "message": message }).to_string();
        let bytes = format!(
            "HTTP/1.1 {status} X\r\nx-amzn-errortype: {code}\r\nx-amzn-requestid: r-1\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        Self {
            bytes,
            then: Then::Next,
        }
    }

    pub(crate) fn raw(bytes: &str) -> Self {
        Self {
            bytes: bytes.to_owned(),
            then: Then::Close,
        }
    }

    pub(crate) fn raw_and_hang(bytes: &str) -> Self {
        Self {
            bytes: bytes.to_owned(),
            then: Then::Hang,
        }
    }

    pub(crate) fn hang() -> Self {
        Self::raw_and_hang("")
    }
}

#[derive(Default)]
struct Seen {
    replies: VecDeque<Reply>,
    mails: Vec<Value>,
    heads: usize,
    connections: usize,
}

pub(crate) struct Ses {
    pub(crate) url: String,
    seen: Arc<Mutex<Seen>>,
    open: Arc<tokio::sync::Mutex<JoinSet<()>>>,
}

/// An address at which nothing listens yet: connections to it are refused.
pub(crate) async fn reserve() -> (String, TcpSocket) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    (format!("http://{}", socket.local_addr().unwrap()), socket)
}

impl Ses {
    pub(crate) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let (_, socket) = reserve().await;
        Self::listen(socket, replies).await
    }

    pub(crate) async fn listen(
        socket: TcpSocket,
        replies: impl IntoIterator<Item = Reply>,
    ) -> Self {
        let listener: TcpListener = socket.listen(64).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let replies = replies.into_iter().collect();
        let seen = Arc::new(Mutex::new(Seen {
            replies,
            ..Seen::default()
        }));
        let open = Arc::new(tokio::sync::Mutex::new(JoinSet::new()));
        let ses = Self {
            url,
            seen: Arc::clone(&seen),
            open: Arc::clone(&open),
        };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                seen.lock().unwrap().connections += 1;
                open.lock().await.spawn(serve(stream, Arc::clone(&seen)));
            }
        });
        ses
    }

    /// The bodies of the `SendEmail` requests that arrived whole.
    pub(crate) fn mails(&self) -> Vec<Value> {
        self.seen.lock().unwrap().mails.clone()
    }

    pub(crate) fn heads(&self) -> usize {
        self.seen.lock().unwrap().heads
    }

    pub(crate) fn connections(&self) -> usize {
        self.seen.lock().unwrap().connections
    }

    pub(crate) async fn close_connections(&self) {
        self.open.lock().await.shutdown().await;
    }
}

async fn serve(mut stream: TcpStream, seen: Arc<Mutex<Seen>>) {
    while let Some((head, body)) = request(&mut stream).await {
        if head.starts_with("HEAD ") {
            assert!(
                !head.to_ascii_lowercase().contains("authorization"),
                "{head}"
            );
            seen.lock().unwrap().heads += 1;
            let answer = "HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n";
            stream.write_all(answer.as_bytes()).await.unwrap();
            continue;
        }
        assert!(
            head.starts_with("POST /v2/email/outbound-emails "),
            "{head}"
        );
        let (reply, number) = {
            let mut seen = seen.lock().unwrap();
            seen.mails.push(serde_json::from_slice(&body).unwrap());
            (seen.replies.pop_front().unwrap(), seen.mails.len())
        };
        let bytes = reply.bytes.replace('#', &number.to_string());
        stream.write_all(bytes.as_bytes()).await.unwrap();
        match reply.then {
            Then::Next => {}
            Then::Close => return,
            Then::Hang => std::future::pending().await,
        }
    }
}

/// One request: its head, and as much body as `Content-Length` says.
async fn request(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap();
    let length = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, value)| value.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some((head, body))
}
