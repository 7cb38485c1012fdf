"""The compiled policies that are part of the wheel."""

from __future__ import annotations

import os
from pathlib import Path

_FOLDER = Path(__file__).with_name("policies")


def names() -> list[str]:
    """The names of the shipped policies, none in a checkout, where nothing is compiled yet."""
    return sorted(file.stem for file in _FOLDER.glob("*.policybc"))


def path(name: str = "default") -> Path:
    """The image of a shipped policy: ``default``, ``strict`` or ``temporal-1.35``.

    ``$PORTCULLIS_POLICIES`` names another folder of images, as a checkout needs.

    Raises:
        FileNotFoundError: there is no such image.
    """
    folder = Path(os.environ.get("PORTCULLIS_POLICIES") or _FOLDER)
    file = folder / f"{name}.policybc"
    if not file.is_file():
        raise FileNotFoundError(
            f"there is no compiled policy `{name}` in `{folder}`: install the wheel, or compile it"
            f" with `portcullis compile policies/{name}.xml -o {file}`"
        )
    return file
