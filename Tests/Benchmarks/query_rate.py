"""How many lines a second `portcullis query` answers."""

import json
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINES = 500_000


def query_rate(tool: str, paths: list[str]) -> float:
    """Returns the lines a second, start and compile of the default policy included."""
    questions = "".join(
        json.dumps({"path": path.split("."), "phase": "runtime", "operation": "use"}) + "\n"
        for path in paths
    )
    start = time.perf_counter()
    done = subprocess.run(
        [tool, "query", str(ROOT / "policies" / "default.xml"), "--python", "3.11"],
        input=questions.encode() * (LINES // len(paths)),
        capture_output=True,
        check=True,
    )
    return done.stdout.count(b"\n") / (time.perf_counter() - start)
