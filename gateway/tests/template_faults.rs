//! The same templates with faults that nobody would think of: none ends in a panic.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics is a test that fails"
)]

#[path = "support/mutants.rs"]
mod mutants;
#[path = "support/templates.rs"]
mod templates;

use std::{collections::BTreeMap, env, fs, path::Path};

use gateway::deployment::Deployment;
use templates::{options, parameters, templates};

/// What the library makes of a template at `path`: its errors, or its tools and what is left out.
fn read(path: &Path, text: &str) -> String {
    fs::write(path, text).unwrap();
    match Deployment::load(path, parameters(text)) {
        Err(error) => error.to_string().replace(&path.display().to_string(), ""),
        Ok(deployment) => {
            let gateways = deployment.gateways.values();
            // Also what is made of them: the policy engine's schema is.
            let engines = gateways.clone().map(|gateway| match gateway.engine(path) {
                Ok(engine) => engine.map_or_else(String::new, |engine| engine.schema().to_owned()),
                Err(error) => error.to_string(),
            });
            let engines: String = engines.collect();
            let tools: Vec<_> = gateways.flat_map(|g| g.gateway.tools()).collect();
            format!("{tools:?} {:?} {engines}", deployment.skipped)
        }
    }
}

#[test]
fn other_line_ends_and_a_byte_order_mark_change_nothing() {
    let files = tempfile::tempdir().unwrap();
    for original in templates() {
        let text = fs::read_to_string(&original).unwrap();
        let path = files.path().join(original.file_name().unwrap());
        let said = read(&path, &text);
        assert_eq!(
            read(&path, &text.replace('\n', "\r\n")),
            said,
            "{original:?}"
        );
        // The mark hides the comment with the options, as it would from a person's `head -1`.
        if options(&text).is_empty() {
            assert_eq!(
                read(&path, &format!("\u{feff}{text}")),
                said,
                "{original:?}"
            );
        }
    }
}

#[test]
fn a_file_that_is_no_text_or_too_large_is_refused() {
    let files = tempfile::tempdir().unwrap();
    let path = files.path().join("t.yaml");
    let refused = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        let error = Deployment::load(&path, BTreeMap::new()).unwrap_err();
        error.to_string()
    };
    let utf16: Vec<u8> = "\u{feff}Resources: {}"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert!(refused(&utf16).contains("did not contain valid UTF-8"));
    let large = format!("Resources: {{}}\nDescription: {}", "x".repeat(1024 * 1024));
    assert!(refused(large.as_bytes()).contains("larger than 1048576 bytes"));
    let missing = Deployment::load(files.path(), BTreeMap::new()).unwrap_err();
    assert!(missing.to_string().contains("cannot read the template"));
}

#[test]
fn the_doctor_survives_any_value_replaced_by_another() {
    let step = if env::var_os("ALL_MUTANTS").is_some() {
        1
    } else {
        11
    };
    let mut findings = 0;
    for path in templates() {
        let text = fs::read_to_string(&path).unwrap();
        for mutant in mutants::of(&text).step_by(step) {
            findings += doctor::examine("t.yaml", &mutant, None, &parameters(&text))
                .findings
                .len();
        }
    }
    assert!(findings > 1000, "only {findings} findings");
}

/// Each value of the strangers' templates is replaced by five others in turn. Of our own, which
/// takes twenty times as long to read, every third is by one of them; with `ALL_MUTANTS=1`, which
/// takes ten minutes, each by all.
#[test]
fn any_value_replaced_by_another_is_answered() {
    let files = tempfile::tempdir().unwrap();
    let path = files.path().join("t.yaml");
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../template.yaml");
    let all = env::var_os("ALL_MUTANTS").is_some();
    let (mut count, mut served) = (0, 0);
    for original in templates().into_iter().chain([own.clone()]) {
        let text = fs::read_to_string(&original).unwrap();
        let text = match original == own {
            true => format!("# gateway up --parameter SesSenderEmail=a@example.com\n{text}"),
            false => text,
        };
        let step = if original == own && !all { 16 } else { 1 };
        for mutant in mutants::of(&text).step_by(step) {
            count += 1;
            served += usize::from(read(&path, &mutant).starts_with("["));
        }
    }
    assert!(
        count > 5000 && served > 500,
        "{served} of {count} mutants were served"
    );
}
