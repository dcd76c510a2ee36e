//! Files that only their owner can read, and that are there whole or not at all.

use std::fs::DirBuilder;
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// Makes a folder and those above it with mode 0700. One that is there is left as it is:
/// it may be anything that the user named.
pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Writes a new file `name` with mode 0600.
pub(super) fn write(folder: &Path, name: &str, content: &[u8]) -> io::Result<PathBuf> {
    // tempfile makes its files with mode 0600.
    let mut file = tempfile::Builder::new()
        .prefix(".part-")
        .tempfile_in(folder)?;
    file.write_all(content)?;
    let path = folder.join(name);
    file.persist_noclobber(&path).map_err(|error| error.error)?;
    Ok(path)
}
