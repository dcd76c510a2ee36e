//! The fixture's binary under a Runtime API of the tests' own, as Lambda would run it.

mod calls;
mod hostile;
mod init;
mod lambda;
mod sam_local;
