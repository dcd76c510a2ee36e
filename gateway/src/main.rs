//! The `gateway` command: a SAM template's AgentCore Gateway on this machine.

use std::{error::Error, process::ExitCode};

use clap::Parser;
use gateway::{
    cli::{Cli, Command},
    commands::{doctor, jwt, policy, target, token, verify},
    demo, up,
};
use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    prelude::*,
};

#[tokio::main]
async fn main() -> ExitCode {
    log();
    let done = match Cli::parse().command {
        Command::Up(options) => up::run(options).await,
        Command::Demo(options) => demo::run(options).await,
        Command::Token(options) => token::run(options).await,
        Command::Jwt(options) => jwt::run(options).await,
        Command::Verify(options) => verify::run(options).await,
        Command::Policy(command) => policy::run(command).await,
        Command::Doctor(options) => return doctor::run(&options),
        Command::Target(command) => target::run(command).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", report(&*error));
            ExitCode::FAILURE
        }
    }
}

/// Warnings to stderr, without rmcp's line for each error that a client is answered.
fn log() {
    let levels = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("rmcp", LevelFilter::ERROR);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_target(false);
    tracing_subscriber::registry()
        .with(levels)
        .with(lines)
        .init();
}

/// An error with its causes, the ones that it does not say itself.
fn report(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let said = cause.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        source = cause.source();
    }
    text
}
