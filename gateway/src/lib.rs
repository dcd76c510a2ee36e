//! The AgentCore Gateway of a SAM template, on the developer's own machine.
//!
//! `gateway up` reads the template that is deployed and stands up on loopback what it declares:
//! [`deployment`] says what that is, [`mcp`] is the Gateway, [`lambda`] hosts the functions'
//! binaries, [`ses`] keeps their mail, [`aws`] answers for every other service that it is not
//! emulated, and [`access`] gets tokens from the local issuer or a real one. Each is an ordinary service at an ordinary URL. It is for development and tests.

#[macro_use]
mod say;

pub mod access;
pub mod aws;
mod binaries;
pub mod cli;
mod client;
pub mod commands;
pub mod demo;
pub mod deployment;
pub mod lambda;
pub mod loopback;
pub mod mcp;
mod running;
pub mod ses;
pub mod up;
