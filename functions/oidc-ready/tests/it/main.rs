//! The real binary between a Lambda Runtime API, the servers that it waits for, and CloudFormation.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics is a test that fails"
)]

mod answering;
mod requests;
mod support;
mod targets;
mod waiting;
