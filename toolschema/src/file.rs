//! Files, read whole and replaced whole.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// A file that cannot be read or written.
#[derive(Debug, Error)]
#[error("cannot {verb} `{}`: {source}", path.display())]
pub struct FileError {
    verb: &'static str,
    path: PathBuf,
    source: io::Error,
}

/// Reads a UTF-8 file.
///
/// # Errors
/// If it cannot be read, or is not UTF-8.
pub fn read(path: &Path) -> Result<String, FileError> {
    std::fs::read_to_string(path).map_err(|source| FileError {
        verb: "read",
        path: path.to_owned(),
        source,
    })
}

/// Replaces a file in one step: a reader sees the old text or the new one. Its permissions stay,
/// and a symbolic link goes on pointing at it.
///
/// # Errors
/// If it cannot be written; then it is as before.
pub fn replace(path: &Path, text: &str) -> Result<(), FileError> {
    let replace = || {
        let path = path.canonicalize()?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut new = tempfile::NamedTempFile::new_in(folder)?;
        new.write_all(text.as_bytes())?;
        new.as_file()
            .set_permissions(std::fs::metadata(&path)?.permissions())?;
        new.as_file().sync_all()?;
        new.persist(&path)?;
        Ok(())
    };
    replace().map_err(|source| FileError {
        verb: "write",
        path: path.to_owned(),
        source,
    })
}
