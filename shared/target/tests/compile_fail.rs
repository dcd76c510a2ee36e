//! What the compiler says to someone who gets a tool, a target or a handler wrong.
//!
//! Each file in `compile_fail/` must not compile, and what the compiler says of it must hold the
//! texts after `// expect: ` at the file's top. Those are this project's own texts and names; the
//! rest is rustc's and changes with it. `fixture.rs`, which each file uses, must compile.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics is a test that fails"
)]

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

#[test]
fn a_mistake_is_told_in_words_that_help() {
    let cases = cases();
    let told = check(&cases);
    let mut problems = Vec::new();
    for (name, source) in &cases {
        let Some(told) = told.get(name) else {
            problems.push(format!("{name} compiles"));
            continue;
        };
        let missing = expected(source).filter(|text| !told.contains(text));
        problems.extend(missing.map(|text| format!("{name} does not say `{text}`:\n{told}")));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// The files, by name; a name is also the name of a binary.
fn cases() -> BTreeMap<String, PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compile_fail");
    let files = fs::read_dir(folder).unwrap();
    let named = files.map(|file| {
        let path = file.unwrap().path();
        (path.file_stem().unwrap().to_str().unwrap().to_owned(), path)
    });
    named.filter(|(name, _)| name != "fixture").collect()
}

/// The texts after `// expect: `; a case without one pins nothing.
fn expected(source: &Path) -> impl Iterator<Item = String> {
    let source = fs::read_to_string(source).unwrap();
    let texts: Vec<String> = source
        .lines()
        .map_while(|line| line.strip_prefix("// expect: "))
        .map(str::to_owned)
        .collect();
    assert!(!texts.is_empty(), "no `// expect: ` in:\n{source}");
    texts.into_iter()
}

/// The errors of each binary of a package made of the cases. It has the workspace's lock file,
/// profile and target folder, so that what it depends on is built once for all.
fn check(cases: &BTreeMap<String, PathBuf>) -> BTreeMap<String, String> {
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile_fail");
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::create_dir_all(&package).unwrap();
    fs::write(package.join("Cargo.toml"), manifest(here, cases)).unwrap();
    fs::copy(here.join("../../Cargo.lock"), package.join("Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args([
            "check",
            "--offline",
            "--keep-going",
            "--message-format=json",
        ])
        .arg("--target-dir")
        .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap())
        .current_dir(&package)
        .output()
        .unwrap();
    let mut told: BTreeMap<String, String> = BTreeMap::new();
    let lines = String::from_utf8(output.stdout).unwrap();
    for line in lines.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        if line["reason"] == "compiler-message" && line["message"]["level"] == "error" {
            let said = told
                .entry(line["target"]["name"].as_str().unwrap().to_owned())
                .or_default();
            said.push_str(line["message"]["rendered"].as_str().unwrap());
        }
    }
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(lines.contains(r#""name":"fixture""#), "cargo failed: {log}");
    assert!(!told.contains_key("fixture"), "{}", told["fixture"]);
    told
}

/// The derives' crates stand in it as in the workspace: another version's would not do.
fn manifest(target: &Path, cases: &BTreeMap<String, PathBuf>) -> String {
    let workspace = fs::read_to_string(target.join("../../Cargo.toml")).unwrap();
    let derives: Vec<&str> = workspace
        .lines()
        .filter(|line| {
            ["garde = ", "schemars = ", "serde = "]
                .iter()
                .any(|name| line.starts_with(name))
        })
        .collect();
    let mut manifest = format!(
        "[package]\nname = \"compile_fail\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [profile.dev]\ndebug = \"line-tables-only\"\n\n\
         [dependencies]\ntarget = {{ path = {target:?} }}\ntools = {{ path = {:?} }}\n{}\n\n\
         [lib]\nname = \"fixture\"\npath = {:?}\n",
        target.join("../tools"),
        derives.join("\n"),
        target.join("tests/compile_fail/fixture.rs"),
    );
    for (name, path) in cases {
        manifest.push_str(&format!("\n[[bin]]\nname = {name:?}\npath = {path:?}\n"));
    }
    manifest
}
