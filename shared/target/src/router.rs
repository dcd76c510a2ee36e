//! From a tool's name to its handler.

use std::{collections::BTreeMap, future::Future, marker::PhantomData, pin::Pin};

use serde_json::Value;
use tools::{Target, ToolOf};

use crate::{Call, StartError, ToolError, arguments, tool_name};

type Answer = Pin<Box<dyn Future<Output = Result<Vec<u8>, ToolError>> + Send>>;
type Handler<S> = Box<dyn Fn(Call<S>, &Value) -> Answer + Send + Sync>;

/// The handlers of a target's tools.
///
/// The input type says which tool a handler serves, so no name is written twice. A handler of
/// another target's tool does not compile; [`check`](Self::check) finds a missing or doubled one.
pub struct Router<T, S> {
    handlers: BTreeMap<&'static str, Handler<S>>,
    doubled: Vec<&'static str>,
    target: PhantomData<fn() -> T>,
}

impl<T: Target, S: Send + Sync + 'static> Router<T, S> {
    /// A router for the tools that `target` declares, with no handlers yet.
    pub fn new(target: T) -> Self {
        let _ = target;
        Self {
            handlers: BTreeMap::new(),
            doubled: Vec::new(),
            target: PhantomData,
        }
    }

    /// Serves the tool whose input `handler` takes.
    #[must_use]
    pub fn on<I, F>(mut self, handler: fn(Call<S>, I) -> F) -> Self
    where
        I: ToolOf<T>,
        F: Answers<I::Output> + Send + 'static,
    {
        let serve = move |call: Call<S>, event: &Value| -> Answer {
            match arguments::parse::<I>(event) {
                Ok(input) => {
                    let answer = handler(call, input);
                    Box::pin(async move { encode(&answer.await?) })
                }
                Err(error) => Box::pin(async move { Err(error) }),
            }
        };
        if self.handlers.insert(I::NAME, Box::new(serve)).is_some() {
            self.doubled.push(I::NAME);
        }
        self
    }

    /// Whether each declared tool has exactly one handler; for a one-line test, and the first
    /// thing that [`serve`](crate::serve) asks.
    ///
    /// # Errors
    /// Names the tools without a handler and those with two, and says what to write.
    pub fn check(&self) -> Result<(), StartError> {
        let declared = T::TOOLS.iter().copied();
        let missing: Vec<_> = declared
            .filter(|name| !self.handlers.contains_key(name))
            .collect();
        let mut problems = Vec::new();
        if !missing.is_empty() {
            problems.push(format!(
                "no handler serves `{}`: add `.on(handler)` for each to the router of `{}`",
                missing.join("`, `"),
                T::NAME
            ));
        }
        if !self.doubled.is_empty() {
            problems.push(format!(
                "two handlers serve `{}`: keep one `.on(handler)` for each",
                self.doubled.join("`, `")
            ));
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(StartError::Router(problems.join("; ")))
        }
    }

    /// Calls the handler of `tool` (without the target's prefix) with the event's arguments.
    pub(crate) fn dispatch(
        &self,
        tool: &str,
        call: Call<S>,
        event: &Value,
    ) -> Result<Answer, ToolError> {
        let handler = self
            .handlers
            .get(tool)
            .ok_or_else(|| tool_name::unknown(tool, T::TOOLS))?;
        Ok(handler(call, event))
    }
}

/// What calling a handler gives: a future of the tool's output.
#[diagnostic::on_unimplemented(
    message = "this handler does not answer `Result<{O}, ToolError>`",
    label = "gives `{Self}`",
    note = "write `async fn handler(call: Call<State>, input: Input) -> Result<{O}, ToolError>`: \
            `{O}` is the `Output` of the tool"
)]
pub trait Answers<O>: Future<Output = Result<O, ToolError>> {}

#[diagnostic::do_not_recommend]
impl<F, O> Answers<O> for F where F: Future<Output = Result<O, ToolError>> {}

fn encode(output: &impl serde::Serialize) -> Result<Vec<u8>, ToolError> {
    serde_json::to_vec(output)
        .map_err(|error| ToolError::fault("the output is no JSON").caused_by(error))
}
