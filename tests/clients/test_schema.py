"""What `toolschema print` prints, read by those who deploy and list tools by other means."""

import json
import subprocess

import botocore.session
import pytest
from botocore.validate import ParamValidator
from mcp_types import Tool

from conftest import BINARIES

OUTPUTS = [(), ("--output-schemas",)]


def printed(*options):
    command = [BINARIES / "toolschema", "print", *options]
    return json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


TOOLS = printed("--format", "mcp")["tools"]
TARGETS = sorted({tool["name"].split("___", 1)[0] for tool in TOOLS})


def errors(tool_schema):
    """What boto3 would say of this toolSchema, by the service's own model and without asking it."""
    model = botocore.session.get_session().get_service_model("bedrock-agentcore-control")
    request = {
        "gatewayIdentifier": "tool-gateway-0123456789",
        "name": "Target",
        "targetConfiguration": {
            "mcp": {
                "lambda": {
                    "lambdaArn": "arn:aws:lambda:us-east-1:123456789012:function:tools",
                    "toolSchema": tool_schema,
                }
            }
        },
    }
    shape = model.operation_model("CreateGatewayTarget").input_shape
    return ParamValidator().validate(request, shape).generate_report()


@pytest.mark.parametrize("outputs", OUTPUTS)
@pytest.mark.parametrize("target", TARGETS)
def test_botocore_takes_a_target(target, outputs):
    schema = printed("--format", "api", "--target", target, *outputs)
    assert schema["inlinePayload"]
    assert errors(schema) == ""
    assert all(("outputSchema" in tool) == bool(outputs) for tool in schema["inlinePayload"])


@pytest.mark.parametrize("outputs", OUTPUTS)
@pytest.mark.parametrize("tool", [tool["name"] for tool in TOOLS])
def test_botocore_takes_each_tool(tool, outputs):
    target, name = tool.split("___", 1)
    printed_tool = printed("--format", "api", "--target", target, "--tool", name, *outputs)
    assert printed_tool["name"] == name
    assert errors({"inlinePayload": [printed_tool]}) == ""


@pytest.mark.parametrize("key", ["enum", "format", "minimum", "default", "$ref"])
def test_botocore_refuses_what_is_outside_the_dialect(key):
    schema = printed("--format", "api", "--target", TARGETS[0])
    schema["inlinePayload"][0]["inputSchema"][key] = "x"
    assert f'Unknown parameter in targetConfiguration.mcp.lambda.toolSchema.inlinePayload[0].inputSchema: "{key}"' in (
        errors(schema)
    )


@pytest.mark.parametrize("outputs", OUTPUTS)
def test_mcp_takes_each_tool(outputs):
    for tool in printed("--format", "mcp", *outputs)["tools"]:
        read = Tool.model_validate(tool)
        assert read.model_dump(by_alias=True, exclude_none=True) == tool
        assert len(read.name) <= 64
