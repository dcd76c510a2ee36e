//! AWS Lambda on this machine: runs compiled functions as child processes.
//!
//! A [`Host`] starts a function's binary as AWS does: a cleared environment, the Lambda Runtime
//! API to ask for events, one invocation per process at a time, more processes under load, a
//! fresh one after a crash or a time-out. Callers use [`Host::invoke`], or the Lambda Invoke
//! API that [`Host::router`] serves.
//!
//! A process gets no real credentials and no way to find any; see `lambda/variables.rs`.

mod environment;
mod error;
mod function;
mod host;
mod invoke_api;
mod log;
mod pool;
mod runtime_api;
mod slot;
mod variables;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use error::{AddError, InvokeError, StartError};
pub use function::FunctionConfig;
pub use host::{Call, Host, HostConfig, Invocation};
pub use log::LogSink;

/// The largest event and the largest answer, in bytes: 6 MB and what the service adds for
/// itself ("Lambda quotas", invocation payload).
pub const PAYLOAD_LIMIT: usize = 6_291_556;

/// The largest client context, in bytes of base64 (Lambda API reference, Invoke).
pub const CLIENT_CONTEXT_LIMIT: usize = 3_583;

/// A lock whose data stays good when a holder panicked: every change here is one assignment.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
