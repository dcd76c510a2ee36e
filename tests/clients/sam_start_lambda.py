"""`sam local start-lambda` without Docker: SAM's own HTTP service, over a compiled function that
gets what SAM's container gives it: `AWS_SAM_LOCAL`, and no client context.

    PYTHON_OF_SAM sam_start_lambda.py PORT LOGICAL_ID BINARY NAME=VALUE..
"""

import sys
from types import SimpleNamespace

from samcli.local.lambda_service.local_lambda_http_service import LocalLambdaHttpService
from samcli.local.lambdafn.exceptions import FunctionNotFound

from function import Function

port, logical_id, binary, *variables = sys.argv[1:]


class Runner:
    function = Function(binary, {"AWS_SAM_LOCAL": "true", **dict(v.split("=", 1) for v in variables)})

    def is_debugging(self):
        return False

    def get_function(self, name, tenant_id=None):
        if name != logical_id:
            raise FunctionNotFound(name)
        return SimpleNamespace(durable_config=None)

    def invoke(self, name, event, stdout, **_):
        _, answer = self.function(event.encode())
        stdout.write_str(answer)


service = LocalLambdaHttpService(Runner(), int(port), "127.0.0.1")
service.create()
service.run()
