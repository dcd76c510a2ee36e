//! What the `gateway` command does, one verb per file; `up` and `demo` stand beside it.

pub mod doctor;
pub mod jwt;
pub mod policy;
pub mod target;
pub mod token;
pub mod verify;
