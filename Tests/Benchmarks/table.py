"""Runs the benchmarks of the matcher and of the gate, and prints one table.

`make bench` runs it. Each block is one run in which what is compared takes turns.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import package_rows
import thread_rows
import worker_rows
from contenders import compile_policies
from query_rate import query_rate
from report import DOCUMENTS, FENCE, ROOT, machine

FOLDER = Path(__file__).parent
ROW = re.compile(
    r"^  (\S.*?)\s{2,}([\d.]+) (\S.*)$|^  (\S.*?) +([\d.]+) (ns|us|ms|s|bytes a rule)$"
)


def run(*command: str) -> str:
    """The output of a command; what it says on standard error is passed on when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if done.returncode != 0:
        sys.stderr.write(done.stdout + done.stderr)
        raise SystemExit(f"bench: {command[0]} failed")
    return done.stdout


def matcher(quick: bool) -> tuple[str, dict[str, float]]:
    """The text of the matcher's benchmark and its figures by label."""
    text = run(
        "swift", "run", "-c", "release", "--package-path", str(FOLDER), "Benchmarks",
        *(["--quick"] if quick else []),
    )  # fmt: skip
    figures: dict[str, float] = {}
    for line in text.splitlines():
        if found := re.match(r"^  (.+?)\s{2,}([\d.]+) (.+)$", line):
            figures.setdefault(found[1].strip(), float(found[2]))
    return text, figures


def paths() -> str:
    """The paths that the matcher's benchmark asks, so that temporalio is asked the same."""
    source = (FOLDER / "Sources" / "Benchmarks" / "main.swift").read_text()
    block = source[source.index("let paths = [") : source.index("]", source.index("let paths"))]
    return ",".join(re.findall(r'"([^"]+)"', block))


def shown(value: float | None) -> str:
    """A figure in nanoseconds, in the unit that suits it."""
    if value is None or value != value:
        return "-"
    for unit, size in (("ms", 1e6), ("us", 1e3)):
        if value >= size * 10:
            return f"{value / size:.1f} {unit}"
    return f"{value:.1f} ns"


def print_gate(rows: list[dict]) -> None:
    """Print the rows of the gate."""
    print(f"  {'':46}{'CPython':>10}{'ours':>10}{'temporalio':>12}   ours - / CPython")
    for row in rows:
        if "ours" not in row:
            continue
        floor, ours = row.get("plain"), row["ours"]
        more = f"{shown(ours - floor):>10}  {ours / floor:5.2f}x" if floor else ""
        print(
            f"  {row['label']:46}{shown(floor):>10}{shown(ours):>10}"
            f"{shown(row.get('temporalio')):>12}{more}"
        )


PREFACE = """# Benchmarks

What `make bench` printed last, on one machine; it writes this file anew. Figures of one block were
taken in one run, in which what is compared takes turns; they are medians. Compare the ratios, and
not the figures of two machines.
"""

AFTERWORD = """
A new sandbox is compared with plain CPython that executes the bodies of the same modules again:
from code that is compiled already, in new module dictionaries, with nothing looked for or read.
The default policy passes yaml and sqlalchemy through; where a row does not say that it is under
that policy, it is under one that does not, so that all three execute them. Memory is what a process
grows by for each sandbox that it keeps.

A runner makes an instance of a workflow, starts it and has it evicted; an activation brings one
signal. The five packages are those of the rows above. temporalio's runner is given what our policy
passes through. Nothing is isolated by the unsandboxed runner, which imports nothing anew.

![what a new sandbox costs by number of packages](docs/benchmarks/packages.svg)

Long runs are apart, since they take minutes: [docs/benchmarks/soak.md](docs/benchmarks/soak.md) is
what `make soak` printed last.

![memory over sandboxes with sqlalchemy made and dropped](docs/benchmarks/memory-sqlalchemy.svg)
"""


class _Copy(io.TextIOBase):
    """Standard output, and a copy of what went there."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text += text
        return sys.__stdout__.write(text)


def main() -> None:
    """Print the table, and write it and its figures down."""
    copy = _Copy()
    with contextlib.redirect_stdout(copy):
        measure()
    block = f"{FENCE}text\n{copy.text.rstrip()}\n{FENCE}"
    (ROOT / "BENCHMARKS.md").write_text(f"{PREFACE}\n{block}\n{AFTERWORD}")


def measure() -> None:
    """Print the table, and write its figures beside the build and the plot beside the report."""
    quick = "--quick" in sys.argv
    print(machine())
    text, figures = matcher(quick)
    print("\nthe matcher (Swift, medians of interleaved rounds)\n" + text.rstrip())
    with tempfile.TemporaryDirectory() as folder:
        default, anew = compile_policies(os.environ["PORTCULLIS"], Path(folder))
        output = run(sys.executable, str(FOLDER / "gate_rows.py"), str(default), paths())
        gate = json.loads(output.splitlines()[-1])
        print_matching(gate, figures)
        print("\nthe gate (processor time, medians of interleaved rounds)")
        print_gate(gate)
        print("\na new sandbox that imports packages (medians of interleaved rounds)")
        packages = package_rows.measure(default, anew, quick)
        package_rows.show(packages)
        print("\nrunners of a worker (processor time, medians of interleaved rounds)")
        workers = worker_rows.measure(default, anew, quick)
        worker_rows.show(workers)
        print("\nprocessor time of an operation of a host thread, while another is in a sandbox")
        threads = thread_rows.measure(Path(sys.executable), default, quick)
        thread_rows.show(threads)
    if chart := package_rows.draw(packages):
        DOCUMENTS.mkdir(parents=True, exist_ok=True)
        (DOCUMENTS / "packages.svg").write_text(chart)
    told = {"matcher": figures, "gate": gate, "packages": packages}
    told |= {"workers": workers, "threads": threads}
    soak = ROOT / ".build" / "soak.json"
    if soak.exists():
        told["soak"] = json.loads(soak.read_text())
    report = ROOT / ".build" / "bench.json"
    report.write_text(json.dumps({"machine": machine(), **told}, indent=1))


def print_matching(gate: list[dict], figures: dict[str, float]) -> None:
    """Print what is compared with the matcher."""
    theirs = next(row["temporalio"] for row in gate if row["label"].endswith("match_access"))
    dotted = figures["decision by dotted path"]
    print(f"  {'temporalio match_access, the same paths':46}{theirs:.1f} ns")
    print(f"  {'ratio to the decision by dotted path':46}{theirs / dotted:.0f}x")
    rate = query_rate(os.environ["PORTCULLIS"], paths().split(","))
    print(f"  {'portcullis query':46}{rate:,.0f} lines/s")


if __name__ == "__main__":
    main()
