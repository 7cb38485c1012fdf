"""What a new sandbox costs that imports packages, in time and in memory.

    package_rows.py time IMAGE ROW BUDGET     prints the seconds of all three, which take turns
    package_rows.py memory IMAGE ROW WHO      prints the bytes of one, in a process of its own

Times are of the processor and not of the clock on the wall: nothing here waits, and what else the
machine does stays out of them.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from contenders import EXECUTED_ANEW, Floor, Temporal, load_package, resident
from plot import Series, line_chart
from report import ROOT

WHO = "CPython", "ours", "temporalio"
STANDARD = "import asyncio, dataclasses, datetime, json, typing, uuid\n"

#: What a turn takes at least, in seconds: small sandboxes are made again and again in it.
TURN = 0.01

#: How long the rounds of one row take, in seconds, and how many there are at least and at most.
BUDGET, QUICK_BUDGET = 2.0, 0.5
FEWEST, MOST = 5, 25

#: How many sandboxes there are when the measuring of memory starts, and how many more it counts.
#: The first ones fill what compiling has left free.
WARM, ALIVE = 12, 24
WARM_LARGE, ALIVE_LARGE = 4, 12
WARM_SMALL, ALIVE_SMALL = 200, 400


class Row(NamedTuple):
    """One row: what the workflow imports besides the standard library, and under which policy."""

    label: str
    imports: tuple[str, ...]
    anew: bool = True

    @property
    def counts(self) -> tuple[int, int]:
        """How many sandboxes there are before memory is measured, and how many it counts."""
        if not self.imports:
            return WARM_SMALL, ALIVE_SMALL
        return (WARM_LARGE, ALIVE_LARGE) if "sqlalchemy.orm" in self.imports else (WARM, ALIVE)

    @property
    def source(self) -> str:
        """The workflow's file."""
        return STANDARD + "".join(f"import {name}\n" for name in self.imports)


PACKAGES = ("attrs", "jinja2", "yaml", "jsonschema", "click")
ROWS = [
    Row("standard library alone", ()),
    Row("attrs", PACKAGES[:1]),
    Row("jinja2", ("jinja2",)),
    Row("yaml", ("yaml",)),
    Row("attrs, jinja2", PACKAGES[:2]),
    Row("attrs, jinja2, yaml", PACKAGES[:3]),
    Row("these and jsonschema", PACKAGES[:4]),
    Row("these and click", PACKAGES),
    Row("sqlalchemy.orm", ("sqlalchemy.orm",)),
    Row("attrs, jinja2, yaml; default policy", PACKAGES[:3], False),
    Row("sqlalchemy.orm; default policy", ("sqlalchemy.orm",), False),
]

#: The rows of the plot, by number of packages.
CURVE = (0, 1, 4, 5, 6, 7)


class Makers:
    """Makes a new sandbox of each kind for a row."""

    def __init__(self, image: str, row: Row, folder: Path) -> None:
        """Import the packages into the host, as a worker does, and make one sandbox of ours."""
        source = row.source
        exec(source, {"__name__": "measured_host"})
        self._code = compile(source, "measured_temporal.py", "exec")
        self._passed = () if row.anew else EXECUTED_ANEW
        self._file = folder / "measured_workflow.py"
        self._file.write_text(source)
        self._package = load_package()
        self._policy = self._package.Policy.load(image)
        first = self.ours()
        self.modules = [name for name in first._loaded if name != "measured_workflow"]
        self._floor = Floor(self.modules, source)
        if row.anew and len(made := self._floor.run()) != len(self.modules) + 1:
            raise SystemExit(f"bench: {row.label}: the floor executed {len(made) - 1} modules")

    def ours(self) -> Any:
        """One of ours."""
        sandbox = self._package.Sandbox(self._policy, workflow_module="measured_workflow")
        sandbox.load(str(self._file), "measured_workflow")
        return sandbox

    def temporalio(self) -> Any:
        """One of temporalio's, which gets its code compiled."""
        return Temporal(self._code, self._passed)

    def by_name(self, who: str) -> Callable[[], Any]:
        """What makes one."""
        return {"CPython": self._floor.run, "ours": self.ours, "temporalio": self.temporalio}[who]


def seconds(action: Callable[[], Any], times: int) -> float:
    """What one call takes of the processor, over a few of them."""
    start = time.thread_time_ns()
    for _ in range(times):
        action()
    return (time.thread_time_ns() - start) / times / 1e9


def times(makers: Makers, budget: float) -> dict[str, float]:
    """The median seconds of each, in turn."""
    actions = {who: makers.by_name(who) for who in WHO}
    for action in actions.values():
        action()
    count = max(1, int(TURN / seconds(actions["ours"], 2)))
    taken: dict[str, list[float]] = {who: [] for who in WHO}
    start = time.thread_time()
    for number in range(MOST):
        if number >= FEWEST and time.thread_time() - start > budget:
            break
        for who, action in actions.items():
            gc.collect()
            taken[who].append(seconds(action, count))
    return {who: statistics.median(values) for who, values in taken.items()}


def memory(makers: Makers, who: str, counts: tuple[int, int]) -> float:
    """The bytes that one more sandbox takes while it is alive."""
    make, (warm, alive) = makers.by_name(who), counts
    kept = [make() for _ in range(warm)]
    gc.collect()
    before = resident()
    kept += [make() for _ in range(alive)]
    gc.collect()
    return (resident() - before) / alive


def interpreter() -> Path:
    """The environment with the packages, else the one that runs this."""
    python = ROOT / ".venv-packages" / "bin" / "python"
    return python if python.exists() else Path(sys.executable)


def missing(row: Row, python: Path) -> list[str]:
    """The packages of a row that an interpreter does not have."""
    names = sorted({name.partition(".")[0] for name in row.imports})
    test = f"import importlib.util as u; print(*[n for n in {names} if not u.find_spec(n)])"
    done = subprocess.run([str(python), "-c", test], capture_output=True, text=True)
    return done.stdout.split() if done.returncode == 0 else names


def child(python: Path, program: str, *arguments: str) -> Any:
    """What a program prints as JSON for a task, an image and more."""
    command = [str(python), "-W", "ignore", program, *arguments]
    # Gated code is kept from one process to the next, but not from one benchmark.
    environment = {**os.environ, "PORTCULLIS_CACHE": str(Path(arguments[1]).parent)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        raise SystemExit(f"bench: {' '.join(arguments)} failed\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def measure(default: Path, anew: Path, quick: bool) -> list[dict[str, Any]]:
    """The rows; those whose packages are not there say so under `missing`."""
    python = interpreter()
    rows = []
    for number, row in enumerate(ROWS):
        told: dict[str, Any] = {"label": row.label, "packages": len(row.imports)}
        if lacking := missing(row, python):
            rows.append({**told, "missing": lacking})
            continue
        image = str(anew if row.anew else default)
        budget = str(QUICK_BUDGET if quick else BUDGET)
        told.update(child(python, __file__, "time", image, str(number), budget))
        told["bytes"] = {
            who: child(python, __file__, "memory", image, str(number), who) for who in WHO
        }
        rows.append(told)
    return rows


def show(rows: list[dict[str, Any]]) -> None:
    """Print the rows."""
    print(
        f"  {'':36}{'':>8}{'ms of the processor':^34}{'':>9}{'MB a sandbox':^28}{'ours /':>12}\n"
        f"  {'':36}{'modules':>8}{'CPython':>10}{'ours':>10}{'temporalio':>12}{'ratio':>8}"
        f"{'CPython':>10}{'ours':>8}{'temporalio':>12}{'temporalio':>12}"
    )
    for row in rows:
        if "missing" in row:
            print(f"  {row['label']:36}  not measured, for want of {', '.join(row['missing'])}")
            continue
        time_of, size = row["seconds"], row["bytes"]
        print(
            f"  {row['label']:36}{row['modules']:>8}"
            + "".join(f"{time_of[w] * 1e3:>{n}.3f}" for w, n in zip(WHO, (10, 10, 12), strict=True))
            + f"{time_of['ours'] / time_of['CPython']:>7.2f}x"
            + "".join(f"{size[w] / 1e6:>{n}.3f}" for w, n in zip(WHO, (10, 8, 12), strict=True))
            + f"{size['ours'] / size['temporalio']:>11.2f}x"
        )


def draw(rows: list[dict[str, Any]]) -> str | None:
    """The plot of time by number of packages; None where one was not measured."""
    labels = [ROWS[number].label for number in CURVE]
    shown = [row for row in rows if row["label"] in labels and "missing" not in row]
    if len(shown) < len(labels):
        return None
    return line_chart(
        "What a new sandbox costs",
        "imported packages: " + ", ".join(f"{n} {name}" for n, name in enumerate(PACKAGES, 1)),
        "processor time (ms)",
        [
            Series(who, [(row["packages"], row["seconds"][who] * 1e3) for row in shown])
            for who in ("ours", "temporalio", "CPython")
        ],
    )


def main() -> None:
    """Measure one thing for a row, in this process."""
    task, image, number, argument = sys.argv[1:]
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    row = ROWS[int(number)]
    with tempfile.TemporaryDirectory() as folder:
        makers = Makers(image, row, Path(folder))
        if task == "time":
            result: Any = {
                "modules": len(makers.modules),
                "seconds": times(makers, float(argument)),
            }
        else:
            result = memory(makers, argument, row.counts)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
