"""Eight threads in sandboxes and four of the host, for a minute, with every result checked.

    soak_threads.py WHO IMAGE     answers each line on standard input, a number of seconds, with
                                  what happened in a run of that length

The same run without sandboxes has a process of its own; the two take turns.
"""

from __future__ import annotations

import json
import logging
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import types
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from contenders import load_package
from host_work import COUNT, OPERATIONS, WORKFLOW, processor_seconds

WHO = "CPython", "ours"
SANDBOXES, HOSTS = 8, 4
CALLS = 5

#: How long one of the two runs until it is the other's turn, in seconds.
SLICE = 5.0

#: How many texts of errors are kept.
KEPT = 5

RESTRICTED = "\ndef restricted():\n    return time.time()\n"
Loaded = tuple[types.ModuleType, Callable[[], AbstractContextManager[Any]]]


class Run:
    """The threads of one run and what they have seen."""

    def __init__(self, who: str, image: str, folder: Path) -> None:
        """Work out beforehand what the workflow must answer."""
        self._source = "import time\n" + WORKFLOW + RESTRICTED
        self._code = compile(self._source, "soaked.py", "exec")
        self._file = folder / "soaked.py"
        self._file.write_text(self._source)
        self._package = load_package() if who == "ours" else None
        self._policy = self._package.Policy.load(image) if self._package is not None else None
        # `dataclasses` looks the module of a class up.
        self._plain = sys.modules["soaked_plain"] = types.ModuleType("soaked_plain")
        exec(self._code, vars(self._plain))
        self._expected = {}
        for seed in range(SANDBOXES):
            self._plain.CALLS.clear()
            self._expected[seed] = [self._plain.work(seed) for _ in range(2 * CALLS)]
        self._lock = threading.Lock()
        self._start_anew()

    def _start_anew(self) -> None:
        self._ended = threading.Event()
        self._counts: Counter[str] = Counter()
        self._errors: list[str] = []
        self._taken: dict[str, list[float]] = {name: [] for name in OPERATIONS}

    def _load(self) -> Loaded:
        if self._package is None:
            module = types.ModuleType("soaked_plain")
            exec(self._code, vars(module))
            return module, nullcontext
        sandbox = self._package.Sandbox(self._policy, workflow_module="soaked")
        return sandbox.load(str(self._file), "soaked"), sandbox.running

    def _check(self, is_right: bool, what: str) -> None:
        if not is_right:
            raise AssertionError(what)

    def _in_sandbox(self, seed: int) -> None:
        """Make two sandboxes and take turns between them on this thread."""
        expected = self._expected[seed]
        loaded = [self._load(), self._load()]
        for turn in range(2):
            for module, enter in loaded:
                with enter():
                    for call in range(turn * CALLS, (turn + 1) * CALLS):
                        self._check(module.work(seed) == expected[call], "another result")
                    if self._package is not None:
                        self._refused(module)
        with self._lock:
            self._counts["sandboxes"] += 2

    def _refused(self, module: types.ModuleType) -> None:
        try:
            module.restricted()
        except self._package.RestrictedWorkflowAccessError:
            return
        raise AssertionError("time.time() was not refused")

    def _on_host(self, seed: int) -> None:
        """Time each operation, and see that this thread is in no sandbox."""
        taken = {name: processor_seconds(act) for name, act in OPERATIONS.items()}
        self._check(time.time() > 0 and sys.modules["json"] is json, "the host is in a sandbox")
        self._check(
            self._plain.restricted() > 0 and "soaked" not in sys.modules, "a sandbox has leaked"
        )
        with self._lock:
            self._counts["host operations"] += COUNT * len(taken)
            for name, value in taken.items():
                self._taken[name].append(value)

    def _repeat(self, action: Callable[[int], None], seed: int) -> None:
        while not self._ended.is_set():
            try:
                action(seed)
            except BaseException:
                with self._lock:
                    self._counts["errors"] += 1
                    if len(self._errors) < KEPT:
                        self._errors.append(traceback.format_exc())

    def run(self, seconds: float) -> dict[str, Any]:
        """Let all threads work for a while."""
        self._start_anew()
        threads = [
            threading.Thread(target=self._repeat, args=(action, seed))
            for action, count in ((self._in_sandbox, SANDBOXES), (self._on_host, HOSTS))
            for seed in range(count)
        ]
        for thread in threads:
            thread.start()
        self._ended.wait(seconds)
        self._ended.set()
        for thread in threads:
            thread.join()
        return {"counts": self._counts, "errors": self._errors, "taken": self._taken}


def _turns(processes: dict[str, Any], seconds: float) -> Iterator[tuple[str, dict[str, Any]]]:
    left = seconds
    while left > 0:
        for who, process in processes.items():
            process.stdin.write(f"{min(SLICE, left)}\n")
            process.stdin.flush()
            line = process.stdout.readline()
            if not line:
                raise SystemExit(f"soak: the threads of {who} died")
            yield who, json.loads(line)
        left -= SLICE


def measure(image: Path, seconds: float) -> dict[str, Any]:
    """Both runs, of so many seconds each."""
    print(f"soak: {SANDBOXES} + {HOSTS} threads, {seconds:g} s twice", file=sys.stderr)
    processes = {
        who: subprocess.Popen(
            [sys.executable, "-W", "ignore", __file__, who, str(image)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for who in WHO
    }
    counts: dict[str, Counter[str]] = {who: Counter() for who in WHO}
    taken: dict[str, dict[str, list[float]]] = {who: {} for who in WHO}
    errors: list[str] = []
    for who, told in _turns(processes, seconds):
        counts[who].update(told["counts"])
        errors += told["errors"]
        for name, values in told["taken"].items():
            taken[who].setdefault(name, []).extend(values)
    for process in processes.values():
        process.communicate()
    return {
        "seconds": seconds,
        "counts": counts,
        "errors": errors[:KEPT],
        "host": {
            name: {who: statistics.median(taken[who][name]) for who in WHO} for name in OPERATIONS
        },
    }


def show(told: dict[str, Any]) -> list[str]:
    """The lines of the report."""
    counts = told["counts"]
    lines = [
        f"{SANDBOXES} threads in sandboxes and {HOSTS} of the host, {told['seconds']:g} s,"
        " beside the same threads without sandboxes",
        *(
            f"  {who + ':':10}{counts[who].get('sandboxes', 0):>9,} made and used,"
            f"{counts[who].get('host operations', 0):>13,} host operations,"
            f"{counts[who].get('errors', 0):>4} errors"
            for who in WHO
        ),
        f"  {'processor time of a host operation':36}{'CPython':>11}{'ours':>11}{'ratio':>9}",
    ]
    ratios = []
    for name, of in told["host"].items():
        ratios.append(of["ours"] / of["CPython"])
        lines.append(
            f"  {name:36}{of['CPython'] * 1e9:>8.1f} ns{of['ours'] * 1e9:>8.1f} ns"
            f"{ratios[-1]:>8.2f}x"
        )
    lines.append(f"  {'geometric mean':36}{'':>22}{statistics.geometric_mean(ratios):>8.2f}x")
    return lines + [line for text in told["errors"] for line in text.splitlines()]


def main() -> None:
    """Be one of the two processes."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    _, who, image = sys.argv
    with tempfile.TemporaryDirectory() as folder:
        run = Run(who, image, Path(folder))
        for line in sys.stdin:
            print(json.dumps(run.run(float(line))), flush=True)


if __name__ == "__main__":
    main()
