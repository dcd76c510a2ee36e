//! The binary, as a person uses it.
#![allow(clippy::unwrap_used, reason = "a test may")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const BARE: &str = "\
Resources:
  ReportTools:
    Type: AWS::BedrockAgentCore::GatewayTarget
    Properties:
      Name: ReportTools
      TargetConfiguration:
        Mcp:
          Lambda:
            ToolSchema:
              # toolschema:begin ReportTools
              # toolschema:end ReportTools
  Other:
    Type: AWS::SNS::Topic
";

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
    assert_eq!(
        out(&write),
        "wrote template.yaml\n\
         wrote toolschema/golden/ReportTools/markdown_to_email.json\n  harmless: the tool is new\n\
         wrote toolschema/golden/ReportTools/format_report.json\n  harmless: the tool is new\n",
        "{}",
        err(&write)
    );
    let written = template(&folder);
    let (before, rest) = written
        .split_once("\n              InlinePayload:\n")
        .unwrap();
    assert!(BARE.starts_with(before));
    assert!(BARE.ends_with(rest.split_once("# toolschema:end ReportTools\n").unwrap().1));
    assert!(rest.contains("\n                    Required: [markdown_content, recipient_email]\n"));

    assert_eq!(toolschema(folder.path(), &["check"]).status.code(), Some(0));
    let before = fs::metadata(&path).unwrap().modified().unwrap();
    assert_eq!(
        out(&toolschema(folder.path(), &["write"])),
        "template.yaml and toolschema/golden are up to date\n"
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
    assert!(diff.contains(
        "\n-                - Name: make_report\n+                - Name: format_report\n"
    ));
    assert_eq!(
        err(&check),
        "not as the types say: template.yaml. Run `toolschema write`\n"
    );
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
        2,
        "nothing is left beside it and the golden files"
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
                "template.yaml: line 11: the region `ReportTools` is closed as `ReportTool`"
            ),
            "{}",
            err(&output)
        );
    }
    assert_eq!(template(&folder), text);

    let unknown = "# toolschema:begin X\n# toolschema:end X\nResources: {}\n";
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
    assert!(message.ends_with("2 errors, 1 warning\n"), "{message}");
}

#[test]
fn a_target_of_another_name_in_the_template_is_an_error_everywhere() {
    let folder = folder(&BARE.replace("Name: ReportTools", "Name: Reports"));
    for command in ["lint", "write", "check"] {
        let output = toolschema(folder.path(), &[command]);
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(
            err(&output),
            "error: ReportTools: template.yaml:5: its resource `ReportTools` has the name `Reports`\n  \
             what to do: write `Name: ReportTools`, or rename the target in `tools!` and the region\n  \
             the rule: AgentCore developer guide, Gateway tool names (TargetName___ToolName)\n\n\
             1 error\n"
        );
    }
}

#[test]
fn warnings_are_told_and_fail_only_where_they_are_denied() {
    let folder = folder(&BARE.replace("Name: ReportTools", "Name: !Ref Name"));
    let lint = toolschema(folder.path(), &["lint"]);
    assert_eq!(lint.status.code(), Some(0));
    assert!(err(&lint).ends_with("\n1 warning\n"), "{}", err(&lint));
    let denied = toolschema(folder.path(), &["lint", "--deny-warnings"]);
    assert_eq!(denied.status.code(), Some(1));
    assert_eq!(err(&denied), err(&lint));
    let write = toolschema(folder.path(), &["write"]);
    assert_eq!(write.status.code(), Some(0), "{}", err(&write));
    assert!(err(&write).contains("1 warning"));

    fs::write(folder.path().join("template.yaml"), BARE).unwrap();
    let lint = toolschema(folder.path(), &["lint", "--deny-warnings"]);
    assert_eq!(out(&lint), "2 tools: no findings\n", "{}", err(&lint));
}

#[test]
fn check_tells_breaking_changes_from_harmless_ones_and_write_renews() {
    let folder = folder(BARE);
    toolschema(folder.path(), &["write"]);
    let golden = folder.path().join("toolschema/golden/ReportTools");
    let path = golden.join("markdown_to_email.json");
    let mut older: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let input = &mut older["inputSchema"];
    input["properties"]["subject"]["maxLength"] = 500.into();
    input["properties"]["recipient_email"]["description"] = "To whom".into();
    input["properties"]["cc"] = serde_json::json!({"type": "string"});
    older["outputSchema"]["properties"]["message_id"]["type"] = "integer".into();
    fs::write(&path, older.to_string()).unwrap();
    fs::rename(golden.join("format_report.json"), golden.join("gone.json")).unwrap();
    fs::write(golden.join("notes.json"), "{}").unwrap();

    let check = toolschema(folder.path(), &["check"]);
    assert_eq!(check.status.code(), Some(1));
    let told = "toolschema/golden/ReportTools/markdown_to_email.json\n  \
        breaking: `input.subject` has `maxLength` `200`, was `500`\n  \
        breaking: `input.cc` is gone\n  \
        breaking: `output.message_id` is `string` now, was `integer`\n  \
        harmless: `input.recipient_email` is described anew\n\
        toolschema/golden/ReportTools/format_report.json\n  harmless: the tool is new\n\
        toolschema/golden/ReportTools/gone.json\n  breaking: the tool is gone\n";
    assert_eq!(out(&check), told);
    assert_eq!(
        err(&check),
        "not as the types say: 3 golden files (changes: 4 breaking, 2 harmless). Run `toolschema write`\n"
    );

    let write = toolschema(folder.path(), &["write"]);
    let wrote = out(&write).replace("wrote ", "");
    assert_eq!(wrote, told, "{}", err(&write));
    assert_eq!(toolschema(folder.path(), &["check"]).status.code(), Some(0));
    assert!(!golden.join("gone.json").exists());
    assert!(golden.join("notes.json").exists(), "no golden file");
}

#[test]
fn a_golden_file_that_cannot_be_compared_is_told_and_renewed() {
    let folder = folder(BARE);
    toolschema(folder.path(), &["write", "--golden", "here"]);
    let path = folder.path().join("here/ReportTools/format_report.json");
    fs::write(path, "<<<<<<< HEAD").unwrap();
    let check = toolschema(folder.path(), &["check", "--golden", "here"]);
    assert!(
        out(&check).contains("\n  breaking: the file is not what"),
        "{}",
        out(&check)
    );
    assert!(err(&check).ends_with("Run `toolschema write --golden here`\n"));
    let write = ["write", "--golden", "here"];
    assert_eq!(toolschema(folder.path(), &write).status.code(), Some(0));
}

#[test]
fn files_and_arguments_that_cannot_be_used_end_with_2() {
    let folder = folder(BARE);
    for args in [
        &["check", "--template", "none.yaml"][..],
        &["write", "--template", "."],
        &["print", "--target", "None"],
        &["print", "--tool", "none"],
        &["lint", "--template", "none.yaml"],
        &["check", "--golden", "template.yaml"],
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
