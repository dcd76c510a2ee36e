//! Builds the functions' binaries with cargo, as the workspace builds everything else.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash, Hasher},
    io::{Error, ErrorKind},
    path::{Path, PathBuf},
    process::Stdio,
};

use serde::Deserialize;
use tokio::{fs, process::Command};

use crate::deployment::Function;

/// Functions that could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum BuildError {
    /// cargo is not there.
    #[error("cannot run `cargo`: {0}; install Rust from https://rustup.rs")]
    Cargo(Error),
    /// The compiler's messages have been shown.
    #[error("cargo could not build `{0}`; its messages stand above")]
    Failed(String),
    /// The workspace has no such binary.
    #[error(
        "the workspace has no binary `{0}`: see `Metadata.BuildProperties.Binary` in the template"
    )]
    Missing(String),
    /// None is named, and there are several.
    #[error(
        "`{}` has the binaries `{names}`: name the function's as \
         `Metadata.BuildProperties.Binary` in the template",
        folder.display()
    )]
    Several {
        /// What was built.
        folder: PathBuf,
        /// Its binaries.
        names: String,
    },
    /// None is named, and there is none.
    #[error("`{}` has no binary: `CodeUri` is the folder of a package with one", .0.display())]
    NoBinary(PathBuf),
    /// A binary could not be kept beside another of its name.
    #[error("cannot link to `{}`: {source}", path.display())]
    Link {
        /// The binary.
        path: PathBuf,
        /// Why.
        source: Error,
    },
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

/// The folder relative to the template's, and the binary's name; without one, it is the only one
/// there.
pub(crate) type Wanted = (String, Option<String>);

/// What a function runs.
pub(crate) fn wanted(function: &Function) -> Wanted {
    (function.code_uri.clone(), function.binary.clone())
}

/// Builds what is wanted and says where it lies. cargo's progress and messages go to stderr.
///
/// # Errors
/// cargo is missing, a build fails, or there is no such binary.
pub(crate) async fn build(
    template: &Path,
    wanted: &BTreeSet<Wanted>,
    release: bool,
) -> Result<BTreeMap<Wanted, PathBuf>, BuildError> {
    let folders: BTreeSet<&str> = wanted.iter().map(|(folder, _)| folder.as_str()).collect();
    let mut built = BTreeMap::new();
    for &folder in &folders {
        let path = template.join(folder);
        let here = || wanted.iter().filter(|(of, _)| of == folder);
        let mut found = Vec::new();
        let names: BTreeSet<&str> = here().filter_map(|(_, name)| name.as_deref()).collect();
        if !names.is_empty() {
            let binaries = named(&path, &names, release).await?;
            found.extend(binaries.into_iter().map(|(name, path)| (Some(name), path)));
        }
        if here().any(|(_, name)| name.is_none()) {
            found.push((None, only(&path, release).await?));
        }
        for (name, mut binary) in found {
            // Packages of one workspace build to one place.
            if folders.len() > 1 {
                binary = kept(&binary, &path).await?;
            }
            built.insert((folder.to_owned(), name), binary);
        }
    }
    Ok(built)
}

/// The binaries of these names.
///
/// No package is named, so that cargo unites the features of the whole workspace as `cargo test`
/// does, and builds each dependency once.
async fn named(
    folder: &Path,
    names: &BTreeSet<&str>,
    release: bool,
) -> Result<BTreeMap<String, PathBuf>, BuildError> {
    let options: Vec<_> = names.iter().flat_map(|name| ["--bin", name]).collect();
    let Some(built) = cargo_build(folder, &options, release).await? else {
        let names: Vec<_> = names.iter().copied().collect();
        return Err(BuildError::Failed(names.join("`, `")));
    };
    let built = built.into_iter();
    let built: BTreeMap<_, _> = built
        .filter(|(name, _)| names.contains(name.as_str()))
        .collect();
    match names.iter().find(|&&name| !built.contains_key(name)) {
        Some(&missing) => Err(BuildError::Missing(missing.to_owned())),
        None => Ok(built),
    }
}

/// The one binary that there is.
async fn only(folder: &Path, release: bool) -> Result<PathBuf, BuildError> {
    let built = cargo_build(folder, &[], release).await?;
    let mut built = built.ok_or_else(|| BuildError::Failed(folder.display().to_string()))?;
    built.sort();
    let (names, mut paths): (Vec<_>, Vec<_>) = built.into_iter().unzip();
    let folder = folder.to_owned();
    match (paths.pop(), paths.is_empty()) {
        (Some(path), true) => Ok(path),
        (Some(_), false) => {
            let names = names.join("`, `");
            Err(BuildError::Several { folder, names })
        }
        (None, _) => Err(BuildError::NoBinary(folder)),
    }
}

/// Runs `cargo build` and gives the names and places of all binaries, or nothing if it fails.
async fn cargo_build(
    folder: &Path,
    options: &[&str],
    release: bool,
) -> Result<Option<Vec<(String, PathBuf)>>, BuildError> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(folder)
        .args(["build", "--message-format=json-render-diagnostics"])
        .args(options)
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
    let lines = output.stdout.split(|&byte| byte == b'\n');
    let built = lines
        .filter_map(|line| serde_json::from_slice::<Message>(line).ok())
        .filter_map(|message| Some((message.target?.name, message.executable?)));
    Ok(output.status.success().then(|| built.collect()))
}

/// A binary under a name of its folder's own, which the next build leaves alone.
async fn kept(binary: &Path, folder: &Path) -> Result<PathBuf, BuildError> {
    let mut hasher = DefaultHasher::new();
    folder.canonicalize().ok().hash(&mut hasher);
    let mut name = binary.file_name().unwrap_or_default().to_owned();
    name.push(format!("-{:016x}", hasher.finish()));
    let kept = binary.with_file_name(name);
    let _ = fs::remove_file(&kept).await;
    match fs::hard_link(binary, &kept).await {
        // Another `gateway up` of the same template was faster.
        Err(source) if source.kind() != ErrorKind::AlreadyExists => {
            Err(BuildError::Link { path: kept, source })
        }
        _ => Ok(kept),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, process::Command};

    use super::*;

    /// A workspace with packages, each with binaries that print the package's name.
    fn workspace(packages: &[(&str, &[&str])]) -> tempfile::TempDir {
        let files = tempfile::tempdir().unwrap();
        let write = |path: String, text: String| {
            let path = files.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        let members: Vec<_> = packages.iter().map(|(package, _)| package).collect();
        let root = format!("[workspace]\nresolver = \"2\"\nmembers = {members:?}");
        write("Cargo.toml".to_owned(), root);
        for (package, binaries) in packages {
            let mut manifest = format!("[package]\nname = {package:?}\nedition = \"2021\"\n");
            write(format!("{package}/src/lib.rs"), String::new());
            for binary in *binaries {
                let path = format!("src/{binary}.rs");
                manifest += &format!("[[bin]]\nname = {binary:?}\npath = {path:?}\n");
                let main = format!("fn main() {{ print!({package:?}) }}");
                write(format!("{package}/{path}"), main);
            }
            write(format!("{package}/Cargo.toml"), manifest);
        }
        files
    }

    fn wanted(folder: &str, name: Option<&str>) -> Wanted {
        (folder.to_owned(), name.map(str::to_owned))
    }

    #[tokio::test]
    async fn each_folder_has_its_own_binary_of_a_name() {
        let files = workspace(&[("a", &["tool"]), ("b", &["tool"]), ("c", &["other"])]);
        let all = [
            wanted("a", Some("tool")),
            wanted("b", Some("tool")),
            wanted("b", None),
            wanted("c", None),
        ];
        // A second time: what is there already is replaced.
        for _ in 0..2 {
            let built = build(files.path(), &all.clone().into(), false)
                .await
                .unwrap();
            for wanted in &all {
                let said = Command::new(&built[wanted]).output().unwrap().stdout;
                assert_eq!(String::from_utf8(said).unwrap(), wanted.0);
            }
        }
    }

    #[tokio::test]
    async fn a_binary_must_be_named_where_there_is_not_one_alone() {
        let files = workspace(&[("two", &["x", "y"]), ("none", &[]), ("third", &["x"])]);
        for (folder, says) in [
            ("two", "two` has the binaries `x`, `y`: name the"),
            (".", ".` has the binaries `x`, `x`, `y`: name the"),
            ("none", "none` has no binary: `CodeUri` is"),
        ] {
            let all = [wanted(folder, None)].into();
            let error = build(files.path(), &all, false).await.unwrap_err();
            assert!(error.to_string().contains(says), "{error}");
        }
    }
}
