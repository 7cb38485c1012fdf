"""What the Python tests share: the executable that was built, and the package with its gate."""

import importlib.machinery
import importlib.util
import os
import sys
import types
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
        return str(Path(named).resolve())
    built = [ROOT / ".build" / kind / "portcullis" for kind in ("debug", "release")]
    built = [path for path in built if path.exists()]
    if not built:
        pytest.skip("portcullis is not built")
    return str(max(built, key=lambda path: path.stat().st_mtime))


def _load_package(tool: str) -> types.ModuleType:
    """The portcullis package of this checkout with the gate that was built beside the tool; with
    $PORTCULLIS_PYTHON, the one that is installed in that folder."""
    if folder := os.environ.get("PORTCULLIS_PYTHON"):
        package = importlib.import_module("portcullis")
        assert Path(folder) in Path(package.__file__ or "").parents, "another package was imported"
    elif "portcullis" not in sys.modules:
        sys.path.insert(0, str(ROOT / "Sources" / "Python"))
        library = str(Path(tool).resolve().parent / "libPortcullisGate.so")
        name = "portcullis._gate"
        loader = importlib.machinery.ExtensionFileLoader(name, library)
        spec = importlib.util.spec_from_file_location(name, library, loader=loader)
        assert spec is not None
        gate = sys.modules[name] = importlib.util.module_from_spec(spec)
        loader.exec_module(gate)
        package = importlib.import_module("portcullis")
        package._gate = gate
    return sys.modules["portcullis"]


@pytest.fixture(scope="session")
def package(portcullis: str) -> types.ModuleType:
    """The ``portcullis`` package."""
    return _load_package(portcullis)
