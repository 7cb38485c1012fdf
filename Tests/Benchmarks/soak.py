"""Long runs: sandboxes made and dropped by the thousand, and many threads at once.

`make soak` runs it. It prints a report, and writes that and the plots to docs/benchmarks.

    soak.py [--quick] [--seconds S] [--only memory|threads]
    soak.py series WHO IMAGE ROW COUNT     one process that makes and drops sandboxes
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import soak_threads
from contenders import compile_policies, resident
from package_rows import ROWS, Makers, interpreter, missing
from plot import Series, line_chart
from report import DOCUMENTS, FENCE, ROOT, machine

#: The rows that are made and dropped, how often ours and how often the others; the name of a plot.
SERIES = [
    ("sqlalchemy.orm", {"ours": 1_000, "temporalio": 60, "CPython": 60}, "memory-sqlalchemy"),
    (
        "standard library alone",
        {"ours": 10_000, "temporalio": 10_000, "CPython": 10_000},
        "memory-standard-library",
    ),
]
FIRST = 100
QUICK = 20

#: A process that has grown to so many MB makes no more.
LIMIT = 2_000


def series(who: str, image: str, number: int, count: int) -> dict[str, Any]:
    """Makes sandboxes and drops each, without closing it or asking for a collection.

    Returns:
        the resident MB by number of sandboxes, a hundred times, and the seconds it took.
    """
    with tempfile.TemporaryDirectory() as folder:
        make = Makers(image, ROWS[number], Path(folder)).by_name(who)
        make()  # what it loads once
        points = [(0, resident() / 1e6)]
        start = time.perf_counter()
        step = max(1, count // 100)
        for made in range(1, count + 1):
            make()
            if made % step == 0 or made == count:
                points.append((made, resident() / 1e6))
                if points[-1][1] > LIMIT:
                    break
        return {"points": points, "seconds": time.perf_counter() - start}


def memory(anew: Path, quick: bool) -> list[dict[str, Any]]:
    """All series, each in a process of its own."""
    python = interpreter()
    labels = [row.label for row in ROWS]
    results = []
    for label, counts, name in SERIES:
        if lacking := missing(ROWS[labels.index(label)], python):
            print(f"soak: {label} is left out, for want of {', '.join(lacking)}", file=sys.stderr)
            continue
        for who, count in counts.items():
            count = max(FIRST // 5, count // QUICK) if quick else count
            print(f"soak: {label}, {count:,} times, {who}", file=sys.stderr)
            command = [str(python), "-W", "ignore", __file__, "series", who, str(anew)]
            done = subprocess.run(
                [*command, str(labels.index(label)), str(count)],
                capture_output=True,
                text=True,
                env={**os.environ, "PORTCULLIS_CACHE": str(anew.parent)},
            )
            if done.returncode != 0:
                raise SystemExit(f"soak: {label} failed\n{done.stderr}")
            told = json.loads(done.stdout.splitlines()[-1])
            results.append({"label": label, "who": who, "count": count, "plot": name, **told})
    return results


def show_memory(results: list[dict[str, Any]]) -> list[str]:
    """The lines of the report."""
    lines = [
        "sandboxes made and dropped, never closed: resident MB"
        f" (the first {FIRST} are the first half where there are fewer than {2 * FIRST})",
        f"  {'':26}{'':12}{'count':>8}{'at first':>10}{'highest of':>12}{'at the end':>12}"
        f"{'end /':>11}{'KB a':>10}",
        f"  {'':26}{'':12}{'':>8}{'':>10}{'first ' + str(FIRST):>12}{'':>12}"
        f"{'first ' + str(FIRST):>11}{'sandbox':>10}",
    ]
    for result in results:
        points = result["points"]
        early = [mb for made, mb in points if made <= min(FIRST, points[-1][0] // 2)]
        (_, begin), (made, end) = points[0], points[-1]
        lines.append(
            f"  {result['label']:26}{result['who']:12}{made:>8,}{begin:>10.1f}"
            f"{max(early):>12.1f}{end:>12.1f}{end / max(early):>10.2f}x"
            f"{(end - begin) * 1e3 / made:>10.1f}"
            + (f"  stopped at {LIMIT:,} MB" if made < result["count"] else "")
        )
    return lines


def draw(results: list[dict[str, Any]]) -> list[str]:
    """Draw a plot for each row; the names of the files."""
    files = []
    for label, counts, name in SERIES:
        lines = {r["who"]: [tuple(p) for p in r["points"]] for r in results if r["plot"] == name}
        if not lines:
            continue
        chart = line_chart(
            f"Memory while sandboxes are made and dropped: {label}",
            "sandboxes made and dropped",
            "resident memory of the process (MB)",
            [Series(who, lines.get(who, [])) for who in counts],
        )
        (DOCUMENTS / f"{name}.svg").write_text(chart)
        files.append(f"{name}.svg")
    return files


def main() -> None:
    """Do what the command line says."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    if sys.argv[1:2] == ["series"]:
        _, _, who, image, number, count = sys.argv
        print(json.dumps(series(who, image, int(number), int(count))))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a twentieth of the sandboxes")
    parser.add_argument("--seconds", type=float, default=60, help="of the threads' run, each")
    parser.add_argument("--only", choices=["memory", "threads"])
    arguments = parser.parse_args()
    place = machine()
    report = ROOT / ".build" / "soak.json"
    told: dict[str, Any] = json.loads(report.read_text()) if report.exists() else {}
    told["machine"] = place
    with tempfile.TemporaryDirectory() as folder:
        default, anew = compile_policies(os.environ["PORTCULLIS"], Path(folder))
        if arguments.only != "threads":
            told["memory"] = memory(anew, arguments.quick)
        if arguments.only != "memory":
            told["threads"] = soak_threads.measure(default, arguments.seconds)
    report.write_text(json.dumps(told, indent=1))
    bench = ROOT / ".build" / "bench.json"
    if bench.exists():
        bench.write_text(json.dumps({**json.loads(bench.read_text()), "soak": told}, indent=1))
    DOCUMENTS.mkdir(parents=True, exist_ok=True)
    lines, plots = [place], []
    if "memory" in told:
        plots = draw(told["memory"])
        lines += ["", *show_memory(told["memory"])]
    if "threads" in told:
        lines += ["", *soak_threads.show(told["threads"])]
    text = "\n".join(lines)
    print(text)
    pictures = "\n".join(f"![resident memory over sandboxes]({plot})" for plot in plots)
    (DOCUMENTS / "soak.md").write_text(f"{PREFACE}\n{FENCE}text\n{text}\n{FENCE}\n\n{pictures}\n")


PREFACE = """# Long runs

What `make soak` printed last, on one machine; it writes this file anew. A sandbox is dropped
without being closed, and nothing asks for a collection: what Python frees by itself is what counts.
"""


if __name__ == "__main__":
    main()
