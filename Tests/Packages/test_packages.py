"""Packages of the world, imported and used in sandboxes under the default policy.

Each workflow of the folder `workflows` runs in a process of its own, once with the packages
imported by the host beforehand and once without, in two sandboxes each, and must give what plain
Python gives. `known_failures.txt` names those that do not yet; one that works fails the suite.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WORKFLOWS = sorted((HERE / "workflows").glob("*.py"))
SECONDS = 120


# Sandboxes that are not freed when they are let go, and why.
KEPT_ALIVE = {
    "yaml_documents": "YAMLObject registers its subclasses with yaml, which is passed through",
}


def known_failures() -> dict[str, str]:
    """The reason by workflow."""
    lines = (HERE / "known_failures.txt").read_text().splitlines()
    entries = [line.partition(":") for line in lines if line.strip() and line[0] not in "# "]
    return {name.strip(): reason.strip() for name, _, reason in entries}


KNOWN = known_failures()


@pytest.fixture(scope="session")
def image(portcullis, tmp_path_factory) -> Path:
    """The default policy, compiled."""
    made = tmp_path_factory.mktemp("policy") / "default.policybc"
    command = [portcullis, "compile", str(ROOT / "policies" / "default.xml"), "-o", str(made)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return made


def outcome(portcullis: str, image: Path, file: Path, *options: str) -> dict:
    """What `sandboxes.py` tells of one workflow."""
    library = Path(portcullis).resolve().parent / "libPortcullisGate.so"
    command = [sys.executable, "-W", "ignore", str(HERE / "sandboxes.py"), str(library)]
    done = subprocess.run(
        [*command, str(image), str(file), *options],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        # Gated code is kept from one process to the next, but not from one run of the tests.
        env={**os.environ, "PORTCULLIS_CACHE": str(image.parent)},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def told(failure: dict | None) -> str:
    """A failure and its causes as text."""
    lines = []
    while failure is not None:
        lines += [failure["error"], *(f"    {frame}" for frame in failure["frames"])]
        failure = failure.get("cause")
    return "\n".join(lines)


def parameters() -> list:
    """One for each workflow, the known failures marked."""
    return [
        pytest.param(
            file,
            id=file.stem,
            marks=[pytest.mark.xfail(reason=KNOWN[file.stem], strict=True, raises=AssertionError)]
            if file.stem in KNOWN
            else [],
        )
        for file in WORKFLOWS
    ]


@pytest.mark.parametrize("file", parameters())
def test_behaves_as_outside(file, portcullis, image):
    """The results of two sandboxes are those of plain Python, whoever imports first, and the
    sandboxes are freed when they are let go.
    """
    for options in ((), ("--host-first",)):
        seen = outcome(portcullis, image, file, *options)
        assert seen["plain"] == seen["plain_again"], "the workflow itself is not deterministic"
        assert len(seen["runs"]) == 2 or "failure" in seen["runs"][-1]
        for run in seen["runs"]:
            assert "failure" not in run, f"{options}, at {run['stage']}: {told(run['failure'])}"
            assert run["result"] == seen["plain"], options
        if file.stem not in KEPT_ALIVE:
            assert seen["alive"] == 0, f"{options}: something keeps dropped sandboxes alive"


def test_known_failures_name_workflows():
    """No line outlives its workflow, and each gives its reason."""
    assert set(KNOWN) <= {file.stem for file in WORKFLOWS}
    assert all(KNOWN.values())
