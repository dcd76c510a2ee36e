//! One function's process and a Runtime API that costs next to nothing: blocking sockets, one
//! connection, no HTTP library, so that what is measured is the function.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

pub(crate) struct Environment {
    process: Child,
    connection: BufReader<TcpStream>,
    /// From the start of the process to its first request for an event.
    pub(crate) init: Duration,
}

impl Environment {
    pub(crate) fn start(binary: &Path) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let started = Instant::now();
        let process = Command::new(binary)
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", listener.local_addr()?.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "bench")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
            .env("AWS_LAMBDA_LOG_LEVEL", "ERROR")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "bench")
            .env("AWS_SECRET_ACCESS_KEY", "bench")
            // Refuses at once: the warm-up of a connection is the network's time, not ours.
            .env("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
            .env("SES_SENDER_EMAIL", "reports@example.com")
            .stdout(Stdio::null())
            .spawn()?;
        let (connection, _) = listener.accept()?;
        connection.set_nodelay(true)?;
        let mut connection = BufReader::new(connection);
        request(&mut connection)?;
        let init = started.elapsed();
        Ok(Self {
            process,
            connection,
            init,
        })
    }

    /// From handing out an event to reading its answer.
    pub(crate) fn call(&mut self, event: &str) -> io::Result<Duration> {
        let head = format!(
            "HTTP/1.1 200 OK\r\n\
             Lambda-Runtime-Aws-Request-Id: 1\r\n\
             Lambda-Runtime-Deadline-Ms: 99999999999999\r\n\
             Lambda-Runtime-Client-Context: {{\"custom\":{{\"bedrockAgentCoreToolName\":\"T___format_report\"}}}}\r\n\
             Content-Length: {}\r\n\r\n{event}",
            event.len()
        );
        let started = Instant::now();
        self.connection.get_mut().write_all(head.as_bytes())?;
        let path = request(&mut self.connection)?;
        let took = started.elapsed();
        if !path.ends_with("/response") {
            return Err(io::Error::other(format!("posted to `{path}`")));
        }
        let accepted = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
        self.connection.get_mut().write_all(accepted)?;
        request(&mut self.connection)?;
        Ok(took)
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Reads one request and returns its path.
fn request(connection: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut first = String::new();
    connection.read_line(&mut first)?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        if connection.read_line(&mut line)? == 0 {
            return Err(io::Error::other("the function ended"));
        }
        let line = line.trim_end().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body)?;
    Ok(first.split(' ').nth(1).unwrap_or_default().to_owned())
}
