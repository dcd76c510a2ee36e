"""strands' MCPClient, the client that agents on AgentCore use, page by page."""

import json

from strands.tools.mcp import MCPClient
from strands.tools.mcp._compat import streamable_http_transport

from conftest import Up, all_tools


def every_tool(client):
    tools, token = [], None
    while True:
        page = client.list_tools_sync(pagination_token=token)
        tools.extend(page)
        token = page.pagination_token
        if token is None:
            return tools


def test_tools_are_listed_and_called(up):
    with MCPClient(lambda: streamable_http_transport(up.mcp)) as client:
        names = [tool.tool_name for tool in every_tool(client)]
        assert "ReportTools___format_report" in names
        report = {"title": "Pages", "sections": []}
        result = client.call_tool_sync("call-1", "ReportTools___format_report", report)
    assert result["status"] == "success"
    assert json.loads(result["content"][0]["text"])["markdown"].startswith("# Pages")


def test_pages_of_one_tool_hold_all_tools(tmp_path):
    up = Up(tmp_path, "--parameter", "PolicyMode=ENFORCE", "--page-size", "1")
    try:
        headers = {"Authorization": f"Bearer {up.token('--role', 'manager')}"}
        with MCPClient(lambda: streamable_http_transport(up.mcp, headers=headers)) as client:
            assert client.list_tools_sync().pagination_token is not None
            names = {tool.tool_name for tool in every_tool(client)}
    finally:
        up.stop()
    assert names == set(all_tools())
