"""template.yaml as the SAM CLI reads and builds it."""

import os
import pathlib
import platform
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
TOOLS = ROOT / ".venv-sam/bin"
BUILT = ROOT / ".aws-sam/build"


def sam(*arguments, **more):
    """What `sam` prints. It has no account here, and is not to fetch Rust's targets."""
    environment = {
        **os.environ,
        **more,
        "PATH": f"{TOOLS}:{os.environ['PATH']}",
        "AWS_DEFAULT_REGION": "us-east-1",
        "SAM_CLI_TELEMETRY": "0",
    }
    done = subprocess.run([TOOLS / "sam", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_sam_finds_nothing_wrong_in_the_template():
    assert "is a valid SAM Template" in sam("validate", "--lint")


@pytest.fixture(scope="module")
def built():
    """Every function, for this machine and without the release profile's long optimisation."""
    architecture = {"x86_64": "x86_64", "aarch64": "arm64"}[platform.machine()]
    sam("build", "--parameter-overrides", f"Architecture={architecture}", SAM_BUILD_MODE="debug")
    return BUILT


@pytest.mark.parametrize("function", ["ReportToolsFunction", "OidcReadyFunction"])
def test_sam_builds_every_function(built, function):
    # Outside Lambda it starts, looks for the Runtime API and does not find it.
    started = subprocess.run([built / function / "bootstrap"], capture_output=True, text=True, timeout=60, env={})
    assert started.returncode != 0
    assert "lambda" in (started.stdout + started.stderr).lower()


def test_no_function_is_forgotten_here(built):
    functions = {folder.name for folder in built.iterdir() if folder.is_dir()}
    assert functions == {"ReportToolsFunction", "OidcReadyFunction"}
