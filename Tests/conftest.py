"""What the Python tests share: the executable that was built."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Tests leave nothing in the user's folders.
os.environ.setdefault("PORTCULLIS_CACHE", "")
# The tool runs workflows on the Python that runs the tests, however they are started.
if sys.prefix != sys.base_prefix:
    os.environ.setdefault("VIRTUAL_ENV", sys.prefix)


@pytest.fixture(scope="session")
def portcullis() -> str:
    """Returns the path of the executable: $PORTCULLIS, else the newest build."""
    if named := os.environ.get("PORTCULLIS"):
        return named
    built = [ROOT / ".build" / kind / "portcullis" for kind in ("debug", "release")]
    built = [path for path in built if path.exists()]
    if not built:
        pytest.skip("portcullis is not built")
    return str(max(built, key=lambda path: path.stat().st_mtime))
