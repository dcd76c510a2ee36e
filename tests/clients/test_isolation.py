"""What `gateway up` may touch: this machine's loopback, and nothing that it started stays."""

import json
import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from conftest import DEVELOPER, Up, needs

CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {
        "name": "ReportTools___markdown_to_email",
        "arguments": {"markdown_content": "# Hi", "recipient_email": "ana@example.com"},
    },
}


def post(url, body, **headers):
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"} | headers
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def children(pid):
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat") as stat:
                    parent = int(stat.read().rsplit(")", 1)[1].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == pid:
                found.append(int(entry))
    return found


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_the_first_line_says_that_everyone_gets_in(up):
    assert up.said[0].startswith("authorizer none: ")


@needs("strace")
def test_no_connection_leaves_the_machine(tmp_path):
    trace = tmp_path / "trace"
    wrapper = ["strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=connect,sendto", "-o", trace]
    proxies = {"HTTPS_PROXY": "http://192.0.2.1:3128", "HTTP_PROXY": "http://192.0.2.1:3128"}
    up = Up(tmp_path / "outbox", "--authorizer", "none", wrapper=wrapper, environment=DEVELOPER | proxies)
    try:
        answer = post(up.mcp, CALL)
        assert json.loads(answer["result"]["content"][0]["text"])["status"] == "success"
    finally:
        for child in children(up.process.pid):
            os.kill(child, signal.SIGINT)
        up.process.wait(timeout=20)
    addresses = re.findall(r"sin6?_addr=[^,)]*\"([0-9a-f.:]+)\"|inet_addr\(\"([0-9.]+)\"\)", trace.read_text())
    addresses = {one or other for one, other in addresses}
    assert addresses == {"127.0.0.1"}


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_running(tmp_path, ending):
    up = Up(tmp_path, "--authorizer", "none")
    post(up.mcp, CALL)
    functions = children(up.process.pid)
    assert functions
    up.process.send_signal(ending)
    up.process.wait(timeout=20)
    for _ in range(100):
        if not any(alive(pid) for pid in functions):
            break
        time.sleep(0.1)
    assert not [pid for pid in functions if alive(pid)]


def test_a_function_killed_in_a_call_is_an_error_and_the_next_call_works(tmp_path):
    up = Up(tmp_path, "--authorizer", "none")
    try:
        post(up.mcp, CALL)
        (function,) = children(up.process.pid)
        time.sleep(1)  # it has answered; now it asks for the next event
        # Stopped, it takes the next event and never answers; killed, it takes it with it.
        os.kill(function, signal.SIGSTOP)
        call = subprocess.Popen(
            ["curl", "-s", "-H", "Content-Type: application/json", "-H", "Accept: application/json, text/event-stream",
             "-d", json.dumps(CALL), up.mcp],
            stdout=subprocess.PIPE,
        )
        time.sleep(1)
        os.kill(function, signal.SIGKILL)
        result = json.loads(call.communicate(timeout=20)[0])["result"]
        assert result["isError"] is True
        assert result["content"][0]["text"] == "An internal error occurred. Please retry later."
        assert not post(up.mcp, CALL)["result"]["isError"]
    finally:
        up.stop()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_hostile_page_is_refused_everywhere(up, headers):
    invoke = f"{up.aws}/2015-03-31/functions/ReportToolsFunction/invocations"
    for url in [up.mcp, invoke, f"{up.aws}/v2/email/outbound-emails"]:
        with pytest.raises(urllib.error.HTTPError) as refused:
            post(url, CALL, **headers)
        assert refused.value.code == 403
        assert not [name for name in refused.value.headers if name.lower().startswith("access-control")]
