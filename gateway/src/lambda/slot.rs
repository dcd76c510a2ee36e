//! Where an environment's process and its host meet: one event at a time.

use std::sync::Mutex;
use std::time::Duration;

use axum::body::Bytes;
use tokio::sync::{Notify, oneshot};

use super::lock;

/// One invocation as a process gets it.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) request_id: String,
    pub(super) payload: Bytes,
    /// JSON text, not base64.
    pub(super) client_context: Option<String>,
    pub(super) trace_id: String,
    pub(super) arn: String,
    pub(super) timeout: Duration,
}

/// What a process did with an event that was offered to it.
#[derive(Debug)]
pub(super) enum Taken {
    /// It has it, and its time runs.
    Event,
    /// It reported that its init phase failed, with this body.
    InitError(Bytes),
}

/// What a process answered.
#[derive(Debug)]
pub(super) enum Answer {
    Response(Bytes),
    Error(Bytes),
    TooLarge,
}

/// The host's ends of an offer.
#[derive(Debug)]
pub(super) struct Offer {
    pub(super) taken: oneshot::Receiver<Taken>,
    pub(super) answer: oneshot::Receiver<Answer>,
}

/// The process asked for something that its state does not allow.
#[derive(Debug)]
pub(super) struct InvalidState;

#[derive(Debug)]
enum State {
    Idle,
    Offered {
        event: Event,
        taken: oneshot::Sender<Taken>,
        answer: oneshot::Sender<Answer>,
    },
    Running {
        request_id: String,
        answer: oneshot::Sender<Answer>,
    },
}

#[derive(Debug)]
pub(super) struct Slot {
    state: Mutex<State>,
    offered: Notify,
}

impl Slot {
    pub(super) fn new() -> Self {
        Self {
            state: Mutex::new(State::Idle),
            offered: Notify::new(),
        }
    }

    /// The host offers an event. Whatever was there before is given up.
    pub(super) fn offer(&self, event: Event) -> Offer {
        let (taken, taken_end) = oneshot::channel();
        let (answer, answer_end) = oneshot::channel();
        *lock(&self.state) = State::Offered {
            event,
            taken,
            answer,
        };
        self.offered.notify_one();
        Offer {
            taken: taken_end,
            answer: answer_end,
        }
    }

    /// The process waits for an event. Giving up the wait loses none.
    pub(super) async fn next(&self) -> Result<Event, InvalidState> {
        loop {
            if let Some(event) = self.take()? {
                return Ok(event);
            }
            self.offered.notified().await;
        }
    }

    fn take(&self) -> Result<Option<Event>, InvalidState> {
        let mut state = lock(&self.state);
        match std::mem::replace(&mut *state, State::Idle) {
            State::Idle => Ok(None),
            State::Offered {
                event,
                taken,
                answer,
            } => {
                *state = State::Running {
                    request_id: event.request_id.clone(),
                    answer,
                };
                let _ = taken.send(Taken::Event);
                Ok(Some(event))
            }
            running @ State::Running { .. } => {
                *state = running;
                Err(InvalidState)
            }
        }
    }

    /// Whether `request_id` is the invocation that runs.
    pub(super) fn runs(&self, request_id: &str) -> bool {
        matches!(&*lock(&self.state), State::Running { request_id: running, .. } if running == request_id)
    }

    /// The process answers invocation `request_id`; false if that is not the one that runs.
    pub(super) fn answer(&self, request_id: &str, with: Answer) -> bool {
        let mut state = lock(&self.state);
        match std::mem::replace(&mut *state, State::Idle) {
            State::Running {
                request_id: running,
                answer,
            } if running == request_id => {
                let _ = answer.send(with);
                true
            }
            other => {
                *state = other;
                false
            }
        }
    }

    /// The process reports that it cannot start; false if it had started already.
    pub(super) fn init_error(&self, body: Bytes) -> bool {
        let mut state = lock(&self.state);
        match std::mem::replace(&mut *state, State::Idle) {
            State::Offered { taken, .. } => {
                let _ = taken.send(Taken::InitError(body));
                true
            }
            other => {
                *state = other;
                false
            }
        }
    }
}
