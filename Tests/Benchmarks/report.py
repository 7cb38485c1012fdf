"""Where the benchmarks write, and what their reports have in common."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]

#: Where the plots and the report of the long runs are.
DOCUMENTS = ROOT / "docs" / "benchmarks"

FENCE = "```"


def machine() -> str:
    """One line about where the figures were taken."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return (
        f"{model[1] if model else platform.processor()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, {platform.system()} {platform.release()}"
    )
