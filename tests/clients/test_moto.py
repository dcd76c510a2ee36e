"""The function's binary sends through moto's SES, a server that is not ours."""

import json
import os
import subprocess
import urllib.request

import boto3
import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.server import ThreadedMotoServer
from moto.ses.models import ses_backends

from conftest import BINARIES, SENDER

KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}


@pytest.fixture
def moto():
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    # Its state belongs to the process, not to the server.
    urllib.request.urlopen(urllib.request.Request(f"{url}/moto-api/reset", method="POST")).close()
    yield url
    server.stop()


@pytest.fixture
def lambda_environment(moto):
    """The function's own process, with a Runtime API that hands it one event."""
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    from queue import Queue
    from threading import Thread

    events, answers = Queue(), Queue()

    class RuntimeApi(BaseHTTPRequestHandler):
        def do_GET(self):
            event = events.get()
            if event is None:
                return
            context = {"custom": {"bedrockAgentCoreToolName": "ReportTools___markdown_to_email"}}
            self.send_response(200)
            self.send_header("Lambda-Runtime-Aws-Request-Id", "1")
            self.send_header("Lambda-Runtime-Deadline-Ms", "99999999999999")
            self.send_header("Lambda-Runtime-Client-Context", json.dumps(context))
            body = json.dumps(event).encode()
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answers.put((self.path, json.loads(body)))
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), RuntimeApi)
    Thread(target=server.serve_forever, daemon=True).start()
    process = subprocess.Popen(
        [BINARIES / "report-tools"],
        env={
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_port}",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_ENDPOINT_URL_SESV2": moto,
            "SES_SENDER_EMAIL": SENDER,
            "ALLOWED_RECIPIENTS": "ana@example.com",
            "PATH": os.environ["PATH"],
        },
        stdout=subprocess.PIPE,
        text=True,
    )

    def invoke(event):
        events.put(event)
        path, answer = answers.get(timeout=30)
        assert path.endswith("/1/response"), (path, answer)
        return answer

    yield invoke
    process.kill()
    process.wait()
    events.put(None)
    server.shutdown()


def test_moto_gets_the_mail(moto, lambda_environment):
    boto3.client("sesv2", endpoint_url=moto, **KEYS).create_email_identity(EmailIdentity=SENDER)
    answer = lambda_environment(
        {"markdown_content": "# Numbers\n\n| a | b |\n|---|--:|\n| x | 1 |", "recipient_email": "ana@example.com"}
    )
    assert answer["status"] == "success", answer
    (message,) = ses_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].sent_messages
    assert message.id == answer["message_id"]
    assert (message.source, message.subject) == (SENDER, "Numbers")
    assert message.destinations["ToAddresses"] == ["ana@example.com"]
    assert "<table" in message.body


def test_a_sender_that_is_not_verified_is_named(lambda_environment):
    answer = lambda_environment(
        {"markdown_content": "# Numbers", "recipient_email": "ana@example.com"}
    )
    assert answer["error"]["retryable"] is False
    assert "verified" in answer["error"]["message"]
