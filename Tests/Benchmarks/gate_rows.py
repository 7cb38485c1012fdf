"""Measures the gate beside temporalio's sandbox and plain CPython, in turn, and prints JSON rows.

Every figure is the median over rounds in which the three take turns, so that what else the machine
does falls on all of them.
"""

from __future__ import annotations

import json
import logging
import statistics
import sys
import tempfile
import time
import types
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from contenders import Temporal, load_package

ROUNDS = 25
LOOPS = 2_000

SOURCE = """
import asyncio, dataclasses, datetime, json, time, typing, uuid

STAMP = datetime.datetime(2020, 1, 1)

class Own:
    def replace(self): return None

OWN = Own()

def attribute(n):
    for _ in range(n):
        datetime.timedelta; datetime.timedelta; datetime.timedelta; datetime.timedelta
        datetime.timedelta; datetime.timedelta; datetime.timedelta; datetime.timedelta

def gated_text(n):
    s = "abc"
    for _ in range(n):
        s.replace("a", "b"); s.replace("a", "b"); s.replace("a", "b"); s.replace("a", "b")
        s.replace("a", "b"); s.replace("a", "b"); s.replace("a", "b"); s.replace("a", "b")

def gated_method(n):
    for _ in range(n):
        OWN.replace(); OWN.replace(); OWN.replace(); OWN.replace()
        OWN.replace(); OWN.replace(); OWN.replace(); OWN.replace()

def gated_class_member(n):
    d = STAMP
    for _ in range(n):
        d.replace(); d.replace(); d.replace(); d.replace()
        d.replace(); d.replace(); d.replace(); d.replace()

def instance_check(n):
    d = STAMP
    for _ in range(n):
        isinstance(d, datetime.datetime); isinstance(d, datetime.datetime)
        isinstance(d, datetime.datetime); isinstance(d, datetime.datetime)
        isinstance(d, datetime.datetime); isinstance(d, datetime.datetime)
        isinstance(d, datetime.datetime); isinstance(d, datetime.datetime)

def text_and_numbers(n):
    total = 0
    for i in range(n // 20):
        total += len(json.dumps({"a": [i, i + 1], "b": str(i)})) + sum(j * j for j in range(20))
    return total

def tree(depth):
    return (tree(depth - 1), tree(depth - 1)) if depth else ()

def trees(n):
    tree(11)
"""

OPERATIONS = {
    "attribute": ("ordinary attribute of a restricted module", 8),
    "gated_text": ("call of a gated name on a str", 8),
    "gated_method": ("call of a gated name on a class of one's own", 8),
    "gated_class_member": ("call of an allowed member of a gated class", 8),
    "instance_check": ("isinstance", 8),
    "text_and_numbers": ("json and arithmetic", 1),
    "trees": ("allocation of a binary tree", 1),
}


def plain(source: str) -> types.ModuleType:
    """The source as an ordinary module."""
    module = types.ModuleType("measured_plain")
    exec(compile(source, "measured_plain.py", "exec"), vars(module))
    return module


def nanoseconds(action: Callable[[], object]) -> float:
    """What one call takes of the processor; what else the machine does stays out of it."""
    start = time.thread_time_ns()
    action()
    return time.thread_time_ns() - start


def operations(package: Any, policy: Any, folder: Path) -> Iterator[dict[str, Any]]:
    """Yields the rows of code that runs inside a sandbox."""
    file = folder / "measured_ours.py"
    file.write_text(SOURCE)
    outside, theirs = plain(SOURCE), Temporal(SOURCE)
    sandbox = package.Sandbox(policy, workflow_module="measured_ours")
    inside = sandbox.load(str(file), "measured_ours")
    for name, (label, count) in OPERATIONS.items():
        times: dict[str, list[float]] = {"plain": [], "ours": [], "temporalio": []}
        for _ in range(ROUNDS):
            times["plain"].append(nanoseconds(partial(getattr(outside, name), LOOPS)))
            with sandbox.running():
                times["ours"].append(nanoseconds(partial(getattr(inside, name), LOOPS)))
            with theirs.running():
                try:
                    function = partial(getattr(theirs.module, name), LOOPS // 10)
                    times["temporalio"].append(nanoseconds(function) * 10)
                except Exception:
                    times["temporalio"] = [float("nan")]
        if name in ("trees", "text_and_numbers"):
            times["temporalio"] = [t / (10 if name == "trees" else 1) for t in times["temporalio"]]
        yield row(label, times, LOOPS * count)


def row(label: str, times: dict[str, list[float]], operations: int) -> dict[str, Any]:
    """One row of the table, in nanoseconds an operation."""
    medians = {who: statistics.median(values) / operations for who, values in times.items()}
    return {"label": label, "unit": "ns", **medians}


def guarded_call(package: Any, policy: Any) -> dict[str, Any]:
    """The call of a guard that lets through: a restricted function at import time."""
    import os

    sandbox = package.Sandbox(policy)
    with sandbox.importing():
        guard = sandbox.import_module("os").getpid

    def loop(function: Callable[[], object]) -> None:
        for _ in range(LOOPS):
            function()
            function()
            function()
            function()  # noqa: E702
            function()
            function()
            function()
            function()  # noqa: E702

    theirs = Temporal("import os")
    theirs.context.is_runtime = False
    times: dict[str, list[float]] = {"plain": [], "ours": [], "temporalio": []}
    for _ in range(ROUNDS):
        times["plain"].append(nanoseconds(lambda: loop(os.getpid)))
        with sandbox.importing():
            times["ours"].append(nanoseconds(lambda: loop(guard)))
        with theirs.importer.applied():
            times["temporalio"].append(nanoseconds(lambda: loop(theirs.module.os.getpid)))
    return row("call through a guard that lets it pass", times, LOOPS * 8)


def entering(package: Any, policy: Any) -> dict[str, Any]:
    """Entering and leaving a sandbox."""
    sandbox, theirs = package.Sandbox(policy), Temporal("")

    def ours() -> None:
        for _ in range(LOOPS):
            with sandbox.running():
                pass

    def temporal() -> None:
        for _ in range(LOOPS):
            with theirs.importer.applied():
                pass

    times: dict[str, list[float]] = {"ours": [], "temporalio": []}
    for _ in range(ROUNDS):
        times["ours"].append(nanoseconds(ours))
        times["temporalio"].append(nanoseconds(temporal))
    return row("enter and leave a sandbox", times, LOOPS)


def matching() -> list[dict[str, Any]]:
    """temporalio's own matcher on the paths that the matcher's benchmark asks."""
    from temporalio.worker.workflow_sandbox import SandboxRestrictions
    from temporalio.worker.workflow_sandbox._restrictions import RestrictionContext

    paths = [tuple(path.split(".")) for path in sys.argv[2].split(",")]
    match = SandboxRestrictions.default.invalid_module_members.match_access
    context = RestrictionContext()
    context.is_runtime = True

    def ask() -> None:
        for _ in range(LOOPS // 10):
            for path in paths:
                match(context, *path, include_use=True)

    times = [nanoseconds(ask) for _ in range(ROUNDS)]
    value = statistics.median(times) / (LOOPS // 10 * len(paths))
    return [{"label": "temporalio match_access", "unit": "ns", "temporalio": value}]


def main() -> None:
    """Print the rows as JSON."""
    logging.disable(logging.CRITICAL)
    package = load_package()
    policy = package.Policy.load(sys.argv[1])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sys.path.insert(0, name)
        rows = list(operations(package, policy, folder))
        rows += [guarded_call(package, policy), entering(package, policy)]
        rows += matching()
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
