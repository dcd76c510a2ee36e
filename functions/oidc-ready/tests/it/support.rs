//! What stands around the function.

pub(crate) mod event;
pub(crate) mod function;
pub(crate) mod server;
