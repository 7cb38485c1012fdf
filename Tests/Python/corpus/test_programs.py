"""Every program gives in a sandbox what it gives in plain CPython, and again in the next one."""

from __future__ import annotations

import pytest

from corpus_cases import PROGRAMS, Case, cases, known
from corpus_runs import Boxes, in_child, plain_module, told, without_gate

KNOWN = known("known_breaks.txt")


def _outside(case: Case) -> str:
    return repr(getattr(plain_module(case.file), case.function)())


def _plain(case: Case) -> str:
    without_gate()
    return _outside(case)


def _inside(boxes: Boxes, case: Case) -> list[list[str]]:
    outcomes = []
    for _ in range(2):
        try:
            outcomes.append(["value", repr(boxes.call(case))])
        except BaseException as error:
            outcomes.append(["BLOCKED" if boxes.is_refusal(error) else "BREAKS", told(error)])
    try:
        outcomes.append(["value", _outside(case)])
    except BaseException as error:
        outcomes.append(["LEAKS", told(error)])
    return outcomes


def _verdict(expected: str, outcomes: list[list[str]]) -> tuple[str, str]:
    (kind, first), (_, second), (_, after) = outcomes
    if kind != "value":
        return kind, first
    if first != expected:
        return "BREAKS", f"outside: {expected}\ninside:  {first}"
    if second != expected:
        return "LEAKS", f"outside: {expected}\nsecond:  {second}"
    if after != expected:
        return "LEAKS", f"outside: {expected}\noutside, afterwards: {after}"
    return "PASS", first


@pytest.fixture(scope="session")
def boxes(package, policy) -> Boxes:
    return Boxes(package, policy())


@pytest.mark.parametrize("case", list(cases(PROGRAMS, "program_")), ids=lambda case: case.id)
def test_program(case: Case, boxes: Boxes) -> None:
    boxes.warm(case.file)
    expected = in_child(_plain, case)
    verdict, details = _verdict(expected, in_child(_inside, boxes, case))
    if case.id in KNOWN:
        assert verdict != "PASS", f"works now: take it off the list ({KNOWN[case.id]})"
        pytest.xfail(f"{verdict}: {KNOWN[case.id]}")
    assert verdict == "PASS", f"{case.about}\n{details}"


def test_list_names_programs() -> None:
    assert set(KNOWN) <= {case.id for case in cases(PROGRAMS, "program_")}
