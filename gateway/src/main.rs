//! The `gateway` command: a SAM template's AgentCore Gateway on this machine.

use std::{error::Error, process::ExitCode};

use clap::Parser;
use gateway::{
    cli::{Cli, Command},
    commands::{jwt, policy, token, verify},
    demo, up,
};

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_max_level(tracing::Level::WARN)
        .init();
    let done = match Cli::parse().command {
        Command::Up(options) => up::run(options).await,
        Command::Demo(options) => demo::run(options).await,
        Command::Token(options) => token::run(options).await,
        Command::Jwt(options) => jwt::run(options).await,
        Command::Verify(options) => verify::run(options).await,
        Command::Policy(command) => policy::run(command).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", report(&*error));
            ExitCode::FAILURE
        }
    }
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
