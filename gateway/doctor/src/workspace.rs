//! The binaries that a cargo workspace builds, read from its manifests without cargo.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The names of all binaries, or nothing where there is no `Cargo.toml`.
pub(crate) fn binaries(folder: &Path) -> Option<BTreeSet<String>> {
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).ok()?;
    let mut names = BTreeSet::new();
    package(folder, &manifest, &mut names);
    for member in members(&manifest) {
        for folder in folders(folder, &member) {
            if let Ok(manifest) = std::fs::read_to_string(folder.join("Cargo.toml")) {
                package(&folder, &manifest, &mut names);
            }
        }
    }
    Some(names)
}

/// The texts of `members = [..]`.
fn members(manifest: &str) -> Vec<String> {
    let list = manifest
        .lines()
        .position(|line| is_key(line, "members"))
        .map(|at| manifest.lines().skip(at).collect::<Vec<_>>().join("\n"));
    let list = list.unwrap_or_default();
    let list = list.split_once('[').map_or("", |(_, rest)| rest);
    let list = list.split_once(']').map_or("", |(list, _)| list);
    list.split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// The folders that a member stands for; `*` only as the last step.
fn folders(root: &Path, member: &str) -> Vec<PathBuf> {
    match member.strip_suffix("/*") {
        None => vec![root.join(member)],
        Some(parent) => std::fs::read_dir(root.join(parent))
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect(),
    }
}

fn package(folder: &Path, manifest: &str, names: &mut BTreeSet<String>) {
    let mut section = "";
    let mut package = None;
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line;
        }
        if is_key(line, "name") {
            let name = line.split('"').nth(1).unwrap_or_default();
            match section {
                "[package]" => package = Some(name),
                "[[bin]]" => names.extend([name.to_owned()]),
                _ => {}
            }
        }
    }
    if let Some(name) = package
        && folder.join("src/main.rs").is_file()
    {
        names.insert(name.to_owned());
    }
    let others = std::fs::read_dir(folder.join("src/bin"))
        .into_iter()
        .flatten();
    names.extend(others.filter_map(|entry| {
        let path = entry.ok()?.path();
        Some(path.file_stem()?.to_str()?.to_owned())
    }));
}

fn is_key(line: &str, key: &str) -> bool {
    let rest = line.trim().strip_prefix(key);
    rest.is_some_and(|rest| rest.trim_start().starts_with('='))
}
