//! Templates made to break a reader: each is answered with an error, and never with a crash.

use crate::common::{properties, resolve, value};
use template::{Environment, Template};

#[test]
fn deep_nesting_is_refused() {
    let sequences = format!("Resources: {}a", "- ".repeat(10_000));
    let maps = (0..10_000)
        .map(|depth| format!("{}a:\n", " ".repeat(depth % 1000)))
        .collect::<String>();
    let cases = [
        value(&format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)), ""),
        value(
            &format!("{}x{}", "{a: ".repeat(10_000), "}".repeat(10_000)),
            "",
        ),
        value(
            &format!("{}x{}", "{Ref: ".repeat(10_000), "}".repeat(10_000)),
            "",
        ),
        value(&format!("\n{}x", "- ".repeat(10_000)), ""),
        value(&format!("{}x", "? ".repeat(10_000)), ""),
        value(&format!("{}x", "!Sub ".repeat(10_000)), ""),
        properties(&sequences),
        properties(&maps),
    ];
    for (index, case) in cases.into_iter().enumerate() {
        assert!(case.unwrap_err().starts_with("t.yaml:"), "case {index}");
    }
    let error = value(&format!("\n{}x", "        - ".repeat(10_000)), "").unwrap_err();
    assert!(
        error.contains("nested more than 100 levels deep"),
        "{error}"
    );
}

#[test]
fn the_deepest_template_that_is_read_is_also_resolved() {
    // Resources, R, Properties and V take levels too, and each call two: itself and its list.
    let call = format!("{}x{}", "!Join ['', [".repeat(47), "]]".repeat(47));
    assert_eq!(value(&call, "").unwrap(), "x");
    let sub = format!("{}x{}", "!Sub ['${a}', {a: ".repeat(47), "}]".repeat(47));
    assert_eq!(value(&sub, "").unwrap(), "x");
}

#[test]
fn aliases_that_multiply_are_refused() {
    let mut bomb = "Metadata:\n  a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..30 {
        let below = format!("*a{}, ", level - 1).repeat(9);
        bomb += &format!("  a{level}: &a{level} [{below}]\n");
    }
    bomb += "Resources: {R: {Type: X::Y::Z}}\n";
    let error = resolve(&bomb).unwrap_err();
    assert!(error.contains("holds more than 200000 values"), "{error}");

    let mut tower = "Metadata:\n  a0: &a0 [x]\n".to_owned();
    for level in 1..2000 {
        tower += &format!("  a{level}: &a{level} [*a{}]\n", level - 1);
    }
    let error = resolve(&tower).unwrap_err();
    assert!(
        error.contains("nested more than 100 levels deep"),
        "{error}"
    );
}

#[test]
fn functions_that_multiply_text_are_refused() {
    let twice = "!Sub ['${a}${a}${a}${a}', {a: ".repeat(40) + "x" + &"}]".repeat(40);
    let error = value(&twice, "").unwrap_err();
    assert!(
        error.contains("becomes too large when it is resolved"),
        "{error}"
    );

    let long = format!(
        "Parameters: {{P: {{Type: String, Default: {}}}}}\n",
        "x".repeat(500_000)
    );
    let many = format!("[{}]", "!Ref P, ".repeat(50_000));
    let error = value(&many, &long).unwrap_err();
    assert!(
        error.contains("becomes too large when it is resolved"),
        "{error}"
    );
}

#[test]
fn globals_that_multiply_are_refused() {
    let globals = format!(
        "Globals: {{Function: {{Layers: [{}]}}}}\n",
        "x, ".repeat(190_000)
    );
    let functions: String = (0..500)
        .map(|n| format!("  F{n}: {{Type: AWS::Serverless::Function}}\n"))
        .collect();
    let resolved = resolve(&format!("{globals}Resources:\n{functions}")).unwrap();
    assert!(resolved.resources["F0"].properties.is_ok());
    assert!(resolved.resources["F499"].properties.is_err());
}

#[test]
fn a_chain_of_conditions_ends() {
    let mut chain =
        "Resources: {R: {Type: X::Y::Z}}\nConditions:\n  C0: !Equals [a, a]\n".to_owned();
    for link in 1..20_000 {
        chain += &format!("  C{link}: !Not [!Condition C{}]\n", link - 1);
    }
    // Whatever the order of the names allows: an answer or an error, no overflow.
    if let Err(errors) = resolve(&chain) {
        assert!(errors.contains("levels deep"), "{errors}");
    }
    let mut backward = "Resources: {R: {Type: X::Y::Z}}\nConditions:\n".to_owned();
    for link in 10_000..20_000 {
        backward += &format!("  C{link}: !Not [!Condition C{}]\n", link + 1);
    }
    backward += "  C20000: !Equals [a, a]\n";
    let errors = resolve(&backward).unwrap_err();
    assert!(errors.contains("levels deep"), "{errors}");

    let mut doubling =
        "Resources: {R: {Type: X::Y::Z}}\nConditions:\n  C0: !Equals [a, a]\n".to_owned();
    for link in 1..60 {
        doubling += &format!(
            "  C{link}: !And [!Condition C{0}, !Condition C{0}]\n",
            link - 1
        );
    }
    assert!(resolve(&doubling).unwrap().conditions["C59"]);
}

#[test]
fn a_mapping_that_refers_to_itself_ends() {
    let mapping = "Mappings: {M: {a: {b: !FindInMap [M, a, b]}}}";
    let error = value("!FindInMap [M, a, b]", mapping).unwrap_err();
    assert!(error.contains("levels deep"), "{error}");
}

#[test]
fn sizes_beyond_cloudformations_own_are_refused() {
    let large = format!("Resources: {{}}\nDescription: {}", "x".repeat(1024 * 1024));
    assert_eq!(
        resolve(&large).unwrap_err(),
        "t.yaml:1:1: the template is larger than 1048576 bytes"
    );
    let many: String = (0..501)
        .map(|n| format!("  R{n}: {{Type: X::Y::Z}}\n"))
        .collect();
    assert_eq!(
        resolve(&format!("Resources:\n{many}")).unwrap_err(),
        "t.yaml:2:3: Resources: 501 entries: CloudFormation takes 500"
    );
}

#[test]
fn a_template_with_random_faults_never_panics() {
    let valid = include_bytes!("data/intrinsics.yaml");
    let mut state = 1_u64;
    let mut random = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let pieces: [&[u8]; 20] = [
        b"!Ref ",
        b"!Sub ",
        b"!If ",
        b"- ",
        b"[",
        b"]",
        b"{",
        b"}",
        b": ",
        b"\n",
        b"'",
        b"\"",
        b"&a ",
        b"*a ",
        b"|\n",
        b"${",
        b"---\n",
        b"\t",
        b"\xc3\xa9",
        b"%",
    ];
    let mut understood = 0;
    for _ in 0..4000 {
        let mut bytes = valid.to_vec();
        for _ in 0..=random(4) {
            let at = random(bytes.len());
            match random(4) {
                0 => bytes[at] = random(256) as u8,
                1 => drop(bytes.drain(at..(at + random(40)).min(bytes.len()))),
                2 => drop(bytes.splice(at..at, pieces[random(pieces.len())].iter().copied())),
                _ => bytes.truncate(at.max(1)),
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        let resolved = Template::parse(&text)
            .and_then(|template| template.resolve(&Environment::default(), &|_| None));
        match resolved {
            Ok(_) => understood += 1,
            Err(errors) => assert!(errors.iter().count() > 0, "an error without a message"),
        }
    }
    assert!(
        understood > 100,
        "{understood} of the mutants were read: too few to mean anything"
    );
}
