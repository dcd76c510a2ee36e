//! One file per tool with its contract, `FOLDER/Target/tool.json`, so that a change of a type
//! stands in the review beside the type.

use std::collections::HashSet;
use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::contract::{self, Change, Effect};
use crate::file::{self, FileError};
use crate::targets::Lowered;

/// The first entry of each file. Files without it are nobody's golden files and are never removed.
const COMMENT: (&str, &str) = ("$comment", "From the types; renewed by `toolschema write`.");

/// A golden file that is not as the types say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The file.
    pub path: PathBuf,
    /// What has changed; never empty.
    pub changes: Vec<Change>,
    /// What should be in the file; `None` where it should not be.
    should: Option<String>,
}

/// Compares the files in `folder` with the types. There are none for tools that are the same.
///
/// # Errors
/// If a file or folder cannot be read. One that is no golden file is a difference.
pub fn differences(folder: &Path, targets: &[Lowered]) -> Result<Vec<Difference>, FileError> {
    let mut differences = Vec::new();
    let mut known = HashSet::new();
    for target in targets {
        for contract in &target.contracts {
            let path = folder
                .join(target.name)
                .join(format!("{}.json", contract.tool));
            let changes = changes(&path, &contract.value)?;
            if !changes.is_empty() {
                differences.push(Difference {
                    path: path.clone(),
                    changes,
                    should: Some(text(&contract.value)),
                });
            }
            known.insert(path);
        }
    }
    for target in file::entries(folder)?.iter().filter(|path| path.is_dir()) {
        for path in file::entries(target)? {
            if !known.contains(&path) && is_golden(&path) {
                differences.push(Difference {
                    path,
                    changes: vec![whole(Effect::Breaking, "the tool is gone")],
                    should: None,
                });
            }
        }
    }
    Ok(differences)
}

/// Brings the files up to date.
///
/// # Errors
/// If a file cannot be written or removed.
pub fn write(differences: &[Difference]) -> Result<(), FileError> {
    differences
        .iter()
        .try_for_each(|difference| match &difference.should {
            Some(text) => file::write(&difference.path, text),
            None => file::remove(&difference.path),
        })
}

fn changes(path: &Path, contract: &Value) -> Result<Vec<Change>, FileError> {
    if !file::exists(path)? {
        return Ok(vec![whole(Effect::Harmless, "the tool is new")]);
    }
    Ok(match serde_json::from_str(&file::read(path)?) {
        Ok(Value::Object(mut golden)) => {
            golden.remove(COMMENT.0);
            contract::changes(&Value::Object(golden), contract)
        }
        _ => {
            let what = "the file is not what `toolschema write` wrote, so nothing can be compared";
            vec![whole(Effect::Breaking, what)]
        }
    })
}

/// Whether `write` made this file.
fn is_golden(path: &Path) -> bool {
    let json = path
        .extension()
        .is_some_and(|extension| extension == "json");
    let value = || serde_json::from_str::<Value>(&file::read(path).ok()?).ok();
    json && value().is_some_and(|value| value.get(COMMENT.0) == Some(&COMMENT.1.into()))
}

fn text(contract: &Value) -> String {
    let mut map = Map::new();
    map.insert(COMMENT.0.to_owned(), COMMENT.1.into());
    map.extend(contract.as_object().cloned().unwrap_or_default());
    format!("{:#}\n", Value::Object(map))
}

fn whole(effect: Effect, what: &str) -> Change {
    Change {
        effect,
        path: String::new(),
        what: what.to_owned(),
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        let mut changes: Vec<_> = self.changes.iter().collect();
        changes.sort_by_key(|change| change.effect);
        for change in changes {
            write!(f, "\n  {change}")?;
        }
        Ok(())
    }
}
