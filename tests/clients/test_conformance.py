"""The MCP conformance suite: its scenarios for what a Gateway has.

The others need tools, prompts and resources of the suite's own, which no Gateway offers.
"""

import re
import subprocess

import pytest

from conftest import needs

SUITE = "@modelcontextprotocol/conformance@0.2.0-alpha.12"
COMMON = {"tools-list", "server-sse-multiple-streams", "dns-rebinding-protection"}
SCENARIOS = {
    "2025-11-25": COMMON | {"server-initialize", "server-session-lifecycle", "ping"},
    "2026-07-28": COMMON,
}


@needs("npx")
@pytest.mark.parametrize("revision", SCENARIOS)
def test_the_scenarios_of_a_gateway_pass(up, revision, tmp_path):
    command = ["npx", "-y", "-p", "node@22", "-p", SUITE, "conformance", "server"]
    command += ["--url", up.mcp, "--spec-version", revision]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=600)
    results = dict(re.findall(r"^[✓✗] ([\w-]+): (\d+ passed, \d+ failed)", run.stdout, re.M))
    failed = {name: results.get(name) for name in SCENARIOS[revision] if not results.get(name, "").endswith(" 0 failed")}
    assert not failed, run.stdout[-2000:] + run.stderr[-2000:]
