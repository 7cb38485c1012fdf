"""Adds what needs Python to the figures of the Swift benchmark: `beside_temporal.py FIGURES`."""

import json
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

from temporalio.worker.workflow_sandbox import SandboxRestrictions
from temporalio.worker.workflow_sandbox._restrictions import RestrictionContext

ROOT = Path(__file__).parents[2]
LINES = 500_000
#: The paths of the Swift benchmark.
PATHS = [
    path.split(".")
    for path in [
        "os.getcwd",
        "os.stat",
        "datetime.datetime.now",
        "datetime.date.today",
        "datetime.timedelta",
        "random.randint",
        "json.dumps",
        "pathlib.Path.read_text",
        "time.sleep",
        "uuid.uuid4",
        "subprocess.run",
        "asyncio.sleep",
        "collections.OrderedDict",
        "threading.Thread.start",
        "concurrent.futures.ThreadPoolExecutor",
        "re.compile",
    ]
]


def temporal_nanoseconds() -> float:
    """Returns what one decision of temporalio's matcher takes, the median of rounds."""
    matcher = SandboxRestrictions.default.invalid_module_members
    context = RestrictionContext()
    context.is_runtime = True
    rounds = []
    for _ in range(15):
        start = time.perf_counter_ns()
        for _ in range(1_000):
            for path in PATHS:
                matcher.access_matcher(context, *path, include_use=True)
        rounds.append((time.perf_counter_ns() - start) / (1_000 * len(PATHS)))
    return statistics.median(rounds)


def query_lines_per_second() -> float:
    """Returns how many lines `portcullis query` answers, start and compile included."""
    lines = [
        json.dumps({"path": path, "phase": "runtime", "operation": "use"}) + "\n" for path in PATHS
    ]
    text = "".join(lines) * (LINES // len(lines))
    policy = str(ROOT / "policies" / "default.xml")
    start = time.perf_counter()
    done = subprocess.run(
        [os.environ["PORTCULLIS"], "query", policy, "--python", "3.11"],
        input=text.encode(),
        capture_output=True,
        check=True,
    )
    taken = time.perf_counter() - start
    return done.stdout.count(b"\n") / taken


def main() -> None:
    figures = Path(sys.argv[1]).read_text()
    ours = re.search(r"decision by dotted path +([\d.]+) ns", figures)
    theirs = temporal_nanoseconds()
    print("beside temporalio, same run")
    print(f"  {'temporalio access_matcher':<45} {theirs:.0f} ns")
    if ours:
        print(f"  {'ratio to our decision by dotted path':<45} {theirs / float(ours[1]):.1f} x")
    print(f"  {'portcullis query':<45} {query_lines_per_second():,.0f} lines/s")


if __name__ == "__main__":
    main()
