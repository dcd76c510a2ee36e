"""Who gets in, with clients and tools that are not ours."""

import asyncio
import base64
import json
import re
import signal
import subprocess
import threading
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from mcp.client import Client
from mcp.client.auth.extensions.client_credentials import ClientCredentialsOAuthProvider
from mcp.client.streamable_http import create_mcp_http_client, streamable_http_client
from strands.tools.mcp import MCPClient
from strands.tools.mcp._compat import streamable_http_transport

from conftest import DEVELOPER, Up, access, all_tools, needs

INSPECTOR = "@modelcontextprotocol/inspector@2.12.0"
TOOLS = all_tools()
WHO = [("--role", "manager"), ("--role", "developer"), ("--user", "mia"), ("--user", "dan")]
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def get(url):
    with urllib.request.urlopen(url) as response:
        return json.load(response)


def post(url, **headers):
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"} | headers
    return urllib.request.urlopen(urllib.request.Request(url, json.dumps(LIST).encode(), headers))


@pytest.mark.parametrize("who", WHO, ids=lambda who: who[1])
def test_a_token_of_the_local_issuer_shows_what_its_role_may_use(secured, who):
    token = secured.token(*who)

    async def listed():
        async with create_mcp_http_client(headers=bearer(token)) as http:
            async with Client(streamable_http_client(secured.mcp, http_client=http)) as client:
                return (await client.list_tools()).tools

    assert sorted(tool.name for tool in asyncio.run(listed())) == access()[who[1]]


def test_strands_gets_in_with_a_bearer(secured):
    headers = bearer(secured.token("--role", "manager"))
    with MCPClient(lambda: streamable_http_transport(secured.mcp, headers=headers)) as client:
        assert sorted(tool.tool_name for tool in client.list_tools_sync()) == TOOLS


@needs("npx")
def test_the_inspector_gets_in_with_a_bearer(secured, tmp_path):
    command = ["npx", "-y", "-p", "node@22", "-p", INSPECTOR, "mcp-inspector", "--cli", secured.mcp]
    command += ["--transport", "http", "--method", "tools/list"]
    command += ["--header", f"Authorization: Bearer {secured.token('--role', 'developer')}"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr
    assert sorted(tool["name"] for tool in json.loads(run.stdout)["tools"]) == access()["developer"]


def test_without_a_token_the_client_is_told_where_to_get_one(secured):
    with pytest.raises(urllib.error.HTTPError) as refused:
        post(secured.mcp)
    assert refused.value.code == 401
    metadata = re.search(r'resource_metadata="([^"]+)"', refused.value.headers["WWW-Authenticate"])
    document = get(metadata.group(1))
    assert document["resource"] == secured.mcp
    (server,) = document["authorization_servers"]
    discovery = get(f"{server}/.well-known/openid-configuration")
    assert discovery["issuer"] == server and discovery["token_endpoint"]


def test_a_forged_token_stays_out_and_out_of_the_log(secured):
    head, claims, signature = secured.token("--role", "manager").split(".")
    forged = f"{head}.{claims}.{signature[::-1]}"
    with pytest.raises(urllib.error.HTTPError) as refused:
        post(secured.mcp, **bearer(forged))
    assert refused.value.code == 401
    assert 'error="invalid_token"' in refused.value.headers["WWW-Authenticate"]
    assert claims not in "".join(secured.log + secured.said)


def test_claims_are_those_of_cognitos_access_tokens(secured):
    session = json.loads(secured.session.read_text())
    machine = secured.gateway("jwt", "-", input=secured.token("--role", "manager"))
    person = secured.gateway("jwt", secured.token("--user", "mia"))
    client = session["clients"]["manager"]["id"]
    for line in [f"sub *{client}", f"client_id *{client}", "token_use *access", "scope *tools/invoke tools/manager"]:
        assert re.search(line, machine.stdout), machine.stdout
    assert re.search(r'cognito:groups *\["managers"\]', person.stdout)
    assert re.search(r"exp .*UTC \(in (59|60) min\)", person.stdout)
    assert "nothing was verified" in person.stdout and "aud " not in person.stdout


def test_a_token_is_verified_against_the_issuer(secured):
    discovery = json.loads(secured.session.read_text())["discovery_url"]
    token = secured.token("--role", "developer")
    good = secured.gateway("jwt", token, "--discovery-url", discovery)
    assert good.returncode == 0 and "verified: the signature" in good.stdout
    head, claims, signature = token.split(".")
    bad = secured.gateway("jwt", f"{head}.{claims}.{signature[::-1]}", "--discovery-url", discovery)
    assert bad.returncode == 1 and "not verified" in bad.stderr


def test_verify_reports_what_each_role_sees(secured, tmp_path):
    good = secured.gateway("verify", "--session", secured.session)
    assert good.returncode == 0, good.stdout + good.stderr
    assert "all 4 roles see what they should" in good.stdout
    assert "ok    ReportTools___markdown_to_email, called by name: Tool Execution Denied" in good.stdout
    table = tmp_path / "access.txt"
    table.write_text("tool manager\nReportTools___markdown_to_email no\nReportTools___gone yes\n")
    bad = secured.gateway("verify", "--session", secured.session, "--expect", table)
    assert bad.returncode == 1
    assert "WRONG ReportTools___markdown_to_email: listed, should be hidden" in bad.stdout
    assert "WRONG ReportTools___gone: hidden, should be listed" in bad.stdout
    assert "WRONG ReportTools___format_report: listed, and not in the table" in bad.stdout


def test_the_same_commands_work_by_url_alone(secured, tmp_path):
    session = json.loads(secured.session.read_text())
    manager = session["clients"]["manager"]
    place = ["--discovery-url", session["discovery_url"], "--client", f"manager={manager['id']}"]
    environment = {"GATEWAY_CLIENT_SECRET_MANAGER": manager["secret"]}
    token = secured.gateway("token", "--role", "manager", *place, env=environment)
    assert token.stdout.count(".") == 2, token.stderr
    table = tmp_path / "access.txt"
    table.write_text("tool manager\n" + "".join(f"{tool} yes\n" for tool in TOOLS))
    verified = secured.gateway("verify", "--url", secured.mcp, "--expect", table, *place, env=environment)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    without = secured.gateway("token", "--role", "manager", *place, env={})
    assert without.returncode == 1 and "GATEWAY_CLIENT_SECRET_MANAGER" in without.stderr
    wrong = secured.gateway("token", "--role", "manager", *place, env={"GATEWAY_CLIENT_SECRET": "wrong-secret"})
    assert wrong.returncode == 1 and "invalid_client" in wrong.stderr and "wrong-secret" not in wrong.stderr


def test_without_a_gateway_the_commands_say_so(secured, tmp_path):
    none = secured.gateway("token", "--role", "manager", "--session", tmp_path / "none.json")
    assert none.returncode == 1 and "gateway up" in none.stderr
    unknown = secured.gateway("token", "--role", "boss", "--session", secured.session)
    assert unknown.returncode == 1 and "expected one of `dan`, `developer`, `manager`, `mia`" in unknown.stderr


def test_a_key_rotates_while_calls_run_and_none_fails(secured):
    tokens = [secured.token("--role", "manager")]

    async def rounds():
        loop = asyncio.get_running_loop()
        answers = []
        for turn in range(5):
            calls = [loop.run_in_executor(None, lambda: post(secured.mcp, **bearer(token)).status) for token in tokens * 20]
            secured.process.send_signal(signal.SIGUSR1)
            tokens.append(await loop.run_in_executor(None, secured.token, "--role", "manager"))
            answers += await asyncio.gather(*calls)
        return answers

    answers = asyncio.run(rounds())
    assert len(answers) == 20 * (1 + 2 + 3 + 4 + 5) and set(answers) == {200}
    keys = {json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))["kid"] for token in tokens}
    assert len(keys) > 1


def test_signed_requests_get_in_where_the_template_says_aws_iam(tmp_path):
    up = Up(tmp_path, "--parameter", "AuthorizerType=AWS_IAM")
    try:
        keys = json.loads(up.session.read_text())["keys"]

        def signed(secret):
            headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
            request = AWSRequest("POST", up.mcp, data=json.dumps(LIST), headers=headers)
            credentials = Credentials(keys["access_key_id"], secret)
            SigV4Auth(credentials, "bedrock-agentcore", "us-east-1").add_auth(request)
            return dict(request.headers)

        with post(up.mcp, **signed(keys["secret_access_key"])) as response:
            assert sorted(tool["name"] for tool in json.load(response)["result"]["tools"]) == TOOLS
        for headers in [signed("wrong"), {}]:
            with pytest.raises(urllib.error.HTTPError) as refused:
                post(up.mcp, **headers)
            assert refused.value.code == 403
    finally:
        up.stop()


def test_the_sdk_finds_the_issuer_by_itself_and_gets_in(secured):
    """From the 401 to the RFC 9728 document, the issuer's metadata, its token endpoint, and in."""
    manager = json.loads(secured.session.read_text())["clients"]["manager"]
    provider = ClientCredentialsOAuthProvider(
        server_url=secured.mcp,
        storage=InMemoryTokens(),
        client_id=manager["id"],
        client_secret=manager["secret"],
    )

    async def listed():
        async with create_mcp_http_client(auth=provider) as http:
            async with Client(streamable_http_client(secured.mcp, http_client=http)) as client:
                return (await client.list_tools()).tools

    # It asks for the advertised scope alone, which lets in and is no role.
    assert asyncio.run(listed()) == []


class InMemoryTokens:
    """What the SDK keeps between requests."""

    def __init__(self):
        self.tokens = self.client = None

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens):
        self.tokens = tokens

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client):
        self.client = client


def test_an_application_may_link_to_the_sign_in_page_and_no_page_may_post_to_it(secured):
    issuer = json.loads(secured.session.read_text())["discovery_url"]
    page = urllib.parse.urljoin(issuer, "/oauth2/authorize?client_id=PeopleClient")
    linked = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    for headers, method, url, refused in [
        (linked, "GET", page, False),
        (linked | {"Sec-Fetch-Mode": "no-cors"}, "GET", page, True),
        (linked, "POST", page, True),
        (linked, "GET", issuer, True),
    ]:
        request = urllib.request.Request(url, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request) as response:
                body = response.read()
        except urllib.error.HTTPError as error:
            body = error.read()
        assert (b"from a page of another site" in body) == refused, (headers, method, url)


def test_a_user_pool_is_asked_for_its_secrets_with_the_callers_credentials(secured):
    """A stand-in for Cognito's API, whose client is the local issuer's: the token is real."""
    session = json.loads(secured.session.read_text())
    manager = session["clients"]["manager"]
    asked = []

    class Cognito(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            operation = self.headers["X-Amz-Target"].split(".")[1]
            asked.append((operation, "Credential=AKIAIOSFODNN7EXAMPLE/" in self.headers["Authorization"]))
            client = {"ClientName": "manager", "ClientId": manager["id"], "UserPoolId": "us-east-1_Pool"}
            answer = {
                "ListUserPoolClients": {"UserPoolClients": [client, client | {"ClientName": "other"}]},
                "DescribeUserPoolClient": {"UserPoolClient": client | {"ClientSecret": manager["secret"]}},
            }[operation]
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Cognito)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    keys = {key: DEVELOPER[key] for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")}
    environment = keys | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}", "AWS_EC2_METADATA_DISABLED": "true"}
    place = ["--user-pool", "us-east-1_Pool", "--discovery-url", session["discovery_url"]]
    token = secured.gateway("token", "--role", "manager", *place, env=environment)
    server.shutdown()
    assert token.stdout.count(".") == 2, token.stderr
    assert asked == [("ListUserPoolClients", True), ("DescribeUserPoolClient", True)]
