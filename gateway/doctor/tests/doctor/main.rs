//! What the doctor finds, and in what it finds nothing.

mod checks;
mod own;
mod scenarios;
mod strangers;
mod support;
