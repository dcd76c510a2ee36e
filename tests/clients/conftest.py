"""A running `gateway up`, as a developer would start it, for clients that are not ours."""

import os
import pathlib
import shutil
import signal
import subprocess
import threading

import pytest

ROOT = pathlib.Path(__file__).parents[2]
BINARIES = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug"
SENDER = "reports@example.com"

# What a developer's shell may hold and no function may see or use.
DEVELOPER = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_SESSION_TOKEN": "IQoJb3JpZ2luX2VjEXAMPLETOKEN",
    "AWS_PROFILE": "production",
    "AWS_REGION": "eu-central-1",
}


def access():
    """Role to tools, as examples/access.txt has it."""
    lines = (ROOT / "examples/access.txt").read_text().splitlines()
    head, *rows = [line.lstrip("# ").split() for line in lines if line.strip()]
    return {role: sorted(row[0] for row in rows if row[column] == "yes") for column, role in enumerate(head) if column}


def all_tools():
    return sorted({tool for tools in access().values() for tool in tools})


class Up:
    """The process, and what it said when it was ready."""

    def __init__(self, outbox, *options, wrapper=(), environment=None):
        command = [*wrapper, BINARIES / "gateway", "up", "--port", "0", "--aws-port", "0"]
        self.session = pathlib.Path(f"{outbox}.session.json")
        command += ["--issuer-port", "0", "--session", self.session]
        command += ["--outbox", outbox, "--parameter", f"SesSenderEmail={SENDER}"]
        command += ["--parameter", "AllowedRecipients=*@example.com", *options]
        self.outbox = pathlib.Path(outbox)
        self.process = subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.log = []
        logging = threading.Thread(target=lambda: self.log.extend(self.process.stderr), daemon=True)
        logging.start()
        self.said = []
        for line in self.process.stdout:
            self.said.append(line.rstrip("\n"))
            if line.startswith("ready"):
                break
        else:
            self.process.wait()
            logging.join()
            raise AssertionError("gateway up ended: " + "".join(self.log))
        # Its further lines are read too, so that a full pipe never holds it up.
        threading.Thread(target=lambda: self.said.extend(self.process.stdout), daemon=True).start()
        named = dict(line.split(maxsplit=1) for line in self.said if " " in line)
        self.mcp = named["gateway"]
        self.aws = named["aws"].split()[0]

    def gateway(self, *arguments, **options):
        """Runs another command of the tool against this gateway."""
        command = [BINARIES / "gateway", *arguments]
        return subprocess.run(
            [str(part) for part in command], cwd=ROOT, capture_output=True, text=True, timeout=60, **options
        )

    def token(self, *who):
        done = self.gateway("token", *who, "--session", self.session)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def mails(self, suffix=".json"):
        return sorted(self.outbox.glob(f"*{suffix}"))

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(timeout=20)
        finally:
            self.process.kill()


@pytest.fixture(scope="session")
def secured(tmp_path_factory):
    """With the authoriser and the policies of the template: tokens of the local issuer, and Cedar."""
    outbox = tmp_path_factory.mktemp("secured")
    running = Up(outbox, "--parameter", "PolicyMode=ENFORCE", environment=DEVELOPER)
    yield running
    assert running.stop() == 0
    assert not running.session.exists()


@pytest.fixture(scope="session")
def up(tmp_path_factory):
    running = Up(tmp_path_factory.mktemp("outbox"), "--authorizer", "none", environment=DEVELOPER)
    yield running
    assert running.stop() == 0


def needs(program):
    """A system tool that .ci/run installs."""
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not installed")
