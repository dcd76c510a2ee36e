//! Builds the functions' binaries with cargo, as the workspace builds everything else.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::Stdio,
};

use serde::Deserialize;
use tokio::process::Command;

/// Functions that could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum BuildError {
    /// cargo is not there.
    #[error("cannot run `cargo`: {0}; install Rust from https://rustup.rs")]
    Cargo(std::io::Error),
    /// The compiler's messages have been shown.
    #[error("cargo could not build `{0}`; its messages stand above")]
    Failed(String),
    /// The workspace has no such binary.
    #[error(
        "the workspace has no binary `{0}`: see `Metadata.BuildProperties.Binary` in the template"
    )]
    Missing(String),
}

/// A line of cargo's `--message-format=json`, as far as it names a binary.
#[derive(Deserialize)]
struct Message {
    executable: Option<PathBuf>,
    target: Option<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

/// Builds the binaries `names` of the workspace at `folder` and says where they lie. cargo's
/// progress and messages go to stderr.
///
/// No package is named, so that cargo unites the features of the whole workspace as `cargo test`
/// does, and builds each dependency once.
///
/// # Errors
/// cargo is missing, a build fails, or there is no such binary.
pub(crate) async fn build(
    folder: &Path,
    names: &BTreeSet<String>,
    release: bool,
) -> Result<BTreeMap<String, PathBuf>, BuildError> {
    if names.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(folder)
        .args(["build", "--message-format=json-render-diagnostics"])
        .args(names.iter().flat_map(|name| ["--bin", name]))
        .args(release.then_some("--release"))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .kill_on_drop(true);
    // What an outer `cargo run` says of this program is nothing to the build of others, and build
    // scripts would run again for each change of it.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    let output = cargo.output().await.map_err(BuildError::Cargo)?;
    let listed = || names.iter().cloned().collect::<Vec<_>>().join("`, `");
    if !output.status.success() {
        return Err(BuildError::Failed(listed()));
    }
    let built: BTreeMap<String, PathBuf> = output
        .stdout
        .split(|&byte| byte == b'\n')
        .filter_map(|line| serde_json::from_slice::<Message>(line).ok())
        .filter_map(|message| Some((message.target?.name, message.executable?)))
        .filter(|(name, _)| names.contains(name))
        .collect();
    match names.iter().find(|name| !built.contains_key(*name)) {
        Some(missing) => Err(BuildError::Missing(missing.clone())),
        None => Ok(built),
    }
}
