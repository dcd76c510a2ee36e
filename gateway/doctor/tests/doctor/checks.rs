//! Each check finds what it is for: `data/good.yaml` with one thing broken.

use super::support::{GOOD, edited, found};

const FAULTS: &str = include_str!("data/faults.txt");
const CLEAN: &str = include_str!("data/clean.txt");

/// What becomes what: `from -> to && ...`.
fn edits(text: &str) -> Vec<(String, String)> {
    let plain = |text: &str| text.replace("(nothing)", "").replace("\\n", "\n");
    let edits = text.split(" && ");
    edits
        .filter_map(|edit| edit.split_once(" -> "))
        .map(|(from, to)| (plain(from), plain(to)))
        .collect()
}

#[test]
fn a_good_template_is_clean() {
    assert_eq!(found(GOOD), [""; 0]);
}

/// The faults of a section that go unnoticed, each tried in a fresh template. Nothing if the
/// section cannot be read.
fn unnoticed(section: &str) -> Option<Vec<String>> {
    let (_, rest) = FAULTS.split_once(&format!("[{section}]\n"))?;
    let mut unnoticed = Vec::new();
    for line in rest.lines().take_while(|line| !line.is_empty()) {
        let mut parts = line.splitn(3, " | ");
        let (check, path, edits) = (parts.next()?, parts.next()?, edits(parts.next()?));
        let found = found(&edited(GOOD, &edits));
        let path = path.replace("(root)", "");
        let this = |line: &String| line.starts_with(&format!("{check} ")) && line.contains(&path);
        if edits.is_empty() || !found.iter().any(this) {
            unnoticed.push(format!("{line}\n{found:#?}"));
        }
    }
    Some(unnoticed)
}

#[test]
fn faults_of_functions_are_found() {
    assert_eq!(unnoticed("functions"), Some(vec![]));
}

#[test]
fn faults_of_gateways_are_found() {
    assert_eq!(unnoticed("gateways"), Some(vec![]));
}

#[test]
fn faults_of_policies_are_found() {
    assert_eq!(unnoticed("policies"), Some(vec![]));
}

#[test]
fn faults_of_roles_are_found() {
    assert_eq!(unnoticed("roles"), Some(vec![]));
}

#[test]
fn faults_of_runtimes_are_found() {
    assert_eq!(unnoticed("runtimes"), Some(vec![]));
}

#[test]
fn faults_anywhere_are_found() {
    assert_eq!(unnoticed("others"), Some(vec![]));
}

#[test]
fn what_is_right_is_not_found_fault_with() {
    for line in CLEAN.lines().filter(|line| !line.starts_with('#')) {
        let (check, changes) = line.split_once(" | ").unwrap();
        let edits = edits(changes);
        assert!(!edits.is_empty(), "{line}");
        let found = found(&edited(GOOD, &edits));
        let start = format!("{check} ");
        let wrong: Vec<_> = found.iter().filter(|one| one.starts_with(&start)).collect();
        assert!(wrong.is_empty(), "{line}\n{found:#?}");
    }
}

/// At one place two things may be wrong.
#[test]
fn each_thing_that_is_wrong_at_a_place_is_told() {
    for (edit, check) in [
        (
            "      MemorySize: 128\n      Timeout: 10\n -> (nothing)",
            "function-limits",
        ),
        (
            "LoggingConfig: {LogFormat: JSON, LogGroup: !Ref Logs} -> LoggingConfig: {}",
            "function-logs",
        ),
        (
            "'ecr:GetAuthorizationToken' -> ['lambda:GetFunction', 'kms:Decrypt']",
            "wildcard-resource",
        ),
    ] {
        let found = found(&edited(GOOD, &edits(&edit.replace('\n', "\\n"))));
        let of = |line: &&String| line.starts_with(&format!("{check} "));
        assert_eq!(found.iter().filter(of).count(), 2, "{edit}\n{found:#?}");
    }
}

#[test]
fn every_check_stands_in_the_docs() {
    let page = include_str!("../../../../docs/doctor.md");
    let faults = FAULTS.lines().filter(|line| !line.starts_with('#'));
    let names = faults.filter_map(|line| Some(line.split_once(" | ")?.0));
    let missing: Vec<_> = names
        .filter(|name| !page.contains(&format!("`{name}`")))
        .collect();
    assert_eq!(missing, [""; 0]);
}

/// A check that nothing breaks may have stopped working.
#[test]
fn every_name_of_a_check_has_a_fault() {
    let sources = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/checks")).unwrap();
    let here = [
        FAULTS,
        include_str!("scenarios.rs"),
        include_str!("strangers.rs"),
    ]
    .concat();
    let mut untried = Vec::new();
    for source in sources {
        let source = std::fs::read_to_string(source.unwrap().path()).unwrap();
        let names = source.split('"').filter(|text| {
            let kebab = text.chars().all(|c| c.is_ascii_lowercase() || c == '-');
            kebab && text.contains('-') && !text.starts_with('-') && !text.ends_with('-')
        });
        let used = |name: &&str| {
            !here.contains(&format!("{name} |")) && !here.contains(&format!("\"{name}\""))
        };
        untried.extend(names.filter(used).map(str::to_owned));
    }
    untried.sort();
    untried.dedup();
    // Services, build methods and binaries look the same.
    untried.retain(|name| {
        let others = [
            "bedrock-agentcore",
            "cognito-idp",
            "rust-cargolambda",
            "report-tools",
        ];
        !others.contains(&name.as_str())
    });
    assert_eq!(untried, [""; 0]);
}
