"""What the tests of the gate share: its package, and policies compiled from text."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _load_package(tool: str) -> types.ModuleType:
    """The package of this checkout with the gate that was built beside the tool; with
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


@pytest.fixture(scope="session")
def policy(package, portcullis, tmp_path_factory) -> Callable[[str], object]:
    """Compiles a policy from the elements inside its root, over the shipped default."""
    made: dict[tuple[str, str], object] = {}

    def make(body: str = "", extends: str = "default.xml") -> object:
        if (body, extends) not in made:
            folder = tmp_path_factory.mktemp("policy")
            source, image = folder / "policy.xml", folder / "policy.policybc"
            base = f' extends="{extends}"' if extends else ""
            source.write_text(
                f'<sandbox-restrictions xmlns="urn:portcullis:sandbox-restrictions:1"'
                f' name="test"{base}>\n{body}\n</sandbox-restrictions>\n'
            )
            command = [portcullis, "compile", str(source), "-o", str(image)]
            done = subprocess.run(command, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            made[body, extends] = package.Policy.load(image)
        return made[body, extends]

    return make
