//! `gateway target put`: a function and its tools' schema, attached to a gateway that is there.
//!
//! The schema is made of the types, not read from a template: the function was compiled from the
//! same types, while the gateway may be one that no template here knows.

#[cfg(any(feature = "aws", test))]
mod changes;
mod wanted;

use std::error::Error;

use crate::cli::{Target, TargetPut};
use wanted::Wanted;

type BoxError = Box<dyn Error + Send + Sync>;

/// Runs the verb.
///
/// # Errors
/// What is asked for cannot be, AWS refused it, or the target did not become READY.
pub async fn run(command: Target) -> Result<(), BoxError> {
    let Target::Put(options) = command;
    let wanted = Wanted::read(&options, toolschema::targets::ALL)?;
    service::put(&options, &wanted).await
}

#[cfg(not(feature = "aws"))]
mod service {
    use super::{BoxError, TargetPut, Wanted};

    pub(super) async fn put(_: &TargetPut, wanted: &Wanted) -> Result<(), BoxError> {
        Err(format!(
            "this `gateway` cannot call AWS, so {wanted} was not attached: build it with \
             `cargo build --bin gateway --features gateway/aws`"
        )
        .into())
    }
}

#[cfg(feature = "aws")]
mod service;
