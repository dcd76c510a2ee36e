//! The functions' logs: lines to the sink, and the tail that an invocation can ask for.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::oneshot;

use super::lock;

/// Takes one line of log, without its end. It runs on a thread of its own and may be slow:
/// lines that come faster than it takes them are dropped and counted.
pub type LogSink = Arc<dyn Fn(&str) + Send + Sync>;

/// Lines waiting for the sink.
const WAITING: usize = 2048;
/// What is kept of one line, in bytes.
const LINE: usize = 8 * 1024;
/// What `X-Amz-Log-Type: Tail` answers, in bytes (Lambda API reference, Invoke).
const TAIL: usize = 4 * 1024;
/// How long the end of the host waits for the sink.
const FLUSH: Duration = Duration::from_secs(1);

enum Message {
    Line(String),
    Flush(oneshot::Sender<()>),
}

/// The way to the sink.
#[derive(Debug)]
pub(super) struct Log {
    messages: SyncSender<Message>,
    dropped: Arc<AtomicU64>,
}

impl Log {
    pub(super) fn start(sink: LogSink) -> io::Result<Self> {
        let (messages, received) = sync_channel(WAITING);
        let dropped = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&dropped);
        std::thread::Builder::new()
            .name("lambda-log".to_owned())
            .spawn(move || relay(&received, &counted, &sink))?;
        Ok(Self { messages, dropped })
    }

    pub(super) fn line(&self, line: String) {
        if let Err(TrySendError::Full(_)) = self.messages.try_send(Message::Line(line)) {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits, not for long, until the sink has taken all lines so far.
    pub(super) async fn flush(&self) {
        let (done, taken) = oneshot::channel();
        if self.messages.try_send(Message::Flush(done)).is_ok() {
            let _ = tokio::time::timeout(FLUSH, taken).await;
        }
    }
}

fn relay(received: &Receiver<Message>, dropped: &AtomicU64, sink: &LogSink) {
    while let Ok(message) = received.recv() {
        match message {
            Message::Line(line) => sink(&line),
            Message::Flush(done) => {
                let _ = done.send(());
            }
        }
        let count = dropped.swap(0, Ordering::Relaxed);
        if count > 0 {
            sink(&format!(
                "{count} lines of log came too fast and were dropped"
            ));
        }
    }
}

/// The log of one environment: every line goes to the sink under the function's name, and
/// into the tail of the running invocation.
#[derive(Debug)]
pub(super) struct EnvironmentLog {
    function: String,
    log: Arc<Log>,
    tail: Mutex<VecDeque<u8>>,
}

impl EnvironmentLog {
    pub(super) fn new(function: &str, log: Arc<Log>) -> Self {
        Self {
            function: function.to_owned(),
            log,
            tail: Mutex::default(),
        }
    }

    pub(super) fn line(&self, line: &str) {
        let mut tail = lock(&self.tail);
        tail.extend(line.bytes().chain(*b"\n"));
        let excess = tail.len().saturating_sub(TAIL);
        tail.drain(..excess);
        drop(tail);
        self.log.line(format!("{} | {line}", self.function));
    }

    /// Forgets the tail: what comes next belongs to another invocation.
    pub(super) fn start(&self) {
        lock(&self.tail).clear();
    }

    pub(super) fn tail(&self) -> Vec<u8> {
        lock(&self.tail).iter().copied().collect()
    }

    /// Relays what a process prints. Always reading, so that a full pipe never holds it up.
    pub(super) async fn relay(self: Arc<Self>, mut output: impl AsyncRead + Unpin) {
        let mut chunk = vec![0; LINE];
        let mut line = Vec::new();
        while let Ok(read @ 1..) = output.read(&mut chunk).await {
            for piece in chunk
                .get(..read)
                .unwrap_or_default()
                .split_inclusive(|byte| *byte == b'\n')
            {
                let (text, ends) = match piece.split_last() {
                    Some((b'\n', text)) => (text, true),
                    _ => (piece, false),
                };
                let room = LINE.saturating_sub(line.len());
                line.extend_from_slice(text.get(..room).unwrap_or(text));
                if ends {
                    self.line(String::from_utf8_lossy(&line).trim_end_matches('\r'));
                    line.clear();
                }
            }
            // A process that prints without pause must not keep a worker thread to itself.
            tokio::task::yield_now().await;
        }
        if !line.is_empty() {
            self.line(&String::from_utf8_lossy(&line));
        }
    }
}
