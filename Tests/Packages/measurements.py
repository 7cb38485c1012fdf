"""Prints what a sandbox costs with each of the packages, as a table.

    measurements.py PORTCULLIS [WORKFLOW...]

Seconds and MB of resident memory are those of making a sandbox and importing the workflow in it,
for the first and the tenth of a process; the floor is executing the same module bodies in plain
Python, found and compiled beforehand.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from test_packages import ROOT, WORKFLOWS, outcome, told

COLUMNS = "workflow", "modules", "first s", "first MB", "10th s", "10th MB", "floor s", "use ms"


def row(portcullis: str, image: Path, file: Path) -> list[str]:
    """The cells of one workflow."""
    seen = outcome(
        portcullis, image, file, "--host-first", "--sandboxes", "10", "--plain-again", "7"
    )
    first, last = seen["runs"][0], seen["runs"][-1]
    if "failure" in last:
        return [file.stem, str(seen["modules"]), told(last["failure"]).splitlines()[0][:90]]
    cells = [file.stem, str(seen["modules"])]
    for run in (first, last):
        cells += [f"{run['seconds']:.4f}", f"{run['mb']:.2f}"]
    return [*cells, f"{seen['floor_seconds']:.4f}", f"{last['use_seconds'] * 1e3:.2f}"]


def main() -> None:
    """Does what the command line says."""
    portcullis, *chosen = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        image = Path(folder) / "default.policybc"
        policy = ROOT / "policies" / "default.xml"
        subprocess.run(
            [portcullis, "compile", str(policy), "-o", str(image)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        print("| " + " | ".join(COLUMNS) + " |")
        print("|---" * len(COLUMNS) + "|")
        for file in WORKFLOWS:
            if not chosen or file.stem in chosen:
                print("| " + " | ".join(row(portcullis, image, file)) + " |", flush=True)


if __name__ == "__main__":
    main()
