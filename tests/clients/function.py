"""A compiled function in a process of its own, with a Runtime API that hands it events.

Only the standard library, since SAM's own interpreter runs it, too (sam_start_lambda.py)."""

import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Lock, Thread

LAMBDA = {
    "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_LAMBDA_FUNCTION_NAME": "function",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/function",
    "AWS_LAMBDA_LOG_STREAM_NAME": "stream",
}


class Function:
    def __init__(self, binary, environment):
        self.events, self.answers, self.lock = Queue(), Queue(), Lock()
        function = self

        class RuntimeApi(BaseHTTPRequestHandler):
            def do_GET(self):
                event, context = function.events.get()
                if event is None:
                    return
                self.send_response(200)
                self.send_header("Lambda-Runtime-Aws-Request-Id", "1")
                self.send_header("Lambda-Runtime-Deadline-Ms", "99999999999999")
                self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:f")
                self.send_header("Lambda-Runtime-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793")
                if context is not None:
                    self.send_header("Lambda-Runtime-Client-Context", context)
                self.send_header("Content-Length", str(len(event)))
                self.end_headers()
                self.wfile.write(event)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"] or 0))
                function.answers.put((self.path.rsplit("/", 1)[1], body.decode()))
                self.send_response(202)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), RuntimeApi)
        Thread(target=self.server.serve_forever, daemon=True).start()
        api = {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self.server.server_port}"}
        environment = {**LAMBDA, **environment, **api}
        self.process = subprocess.Popen([binary], env=environment, stdout=sys.stderr)

    def __call__(self, event, context=None):
        """`response` or `error`, and the body."""
        with self.lock:
            self.events.put((event, context))
            return self.answers.get(timeout=60)

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.events.put((None, None))
        self.server.shutdown()
