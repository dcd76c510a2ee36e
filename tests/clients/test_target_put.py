"""`gateway target put` against a control plane that is stateful as the real one: what an update
leaves out is gone. Each request is held against botocore's model of the service."""

import copy
import json
import re
import subprocess
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
import botocore.session
import pytest
from botocore.validate import ParamValidator

from conftest import BINARIES, DEVELOPER, ROOT

MODEL = botocore.session.get_session().get_service_model("bedrock-agentcore-control")
GATEWAY = "tool-gateway-abcdefghij"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:report-tools:live"
NOW = "2026-11-23T12:00:00Z"
READY, CREATING, UPDATING = "READY", "CREATING", "UPDATING"


def misfits(shape, value, path=""):
    """Where a text breaks its pattern, which botocore leaves to the service."""
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            if name in value:
                yield from misfits(member, value[name], f"{path}.{name}")
    elif shape.type_name == "list":
        for item in value:
            yield from misfits(shape.member, item, f"{path}[]")
    elif shape.type_name == "string" and "pattern" in shape.metadata:
        if not re.fullmatch(shape.metadata["pattern"], value):
            yield f"{path}: {value}"


class Refused(Exception):
    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code = status, code


class ControlPlane:
    """`denied` actions, `states` that a changed target goes through, fields that it `forgets`, and
    ones that botocore's model does not know yet."""

    def __init__(self, targets=(), denied=(), states=(READY,), reasons=(), forgets=(), newer=()):
        self.targets = {target["targetId"]: target for target in targets}
        self.denied, self.states, self.reasons = denied, list(states), reasons
        self.forgets, self.newer = forgets, newer
        self.calls, self.pending = [], []
        plane = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                try:
                    status, answer, code = *plane.answer(self.command, self.path, body), None
                except Refused as refused:
                    status, answer, code = refused.status, {"message": str(refused)}, refused.code
                answer = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                if code:
                    self.send_header("x-amzn-errortype", code)
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = do_PUT = answer

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, method, path, body):
        path, _, query = path.partition("?")
        gateway, target = re.fullmatch(r"/gateways/([^/]+)/targets(?:/([^/]+))?/?", path).groups()
        action = {
            ("GET", False): "ListGatewayTargets", ("POST", False): "CreateGatewayTarget",
            ("GET", True): "GetGatewayTarget", ("PUT", True): "UpdateGatewayTarget",
        }[method, target is not None]
        self.calls.append(action)
        if action in self.denied:
            message = f"User: arn:aws:iam::123456789012:user/dev is not authorized to perform: bedrock-agentcore:{action}"
            raise Refused(403, "AccessDeniedException", message)
        fields = json.loads(body) if body else {}
        request = {"gatewayIdentifier": gateway, **({"targetId": target} if target else {}), **fields}
        self.check(action, request)
        if gateway != GATEWAY:
            raise Refused(404, "ResourceNotFoundException", f"Gateway {gateway} not found")
        return getattr(self, action)(target, fields, urllib.parse.parse_qs(query))

    def check(self, action, request):
        known = {name: value for name, value in request.items() if name not in self.newer}
        shape = MODEL.operation_model(action).input_shape
        report = ParamValidator().validate(known, shape)
        problems = [report.generate_report()] if report.has_errors() else list(misfits(shape, known))
        if problems:
            raise Refused(400, "ValidationException", "; ".join(problems))

    def ListGatewayTargets(self, _, __, query):
        start = int(query.get("nextToken", ["0"])[0])
        page = list(self.targets.values())[start : start + 2]
        names = ["targetId", "name", "status", "createdAt", "updatedAt"]
        answer = {"items": [{name: target[name] for name in names} for target in page]}
        if start + 2 < len(self.targets):
            answer["nextToken"] = str(start + 2)
        return 200, answer

    def GetGatewayTarget(self, target, *_):
        told = self.targets[target]
        if self.pending:
            told["status"] = self.pending.pop(0)
            told["statusReasons"] = list(self.reasons)
        return 200, told

    def CreateGatewayTarget(self, _, fields, __):
        return 202, self.store("NEWTARGET1", fields, CREATING)

    def UpdateGatewayTarget(self, target, fields, _):
        return 202, self.store(target, fields, UPDATING)

    def store(self, target, fields, status):
        kept = {name: value for name, value in fields.items() if name not in ("clientToken", *self.forgets)}
        self.targets[target] = there(target, status=status, **kept)
        self.pending = list(self.states)
        return self.targets[target]

    def put(self, *options, gateway=GATEWAY, **environment):
        command = [BINARIES / "gateway", "target", "put", "--gateway-id", gateway, "--function-arn", FUNCTION, *options]
        keys = {key: DEVELOPER[key] for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
        environment = {**keys, "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": self.url, **environment}
        return subprocess.run(
            [str(part) for part in command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
        )

    def wrote(self):
        return [call for call in self.calls if not call.startswith(("Get", "List"))]


@pytest.fixture
def plane():
    made = []

    def make(**options):
        made.append(ControlPlane(**options))
        return made[-1]

    yield make
    for one in made:
        one.server.shutdown()


def there(target, **fields):
    """A target as GetGatewayTarget tells it."""
    arn = f"arn:aws:bedrock-agentcore:us-east-1:123456789012:gateway/{GATEWAY}"
    told = {"gatewayArn": arn, "targetId": target, "createdAt": NOW, "updatedAt": NOW, "status": READY}
    return {**told, "statusReasons": [], "credentialProviderConfigurations": [], **copy.deepcopy(fields)}


def tool(name):
    return {"name": name, "description": "Old words", "inputSchema": {"type": "object"}}


def served(arn, *tools):
    return {"mcp": {"lambda": {"lambdaArn": arn, "toolSchema": {"inlinePayload": list(tools)}}}}


def others(count):
    return [there(f"OTHER0000{n}", name=f"Other{n}", targetConfiguration=served(FUNCTION, tool("t"))) for n in range(count)]


# Each field that the model knows; what is not known yet is in the test.
KEPT = {
    "name": "ReportTools",
    "description": "What someone wrote by hand",
    "credentialProviderConfigurations": [
        {
            "credentialProviderType": "GATEWAY_IAM_ROLE",
            "credentialProvider": {"iamCredentialProvider": {"service": "lambda", "region": "us-east-1"}},
        }
    ],
    "metadataConfiguration": {
        "allowedRequestHeaders": ["x-tenant", "x-trace"],
        "allowedQueryParameters": ["verbose"],
        "allowedResponseHeaders": ["x-cost"],
    },
    "privateEndpoint": {
        "managedVpcResource": {
            "vpcIdentifier": "vpc-0123456789abcdef0",
            "subnetIds": ["subnet-0123456789abcdef0"],
            "endpointIpAddressType": "IPV4",
            "tags": {"team": "reports"},
        }
    },
    "certificateConfigurations": [
        {"secretsManager": {"secretArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:ca-AbCdEf"}}
    ],
}
OLD = "arn:aws:lambda:us-east-1:123456789012:function:old"


def old(**fields):
    tools = [tool("format_report"), tool("gone")]
    return there("TARGET0001", **{**KEPT, "targetConfiguration": served(OLD, *tools), **fields})


def test_kept_fields_are_all_that_the_service_has():
    known = set(MODEL.operation_model("UpdateGatewayTarget").input_shape.members)
    assert known == {*KEPT, "targetConfiguration", "gatewayIdentifier", "targetId"}


def test_a_target_that_is_not_there_is_created(plane):
    plane = plane(targets=others(5), states=[CREATING, READY])
    done = plane.put("--description", "Formats and mails reports")
    assert done.returncode == 0, done.stderr
    assert "+ tool markdown_to_email" in done.stdout and "READY" in done.stdout
    assert plane.calls[:4] == ["ListGatewayTargets"] * 3 + ["CreateGatewayTarget"]
    created = plane.targets["NEWTARGET1"]
    assert created["name"] == "ReportTools" and created["description"] == "Formats and mails reports"
    assert created["credentialProviderConfigurations"] == [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]
    function = created["targetConfiguration"]["mcp"]["lambda"]
    tools = {tool["name"]: tool for tool in function["toolSchema"]["inlinePayload"]}
    assert function["lambdaArn"] == FUNCTION and sorted(tools) == ["format_report", "markdown_to_email"]
    assert tools["markdown_to_email"]["inputSchema"]["required"] == ["markdown_content", "recipient_email"]

    again = plane.put()
    assert again.returncode == 0 and "nothing was changed" in again.stdout
    assert plane.wrote() == ["CreateGatewayTarget"]


def test_an_update_changes_the_function_and_the_schema_and_loses_nothing(plane):
    newer = {"futureField": {"nested": [1, 2]}, "futureFlag": True}
    told_only = {"lastSynchronizedAt": NOW, "protocolType": "MCP"}
    before = old(**newer, **told_only)
    plane = plane(targets=[*others(3), before], states=[UPDATING, READY], newer=newer)
    before = copy.deepcopy(before)
    done = plane.put()
    assert done.returncode == 0, done.stderr
    for line in [f"`{OLD}` -> `{FUNCTION}`", "~ tool format_report: description, inputSchema", "+ tool markdown_to_email", "- tool gone"]:
        assert line in done.stdout
    assert "futureField" in done.stdout
    after = plane.targets["TARGET0001"]
    assert plane.wrote() == ["UpdateGatewayTarget"]
    assert {name: after[name] for name in {**KEPT, **newer}} == {name: before[name] for name in {**KEPT, **newer}}
    assert after["targetConfiguration"]["mcp"]["lambda"]["lambdaArn"] == FUNCTION


def test_a_description_that_is_given_replaces_the_old_one(plane):
    plane = plane(targets=[old()])
    assert plane.put("--description", "New words").returncode == 0
    assert plane.targets["TARGET0001"]["description"] == "New words"


def test_a_dry_run_shows_the_changes_and_makes_none(plane):
    for targets, shows in [([], "+ tool format_report"), ([old()], "- tool gone")]:
        dry = plane(targets=targets)
        done = dry.put("--dry-run")
        assert done.returncode == 0 and shows in done.stdout and "nothing was changed" in done.stdout
        assert dry.wrote() == []


def test_a_target_of_another_kind_is_left_alone(plane):
    api = {"mcp": {"openApiSchema": {"s3": {"uri": "s3://bucket/api.yaml"}}}}
    plane = plane(targets=[old(targetConfiguration=api)])
    done = plane.put()
    assert done.returncode == 1 and "`mcp.openApiSchema`" in done.stderr and "--name" in done.stderr
    assert plane.wrote() == []
    beside = plane.put("--name", "Mails")
    assert beside.returncode == 0 and plane.targets["NEWTARGET1"]["name"] == "Mails"


def test_a_schema_in_s3_gives_way_to_the_inline_one(plane):
    in_s3 = {"mcp": {"lambda": {"lambdaArn": FUNCTION, "toolSchema": {"s3": {"uri": "s3://bucket/tools.json"}}}}}
    plane = plane(targets=[old(targetConfiguration=in_s3)])
    done = plane.put()
    assert done.returncode == 0 and "s3://bucket/tools.json" in done.stdout
    assert list(plane.targets["TARGET0001"]["targetConfiguration"]["mcp"]["lambda"]["toolSchema"]) == ["inlinePayload"]


@pytest.mark.parametrize(
    ("states", "says"),
    [
        ([CREATING, "FAILED"], "ended as FAILED: the role may not invoke the function; try again"),
        ([CREATING] * 50, "is still CREATING after 1 s"),
    ],
)
def test_a_target_that_does_not_become_ready_is_an_error_with_its_reasons(plane, states, says):
    plane = plane(states=states, reasons=["the role may not invoke the function", "try again"])
    done = plane.put("--wait", "1")
    assert done.returncode == 1 and says in done.stderr, done.stderr


def test_what_the_service_forgets_is_told(plane):
    plane = plane(targets=[old()], forgets=["metadataConfiguration"])
    done = plane.put()
    assert done.returncode == 1 and "`metadataConfiguration`" in done.stderr, done.stderr


@pytest.mark.parametrize("action", ["ListGatewayTargets", "GetGatewayTarget", "CreateGatewayTarget", "UpdateGatewayTarget"])
def test_a_missing_permission_is_named(plane, action):
    plane = plane(targets=[] if action == "CreateGatewayTarget" else [old()], denied=[action])
    done = plane.put()
    assert done.returncode == 1
    assert f"AWS refused {action} with AccessDeniedException" in done.stderr
    assert f"`bedrock-agentcore:{action}` on `arn:aws:bedrock-agentcore:us-east-1:ACCOUNT:gateway/{GATEWAY}`" in done.stderr


def test_a_gateway_that_is_not_there_and_a_region_that_is_not_set_are_named(plane):
    plane = plane()
    done = plane.put(gateway="elsewhere-abcdefghij")
    assert done.returncode == 1 and "`elsewhere-abcdefghij`" in done.stderr and "`us-east-1`" in done.stderr
    nowhere = plane.put(AWS_REGION="", AWS_CONFIG_FILE="/dev/null", AWS_EC2_METADATA_DISABLED="true")
    assert nowhere.returncode == 1 and "AWS_REGION" in nowhere.stderr


def test_the_stand_in_forgets_what_an_update_leaves_out(plane):
    plane = plane(targets=[old()])
    client = boto3.client(
        "bedrock-agentcore-control", endpoint_url=plane.url, region_name="us-east-1",
        aws_access_key_id="test", aws_secret_access_key="test",
    )
    least = {"targetConfiguration": served(FUNCTION, tool("t")), "name": "ReportTools"}
    client.update_gateway_target(gatewayIdentifier=GATEWAY, targetId="TARGET0001", **least)
    told = client.get_gateway_target(gatewayIdentifier=GATEWAY, targetId="TARGET0001")
    assert "metadataConfiguration" not in told and "description" not in told
