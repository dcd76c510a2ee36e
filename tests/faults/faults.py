"""Takes each resource, property and list item that concerns AgentCore, IAM or Lambda out of
template.yaml in turn, and looks whether `gateway doctor` or cfn-lint notices. What neither notices
must stand in optional.txt with its reason, and what stands there must go unnoticed.

    python tests/faults/faults.py [--only REGEX]
"""

import argparse
import json
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from places import data, places, without

ROOT = Path(__file__).resolve().parents[2]
GATEWAY = ROOT / "target" / "debug" / "gateway"
OPTIONAL = Path(__file__).with_name("optional.txt")
KINDS = ("AWS::BedrockAgentCore::", "AWS::IAM::", "AWS::Lambda::", "AWS::Serverless::")


def doctor(text):
    """The names of the checks that find something."""
    # In the workspace, because a function's binary is looked for beside the template.
    with tempfile.NamedTemporaryFile("w", dir=ROOT, prefix=".fault-", suffix=".yaml") as file:
        file.write(text)
        file.flush()
        command = [GATEWAY, "doctor", "--strict", "--format", "json", "--template", file.name]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if done.returncode not in (0, 1) or not done.stdout:
        raise RuntimeError(f"the doctor ended with {done.returncode}: {done.stderr}")
    return sorted({finding["check"] for finding in json.loads(done.stdout)})


def cfn_lint(text):
    """The ids of the rules that find something."""
    from cfnlint.api import lint

    return sorted({match.rule.id for match in lint(text, None, ["us-east-1"])})


def noticed(place_and_text):
    """Who notices, if anyone."""
    place, text = place_and_text
    for who, look in (("doctor", doctor), ("cfn-lint", cfn_lint)):
        if found := look(text):
            return place, f"{who}: {', '.join(found)}"
    return place, None


def why_optional(place, rules):
    """The line of optional.txt that takes the place, if one does."""
    return next(
        (
            rule
            for rule in rules
            if rule in (place.pattern, place.name) or rule.endswith("*") and place.name.startswith(rule[:-1])
        ),
        None,
    )


def optional():
    """Places and why they may be absent."""
    lines = OPTIONAL.read_text().splitlines()
    rules = [line.split(": ", 1) for line in lines if line and not line.startswith("#")]
    return {pattern.strip(): reason for pattern, reason in rules}


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--only", default="", help="places whose name this regular expression finds")
    only = re.compile(arguments.parse_args().only)

    text = (ROOT / "template.yaml").read_text()
    if found := doctor(text) + cfn_lint(text):
        sys.exit(f"template.yaml as it is has findings: {', '.join(found)}")
    tree = data(text)
    faults = []
    for place in places(text, lambda kind: kind.startswith(KINDS)):
        fault = place.taken_from(text)
        assert data(fault) == without(tree, place), f"{place.name}: not what was meant"
        if only.search(place.name):
            faults.append((place, fault))

    may_be_absent = optional()
    used, wrong, by = set(), [], {"doctor": 0, "cfn-lint": 0}
    with multiprocessing.Pool(os.cpu_count()) as pool:
        for place, who in pool.imap(noticed, faults, chunksize=4):
            rule = why_optional(place, may_be_absent)
            if who:
                by[who.split(":")[0]] += 1
            elif rule:
                used.add(rule)
            else:
                wrong.append(f"nobody notices that {place.name} is gone ({place.pattern})")
            print(f"{place.name}\t{who or may_be_absent.get(rule, 'UNNOTICED')}", flush=True)
    if not only.pattern:
        stale = sorted(set(may_be_absent) - used)
        wrong += [f"optional.txt: `{pattern}` is noticed or not there: take the line out" for pattern in stale]

    print(
        f"\n{len(faults)} faults: {by['doctor']} found by the doctor, {by['cfn-lint']} by cfn-lint, "
        f"{len(faults) - sum(by.values()) - sum('nobody' in line for line in wrong)} optional"
    )
    sys.exit("\n".join(wrong) or 0)


if __name__ == "__main__":
    main()
