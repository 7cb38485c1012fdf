"""The wheel as it is installed: what it holds, what it says of itself, what its command does."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

if not os.environ.get("PORTCULLIS_PYTHON"):
    pytest.skip("no wheel is installed; see Scripts/test-wheel", allow_module_level=True)

PLACE = Path(os.environ["PORTCULLIS_PYTHON"])
LARGEST_GATE = 200 * 1024


@pytest.fixture(scope="module")
def installed() -> metadata.Distribution:
    return metadata.distribution("portcullis")


def test_it_holds_the_gate_the_sources_the_policies_and_the_types(installed) -> None:
    names = {str(file) for file in installed.files or ()}
    own = {name.removeprefix("portcullis/") for name in names if name.startswith("portcullis/")}
    assert {"_gate.abi3.so", "_gate.pyi", "py.typed", "__init__.py"} <= own
    images = {"default", "strict", "temporal-1.35"}
    assert {f"policies/{name}.policybc" for name in images} <= own
    assert {Path(name).suffix for name in own} - {".pyc"} <= {".py", ".pyi", ".typed", ""} | {
        ".so",
        ".policybc",
    }
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_its_metadata(installed) -> None:
    told = installed.metadata
    assert told["Requires-Python"] == ">=3.10"
    assert told["License-Expression"] == "Apache-2.0"
    assert told.get_all("Requires-Dist") == ["temporalio>=1.20; extra == 'temporal'"]
    assert "make run" in installed.read_text("METADATA")
    tags = [line for line in installed.read_text("WHEEL").splitlines() if line.startswith("Tag")]
    assert "Tag: cp310-abi3-manylinux_2_17_x86_64" in tags
    assert all("manylinux" in tag for tag in tags)


def test_the_gate_is_an_ordinary_submodule_that_exports_one_name() -> None:
    from portcullis import _gate

    gate = Path(_gate.__file__)
    assert gate == PLACE / "portcullis" / "_gate.abi3.so"
    assert gate.stat().st_size <= LARGEST_GATE
    listed = subprocess.run(
        ["nm", "-D", "--defined-only", gate], capture_output=True, text=True, check=True
    )
    assert [line.split()[-1] for line in listed.stdout.splitlines()] == ["PyInit__gate"]
    needed = subprocess.run(["readelf", "-d", gate], capture_output=True, text=True, check=True)
    libraries = [line.split("[")[1][:-1] for line in needed.stdout.splitlines() if "NEEDED" in line]
    assert set(libraries) <= {"libm.so.6", "libc.so.6"}


def test_the_command_runs_the_compiler_that_is_named(portcullis, tmp_path) -> None:
    command = Path(sys.prefix, "bin", "portcullis")
    policy, image = tmp_path / "policy.xml", tmp_path / "policy.policybc"
    policy.write_text(
        '<sandbox-restrictions xmlns="urn:portcullis:sandbox-restrictions:1" name="test"/>'
    )
    environment = os.environ | {"PORTCULLIS": portcullis}
    ran = subprocess.run(
        [command, "compile", policy, "-o", image], env=environment, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    assert image.exists()


def test_the_command_finds_the_compiler_behind_itself(portcullis) -> None:
    command = Path(sys.prefix, "bin")
    environment = os.environ | {"PATH": f"{command}:{Path(portcullis).resolve().parent}"}
    del environment["PORTCULLIS"]
    ran = subprocess.run(
        [command / "portcullis", "--version"], env=environment, capture_output=True, text=True
    )
    assert (ran.returncode, ran.stdout) == (0, f"portcullis {metadata.version('portcullis')}\n")


@pytest.mark.parametrize("named", ["/nowhere/portcullis", __file__])
def test_a_compiler_that_is_none_is_not_run(named: str) -> None:
    command = Path(sys.prefix, "bin", "portcullis")
    ran = subprocess.run(
        [command], env=os.environ | {"PORTCULLIS": named}, capture_output=True, text=True
    )
    assert ran.returncode == 2
    assert "not part of the Python package" in ran.stderr


def test_a_policy_that_is_not_shipped_is_named() -> None:
    from portcullis import _shipped

    with pytest.raises(FileNotFoundError, match="no compiled policy `lenient`"):
        _shipped.path("lenient")
