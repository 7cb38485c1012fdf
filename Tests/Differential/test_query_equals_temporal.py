"""`portcullis query` on `temporal-1.35.xml` decides as temporalio's own matchers do.

Every name of temporalio's default restrictions is asked for on the Python that runs the test,
and beside the names of each node one that it does not know.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

pytest.importorskip("temporalio")

from temporalio.worker.workflow_sandbox import (  # noqa: E402
    RestrictedWorkflowAccessError,
    SandboxMatcher,
    SandboxRestrictions,
)
from temporalio.worker.workflow_sandbox._restrictions import RestrictionContext  # noqa: E402

ROOT = Path(__file__).parents[2]
PYTHON = "{}.{}".format(*sys.version_info)
UNKNOWN = "no_such_name"
SETS = {
    "members": SandboxRestrictions.default.invalid_module_members,
    "modules": SandboxRestrictions.default.invalid_modules,
}


def paths(matcher: SandboxMatcher, prefix: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yields a node's path, those of all its names and of an unknown one, and one step further."""
    yield prefix
    children = matcher.children or {}
    named = {*matcher.access, *matcher.use, *children, *(matcher.exclude or ()), UNKNOWN, "*"}
    for name in sorted(named):
        yield (*prefix, name)
        yield (*prefix, name, UNKNOWN)
        yield (*prefix, name, "__call__")
        if name in children:
            yield from paths(children[name], (*prefix, name))


def questions(matcher: SandboxMatcher) -> list[dict]:
    """Returns every question once, in a stable order."""
    contexts = product(("import", "runtime"), ("access", "use"))
    return [
        {"path": list(path), "phase": phase, "operation": operation}
        for (phase, operation), path in product(contexts, sorted(set(paths(matcher))))
    ]


def expected(matcher: SandboxMatcher, question: dict) -> dict:
    """Returns temporalio's answer."""
    context = RestrictionContext()
    context.is_runtime = question["phase"] == "runtime"
    path, use = question["path"], question["operation"] == "use"
    found = matcher.access_matcher(context, *path, include_use=use)
    if found is None:
        return {"decision": "allow"}
    answer = {
        "decision": "warn" if found.leaf_warning else "deny",
        "message": found.leaf_message
        or RestrictedWorkflowAccessError.default_message(".".join(path)),
    }
    if found.leaf_warning:
        answer["warning"] = found.leaf_warning.__name__
    return answer


@pytest.mark.parametrize("name", SETS)
def test_every_decision_equals_temporals(portcullis: str, name: str) -> None:
    matcher = SETS[name]
    asked = questions(matcher)
    policy = str(ROOT / "policies" / "temporal-1.35.xml")
    ran = subprocess.run(
        [portcullis, "query", policy, "--set", name, "--python", PYTHON],
        input="".join(json.dumps(question) + "\n" for question in asked),
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(answers) == len(asked)

    differences = []
    for question, answer in zip(asked, answers, strict=True):
        where = answer.pop("location", None)
        rule = answer.pop("rule", None)
        wanted = expected(matcher, question)
        is_placed = bool(rule and where and re.fullmatch(r"temporal-1\.35\.xml:\d+:\d+", where))
        if answer != wanted or is_placed != (wanted["decision"] != "allow"):
            differences.append((question, wanted, answer, rule, where))
    assert differences == []


def test_the_questions_cover_the_policy() -> None:
    decisions = {
        expected(SETS["members"], question)["decision"] for question in questions(SETS["members"])
    }
    assert decisions == {"allow", "warn", "deny"}
    assert len(questions(SETS["members"])) > 3_000
