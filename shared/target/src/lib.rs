//! What makes a Lambda function a target of Amazon Bedrock AgentCore Gateway.
//!
//! The Gateway invokes the function with a tool's arguments as the event and the tool's name in
//! the client context. [`serve`] polls the Lambda Runtime API, [`Router`] finds the handler, and
//! a handler is a plain `async fn(Call<S>, Input) -> Result<Output, ToolError>`.
//!
//! Nothing that a caller sends ends the process: every invocation gets a response or an error,
//! whatever the event or the client context holds, and whether the handler panics or outlives its
//! deadline.
//!
//! The client context is not authentication. Whoever may call `lambda:InvokeFunction` can write
//! any context and any event; IAM is the only boundary in front of a function.

mod arguments;
mod call;
mod client_context;
mod error;
mod router;
mod runtime;
mod telemetry;
mod tool_name;

pub use call::Call;
pub use error::{InitError, StartError, ToolError};
pub use lambda_runtime::Context;
pub use router::Router;
pub use runtime::serve;
