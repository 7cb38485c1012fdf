"""Where policies come from: files, the compiler for those that are XML, and the shipped ones."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path


class PolicyError(ValueError):
    """A policy cannot be used."""

    __module__ = "portcullis"


def shipped_names() -> list[str]:
    """The names of the shipped policies; none in a checkout, where nothing is compiled yet."""
    return sorted(file.stem for file in _folder().glob("*.policybc"))


def shipped(name: str) -> Path:
    """The file of a policy that comes with the package: ``default``, ``strict``, ``temporal-1.35``.

    ``$PORTCULLIS_POLICIES`` names another folder to find them in, as a checkout needs.

    Raises:
        PolicyError: there is no such file.
    """
    file = _folder() / f"{name}.policybc"
    if not file.is_file():
        raise PolicyError(
            f"there is no compiled policy `{name}` in `{file.parent}`: install the wheel, or"
            f" compile it with `portcullis compile policies/{name}.xml -o {file}`"
        )
    return file


def _folder() -> Path:
    return Path(os.environ.get("PORTCULLIS_POLICIES") or Path(__file__).with_name("policies"))


def image_of(path: str | os.PathLike[str]) -> bytes:
    """The image in a ``.policybc`` file, or that of an ``.xml`` file, compiled.

    Raises:
        PolicyError: the file cannot be read or compiled; the text names the file.
    """
    if os.fspath(path).endswith(".xml"):
        return _compiled(os.fspath(path))
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise PolicyError(f"cannot read {os.fspath(path)}: {error.strerror}") from None


def _compiled(path: str) -> bytes:
    tool = os.environ.get("PORTCULLIS") or shutil.which("portcullis")
    if tool is None:
        raise PolicyError(
            f"cannot compile {path}: there is no `portcullis` on the PATH, and $PORTCULLIS"
            " names none; compile it to a .policybc file"
        )
    with tempfile.TemporaryDirectory() as folder:
        image = os.path.join(folder, "policy.policybc")
        try:
            done = subprocess.run(
                [tool, "compile", path, "-o", image], capture_output=True, text=True
            )
        except OSError as error:
            raise PolicyError(f"cannot compile {path}: {tool}: {error.strerror}") from None
        if done.returncode != 0:
            raise PolicyError(f"cannot compile {path}: {done.stderr.strip()}")
        with open(image, "rb") as file:
            return file.read()
