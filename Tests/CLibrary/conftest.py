"""What the tests of libportcullis share: the library, compiled policies, compiled C programs."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from calls import SIGNATURES, Error, Policy

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(__file__).parent / "programs"


@pytest.fixture(scope="session")
def folder() -> Path:
    """Where the library is: $PORTCULLIS_LIBRARY, else what ``make library`` built."""
    folder = Path(os.environ.get("PORTCULLIS_LIBRARY") or ROOT / ".build" / "library")
    if not (folder / "lib" / "libportcullis.so.1").exists():
        pytest.skip("libportcullis is not built; run `make library`")
    return folder


@pytest.fixture(scope="session")
def library(folder) -> ctypes.CDLL:
    """The library, as Python's ctypes sees it."""
    loaded = ctypes.CDLL(str(folder / "lib" / "libportcullis.so.1"))
    for name, (result, arguments) in SIGNATURES.items():
        function = getattr(loaded, f"portcullis_{name}")
        function.restype, function.argtypes = result, arguments
    return loaded


@pytest.fixture(scope="session")
def image(portcullis, tmp_path_factory) -> Path:
    """A small policy over the default one, with every text that a rule can have."""
    folder = tmp_path_factory.mktemp("c")
    source, image = folder / "policy.xml", folder / "policy.policybc"
    source.write_text(
        """<sandbox-restrictions xmlns="urn:portcullis:sandbox-restrictions:1"
  name="test" extends="default.xml">
  <passthrough-modules><module name="models"/></passthrough-modules>
  <invalid-modules><module name="requests" message="call it from an activity"/></invalid-modules>
  <invalid-module-members>
    <module name="shop">
      <member name="buy" match="use" id="shop-1" message="käuflich ist nichts"
              because="it costs" see="https://example.org/shop" instead="shop.reserve()"/>
      <member name="look" match="access" effect="warn" warning="UserWarning"/>
    </module>
  </invalid-module-members>
</sandbox-restrictions>
"""
    )
    command = [portcullis, "compile", str(source), "-o", str(image)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return image


@pytest.fixture
def policy(library, image):
    handle, error = ctypes.c_void_p(), Error()
    status = library.portcullis_open_file(
        bytes(image), 3, 11, ctypes.byref(handle), ctypes.byref(error)
    )
    assert status == 0, error.message
    yield Policy(library, handle)
    library.portcullis_close(handle)


@pytest.fixture(scope="session")
def program(folder, tmp_path_factory) -> Callable[..., Path]:
    """Compiles a program of ``programs/`` against the library, dynamic or static."""
    compiler = shutil.which("clang") or shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler")
    place = tmp_path_factory.mktemp("programs")

    def build(name: str, *, static: bool = False, flags: tuple[str, ...] = ()) -> Path:
        made = place / f"{Path(name).stem}-{'static' if static else 'dynamic'}"
        libraries = folder / "lib"
        linked = (
            [str(libraries / "libportcullis.a"), "-Wl,--gc-sections"]
            if static
            else [f"-L{libraries}", "-lportcullis", f"-Wl,-rpath,{libraries}"]
        )
        command = [compiler, "-Wall", "-Wextra", "-Werror", f"-I{folder / 'include'}", *flags]
        done = subprocess.run(
            [*command, str(PROGRAMS / name), "-o", str(made), *linked, "-lpthread"],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return made

    return build
