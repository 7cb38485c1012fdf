"""No attempt gets past the policy; each is shown to work where there is none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from corpus_cases import ATTEMPTS, Case, cases, known
from corpus_runs import Boxes, in_child, plain_module, told, without_gate
from evidence import Scene

POLICY = "default.xml"
KNOWN = known("known_escapes.txt")
TARGETS = {
    *("cwd", "open", "time", "now", "random", "env", "network", "thread", "process", "leak"),
}
REALISM = {"accident", "deliberate"}
#: Evidence is cut to this many characters where it is reported.
EXCERPT = 200


def _outside(case: Case, folder: str) -> list[str]:
    without_gate()
    scene = Scene(Path(folder))
    values = [getattr(plain_module(case.file), case.function)(scene.context) for _ in range(2)]
    works = scene.proves(case.facts["target"], values)
    return ["ESCAPED" if works else "NO EFFECT", repr(values)[:EXCERPT]]


def _inside(boxes: Boxes, case: Case, folder: str) -> list[str]:
    scene = Scene(Path(folder))
    values, errors = [], []
    for _ in range(2):
        try:
            values.append(boxes.call(case, scene.context))
        except BaseException as error:
            errors.append(error)
    if case.facts["target"] == "leak":  # what the host sees afterwards
        values.append(getattr(plain_module(case.file), case.function)(scene.context))
    evidence = repr(values)[:EXCERPT]
    if scene.proves(case.facts["target"], values):
        return ["ESCAPED", evidence]
    if not errors:
        return ["NO EFFECT", evidence]
    return ["BLOCKED" if all(map(boxes.is_refusal, errors)) else "ERROR", told(errors[0])]


@pytest.fixture(scope="session")
def boxes(package, policy) -> Boxes:
    return Boxes(package, policy(extends=POLICY))


@pytest.mark.parametrize("case", list(cases(ATTEMPTS, "attempt_")), ids=lambda case: case.id)
def test_attempt(case: Case, boxes: Boxes, tmp_path: Path) -> None:
    assert case.facts["target"] in TARGETS and case.facts["realism"] in REALISM
    boxes.warm(case.file)
    folders = [tmp_path / "outside", tmp_path / "inside"]
    for folder in folders:
        folder.mkdir()
    works, evidence = in_child(_outside, case, str(folders[0]))
    assert works == "ESCAPED", f"does nothing where there is no policy: {evidence}"
    verdict, details = in_child(_inside, boxes, case, str(folders[1]))
    if log := os.environ.get("CORPUS_VERDICTS"):
        with open(log, "a") as file:
            file.write(f"{case.id}\t{verdict}\t{details!r}\n")
    if case.id in KNOWN:
        assert verdict in ("ESCAPED", "ERROR"), (
            f"{verdict} now: take it off the list ({KNOWN[case.id]})"
        )
        pytest.xfail(f"{verdict}: {KNOWN[case.id]}")
    assert verdict in ("BLOCKED", "NO EFFECT"), f"{verdict}: {case.about}\n{details}"


def test_list_names_attempts() -> None:
    assert set(KNOWN) <= {case.id for case in cases(ATTEMPTS, "attempt_")}
