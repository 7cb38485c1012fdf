"""The shipped policies: they compile without a word, and every name in them is a name of Python.

A typing error in a policy is a hole, as Temporal's `Path.read_link` is.
"""

from __future__ import annotations

import glob
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[3]
POLICIES = sorted((ROOT / "policies").glob("*.xml"))
#: What was written here and not taken over from elsewhere, typing errors and all.
OWN = [path for path in POLICIES if path.name in ("default.xml", "strict.xml")]
NAMESPACE = "{urn:portcullis:sandbox-restrictions:1}"
MINORS = range(10, 15)
COMPARISON = re.compile(r"(>=|<=|==|!=|<|>)3\.(\d+)")


class Named(NamedTuple):
    """A name in a policy, and the Pythons for which it is there."""

    path: str
    minors: frozenset[int]


def holding(condition: str) -> frozenset[int]:
    """The minor versions for which a condition on the version holds."""
    kept = set(MINORS)
    for operator, number in COMPARISON.findall(condition.replace(" ", "")):
        limit = int(number)
        tests = {
            ">=": lambda minor, limit=limit: minor >= limit,
            "<=": lambda minor, limit=limit: minor <= limit,
            "==": lambda minor, limit=limit: minor == limit,
            "!=": lambda minor, limit=limit: minor != limit,
            "<": lambda minor, limit=limit: minor < limit,
            ">": lambda minor, limit=limit: minor > limit,
        }
        kept = {minor for minor in kept if tests[operator](minor)}
    return frozenset(kept)


def names(element: ElementTree.Element, path: str, minors: frozenset[int]) -> Iterator[Named]:
    """Yields every module, member, exclusion and exception below an element."""
    for child in element:
        tag = str(child.tag).removeprefix(NAMESPACE)
        if tag == "when":
            yield from names(child, path, minors & holding(child.get("python", "")))
            continue
        name = child.get("path") if tag == "unrestrict" else child.get("name")
        below = path
        if tag in ("module", "member", "exclude", "unrestrict") and name not in (None, "*"):
            below = f"{path}.{name}" if path else str(name)
            yield Named(below, minors)
        if tag != "passthrough-modules":
            yield from names(child, below, minors)


def names_in(policy: Path) -> list[Named]:
    """Returns what a policy names, each path once."""
    found: dict[str, frozenset[int]] = {}
    for path, minors in names(ElementTree.parse(policy).getroot(), "", frozenset(MINORS)):
        found[path] = found.get(path, frozenset()) | minors
    # Importing it opens a browser, which is why it is there.
    found.pop("antigravity", None)
    return [Named(*item) for item in found.items()]


@cache
def pythons() -> dict[int, list[str]]:
    """Returns the Pythons found here by minor version: environments first, then what is bare."""
    candidates = [sys.executable, *glob.glob(str(ROOT / ".venv*" / "bin" / "python"))]
    candidates += [shutil.which(f"python3.{minor}") or "" for minor in MINORS]
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates += sorted(glob.glob(str(pyenv / "3.1*" / "bin" / "python")))
    found: dict[int, list[str]] = {}
    ask = "import sys; print(sys.version_info[0], sys.version_info[1])"
    for candidate in filter(None, candidates):
        ran = subprocess.run([candidate, "-c", ask], capture_output=True, text=True)
        version = ran.stdout.split()
        if ran.returncode == 0 and version[0] == "3" and int(version[1]) in MINORS:
            found.setdefault(int(version[1]), []).append(candidate)
    return found


def missing(policy: Path) -> tuple[list[str], int]:
    """Returns the names that no Python found here has, and how many could be asked for."""
    wanted = names_in(policy)
    known: set[str] = set()
    for minor, executables in pythons().items():
        asked = [name.path for name in wanted if minor in name.minors and name.path not in known]
        for executable in executables:
            ran = subprocess.run(
                [executable, str(Path(__file__).with_name("names.py"))],
                input=json.dumps(asked),
                capture_output=True,
                text=True,
            )
            assert ran.returncode == 0, ran.stderr
            answers = json.loads(ran.stdout)
            known.update(path for path, has in zip(asked, answers, strict=True) if has)
    # A package that is not installed, or a Python that is not here, says nothing.
    tops = {path.partition(".")[0] for path in known} | sys.stdlib_module_names | {"__builtins__"}
    askable = [
        name
        for name in wanted
        if name.minors & pythons().keys() and name.path.partition(".")[0] in tops
    ]
    return [name.path for name in askable if name.path not in known], len(askable)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda path: path.name)
def test_it_compiles_without_a_warning(portcullis: str, policy: Path, tmp_path: Path) -> None:
    image = tmp_path / "policy.policybc"
    ran = subprocess.run(
        [portcullis, "compile", str(policy), "-o", str(image)], capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "warning" not in ran.stdout
    assert image.stat().st_size > 0


@pytest.mark.parametrize("policy", OWN, ids=lambda path: path.name)
def test_every_name_is_one_of_python(policy: Path) -> None:
    unknown, asked = missing(policy)
    assert unknown == []
    assert asked > 80


def test_a_typing_error_would_be_found() -> None:
    unknown, _ = missing(ROOT / "policies" / "temporal-1.35.xml")
    assert "pathlib.Path.read_link" in unknown
    assert "pathlib.Path.readlink" not in unknown
