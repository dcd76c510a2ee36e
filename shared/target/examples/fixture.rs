//! A function with a tool for each way in which a call can end. The tests run it as Lambda would.

#![expect(clippy::panic, reason = "a panic is one of the ways")]

use std::time::Duration;

use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use target::{Call, InitError, Router, StartError, ToolError};
use tools::{Tool, tools};

/// Input of all the fixture's tools but one.
macro_rules! tool {
    ($input:ident = $name:literal) => {
        #[derive(Deserialize, JsonSchema, Validate)]
        struct $input {
            #[garde(length(max = 100))]
            text: String,
        }
        impl Tool for $input {
            const NAME: &'static str = $name;
            const DESCRIPTION: &'static str = "A fixture.";
            type Output = Echoed;
        }
    };
}

#[derive(Serialize, JsonSchema)]
struct Echoed {
    text: String,
    process: u32,
    trace_id: Option<String>,
}

tool!(Echo = "echo");
tool!(Nested = "a___b");
tool!(Panic = "panic");
tool!(Sleep = "sleep");
tool!(Block = "block");
tool!(Large = "large");
tool!(Fault = "fault");
tools! { struct Fixture = "Fixture" { Echo, Nested, Panic, Sleep, Block, Large, Fault } }

fn echoed(call: &Call<()>, text: String) -> Echoed {
    Echoed {
        text,
        process: std::process::id(),
        trace_id: call.trace_id().map(str::to_owned),
    }
}

async fn echo(call: Call<()>, input: Echo) -> Result<Echoed, ToolError> {
    Ok(echoed(&call, input.text))
}

async fn nested(call: Call<()>, input: Nested) -> Result<Echoed, ToolError> {
    Ok(echoed(&call, input.text))
}

async fn panic(_: Call<()>, input: Panic) -> Result<Echoed, ToolError> {
    panic!("{}", input.text)
}

async fn sleep(call: Call<()>, input: Sleep) -> Result<Echoed, ToolError> {
    tokio::time::sleep(Duration::from_secs(600)).await;
    Ok(echoed(&call, input.text))
}

async fn block(call: Call<()>, input: Block) -> Result<Echoed, ToolError> {
    std::thread::sleep(Duration::from_secs(600));
    Ok(echoed(&call, input.text))
}

async fn large(call: Call<()>, _: Large) -> Result<Echoed, ToolError> {
    Ok(echoed(&call, "x".repeat(7 * 1024 * 1024)))
}

async fn fault(_: Call<()>, input: Fault) -> Result<Echoed, ToolError> {
    Err(ToolError::fault("for the log").caused_by(input.text))
}

async fn init() -> Result<(), InitError> {
    match std::env::var("FIXTURE_INIT").as_deref() {
        Ok("error") => Err(InitError::new("`FIXTURE_INIT` is `error`: leave it unset")),
        Ok("panic") => panic!("a secret in a panic"),
        _ => Ok(()),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), StartError> {
    let router = Router::new(Fixture)
        .on(echo)
        .on(nested)
        .on(panic)
        .on(sleep)
        .on(block)
        .on(large);
    let router = match std::env::var("FIXTURE_INIT").as_deref() {
        Ok("missing") => router,
        Ok("doubled") => router.on(fault).on(echo),
        _ => router.on(fault),
    };
    target::serve(router, init).await
}
