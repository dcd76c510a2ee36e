//! Templates of other people in `tests/templates`, as `gateway up` takes them. What it says of
//! each stands beside it in a `.txt`; `UPDATE_GOLDEN=1` writes those anew.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics is a test that fails"
)]

#[path = "support/templates.rs"]
mod templates;

use std::{
    collections::BTreeMap,
    env, fs,
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
};

use gateway::deployment::Deployment;
use serde_json::{Value, json};
use tempfile::TempDir;
use templates::{folder, options, parameters, templates};

/// `gateway up` on free ports; ended when dropped.
struct Up {
    child: Child,
    lines: Vec<String>,
    _files: TempDir,
}

impl Up {
    /// Waits until it is ready or has ended.
    fn start(template: &str, options: &[&str]) -> Up {
        let files = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_gateway"))
            .current_dir(folder())
            .args(["up", "--template", template, "--port=0", "--aws-port=0"])
            .arg("--issuer-port=0")
            .arg("--session")
            .arg(files.path().join("session.json"))
            .arg("--outbox")
            .arg(files.path().join("outbox"))
            .args(options)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut said = Vec::new();
        for line in lines.map_while(Result::ok) {
            let ready = line.starts_with("ready");
            said.push(line);
            if ready {
                break;
            }
        }
        Up {
            child,
            lines: said,
            _files: files,
        }
    }

    fn is_ready(&self) -> bool {
        self.lines
            .last()
            .is_some_and(|line| line.starts_with("ready"))
    }

    fn url(&self) -> &str {
        let line = self
            .lines
            .iter()
            .find_map(|line| line.strip_prefix("gateway "));
        line.unwrap().trim()
    }

    /// Ends it; its exit code if it had ended itself, and what it wrote to stderr.
    fn end(mut self) -> (Option<i32>, String) {
        if self.is_ready() {
            self.child.kill().unwrap();
        }
        let mut errors = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut errors).unwrap();
        (self.child.wait().unwrap().code(), errors)
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn what_up_says_of_each_template_is_what_is_written_down() {
    let mut different = Vec::new();
    for path in templates() {
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let up = Up::start(name, &options(&text));
        let changing = ["gateway ", "aws ", "issuer ", "outbox ", "ready"];
        let mut said = up.lines.clone();
        said.retain(|line| !changing.iter().any(|start| line.starts_with(start)));
        let ready = up.is_ready();
        let (code, errors) = up.end();
        assert!(!errors.contains("panicked"), "{name}: {errors}");
        assert_eq!(code, (!ready).then_some(1), "{name}: {errors}");
        assert_eq!(ready, errors.is_empty(), "{name}: {errors}");
        said.extend(errors.lines().map(str::to_owned));
        let said = said.join("\n") + "\n";
        let golden = folder().join(format!("{name}.txt"));
        if env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&golden, &said).unwrap();
        }
        if fs::read_to_string(&golden).unwrap_or_default() != said {
            different.push(format!("{name}:\n{said}"));
        }
    }
    assert!(
        different.is_empty(),
        "look at it, then renew it with UPDATE_GOLDEN=1\n{}",
        different.join("\n")
    );
}

#[test]
fn the_doctor_answers_each_template_with_places_and_a_sum() {
    for path in templates() {
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let given = parameters(&text);
        let given = given
            .iter()
            .map(|(name, value)| format!("--parameter={name}={value}"));
        let output = Command::new(env!("CARGO_BIN_EXE_gateway"))
            .current_dir(folder())
            .args(["doctor", "--template", name])
            .args(given)
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let mut lines: Vec<_> = said.lines().collect();
        let sum = lines.pop().unwrap_or_default();
        assert!(output.stderr.is_empty(), "{name}: {:?}", output.stderr);
        let errors = said.contains(": error[");
        assert_eq!(output.status.code(), Some(errors.into()), "{name}: {said}");
        assert!(
            sum.contains(" checks, ") && sum.contains(" error"),
            "{name}: {sum}"
        );
        assert!(!lines.is_empty(), "{name}: no finding");
        for line in lines {
            let place = line
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix(':'));
            let placed = place.is_some_and(|place| place.starts_with(|c: char| c.is_ascii_digit()));
            assert!(placed || line.starts_with("  "), "{name}: {line}");
        }
    }
}

/// A template whose function `Tools` is built from the folder `app`, which is there.
fn loaded(resources: &str) -> Result<Deployment, String> {
    let files = tempfile::tempdir().unwrap();
    fs::create_dir(files.path().join("app")).unwrap();
    let path = files.path().join("t.yaml");
    fs::write(&path, format!("Resources:\n{resources}")).unwrap();
    let loaded = Deployment::load(&path, BTreeMap::new());
    loaded.map_err(|error| error.to_string().replace(&path.display().to_string(), "t"))
}

#[test]
fn what_only_aws_knows_is_left_out_of_a_function() {
    let deployment = loaded(
        "  Tools:
    Type: AWS::Serverless::Function
    Metadata: {BuildMethod: rust-cargolambda, BuildProperties: {Binary: tools}}
    Properties:
      CodeUri: app
      Timeout: !ImportValue Timeout
      MemorySize: !FindInMap [Sizes, !Ref AWS::Region, memory]
      VpcConfig: {SubnetIds: !Split [',', !ImportValue Subnets]}
      Policies: [!Ref Managed, {Statement: [{Resource: !GetAtt Db.DBInstanceArn}]}]
      Environment:
        Variables:
          HOST: !GetAtt Db.Endpoint.Address
          TABLE_ARN: !GetAtt Table.Arn
          ALIAS: !Ref Other.Alias
          URL: !GetAtt OtherUrl.FunctionUrl
          KNOWN: yes it is
  Other: {Type: AWS::Serverless::Function, Properties: {AutoPublishAlias: live}}
  Managed: {Type: AWS::IAM::ManagedPolicy}
  Table: {Type: AWS::DynamoDB::Table}
  Db: {Type: AWS::RDS::DBInstance}
Mappings: {Sizes: {eu-west-1: {memory: 512}}}
",
    )
    .unwrap();
    let tools = &deployment.functions["Tools"];
    assert_eq!(
        json!(tools.environment),
        json!({
            "ALIAS": "arn:aws:lambda:us-east-1:123456789012:function:Other:live",
            "KNOWN": "yes it is",
            "TABLE_ARN": "arn:aws:dynamodb:us-east-1:123456789012:table/Table",
            "URL": "https://otherurl-local.lambda-url.us-east-1.on.aws/",
        })
    );
    assert_eq!(tools.timeout.as_secs(), 3);
    let of_tools = |line: &&String| line.contains("(Tools)");
    assert_eq!(
        deployment
            .skipped
            .iter()
            .filter(of_tools)
            .collect::<Vec<_>>(),
        [
            "AWS::Serverless::Function (Tools): `Timeout` is left out: `Fn::ImportValue` is not \
             evaluated locally",
            "AWS::Serverless::Function (Tools): `MemorySize` is left out: `Fn::FindInMap`: no entry \
             `us-east-1` for the local `AWS::Region`",
            "AWS::Serverless::Function (Tools): `Environment.Variables.HOST` is left out: no local \
             value for `Fn::GetAtt: [Db, Endpoint.Address]` (`AWS::RDS::DBInstance`)",
        ]
    );
}

#[test]
fn a_function_need_not_name_its_binary() {
    let deployment = loaded(
        "  Tools:
    Type: AWS::Serverless::Function
    Metadata: {BuildMethod: rust-cargolambda}
    Properties: {CodeUri: app}
",
    )
    .unwrap();
    assert_eq!(deployment.functions["Tools"].binary, None);
}

#[test]
fn a_target_finds_its_function_by_each_of_its_names() {
    let function = "  Tools:
    Type: AWS::Serverless::Function
    Properties: {FunctionName: tools-prod, AutoPublishAlias: live, Runtime: python3.13}
  Plain: {Type: AWS::Lambda::Function, Properties: {FunctionName: !Sub '${AWS::StackName}-plain'}}
  PlainVersion: {Type: AWS::Lambda::Version, Properties: {FunctionName: !GetAtt Plain.Arn}}
  PlainAlias: {Type: AWS::Lambda::Alias, Properties: {FunctionName: local-plain, Name: live}}
  Gateway:
    Type: AWS::BedrockAgentCore::Gateway
    Properties: {Name: g, AuthorizerType: NONE}
";
    let cases = [
        ("!GetAtt Tools.Arn", "Tools"),
        ("!Ref Tools", "Tools"),
        ("!Ref Tools.Alias", "Tools"),
        ("!Ref Tools.Version", "Tools"),
        ("!Sub '${Tools.Alias}'", "Tools"),
        ("!Ref ToolsAliaslive", "Tools"),
        ("!Sub '${Tools.Arn}:live'", "Tools"),
        (
            "arn:aws:lambda:us-east-1:123456789012:function:tools-prod",
            "Tools",
        ),
        ("tools-prod:live", "Tools"),
        ("!GetAtt Plain.Arn", "Plain"),
        ("!Ref PlainVersion", "Plain"),
        ("!Ref PlainAlias", "Plain"),
        ("local-plain", "Plain"),
        ("arn:aws:lambda:eu-west-1:1:function:Other:3", "Other"),
    ];
    for (arn, expected) in cases {
        let target = format!(
            "{function}  Target:
    Type: AWS::BedrockAgentCore::GatewayTarget
    Properties:
      Name: t
      GatewayIdentifier: !Ref Gateway
      TargetConfiguration:
        Mcp: {{Lambda: {{LambdaArn: {arn}, ToolSchema: {{InlinePayload: []}}}}}}
"
        );
        let deployment = loaded(&target).unwrap();
        let target = &deployment.gateways["Gateway"].gateway.targets[0];
        assert_eq!(target.function, expected, "{arn}");
    }
}

/// One call of a tool of a running gateway.
async fn call(up: &Up, tool: &str) -> Value {
    let body = json!({
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"name": tool, "arguments": {}},
    });
    let request = reqwest::Client::builder()
        .no_proxy()
        .build()
        .unwrap()
        .post(up.url());
    let request = request.header("accept", "application/json, text/event-stream");
    let answer = request.json(&body).send().await.unwrap();
    let mut answer: Value = answer.json().await.unwrap();
    answer["result"].take()
}

#[tokio::test]
async fn a_function_that_runs_elsewhere_is_called_there() {
    let asked = axum::Router::new()
        .fallback(|uri: axum::http::Uri| async move { axum::Json(json!({"asked": uri.path()})) });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, asked).await });
    let up = Up::start(
        "code-in-s3-and-image.yaml",
        &["--lambda-endpoint", &endpoint],
    );
    let answer = call(&up, "zipped___b").await;
    assert_eq!(
        answer["content"][0]["text"], r#"{"asked":"/2015-03-31/functions/Zipped/invocations"}"#,
        "{answer}"
    );
    up.end();
}

#[tokio::test]
async fn a_function_that_runs_nowhere_fails_its_calls_and_the_log_says_why() {
    let up = Up::start("code-in-s3-and-image.yaml", &[]);
    let answer = call(&up, "contained___c").await;
    assert_eq!(answer["isError"], true, "{answer}");
    let (_, log) = up.end();
    assert!(log.contains("`Contained`"), "{log}");
}
