//! All that this process logs, at every level.

use std::{
    io::{self, Write},
    sync::{Mutex, Once, PoisonError},
};

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// From here on.
pub(crate) fn capture() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let everything = tracing::Level::TRACE;
        tracing_subscriber::fmt()
            .with_max_level(everything)
            .with_writer(|| Log)
            .init();
    });
}

pub(crate) fn captured() -> String {
    String::from_utf8_lossy(&LOG.lock().unwrap()).into_owned()
}
