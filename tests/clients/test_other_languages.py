"""A target in another language, examples/python-target: its code, and its place in the template."""

import base64
import importlib.util
import json
import re
import subprocess
import threading
import types
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cfnlint.api import ManualArgs, lint

from conftest import BINARIES, ROOT, SENDER, Up

EXAMPLE = ROOT / "examples/python-target"
TOOL_NAME = "bedrockAgentCoreToolName"


@pytest.fixture(scope="module")
def handle():
    spec = importlib.util.spec_from_file_location("handler", EXAMPLE / "handler.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.handle


def context(tool=None, **more):
    """As Lambda's Python runtime gives it: the client context is an object, `custom` in it a dict."""
    custom = {"bedrockAgentCoreMessageVersion": "1.0", **more}
    if tool is not None:
        custom[TOOL_NAME] = tool
    return types.SimpleNamespace(client_context=types.SimpleNamespace(custom=custom, env=None, client=None))


# ---------------------------------------------------------------- the function


def test_a_call_is_answered(handle):
    assert handle({"text": "three short words"}, context("TextTools___count_words")) == {"words": 3}
    # Headers that the Gateway propagates are objects, and no business of the tool's.
    odd = {"bedrockAgentCorePropagatedHeaders": {"x": "y"}}
    assert handle({"text": "one"}, context("TextTools___count_words", **odd)) == {"words": 1}


def test_an_unknown_tool_is_named(handle):
    error = handle({"text": "x"}, context("TextTools___count_lines"))["error"]
    assert error["code"] == "unknown_tool" and "`count_lines`" in error["message"] and "`count_words`" in error["message"]


def test_the_name_is_cut_at_the_first_separator(handle, monkeypatch):
    monkeypatch.setitem(handle.__globals__["TOOLS"], "count___words", lambda arguments: "mine")
    assert handle({}, context("TextTools___count___words")) == "mine"
    assert handle({"text": "one"}, context("count_words")) == {"words": 1}


@pytest.mark.parametrize("broken", [types.SimpleNamespace(client_context=None), context(), context(""), object()])
def test_without_a_name_nothing_is_run(handle, broken):
    event = {"toolName": "count_words", "arguments": {"text": "x"}, "text": "x"}
    assert handle(event, broken)["error"]["code"] == "missing_tool_name"


def test_sam_local_may_name_the_tool_in_the_event(handle, monkeypatch):
    event = {"toolName": "TextTools___count_words", "arguments": {"text": "two words"}}
    none = types.SimpleNamespace(client_context=None)
    monkeypatch.setenv("AWS_SAM_LOCAL", "true")
    assert handle(event, none) == {"words": 2}
    assert handle({**event, "text": "x"}, context("TextTools___other"))["error"]["code"] == "unknown_tool"


@pytest.mark.parametrize("event", [{}, {"text": 1}, {"text": ""}, {"text": "x" * 100_001}, [], None, "text"])
def test_arguments_that_do_not_fit_are_an_answer(handle, event):
    assert handle(event, context("TextTools___count_words"))["error"]["code"] == "invalid_arguments"


def test_a_fault_tells_the_caller_nothing(handle, monkeypatch):
    def broken(arguments):
        raise ValueError(arguments["text"])

    monkeypatch.setitem(handle.__globals__["TOOLS"], "count_words", broken)
    with pytest.raises(RuntimeError) as raised:
        handle({"text": "hush"}, context("TextTools___count_words"))
    assert "hush" not in str(raised.value) and raised.value.__suppress_context__


# ---------------------------------------------------------------- its place in the template


@pytest.fixture(scope="module")
def merged(tmp_path_factory):
    """template.yaml with the four edits of docs/other-languages.md."""
    text = (ROOT / "template.yaml").read_text()
    fragment = (EXAMPLE / "template-fragment.yaml").read_text().split("Resources:\n", 1)[1]

    def edit(pattern, replacement):
        nonlocal text
        text, count = re.subn(pattern, replacement, text, flags=re.M)
        assert count == 1, pattern

    edit(r"^Resources:\n", lambda found: found[0] + fragment + "\n")
    edit(r"Resource: !Ref ReportToolsFunction\.Alias$", "Resource: [!Ref ReportToolsFunction.Alias, !Ref TextToolsFunction.Alias]")
    edit(r"^( +)- !GetAtt ReportTools\.TargetId$", r"\g<0>\n\1- !GetAtt TextTools.TargetId")
    edit(r"^( +)- !GetAtt ReportTools\.UpdatedAt.*$", r"\g<0>\n\1- !GetAtt TextTools.UpdatedAt")
    # Beside the real one, for a moment: the template's paths are relative to its own folder.
    path = ROOT / "template-python.yaml"
    path.write_text(text)
    yield path
    path.unlink()


def gateway(*arguments):
    command = [str(part) for part in (BINARIES / "gateway", *arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_cfn_lint_passes(merged):
    found = lint(merged.read_text(), config=ManualArgs(regions=["us-east-1"]))
    assert [str(match) for match in found] == []


def test_its_policy_lets_every_role_call_it(merged):
    done = gateway("policy", "check", "--template", merged, "--parameter", f"SesSenderEmail={SENDER}")
    assert done.returncode == 0, done.stdout + done.stderr
    (row,) = [line.split() for line in done.stdout.splitlines() if line.startswith("TextTools___count_words ")]
    assert row[1:] == ["allow"] * 4


def test_the_doctor_finds_nothing(merged):
    done = gateway("doctor", "--strict", "--template", merged)
    assert done.returncode == 0, done.stdout + done.stderr


class LambdaEndpoint(BaseHTTPRequestHandler):
    """As `sam local start-lambda` stands there, with the client context handed on as Lambda does."""

    def do_POST(self):
        found = re.fullmatch(r"/2015-03-31/functions/([^/]+)/invocations", self.path)
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        sent = json.loads(base64.b64decode(self.headers["X-Amz-Client-Context"]))
        self.server.called.append(found[1])
        given = types.SimpleNamespace(client_context=types.SimpleNamespace(custom=sent["custom"]))
        body = json.dumps(self.server.handle(event, given)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_the_local_gateway_serves_it(merged, handle, tmp_path):
    server = ThreadingHTTPServer(("127.0.0.1", 0), LambdaEndpoint)
    server.handle, server.called = handle, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = f"http://127.0.0.1:{server.server_port}"
    running = Up(tmp_path / "outbox", "--template", merged, "--authorizer", "none", "--lambda-endpoint", endpoint)
    try:
        call = {"name": "TextTools___count_words", "arguments": {"text": "three short words"}}
        request = urllib.request.Request(
            running.mcp,
            data=json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}).encode(),
            headers={"Content-Type": "application/json", "Accept": "application/json, text/event-stream"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            result = json.load(answer)["result"]
    finally:
        running.stop()
        server.shutdown()
    assert json.loads(result["content"][0]["text"]) == {"words": 3} and not result["isError"]
    assert server.called == ["TextToolsFunction"]
