//! Templates as people write them and as nobody should, one module per behaviour.

mod common;
mod hostile;
mod intrinsics;
mod language;
mod parameters;
mod resources;
mod yaml;
