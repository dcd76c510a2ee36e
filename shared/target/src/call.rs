//! One tool call, as a handler sees it.

use std::{fmt, sync::Arc, time::Duration};

use lambda_runtime::Context;
use tokio::time::Instant;

/// What a handler gets beside its input: the function's state, the invocation's context and
/// the time that is left.
pub struct Call<S> {
    state: Arc<S>,
    context: Context,
    deadline: Instant,
}

impl<S> Call<S> {
    pub(crate) fn new(state: Arc<S>, context: Context, deadline: Instant) -> Self {
        Self {
            state,
            context,
            deadline,
        }
    }

    /// A call for a handler's own tests: empty context, five minutes left.
    pub fn for_test(state: S) -> Self {
        let deadline = Instant::now() + Duration::from_secs(300);
        Self::new(Arc::new(state), Context::default(), deadline)
    }

    /// The same call with another deadline.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Instant) -> Self {
        self.deadline = deadline;
        self
    }

    /// What the function made when it started.
    pub fn state(&self) -> &S {
        &self.state
    }

    /// lambda_runtime's context: request id, function ARN, and the client context, in whose
    /// `custom` values that were no strings stand as JSON text.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// The X-Ray trace id, `Root=..;Parent=..;Sampled=..`, if the invocation has one. It is here
    /// and on each log line; the process's environment is never changed.
    pub fn trace_id(&self) -> Option<&str> {
        self.context.xray_trace_id.as_deref()
    }

    /// When an answer must be ready: a margin before Lambda ends the process.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// The time until [`deadline`](Self::deadline).
    pub fn remaining(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }
}

impl<S> Clone for Call<S> {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.state), self.context.clone(), self.deadline)
    }
}

/// Shows the request id and the time left; state and client context may hold secrets.
impl<S> fmt::Debug for Call<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("request_id", &self.context.request_id)
            .field("remaining", &self.remaining())
            .finish_non_exhaustive()
    }
}
