//! The binary, as a person uses it.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const BARE: &str = "Resources:\n  ReportTools:\n    ToolSchema:\n      # toolschema:begin ReportTools\n      \
                    # toolschema:end ReportTools\n  Other: 1\n";

fn toolschema(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_toolschema"))
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn folder(template: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("template.yaml"), template).unwrap();
    folder
}

fn template(folder: &TempDir) -> String {
    fs::read_to_string(folder.path().join("template.yaml")).unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn printed(args: &[&str]) -> Value {
    let folder = folder("");
    let output = toolschema(folder.path(), args);
    assert!(output.status.success(), "{}", err(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn after_write_check_is_content_and_a_second_write_touches_nothing() {
    let folder = folder(BARE);
    let path = folder.path().join("template.yaml");
    assert_eq!(toolschema(folder.path(), &["check"]).status.code(), Some(1));

    let write = toolschema(folder.path(), &["write"]);
    assert_eq!(out(&write), "wrote template.yaml\n", "{}", err(&write));
    let written = template(&folder);
    let (before, rest) = written.split_once("\n      InlinePayload:\n").unwrap();
    assert!(BARE.starts_with(before));
    assert!(rest.ends_with("\n      # toolschema:end ReportTools\n  Other: 1\n"));
    assert!(rest.contains("\n            Required: [markdown_content, recipient_email]\n"));

    assert_eq!(toolschema(folder.path(), &["check"]).status.code(), Some(0));
    let before = fs::metadata(&path).unwrap().modified().unwrap();
    assert_eq!(
        out(&toolschema(folder.path(), &["write"])),
        "template.yaml is up to date\n"
    );
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before);
}

#[test]
fn an_edited_region_fails_the_check_with_a_diff_and_the_way_out() {
    let folder = folder(BARE);
    toolschema(folder.path(), &["write"]);
    let edited = template(&folder).replace("Name: format_report", "Name: make_report");
    fs::write(folder.path().join("template.yaml"), &edited).unwrap();

    let check = toolschema(folder.path(), &["check"]);
    assert_eq!(check.status.code(), Some(1));
    let diff = out(&check);
    assert!(diff.contains("--- template.yaml\n"), "{diff}");
    assert!(diff.contains("\n-        - Name: make_report\n+        - Name: format_report\n"));
    assert!(err(&check).contains("run `toolschema write`"));
    assert_eq!(template(&folder), edited, "check changes nothing");
}

#[test]
fn windows_line_ends_and_permissions_survive() {
    let folder = folder(&BARE.replace('\n', "\r\n"));
    let path = folder.path().join("template.yaml");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        toolschema(folder.path(), &["write"]);
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o640
        );
    }
    toolschema(folder.path(), &["write"]);
    let text = template(&folder);
    assert!(text.contains("InlinePayload:\r\n"));
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        1,
        "nothing is left beside it"
    );
}

#[test]
fn wrong_markers_are_told_with_file_and_line_and_nothing_is_written() {
    let text = BARE.replace("end ReportTools", "end ReportTool")
        + "# toolschema:begin X\n# toolschema:end X\n";
    let folder = folder(&text);
    for command in ["write", "check"] {
        let output = toolschema(folder.path(), &[command]);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            err(&output).contains(
                "template.yaml: line 5: the region `ReportTools` is closed as `ReportTool`"
            ),
            "{}",
            err(&output)
        );
    }
    assert_eq!(template(&folder), text);

    let unknown = "# toolschema:begin X\n# toolschema:end X\n";
    fs::write(folder.path().join("template.yaml"), unknown).unwrap();
    let message = err(&toolschema(folder.path(), &["write"]));
    assert!(
        message.contains("line 1: no target is called `X`; known: `ReportTools`"),
        "{message}"
    );
    assert!(
        message.contains("the target `ReportTools` has no region"),
        "{message}"
    );
    assert!(message.ends_with("2 problems\n"), "{message}");
}

#[test]
fn files_and_arguments_that_cannot_be_used_end_with_2() {
    let folder = folder(BARE);
    for args in [
        &["check", "--template", "none.yaml"][..],
        &["write", "--template", "."],
        &["print", "--target", "None"],
        &["print", "--tool", "none"],
        &["frobnicate"],
    ] {
        let output = toolschema(folder.path(), args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", err(&output));
        assert!(!err(&output).is_empty());
    }
    fs::write(folder.path().join("template.yaml"), [0xff, 0xfe]).unwrap();
    assert_eq!(toolschema(folder.path(), &["write"]).status.code(), Some(2));
}

#[test]
fn each_format_spells_the_keys_as_its_reader_expects() {
    let api = printed(&["print", "--format", "api"]);
    let tools = api["inlinePayload"].as_array().unwrap();
    assert_eq!(tools[0]["name"], "markdown_to_email");
    assert_eq!(
        tools[0]["inputSchema"]["properties"]["subject"]["type"],
        "string"
    );
    assert_eq!(tools[0].get("outputSchema"), None);

    let tool = printed(&[
        "print",
        "--format",
        "api",
        "--tool",
        "format_report",
        "--output-schemas",
    ]);
    assert_eq!(tool["name"], "format_report");
    assert_eq!(
        tool["outputSchema"]["required"],
        serde_json::json!(["markdown"])
    );

    let mcp = printed(&["print", "--format", "mcp", "--target", "ReportTools"]);
    assert_eq!(mcp["tools"][1]["name"], "ReportTools___format_report");

    let folder = folder("");
    let yaml = out(&toolschema(folder.path(), &["print"]));
    assert!(yaml.starts_with("InlinePayload:\n  - Name: markdown_to_email\n    Description: "));
    assert!(yaml.contains("\n        markdown_content:\n          Type: string\n"));
}
