//! The environments of one function: idle ones are reused, the one used last first; more are
//! started under load, up to a maximum; beyond it callers wait in the order they came.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, oneshot, watch};

use super::environment::{Environment, Ground, NotTaken, Outcome};
use super::error::FunctionError;
use super::log::EnvironmentLog;
use super::slot::{Answer, Event};
use super::{FunctionConfig, Invocation, InvokeError, lock};

/// What a function prints just before it answers may arrive just after; this long is waited
/// for it when the caller asked for the tail of the log.
const SETTLE: Duration = Duration::from_millis(10);

#[derive(Debug)]
pub(super) struct Pool {
    pub(super) function: FunctionConfig,
    ground: Arc<Ground>,
    /// One permit per running invocation. INVARIANT: an environment is started only by a
    /// holder that finds no idle one, and is idle again before its permit is given back, so
    /// there are never more environments than permits.
    permits: Arc<Semaphore>,
    maximum: u32,
    idle: Mutex<Vec<Environment>>,
    ending: watch::Receiver<bool>,
}

impl Pool {
    pub(super) fn new(
        function: FunctionConfig,
        ground: Arc<Ground>,
        maximum: u32,
        ending: watch::Receiver<bool>,
    ) -> Self {
        let maximum = maximum.max(1);
        let permits = Arc::new(Semaphore::new(
            usize::try_from(maximum).unwrap_or(usize::MAX),
        ));
        Self {
            function,
            ground,
            permits,
            maximum,
            idle: Mutex::default(),
            ending,
        }
    }

    /// Runs one invocation. A caller may go away at any time: waiting in the queue it loses its
    /// place, later the invocation goes on without it, as on AWS.
    pub(super) async fn invoke(
        self: Arc<Self>,
        event: Event,
        tail: bool,
    ) -> Result<Invocation, InvokeError> {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|_| InvokeError::ShutDown)?;
        let mut ending = self.ending.clone();
        if *ending.borrow() {
            return Err(InvokeError::ShutDown);
        }
        let (done, result) = oneshot::channel();
        tokio::spawn(async move {
            let mut current = None;
            let result = tokio::select! {
                biased;
                _ = ending.wait_for(|ending| *ending) => Err(InvokeError::ShutDown),
                invocation = self.run(&mut current, event, tail) => Ok(invocation),
            };
            if let Some(mut environment) = current {
                if result.is_ok() && environment.is_alive() {
                    lock(&self.idle).push(environment);
                } else {
                    environment.end().await;
                }
            }
            drop(permit);
            let _ = done.send(result);
        });
        result.await.unwrap_or(Err(InvokeError::ShutDown))
    }

    /// Ends every environment. The queue empties itself first: each caller in it finds that the
    /// end has come.
    pub(super) async fn end(&self) {
        let Ok(all) = self.permits.acquire_many(self.maximum).await else {
            return;
        };
        self.permits.close();
        drop(all);
        let idle = std::mem::take(&mut *lock(&self.idle));
        for mut environment in idle {
            environment.end().await;
        }
    }

    /// Leaves in `current` the environment that served, if it may serve again.
    async fn run(&self, current: &mut Option<Environment>, event: Event, tail: bool) -> Invocation {
        let id = event.request_id.clone();
        loop {
            let idle = self.take_idle();
            let fresh = idle.is_none();
            let environment =
                match idle.map_or_else(|| Environment::start(&self.function, &self.ground), Ok) {
                    Ok(environment) => current.insert(environment),
                    Err(error) => {
                        let error = FunctionError::Unstartable(error);
                        self.ground.log.line(format!(
                            "{} | {}",
                            self.function.name,
                            error.log_line(&id)
                        ));
                        return Invocation::failed(id.clone(), error.body(&id));
                    }
                };
            match environment
                .hand_over(event.clone(), self.ground.init_timeout)
                .await
            {
                Ok(answer) => {
                    let started = Instant::now();
                    environment.log().start();
                    environment
                        .log()
                        .line(&format!("START RequestId: {id} Version: $LATEST"));
                    let outcome = environment.answer(answer, event.timeout).await;
                    let duration = started.elapsed();
                    let keep = matches!(outcome, Outcome::Answered(_));
                    if keep {
                        settle(tail).await;
                    } else {
                        environment.end().await;
                    }
                    let mut invocation = self.conclude(environment.log(), id, outcome);
                    invocation.duration = duration;
                    invocation.init_duration = environment.init().filter(|_| fresh);
                    self.report(environment.log(), &mut invocation);
                    if !keep {
                        *current = None;
                    }
                    return invocation;
                }
                // It had answered its last invocation and ended, or hangs, since: this one
                // never reached it and may go to another.
                Err(_) if !fresh => environment.end().await,
                Err(not_taken) => {
                    environment.end().await;
                    let invocation = conclude_init(environment.log(), id, not_taken);
                    *current = None;
                    return invocation;
                }
            }
        }
    }

    fn take_idle(&self) -> Option<Environment> {
        let mut idle = lock(&self.idle);
        loop {
            let mut environment = idle.pop()?;
            if environment.is_alive() {
                return Some(environment);
            }
        }
    }

    fn conclude(&self, log: &EnvironmentLog, id: String, outcome: Outcome) -> Invocation {
        let error = match outcome {
            Outcome::Answered(Answer::Response(payload)) => {
                return Invocation::answered(id, payload);
            }
            Outcome::Answered(Answer::Error(payload)) => return Invocation::failed(id, payload),
            Outcome::Answered(Answer::TooLarge) => FunctionError::ResponseTooLarge,
            Outcome::Exited(status) => FunctionError::Exited(status),
            Outcome::TimedOut => FunctionError::TimedOut(self.function.timeout),
        };
        log.line(&error.log_line(&id));
        let body = error.body(&id);
        Invocation::failed(id, body)
    }

    /// The lines that CloudWatch shows after an invocation.
    fn report(&self, log: &EnvironmentLog, invocation: &mut Invocation) {
        let id = &invocation.request_id;
        let init = invocation.init_duration.unwrap_or_default();
        let billed = (invocation.duration + init).as_micros().div_ceil(1000);
        let mut report = format!(
            "REPORT RequestId: {id}\tDuration: {:.2} ms\tBilled Duration: {billed} ms\tMemory Size: {} MB",
            milliseconds(invocation.duration),
            self.function.memory_mb,
        );
        if invocation.init_duration.is_some() {
            report.push_str(&format!("\tInit Duration: {:.2} ms", milliseconds(init)));
        }
        log.line(&format!("END RequestId: {id}"));
        log.line(&report);
        invocation.log_tail = log.tail();
    }
}

fn conclude_init(log: &EnvironmentLog, id: String, not_taken: NotTaken) -> Invocation {
    let error = match not_taken {
        NotTaken::InitError(body) => {
            log.line(&format!(
                "INIT_REPORT RequestId: {id}\tStatus: error\tError Type: Runtime.InitError"
            ));
            return Invocation {
                log_tail: log.tail(),
                ..Invocation::failed(id, body)
            };
        }
        NotTaken::Exited(status) => FunctionError::Exited(status),
        NotTaken::TimedOut(limit) => FunctionError::TimedOut(limit),
    };
    log.line(&format!("INIT_REPORT {}", error.log_line(&id)));
    let body = error.body(&id);
    Invocation {
        log_tail: log.tail(),
        ..Invocation::failed(id, body)
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// Lets the tasks that read the process's output catch up.
async fn settle(tail: bool) {
    if tail {
        tokio::time::sleep(SETTLE).await;
    }
    for _ in 0..4 {
        tokio::task::yield_now().await;
    }
}
