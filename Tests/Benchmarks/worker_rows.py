"""What a worker's runner makes of workflows: instances and activations a second, and memory.

    worker_rows.py time IMAGE ROW BUDGET     prints the seconds of all three, which take turns
    worker_rows.py memory IMAGE ROW WHO      prints the bytes of one, in a process of its own

The runners are given what a worker gives them, on one thread and without a server. Times are of the
processor, as those of sandboxes are.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import json
import logging
import statistics
import sys
import tempfile
import time
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from contenders import load_package, resident
from package_rows import PACKAGES, Row, child, interpreter, missing

WHO = "unsandboxed", "ours", "temporalio"

SOURCE = """
from temporalio import workflow

@dataclasses.dataclass
class Note:
    number: int
    when: datetime.datetime

@workflow.defn
class Measured:
    def __init__(self):
        self.notes = []
        self.is_over = False

    @workflow.run
    async def run(self) -> int:
        await workflow.wait_condition(lambda: self.is_over)
        return len(self.notes)

    @workflow.signal
    async def note(self, number: int) -> None:
        made = Note(number, workflow.now() + datetime.timedelta(days=1))
        self.notes.append(json.dumps([made.number, made.when.replace(year=2030).isoformat()]))
        if len(self.notes) > 10:
            self.notes.clear()
"""

#: How many signals a turn sends, each in an activation of its own.
SIGNALS = 200

#: What a turn of instances takes at least, in seconds.
TURN = 0.05

#: How long the rounds of one row take, in seconds, and how many there are at least and at most.
BUDGET, QUICK_BUDGET = 4.0, 1.0
FEWEST, MOST = 5, 25

#: How many instances there are when the measuring of memory starts, and how many more it counts.
WARM, ALIVE = 12, 24
WARM_SMALL, ALIVE_SMALL = 100, 200

ROWS = [
    Row("standard library alone", (), anew=False),
    Row("five packages", PACKAGES),
    Row("five packages; default policy", PACKAGES, anew=False),
]


class _Loop(asyncio.AbstractEventLoop):
    """The worker's loop, which temporalio's instance asks for when it is created."""


class Worker:
    """Makes instances of the measured workflow with each of the runners."""

    def __init__(self, image: str, row: Row, folder: Path) -> None:
        """Import the workflow as a worker's program does, and make the runners."""
        package = load_package()
        from portcullis._driver import temporal as driver
        from portcullis.temporal import SandboxedWorkflowRunner as Ours
        from temporalio.worker import UnsandboxedWorkflowRunner
        from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
        from temporalio.workflow import _Definition

        (folder / "measured_worker.py").write_text(row.source + SOURCE)
        sys.path.insert(0, str(folder))
        defined = importlib.import_module("measured_worker").Measured
        policy = package.Policy.load(image)
        passed = [name for name in row.imports if policy.is_passthrough(name)]
        restrictions = SandboxRestrictions.default.with_passthrough_modules(*passed)
        self._runners: dict[str, Any] = {
            "unsandboxed": UnsandboxedWorkflowRunner(),
            "ours": Ours(policy),
            "temporalio": SandboxedWorkflowRunner(restrictions=restrictions),
        }
        request = SimpleNamespace(input=[], stubs={}, seed=1)
        self._run = driver._Execution(_Definition.must_from_class(defined), request, None)
        self._details = self._run._details()
        self._start = self._run._activation()
        self._run._initialize(self._start)
        self._end = self._run._activation()
        self._end.jobs.add().remove_from_cache.message = "the run is over"

    def instance(self, who: str) -> Any:
        """One that has started."""
        asyncio._set_running_loop(_Loop())
        try:
            made = self._runners[who].create_instance(self._details)
        finally:
            asyncio._set_running_loop(None)
        self._activate(made, self._start)
        return made

    def evict(self, instance: Any) -> None:
        """End an instance, as a worker does whose cache is full."""
        self._activate(instance, self._end)

    def signal(self, instance: Any) -> None:
        """Send signals to an instance, each in an activation of its own."""
        for number in range(SIGNALS):
            made = self._run._activation()
            job = made.jobs.add().signal_workflow
            job.signal_name = "note"
            payload = job.input.add()
            payload.metadata["encoding"] = b"json/plain"
            payload.data = b"%d" % number
            self._activate(instance, made)

    @staticmethod
    def _activate(instance: Any, activation: Any) -> None:
        completion = instance.activate(activation)
        if not completion.HasField("successful"):
            raise SystemExit(f"bench: an activation failed: {completion.failed.failure.message}")


def seconds_of_instances(worker: Worker, who: str, count: int) -> float:
    """What it takes of the processor to make, start and evict one."""
    start = time.thread_time_ns()
    for _ in range(count):
        worker.evict(worker.instance(who))
    return (time.thread_time_ns() - start) / count / 1e9


def seconds_of_activations(worker: Worker, instance: Any) -> float:
    """What one activation takes of the processor."""
    start = time.thread_time_ns()
    worker.signal(instance)
    return (time.thread_time_ns() - start) / SIGNALS / 1e9


def times(worker: Worker, budget: float) -> dict[str, dict[str, float]]:
    """The median seconds of each, in turn."""
    kept = {who: worker.instance(who) for who in WHO}
    count = max(1, int(TURN / seconds_of_instances(worker, "ours", 2)))
    instances: dict[str, list[float]] = {who: [] for who in WHO}
    activations: dict[str, list[float]] = {who: [] for who in WHO}
    start = time.thread_time()
    for number in range(MOST):
        if number >= FEWEST and time.thread_time() - start > budget:
            break
        for who in WHO:
            gc.collect()
            instances[who].append(seconds_of_instances(worker, who, count))
            activations[who].append(seconds_of_activations(worker, kept[who]))
    return {
        "instance": {who: statistics.median(values) for who, values in instances.items()},
        "activation": {who: statistics.median(values) for who, values in activations.items()},
    }


def memory(worker: Worker, who: str, counts: tuple[int, int]) -> float:
    """The bytes that one more instance takes while it is alive."""
    warm, alive = counts
    kept = [worker.instance(who) for _ in range(warm)]
    gc.collect()
    before = resident()
    kept += [worker.instance(who) for _ in range(alive)]
    gc.collect()
    return (resident() - before) / alive


def measure(default: Path, anew: Path, quick: bool) -> list[dict[str, Any]]:
    """The rows; those whose packages are not there say so under `missing`."""
    python = interpreter()
    rows = []
    for number, row in enumerate(ROWS):
        told: dict[str, Any] = {"label": row.label}
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
    names = "".join(f"{name:>12}" for name in WHO)
    print(f"  {'':32}{names}  ours / temporalio")
    for row in rows:
        print(f"  {row['label']}")
        if "missing" in row:
            print(f"    not measured, for want of {', '.join(row['missing'])}")
            continue
        for task in ("instance", "activation"):
            rates = {who: 1 / row[task][who] for who in WHO}
            shown = "".join(f"{rates[who]:>12,.0f}" for who in WHO)
            ratio = rates["ours"] / rates["temporalio"]
            print(f"    {task + 's a second':30}{shown}{ratio:>18.2f}x")
        sizes = row["bytes"]
        shown = "".join(f"{sizes[who] / 1e3:>12,.1f}" for who in WHO)
        print(f"    {'KB an instance':30}{shown}{sizes['ours'] / sizes['temporalio']:>18.2f}x")


def main() -> None:
    """Measure one thing for a row, in this process."""
    task, image, number, argument = sys.argv[1:]
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    row = ROWS[int(number)]
    with tempfile.TemporaryDirectory() as folder:
        worker = Worker(image, row, Path(folder))
        if task == "time":
            result: Any = times(worker, float(argument))
        else:
            counts = (WARM, ALIVE) if row.imports else (WARM_SMALL, ALIVE_SMALL)
            result = memory(worker, argument, counts)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
