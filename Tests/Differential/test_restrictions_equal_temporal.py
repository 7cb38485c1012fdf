"""Policies made of temporalio's restrictions decide as temporalio does, in code and through XML.

`PORTCULLIS_CASES` says how many random cases are asked; the seed is printed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("temporalio")
sys.path.insert(0, str(Path(__file__).parent))

from matchers import QUERIES, Generator, answer, build  # noqa: E402
from temporalio.worker.workflow_sandbox import SandboxMatcher, SandboxRestrictions  # noqa: E402

CASES = int(os.environ.get("PORTCULLIS_CASES", "20000"))
SEED = int(os.environ.get("PORTCULLIS_SEED", "11"))
PHASES, OPERATIONS = ("import", "runtime"), ("access", "use")


def restrictions(members: SandboxMatcher, modules: SandboxMatcher) -> SandboxRestrictions:
    return SandboxRestrictions(
        passthrough_modules=set(), invalid_modules=modules, invalid_module_members=members
    )


def told(policy: Any, path: list[str], runtime: int, use: int) -> list[Any] | None:
    """What the policy says, as `answer` says it for temporalio."""
    rule = policy.decide(path, PHASES[runtime], OPERATIONS[use]).rule
    return None if rule is None else [rule.message, rule.category]


def test_policies_made_of_restrictions(package) -> None:
    print(f"seed {SEED}")
    generator = Generator(SEED)
    differences = []
    for _ in range(CASES // QUERIES):
        made = generator.matcher()
        matcher = build(made)
        policy = package.Policy.from_restrictions(restrictions(matcher, matcher))
        for _ in range(QUERIES):
            path = generator.path(made)
            runtime, use = generator.random.randint(0, 1), generator.random.randint(0, 1)
            wanted = answer(matcher, path, runtime, use)
            if told(policy, path, runtime, use) != wanted:
                differences.append((made, path, runtime, use, wanted))
            module = answer(matcher, path, runtime, 0) is not None
            decision = policy.decide_import(".".join(path), PHASES[runtime])
            if path and decision.is_allowed == module:
                differences.append((made, path, runtime, "import", module))
    assert differences == []


@pytest.mark.parametrize("shape", ["at the root", "below it"])
def test_policies_that_were_imported_and_compiled(package, portcullis, tmp_path, shape) -> None:
    print(f"seed {SEED}")
    generator = Generator(SEED + 1)
    count = 1 if shape == "at the root" else CASES // QUERIES // 4
    matchers = [generator.matcher() for _ in range(count)]
    root = matchers[0]
    if shape == "below it":
        root = {"children": {f"m{number}": each for number, each in enumerate(matchers)}}
    (tmp_path / "made.json").write_text(json.dumps(root))
    here = str(Path(__file__).parent)
    (tmp_path / "worker.py").write_text(
        f"import json, sys\nsys.path.insert(0, {here!r})\n"
        "from matchers import build\n"
        "from test_restrictions_equal_temporal import restrictions\n"
        "matcher = build(json.load(open('made.json')))\n"
        "live = restrictions(matcher, matcher)\n"
    )
    tool = str(Path(portcullis).resolve())
    for command in (
        ["import-temporal", "worker:live", "--python", sys.executable, "-o", "made.xml"],
        ["compile", "made.xml", "-o", "made.policybc"],
    ):
        done = subprocess.run([tool, *command], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    policy = package.Policy.load(tmp_path / "made.policybc")
    differences = []
    for number, made in enumerate(matchers):
        matcher = build(made)
        for _ in range(QUERIES):
            path = generator.path(made)
            runtime, use = generator.random.randint(0, 1), generator.random.randint(0, 1)
            wanted = answer(matcher, path, runtime, use)
            full = path if shape == "at the root" else [f"m{number}", *path]
            if told(policy, full, runtime, use) != wanted:
                differences.append((made, path, runtime, use, wanted))
    assert differences == []
