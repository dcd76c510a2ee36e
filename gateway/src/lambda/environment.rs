//! One execution environment: a child process that serves one invocation at a time.

use std::io;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::{Child, Command};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::FunctionConfig;
use super::log::{EnvironmentLog, Log};
use super::runtime_api::{Registration, RuntimeApi};
use super::slot::{Answer, Event, Taken};
use super::variables::{Surroundings, variables};

/// What a process posted before it ended may still be on its way through its connection.
const LAST_WORDS: Duration = Duration::from_millis(250);

/// What every environment of a host shares.
#[derive(Debug)]
pub(super) struct Ground {
    pub(super) runtime_api: RuntimeApi,
    pub(super) aws_endpoint: String,
    /// Working directory and `HOME`.
    pub(super) directory: tempfile::TempDir,
    pub(super) log: Arc<Log>,
    /// From the start of a process to its first request for an event.
    pub(super) init_timeout: Duration,
}

/// A process did not take the event that it was offered.
#[derive(Debug)]
pub(super) enum NotTaken {
    InitError(Bytes),
    Exited(ExitStatus),
    /// It asked for none within the init phase's limit.
    TimedOut(Duration),
}

/// How an invocation that a process took came out.
#[derive(Debug)]
pub(super) enum Outcome {
    Answered(Answer),
    Exited(ExitStatus),
    TimedOut,
}

#[derive(Debug)]
pub(super) struct Environment {
    child: Child,
    group: Option<Pid>,
    registration: Registration,
    log: Arc<EnvironmentLog>,
    relays: Vec<JoinHandle<()>>,
    started: Instant,
    /// Known once the first event was taken.
    init: Option<Duration>,
}

impl Environment {
    pub(super) fn start(function: &FunctionConfig, ground: &Ground) -> io::Result<Self> {
        let registration = ground.runtime_api.register();
        let stream = format!(
            "{}/[$LATEST]{}",
            chrono::Utc::now().format("%Y/%m/%d"),
            uuid::Uuid::new_v4().simple()
        );
        let home: &Path = ground.directory.path();
        let around = Surroundings {
            runtime_api: registration.address(),
            aws_endpoint: &ground.aws_endpoint,
            home,
            log_stream: &stream,
        };
        let mut child = Command::new(&function.binary)
            .env_clear()
            .envs(variables(function, around))
            .current_dir(home)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            // Its own group: Ctrl-C at the terminal reaches us alone, and we end it with all
            // that it started.
            .process_group(0)
            .spawn()?;
        let log = Arc::new(EnvironmentLog::new(&function.name, Arc::clone(&ground.log)));
        let mut relays = Vec::new();
        if let Some(output) = child.stdout.take() {
            relays.push(tokio::spawn(Arc::clone(&log).relay(output)));
        }
        if let Some(output) = child.stderr.take() {
            relays.push(tokio::spawn(Arc::clone(&log).relay(output)));
        }
        let group = child
            .id()
            .and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        Ok(Self {
            child,
            group,
            registration,
            log,
            relays,
            started: Instant::now(),
            init: None,
        })
    }

    pub(super) fn log(&self) -> &EnvironmentLog {
        &self.log
    }

    /// How long its init phase took, once that is over.
    pub(super) fn init(&self) -> Option<Duration> {
        self.init
    }

    /// Whether its process still runs.
    pub(super) fn is_alive(&mut self) -> bool {
        let alive = matches!(self.child.try_wait(), Ok(None));
        if !alive {
            self.kill_group();
        }
        alive
    }

    /// Offers `event` until the process takes it; its answer then comes through the receiver.
    pub(super) async fn hand_over(
        &mut self,
        event: Event,
        limit: Duration,
    ) -> Result<oneshot::Receiver<Answer>, NotTaken> {
        let offer = self.registration.slot().offer(event);
        let taken = match self.race(offer.taken, limit).await {
            Raced::Sent(taken) => taken,
            Raced::Exited(status) => return Err(NotTaken::Exited(status)),
            Raced::TimedOut => return Err(NotTaken::TimedOut(limit)),
        };
        if let Taken::InitError(body) = taken {
            return Err(NotTaken::InitError(body));
        }
        self.init.get_or_insert(self.started.elapsed());
        Ok(offer.answer)
    }

    /// Waits for the answer to the event that was taken.
    pub(super) async fn answer(
        &mut self,
        answer: oneshot::Receiver<Answer>,
        limit: Duration,
    ) -> Outcome {
        match self.race(answer, limit).await {
            Raced::Sent(answer) => Outcome::Answered(answer),
            Raced::Exited(status) => Outcome::Exited(status),
            Raced::TimedOut => Outcome::TimedOut,
        }
    }

    async fn race<T>(&mut self, mut sent: oneshot::Receiver<T>, limit: Duration) -> Raced<T> {
        tokio::select! {
            biased;
            Ok(value) = &mut sent => Raced::Sent(value),
            status = self.child.wait() => {
                self.kill_group();
                match timeout(LAST_WORDS, sent).await {
                    Ok(Ok(value)) => Raced::Sent(value),
                    // The status of a child of ours can always be had.
                    _ => Raced::Exited(status.unwrap_or_default()),
                }
            }
            () = sleep(limit) => Raced::TimedOut,
        }
    }

    /// Kills the process and what it started, waits for its end, and reads the rest of its log.
    pub(super) async fn end(&mut self) {
        self.kill_group();
        let _ = self.child.kill().await;
        for relay in &mut self.relays {
            // A process that left the group may hold the pipe open.
            if timeout(LAST_WORDS, &mut *relay).await.is_err() {
                relay.abort();
            }
        }
        self.relays.clear();
    }

    /// At most once, and only while the process runs or at the moment when its end is noticed:
    /// later its number could belong to another.
    fn kill_group(&mut self) {
        if let Some(group) = self.group.take() {
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        self.kill_group();
    }
}

enum Raced<T> {
    Sent(T),
    Exited(ExitStatus),
    TimedOut,
}
