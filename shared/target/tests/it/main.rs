//! The fixture's binary under a Runtime API of the tests' own, as Lambda would run it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that panics is a test that fails"
)]

mod calls;
mod hostile;
mod init;
mod lambda;
mod sam_local;
