"""How long the commands for authors take on policies of 100,000 rules."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RULES = 100_000
RULES_OF_A_MODULE = 100
ROUNDS = 5
NAMESPACE = "urn:portcullis:sandbox-restrictions:1"


def policy(rules: int = RULES, *, changed: bool = False, messy: bool = False) -> str:
    """A policy of so many rules; changed in one of a thousand, or laid out badly in every line."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<sandbox-restrictions xmlns="{NAMESPACE}" name="large">',
        "  <invalid-module-members>",
    ]
    for module in range(rules // RULES_OF_A_MODULE):
        lines.append(f'    <module name="module_{module}">')
        for member in range(RULES_OF_A_MODULE):
            audit = ' effect="audit"' if changed and member == 0 and module % 10 == 0 else ""
            name = f"member_{module}_{member}"
            lines.append(f'      <member name="{name}" match="use"{audit}/>')
        lines.append("    </module>")
    lines += ["  </invalid-module-members>", "</sandbox-restrictions>"]
    if messy:
        lines = [line.lstrip().replace("/>", " />") for line in lines]
    return "\n".join(lines) + "\n"


COMMANDS = [
    ("diff, equivalent", ["diff", "old.xml", "same.xml", "--exit-code"], 0),
    ("diff, a hundred rules differ", ["diff", "old.xml", "new.xml", "--exit-code"], 4),
    ("lint", ["lint", "old.xml"], 0),
    ("check", ["check", "old.xml"], 0),
    ("format --check", ["format", "--check", "old.xml"], 0),
    ("format --check, every line wrong", ["format", "--check", "messy.xml"], 1),
    ("format", ["format", "-"], 0),
]


def run(tool: str, arguments: list[str], status: int, folder: Path) -> tuple[float, float]:
    """The seconds of wall clock and of the processor that a command takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    with (folder / "messy.xml").open("rb") as source:
        done = subprocess.run(
            [tool, *arguments], cwd=folder, stdin=source, capture_output=True, check=False
        )
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != status:
        sys.stderr.write(done.stderr.decode()[:2000])
        raise SystemExit(f"bench: portcullis {arguments[0]} exits with {done.returncode}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(tool: str, rounds: int = ROUNDS) -> list[dict]:
    """A row for each command; the commands take turns."""
    taken: dict[str, list[tuple[float, float]]] = {label: [] for label, _, _ in COMMANDS}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("old.xml", "same.xml"):
            (folder / file).write_text(policy())
        (folder / "new.xml").write_text(policy(changed=True))
        (folder / "messy.xml").write_text(policy(messy=True))
        for _ in range(rounds):
            for label, arguments, status in COMMANDS:
                taken[label].append(run(tool, arguments, status, folder))
    return [
        {
            "label": label,
            "wall": statistics.median(wall for wall, _ in times),
            "processor": statistics.median(processor for _, processor in times),
        }
        for label, times in taken.items()
    ]


def show(rows: list[dict]) -> None:
    """Print the rows."""
    print(f"  {'':46}{'wall clock':>10}{'processor':>11}")
    for row in rows:
        print(f"  {row['label']:46}{row['wall']:8.2f} s{row['processor']:9.2f} s")


if __name__ == "__main__":
    show(measure(os.environ["PORTCULLIS"]))
