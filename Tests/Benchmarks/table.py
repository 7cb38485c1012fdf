"""Runs the benchmarks of the matcher and of the gate, and prints one table.

``make bench`` runs it. Each block is one run in which what is compared takes turns.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from query_rate import query_rate

ROOT = Path(__file__).parents[2]
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


def machine() -> str:
    """One line about where the figures were taken."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return (
        f"{model[1] if model else platform.processor()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, {platform.system()} {platform.release()}"
    )


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
    (ROOT / "BENCHMARKS.md").write_text(f"{PREFACE}\n```text\n{copy.text.rstrip()}\n```\n")


def measure() -> None:
    """Print the table and write its figures beside the build."""
    quick = "--quick" in sys.argv
    print(machine())
    text, figures = matcher(quick)
    print("\nthe matcher (Swift, medians of interleaved rounds)\n" + text.rstrip())
    with tempfile.TemporaryDirectory() as folder:
        image = os.path.join(folder, "default.policybc")
        run(os.environ["PORTCULLIS"], "compile", "policies/default.xml", "-o", image)
        rows = json.loads(
            run(sys.executable, str(FOLDER / "gate_rows.py"), image, paths()).splitlines()[-1]
        )
    theirs = next(row["temporalio"] for row in rows if row["label"].endswith("match_access"))
    dotted = figures["decision by dotted path"]
    print(f"  {'temporalio match_access, the same paths':46}{theirs:.1f} ns")
    print(f"  {'ratio to the decision by dotted path':46}{theirs / dotted:.0f}x")
    rate = query_rate(os.environ["PORTCULLIS"], paths().split(","))
    print(f"  {'portcullis query':46}{rate:,.0f} lines/s")
    print("\nthe gate (medians of interleaved rounds)")
    print_gate(rows)
    report = ROOT / ".build" / "bench.json"
    report.write_text(
        json.dumps({"machine": machine(), "matcher": figures, "gate": rows}, indent=1)
    )


if __name__ == "__main__":
    main()
