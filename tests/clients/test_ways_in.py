"""The ways to the same functions beside `sam deploy` and `gateway up`: cargo-lambda, SAM's local
and remote calls, and a gateway over another Lambda endpoint (docs/ways-in.md)."""

import base64
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import tomllib
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
import pytest
from cfnlint.decode import cfn_yaml
from moto.server import ThreadedMotoServer

from conftest import BINARIES, DEVELOPER, ROOT, SENDER, Up
from function import Function

EVENTS = ROOT / "events"
REPORT = json.loads((EVENTS / "format-report.json").read_text())
FUNCTIONS = sorted(path.parent.name for path in ROOT.glob("functions/*/Cargo.toml"))
MAILS = {"SES_SENDER_EMAIL": SENDER, "ALLOWED_RECIPIENTS": "*@example.com"}
# What a function needs that Lambda sets and cargo-lambda does not.
KEYS = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}


def program(name):
    """One that `make` installed, else one that is there."""
    ours = ROOT / ".venv-sam/bin" / name
    return ours if ours.exists() else shutil.which(name)


def cargo_lambda(*arguments, **options):
    """`cargo lambda ..`, which looks for its other half on the path."""
    folder = pathlib.Path(program("cargo-lambda")).parent
    environment = {**os.environ, **options.pop("env", {})}
    environment["PATH"] = f"{folder}:{environment['PATH']}"
    command = ["cargo", "lambda", *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, start_new_session=True,
        stdout=options.get("stdout", subprocess.PIPE), stderr=subprocess.STDOUT,
    )


def output(process, timeout):
    text, _ = process.communicate(timeout=timeout)
    assert process.returncode == 0, text
    return text


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def await_port(process, port):
    for _ in range(300):
        assert process.poll() is None, "ended"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return f"http://127.0.0.1:{port}"
        time.sleep(0.1)
    raise AssertionError(f"nothing listens on {port}")


def end(process):
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def call(up, tool, arguments):
    """The result of tools/call, as raw JSON."""
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    with urllib.request.urlopen(urllib.request.Request(up.mcp, json.dumps(body).encode(), headers), timeout=120) as response:
        return json.load(response)["result"]


def text(result):
    (block,) = result["content"]
    return block["text"]


@contextlib.contextmanager
def gateway_over(endpoint, folder, *options):
    up = Up(folder / "outbox", "--authorizer", "none", "--lambda-endpoint", endpoint, *options, environment=DEVELOPER)
    try:
        yield up
    finally:
        assert up.stop() == 0


# ---------------------------------------------------------------- cargo lambda build and deploy


def test_cargo_lambda_build_makes_a_bootstrap_of_each_function(tmp_path):
    # Without a target told it builds for the machine's own; a missing one would be fetched.
    binaries = [option for name in FUNCTIONS for option in ("--bin", name)]
    options = ["--skip-target-check", "--compiler", "cargo", "--lambda-dir", tmp_path]
    output(cargo_lambda("build", *options, *binaries), timeout=1200)
    for name in FUNCTIONS:
        bootstrap = tmp_path / name / "bootstrap"
        assert bootstrap.stat().st_mode & stat.S_IXUSR
        assert bootstrap.read_bytes()[:4] == b"\x7fELF" or sys.platform != "linux"
    context = (EVENTS / "format-report.context.json").read_text().strip()
    function = Function(tmp_path / "report-tools/bootstrap", MAILS)
    try:
        kind, answer = function((EVENTS / "format-report.json").read_bytes(), context)
    finally:
        function.stop()
    assert kind == "response" and json.loads(answer)["markdown"].startswith("# ")


def declared(name):
    """Memory, time-out and tracing of a function in template.yaml."""
    template = cfn_yaml.load(str(ROOT / "template.yaml"))
    functions = (r for r in template["Resources"].values() if r["Type"] == "AWS::Serverless::Function")
    (function,) = (f for f in functions if f["Metadata"]["BuildProperties"]["Binary"] == name)
    properties = {**template.get("Globals", {}).get("Function", {}), **function["Properties"]}
    return {"memory": properties["MemorySize"], "timeout": properties["Timeout"], "tracing": properties["Tracing"]}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_cargo_lambda_deploys_a_function_as_the_template_does(name, tmp_path):
    bootstrap = tmp_path / name / "bootstrap"
    bootstrap.parent.mkdir()
    shutil.copy(BINARIES / name, bootstrap)
    environment = {"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}
    deploy = cargo_lambda("deploy", "--dry", "--lambda-dir", tmp_path, "--output-format", "json", name, env=environment)
    shown = output(deploy, timeout=120)
    dry = json.loads(shown[shown.index("{") :])
    assert (dry["kind"], dry["name"], dry["files"]) == ("function", name, ["bootstrap"])
    assert {key: dry["config"][key] for key in declared(name)} == declared(name)
    # What is the account's own is told by flag, and so is never in a repository.
    metadata = tomllib.loads((ROOT / "functions" / name / "Cargo.toml").read_text())["package"]["metadata"]["lambda"]
    assert set(metadata) == {"deploy"} and set(metadata["deploy"]) == {"memory", "timeout", "tracing"}


def test_cargo_lambda_deploy_creates_the_function(tmp_path):
    """At moto, a Lambda and IAM that are not ours."""
    bootstrap, variables = tmp_path / "report-tools/bootstrap", tmp_path / "report-tools.env"
    bootstrap.parent.mkdir()
    shutil.copy(BINARIES / "report-tools", bootstrap)
    variables.write_text(f"SES_SENDER_EMAIL={SENDER}\nALLOWED_RECIPIENTS=ana@example.com,*@example.org\n")
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        url = "http://{}:{}".format(*server.get_host_and_port())
        account = {"endpoint_url": url, "region_name": "us-east-1", "aws_access_key_id": "a", "aws_secret_access_key": "b"}
        service = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        trust = json.dumps({"Version": "2012-10-17", "Statement": [service]})
        role = boto3.client("iam", **account).create_role(RoleName="r", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        told = ["--role", role, "--env-file", variables, "--endpoint-url", url, "--lambda-dir", tmp_path]
        output(cargo_lambda("deploy", *told, "report-tools", env=KEYS), timeout=120)
        made = boto3.client("lambda", **account).get_function_configuration(FunctionName="report-tools")
    finally:
        server.stop()
    assert (made["MemorySize"], made["Timeout"], made["TracingConfig"]["Mode"]) == (256, 30, "Active")
    assert made["Environment"]["Variables"]["ALLOWED_RECIPIENTS"] == "ana@example.com,*@example.org"


# ---------------------------------------------------------------- cargo lambda watch


@pytest.fixture(scope="module")
def watch(tmp_path_factory, up):
    """Its functions send their mail to the outbox of `up`."""
    port, log = free_port(), tmp_path_factory.mktemp("watch") / "log"
    options = ["--ignore-changes", "--invoke-address", "127.0.0.1", "--invoke-port", port]
    with log.open("w") as stdout:
        process = cargo_lambda("watch", *options, env={**KEYS, **MAILS, "AWS_ENDPOINT_URL": up.aws}, stdout=stdout)
        try:
            await_port(process, port)
            yield port
        finally:
            end(process)


def test_cargo_lambda_invoke_names_the_tool_in_the_client_context(watch):
    address = ["--invoke-address", "127.0.0.1", "--invoke-port", watch]
    context = (EVENTS / "format-report.context.json").read_text().strip()
    told = ["--data-file", EVENTS / "format-report.json", "--client-context-ascii", context]
    answer = json.loads(output(cargo_lambda("invoke", *address, *told, "report-tools"), timeout=900))
    assert answer["markdown"].startswith(f"# {REPORT['title']}")


def test_a_gateway_over_cargo_lambda_watch_finds_functions_by_their_binaries(watch, tmp_path):
    mail = json.loads((EVENTS / "markdown-to-email.json").read_text())
    with gateway_over(f"http://127.0.0.1:{watch}", tmp_path) as up:
        formatted = call(up, "ReportTools___format_report", REPORT)
        sent = call(up, "ReportTools___markdown_to_email", mail)
    assert not formatted["isError"] and "markdown" in json.loads(text(formatted)), formatted
    assert not sent["isError"] and json.loads(text(sent))["status"] == "success", sent


# ---------------------------------------------------------------- sam


@pytest.fixture(scope="module")
def sam():
    found = program("sam")
    if found is None:
        pytest.skip("sam is not installed")
    return pathlib.Path(found)


def test_a_gateway_over_sam_local_names_the_tool_in_the_event(sam, tmp_path):
    shebang = sam.read_bytes().splitlines()[0].decode(errors="replace")
    if not re.fullmatch(r"#!\S*python\S*", shebang):
        pytest.skip("this sam comes with no Python of its own")
    port = free_port()
    script = [shebang[2:], ROOT / "tests/clients/sam_start_lambda.py", port, "ReportToolsFunction"]
    script += [BINARIES / "report-tools", *(f"{name}={value}" for name, value in MAILS.items())]
    with (tmp_path / "sam.log").open("w") as log:
        process = subprocess.Popen([str(part) for part in script], stdout=log, stderr=log, start_new_session=True)
        try:
            with gateway_over(await_port(process, port), tmp_path) as up:
                result = call(up, "ReportTools___format_report", REPORT)
        finally:
            end(process)
    assert not result["isError"] and "markdown" in json.loads(text(result)), result


def test_sam_remote_invoke_takes_the_event_and_the_context(sam, up):
    context = base64.b64encode((EVENTS / "format-report.context.json").read_bytes()).decode()
    function = "arn:aws:lambda:us-east-1:123456789012:function:ReportToolsFunction"
    command = [sam, "remote", "invoke", function, "--event-file", EVENTS / "format-report.json"]
    command += ["--parameter", f"ClientContext={context}"]
    environment = {**os.environ, **KEYS, "AWS_ENDPOINT_URL": up.aws, "SAM_CLI_TELEMETRY": "0"}
    done = subprocess.run([str(part) for part in command], env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["markdown"].startswith("# ")


# ---------------------------------------------------------------- events/


@pytest.mark.parametrize("name", sorted(path.name for path in EVENTS.iterdir()))
def test_each_event_is_accepted(name, up, secured):
    """By its name: TOOL.json with TOOL.context.json, TOOL.sam-local.json, FUNCTION.REQUEST.json."""
    stem, kind, *_ = name.removesuffix(".json").split(".") + [""]
    if stem == "oidc-ready":
        return custom_resource(name, secured)
    tool = stem.replace("-", "_")
    environment = {**MAILS, "AWS_ENDPOINT_URL": up.aws}
    context = None
    if kind == "sam-local":
        environment["AWS_SAM_LOCAL"] = "true"
        assert json.loads((EVENTS / name).read_text())["toolName"] == f"ReportTools___{tool}"
    else:
        assert kind in ("", "context")
        # One line, since it goes on a command line, and a header's length (Lambda API, Invoke).
        (context,) = (EVENTS / f"{stem}.context.json").read_text().splitlines()
        assert len(base64.b64encode(context.encode())) <= 3583
    event = EVENTS / (f"{stem}.json" if kind == "context" else name)
    function = Function(BINARIES / "report-tools", environment)
    try:
        posted, answer = function(event.read_bytes(), context)
    finally:
        function.stop()
    answer = json.loads(answer)
    assert posted == "response" and "error" not in answer, answer
    assert {"format_report": "markdown", "markdown_to_email": "message_id"}[tool] in answer


def custom_resource(name, secured):
    """The addresses in the event are those of a local gateway and of whoever waits for the answer."""
    answered = []

    class Answer(BaseHTTPRequestHandler):
        def do_PUT(self):
            answered.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    issuer = re.match(r"http://([^/]+)/", json.loads(secured.session.read_text())["discovery_url"]).group(1)
    event = (EVENTS / name).read_text()
    for stands, runs in (("127.0.0.1:8702", issuer), ("127.0.0.1:8703", f"127.0.0.1:{server.server_port}")):
        assert stands in event
        event = event.replace(stands, runs)
    function = f"{secured.aws}/2015-03-31/functions/OidcReadyFunction/invocations"
    with urllib.request.urlopen(function, event.encode(), timeout=60) as response:
        assert response.headers["X-Amz-Function-Error"] is None, response.read()
    server.shutdown()
    (answer,) = answered
    assert answer["Status"] == "SUCCESS", answer
    assert answer["RequestId"] == json.loads(event)["RequestId"]


# ---------------------------------------------------------------- any other Lambda endpoint

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  SesSenderEmail: {Type: String}
  AllowedRecipients: {Type: String}
Resources:
  Weather:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: ., Handler: app.handler, Runtime: python3.13}
  Gateway:
    Type: AWS::BedrockAgentCore::Gateway
    Properties: {Name: g, ProtocolType: MCP, AuthorizerType: NONE, ExceptionLevel: DEBUG, RoleArn: "arn:aws:iam::123456789012:role/r"}
  Target:
    Type: AWS::BedrockAgentCore::GatewayTarget
    Properties:
      GatewayIdentifier: !GetAtt Gateway.GatewayIdentifier
      Name: Weather
      CredentialProviderConfigurations: [{CredentialProviderType: GATEWAY_IAM_ROLE}]
      TargetConfiguration:
        Mcp:
          Lambda:
            LambdaArn: !GetAtt Weather.Arn
            ToolSchema:
              InlinePayload: [{Name: forecast, Description: Tells the weather, InputSchema: {Type: object}}]
"""


@contextlib.contextmanager
def endpoint(functions):
    """An Invoke API that knows `functions`, by name, and remembers what each got."""
    got = []

    class Lambda(BaseHTTPRequestHandler):
        def do_POST(self):
            name = self.path.split("/")[3]
            event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            context = json.loads(base64.b64decode(self.headers["X-Amz-Client-Context"]))
            got.append((name, event, context["custom"]["bedrockAgentCoreToolName"]))
            body = json.dumps(functions.get(name, {"message": "no such function"})).encode()
            self.send_response(200 if name in functions else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Lambda)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", got
    finally:
        server.shutdown()


def test_a_function_of_another_language_is_reached_by_its_logical_id(tmp_path):
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    options = ["--template", tmp_path / "template.yaml"]
    with endpoint({"Weather": {"sky": "clear"}}) as (url, got), gateway_over(url, tmp_path, *options) as up:
        result = call(up, "Weather___forecast", {"place": "Porto"})
    assert json.loads(text(result)) == {"sky": "clear"} and not result["isError"]
    assert got == [("Weather", {"place": "Porto"}, "Weather___forecast")]


def test_a_function_that_an_endpoint_does_not_know_is_told_with_the_names_tried(tmp_path):
    with endpoint({}) as (url, got), gateway_over(url, tmp_path) as up:
        assert call(up, "ReportTools___format_report", REPORT)["isError"]
        for _ in range(50):
            log = "".join(up.log)
            if "knows no function" in log:
                break
            time.sleep(0.1)
    assert [name for name, *_ in got] == ["report-tools", "ReportToolsFunction"]
    assert "knows no function `report-tools` or `ReportToolsFunction`" in log
    assert "cargo lambda watch" in log and "sam local start-lambda" in log


def test_a_failure_that_only_its_shape_tells_is_an_error(tmp_path):
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    failed = {"errorType": "Runtime.InitError", "errorMessage": "`X` is not set"}
    with endpoint({"Weather": failed}) as (url, _), gateway_over(url, tmp_path, "--template", tmp_path / "template.yaml") as up:
        result = call(up, "Weather___forecast", {})
    assert result["isError"] and result["_meta"]["debug"] == "the function failed: `X` is not set"
