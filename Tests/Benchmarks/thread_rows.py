"""What threads of the host pay while another thread is in a sandbox.

    thread_rows.py WHO IMAGE     answers each line on standard input with one round

Each of the three has processes of its own, since ours replaces the module table of a process for
good and temporalio's patches its builtins; the processes take turns.
"""

from __future__ import annotations

import json
import logging
import statistics
import subprocess
import sys
import tempfile
import threading
import types
import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from contenders import Temporal, load_package
from host_work import OPERATIONS, WORKFLOW, processor_seconds

WHO = "CPython", "ours", "temporalio"
PROCESSES, QUICK_PROCESSES = 3, 1
ROUNDS = 7

#: How often the other thread calls its workflow before it leaves the sandbox and enters it again.
CALLS = 20


def entering(
    who: str, image: str, folder: Path
) -> tuple[types.ModuleType, Callable[[], AbstractContextManager[Any]]]:
    """A workflow, loaded as one of the three does, and what enters its sandbox."""
    code = compile(WORKFLOW, "measured_threads.py", "exec")
    if who == "ours":
        package = load_package()
        file = folder / "measured_threads.py"
        file.write_text(WORKFLOW)
        sandbox = package.Sandbox(package.Policy.load(image), workflow_module="measured_threads")
        return sandbox.load(str(file), "measured_threads"), sandbox.running
    if who == "temporalio":
        theirs = Temporal(code)
        return theirs.module, theirs.running
    module = types.ModuleType("measured_threads")
    sys.modules["measured_threads"] = module
    exec(code, vars(module))
    return module, nullcontext


def answer(who: str, image: str, folder: Path) -> None:
    """Measure a round for each line that comes, while another thread works in the sandbox."""
    module, enter = entering(who, image, folder)
    ended = threading.Event()

    def work() -> None:
        while not ended.is_set():
            with enter():
                for _ in range(CALLS):
                    module.CALLS.clear()
                    module.work(1)

    for _ in sys.stdin:
        ended.clear()
        thread = threading.Thread(target=work)
        thread.start()
        try:
            taken = {name: processor_seconds(act) for name, act in OPERATIONS.items()}
        finally:
            ended.set()
            thread.join()
        print(json.dumps(taken), flush=True)


def measure(python: Path, image: Path, quick: bool) -> list[dict[str, Any]]:
    """The rows: seconds of the processor an operation, as medians."""
    taken: dict[str, dict[str, list[float]]] = {
        name: {who: [] for who in WHO} for name in OPERATIONS
    }
    for _ in range(QUICK_PROCESSES if quick else PROCESSES):
        processes = {
            who: subprocess.Popen(
                [str(python), "-W", "ignore", __file__, who, str(image)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for who in WHO
        }
        for number in range(ROUNDS + 1):
            for who, process in processes.items():
                assert process.stdin is not None and process.stdout is not None
                process.stdin.write("\n")
                process.stdin.flush()
                line = process.stdout.readline()
                if not line:
                    raise SystemExit(f"bench: thread_rows.py {who} failed")
                if number:  # the first is for warming up
                    for name, value in json.loads(line).items():
                        taken[name][who].append(value)
        for process in processes.values():
            process.communicate()
    return [
        {"label": name, "seconds": {who: statistics.median(of) for who, of in values.items()}}
        for name, values in taken.items()
    ]


def show(rows: list[dict[str, Any]]) -> None:
    """Print the rows."""
    print(
        f"  {'':36}{'CPython':>10}{'ours':>10}{'temporalio':>12}"
        f"{'ours / CPython':>17}{'temporalio / CPython':>22}"
    )
    for row in rows:
        floor, ours, theirs = (row["seconds"][who] for who in WHO)
        print(
            f"  {row['label']:36}{floor * 1e9:>7.1f} ns{ours * 1e9:>7.1f} ns{theirs * 1e9:>9.1f} ns"
            f"{ours / floor:>16.2f}x{theirs / floor:>21.2f}x"
        )


def main() -> None:
    """Be one of the processes."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        answer(sys.argv[1], sys.argv[2], Path(folder))


if __name__ == "__main__":
    main()
