//! The templates of other people in `tests/templates`, and how they are to be read.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Where they lie.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/templates")
}

pub(crate) fn templates() -> Vec<PathBuf> {
    let files = fs::read_dir(folder()).unwrap();
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|kind| kind != "txt"));
    paths.sort();
    assert!(paths.len() > 12, "{paths:?}");
    paths
}

/// The options that a template's first line asks for.
pub(crate) fn options(text: &str) -> Vec<&str> {
    let first = text.lines().next().unwrap_or_default();
    let options = first.strip_prefix("# gateway up ").unwrap_or_default();
    options.split_whitespace().collect()
}

/// The parameters among them.
pub(crate) fn parameters(text: &str) -> BTreeMap<String, String> {
    let pairs = options(text).into_iter().filter_map(|o| o.split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
