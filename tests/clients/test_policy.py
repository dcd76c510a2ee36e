"""Who may use what: Cedar in the gateway beside Cedar in Python (cedarpy), which shares none of
its wiring."""

import json
import re
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cedarpy
import pytest

from conftest import DEVELOPER, ROOT, SENDER, Up, access, all_tools

MAIL = "ReportTools___markdown_to_email"
PARAMETERS = ["--parameter", f"SesSenderEmail={SENDER}"]


def call(up, who, tool, arguments):
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
        "Authorization": f"Bearer {up.token(*who)}",
    }
    with urllib.request.urlopen(urllib.request.Request(up.mcp, json.dumps(body).encode(), headers)) as response:
        return json.load(response)


def mail(recipient):
    return {"markdown_content": "# Hi", "recipient_email": recipient}


@pytest.fixture(scope="module")
def exported(secured):
    done = secured.gateway("policy", "export", *PARAMETERS)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_table_agrees_with_cedarpy_and_with_what_clients_see(secured, exported):
    check = secured.gateway("policy", "check", *PARAMETERS)
    assert check.returncode == 0, check.stderr
    head, *rows = [line.split() for line in check.stdout.split("\n\n")[0].splitlines()]
    table = {(role, row[0]): row[1 + column] for row in rows for column, role in enumerate(head)}
    assert {tool for _, tool in table} == set(all_tools())

    samples = {
        MAIL: [mail(f"ana@{domain}") for domain in ("example.com", "example.org", "sub.example.com")],
        "ReportTools___format_report": [{"title": "T", "sections": []}],
    }
    policies = "\n".join(exported["policies"].values())
    for (role, tool), word in table.items():
        entity = exported["principals"][role]
        request = {
            "principal": f'{entity["uid"]["type"]}::{json.dumps(entity["uid"]["id"])}',
            "action": f'AgentCore::Action::"{tool}"',
            "resource": f'AgentCore::Gateway::"{exported["gateway"]}"',
        }
        now = {"now": {"__extn": {"fn": "datetime", "arg": "2026-11-23T12:00:00Z"}}}
        decisions = set()
        for arguments in samples[tool]:
            context = {"context": {"input": arguments, "system": now}}
            result = cedarpy.is_authorized(request | context, policies, [entity], exported["schema"])
            assert not result.diagnostics.errors, result.diagnostics.errors
            decisions.add(result.allowed)
        assert {"allow": {True}, "deny": {False}, "depends": {True, False}}[word] == decisions, (role, tool)
        assert (word != "deny") == (tool in access()[role])


def test_cedarpy_validates_the_policies_against_the_exported_schema(exported):
    for text in exported["policies"].values():
        result = cedarpy.validate_policies(text, exported["schema"])
        assert result.validation_passed, result.errors


def test_a_hidden_tool_is_denied_by_name_and_a_forbid_beats_a_permit(secured):
    denied = call(secured, ("--role", "developer"), MAIL, mail("ana@example.com"))["error"]
    assert denied["code"] == -32002
    assert "[No policy applies to the request (denied by default).]" in denied["message"]
    outside = call(secured, ("--role", "manager"), MAIL, mail("eve@example.org"))["error"]
    assert "[Policy evaluation denied due to MailStaysInTheTeam]" in outside["message"]
    inside = call(secured, ("--user", "mia"), MAIL, mail("ana@example.com"))["result"]
    assert json.loads(inside["content"][0]["text"])["status"] == "success"
    log = "".join(secured.log)
    assert f'OAuthUser "DeveloperClient" {MAIL}: deny by default' in log
    assert f'OAuthUser "ManagerClient" {MAIL}: deny by MailStaysInTheTeam' in log


def test_log_only_changes_nothing_and_says_what_enforce_would_do(tmp_path):
    up = Up(tmp_path, "--parameter", "PolicyMode=LOG_ONLY")
    try:
        result = call(up, ("--role", "developer"), MAIL, mail("ana@example.com"))["result"]
        assert json.loads(result["content"][0]["text"])["status"] == "success"
        for _ in range(50):
            log = "".join(up.log)
            if "only logged" in log:
                break
            time.sleep(0.1)
        assert f'OAuthUser "DeveloperClient" {MAIL}: deny by default, only logged' in log
    finally:
        up.stop()


def test_an_outside_recipient_that_is_listed_may_get_mail(secured):
    listed = ["--parameter", "OutsideRecipients=eve@example.org,bob@example.net"]
    check = secured.gateway("policy", "check", *PARAMETERS, *listed)
    assert '["bob@example.net", "eve@example.org"].contains(context.input.recipient_email)' in check.stdout


@pytest.mark.parametrize(
    ("wrong", "right", "says"),
    [
        ('"ReportTools___markdown_to_email"', '"ReportTools___nope"', "ReportTools___nope"),
        ('principal.hasTag("cognito:groups") && principal', "principal", "hasTag"),
        ('resource == AgentCore::Gateway::"${Gateway.GatewayArn}"', "resource", "gateway"),
        ("context.input.recipient_email like", "context.input.subject like", "subject"),
        ("permit(", "permt(", "permt"),
    ],
)
def test_a_policy_that_the_service_refuses_is_named_with_its_place(secured, tmp_path, wrong, right, says):
    text = (ROOT / "template.yaml").read_text()
    assert wrong in text[text.index("PolicyEngineId") :]
    start = text.index("  PolicyEngine:\n")
    template = tmp_path / "template.yaml"
    template.write_text(text[:start] + text[start:].replace(wrong, right))
    check = secured.gateway("policy", "check", *PARAMETERS, "--template", template)
    assert check.returncode == 1
    assert re.search(rf"{re.escape(str(template))}:\d+: \w+(:\d+:\d+)?: error: ", check.stderr), check.stderr
    assert says in check.stderr


def test_a_look_alike_scope_is_warned_of(secured, tmp_path):
    text = (ROOT / "template.yaml").read_text()
    template = tmp_path / "template.yaml"
    template.write_text(text.replace('like "tools/manager *"', 'like "*manager*"'))
    check = secured.gateway("policy", "check", *PARAMETERS, "--template", template)
    assert check.returncode == 0
    assert "warning" in check.stdout and "*manager*" in check.stdout


def test_callers_with_aws_credentials_are_told_apart_by_their_arn(secured):
    role = "arn:aws:sts::{}:assumed-role/{}/session"
    callers = [role.format("123456789012", "tools-manager"), role.format("123456789012", "tools-managers"), role.format("210987654321", "tools-manager")]
    options = [option for arn in callers for option in ("--caller", arn)]
    check = secured.gateway("policy", "check", *PARAMETERS, "--parameter", "AuthorizerType=AWS_IAM", *options)
    assert check.returncode == 0, check.stderr
    rows = {row[0]: row[1:] for row in map(str.split, check.stdout.splitlines()) if row}
    assert rows[MAIL] == ["depends", "deny", "deny"]
    assert rows["ReportTools___format_report"] == ["allow", "allow", "deny"]
    assert "warning" not in check.stdout


def generation(statements, polls):
    """A stand-in for the service's three calls, which is done after `polls` looks."""
    seen = []

    class Service(BaseHTTPRequestHandler):
        def answer(self):
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            seen.append((self.command, self.path.split("?")[0]))
            looks = sum(method == "GET" and path.endswith("/generation-1") for method, path in seen)
            state = {
                "policyEngineId": "engine-1",
                "policyGenerationId": "generation-1",
                "policyGenerationArn": "arn:aws:bedrock-agentcore:us-east-1:123456789012:policy-engine/engine-1/policy-generation/generation-1",
                "name": "draft",
                "resource": {"arn": DEPLOYED},
                "createdAt": "2026-11-23T12:00:00Z",
                "updatedAt": "2026-11-23T12:00:00Z",
                "status": "GENERATED" if looks > polls else "GENERATING",
                "statusReasons": [],
            }
            if self.path.split("?")[0].endswith("/assets"):
                state = {"policyGenerationAssets": [
                    {"policyGenerationAssetId": str(n), "rawTextFragment": "x", "findings": [], "definition": {"cedar": {"statement": s}}}
                    for n, s in enumerate(statements)
                ]}
            body = json.dumps(state).encode()
            self.send_response(202 if self.command == "POST" else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, seen


DEPLOYED = "arn:aws:bedrock-agentcore:us-east-1:123456789012:gateway/tool-gateway-abc123"
DRAFT = f"""permit(
  principal is AgentCore::OAuthUser,
  action == AgentCore::Action::"{MAIL}",
  resource == AgentCore::Gateway::"{DEPLOYED}"
) when {{ principal.hasTag("scope") && principal.getTag("scope") like "*manager*" }};"""


def draft(secured, server, out):
    environment = {key: DEVELOPER[key] for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
    environment |= {"AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}"}
    command = ["policy", "draft", "Only managers may send mail", "--engine", "engine-1"]
    command += ["--gateway-arn", DEPLOYED, "--out", out, *PARAMETERS]
    return secured.gateway(*command, env=environment)


def test_a_draft_is_validated_written_and_attached_to_nothing(secured, tmp_path):
    server, seen = generation([DRAFT], polls=1)
    out = tmp_path / "draft.cedar"
    done = draft(secured, server, out)
    assert done.returncode == 0, done.stderr
    assert DRAFT in out.read_text() and out.read_text().startswith("// A DRAFT")
    assert "warning" in done.stdout and "nothing was attached" in done.stdout
    assert sorted({method for method, _ in seen}) == ["GET", "POST"]
    assert [path for method, path in seen if method == "POST"] == ["/policy-engines/engine-1/policy-generations"]
    again = draft(secured, server, out)
    assert again.returncode == 1 and "--out" in again.stderr
    server.shutdown()


def test_without_a_draft_there_is_a_starting_point(secured, tmp_path):
    server, _ = generation([], polls=0)
    done = draft(secured, server, tmp_path / "draft.cedar")
    server.shutdown()
    assert done.returncode == 1 and "no draft was generated" in done.stderr
    assert "permit(" in done.stdout and DEPLOYED in done.stdout
    assert not (tmp_path / "draft.cedar").exists()
