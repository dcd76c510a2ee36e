"""The MCP SDK for Python: lists the tools, calls them, and reads what the Gateway would answer."""

import asyncio
import json

import pytest
from mcp import MCPError
from mcp.client import Client

from conftest import ROOT, all_tools

MODES = ["legacy", "2026-07-28", "auto"]
REPORT = json.loads((ROOT / "examples/weekly-report.json").read_text())


def run(up, mode, steps):
    async def connected():
        async with Client(up.mcp, mode=mode) as client:
            return await steps(client)

    return asyncio.run(connected())


def text(result):
    (block,) = result.content
    return block.text


@pytest.mark.parametrize("mode", MODES)
def test_tools_are_listed_with_their_schemas(up, mode):
    async def steps(client):
        return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in run(up, mode, steps)}
    assert sorted(tools) == all_tools()
    schema = tools["ReportTools___markdown_to_email"].input_schema
    assert schema["required"] == ["markdown_content", "recipient_email"]
    assert schema["properties"]["subject"]["type"] == "string"


@pytest.mark.parametrize("mode", MODES)
def test_a_report_is_formatted_and_mailed(up, mode):
    before = len(up.mails())

    async def steps(client):
        formatted = await client.call_tool("ReportTools___format_report", REPORT)
        markdown = json.loads(text(formatted))["markdown"]
        arguments = {"markdown_content": markdown, "recipient_email": "ana@example.com"}
        return await client.call_tool("ReportTools___markdown_to_email", arguments)

    sent = run(up, mode, steps)
    assert not sent.is_error
    answer = json.loads(text(sent))
    assert answer["status"] == "success" and "ana@example.com" in answer["message"]
    mails = [json.loads(mail.read_text()) for mail in up.mails()]
    assert len(mails) == before + 1
    assert answer["message_id"] in {mail["message_id"] for mail in mails}


def test_arguments_that_do_not_fit_are_refused_before_the_function(up):
    async def steps(client):
        return await client.call_tool("ReportTools___markdown_to_email", {"subject": 5})

    result = run(up, "legacy", steps)
    assert result.is_error
    first, *rest = text(result).splitlines()
    assert first == "ValidationException - Parameter validation failed: Invalid request parameters:"
    assert "- Missing required field(s): 'recipient_email'" in rest
    assert "- Field '/subject' has invalid type: integer found, string expected" in rest


def test_a_recipient_that_is_not_allowed_is_an_answer_with_a_code(up):
    async def steps(client):
        arguments = {"markdown_content": "# Hi", "recipient_email": "eve@elsewhere.test"}
        return await client.call_tool("ReportTools___markdown_to_email", arguments)

    result = run(up, "legacy", steps)
    assert json.loads(text(result))["error"]["code"] == "recipient_not_allowed"


def test_an_unknown_tool_is_a_protocol_error(up):
    async def steps(client):
        with pytest.raises(MCPError) as raised:
            await client.call_tool("ReportTools___nope", {})
        return raised.value

    assert "Unknown tool" in str(run(up, "legacy", steps))


def test_fifty_calls_at_once_all_answer(up):
    async def steps(client):
        calls = (client.call_tool("ReportTools___format_report", REPORT) for _ in range(50))
        return await asyncio.gather(*calls)

    results = run(up, "legacy", steps)
    assert len(results) == 50 and not any(result.is_error for result in results)
