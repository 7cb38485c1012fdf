"""The cases of the corpus, read from its files without running them, and what is known of each."""

from __future__ import annotations

import ast
import importlib.util
import operator
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

CORPUS = Path(__file__).parent
PROGRAMS = CORPUS / "programs"
ATTEMPTS = CORPUS / "attempts"
SUPPORT = CORPUS / "support"

_COMPARISONS = {">=": operator.ge, "<": operator.lt}
_HEADER = re.compile(r"^# (needs|python): (.*)$", re.MULTILINE)


class Case(NamedTuple):
    """One function of the corpus.

    Attributes:
        file: where it is.
        function: its name.
        about: what it shows, the first part of its docstring.
        facts: the parts of its docstring of the form ``name: value``.
    """

    file: Path
    function: str
    about: str
    facts: dict[str, str]

    @property
    def id(self) -> str:
        """What the lists of known cases call it: file and function without the prefix."""
        return f"{self.file.stem}.{self.function.partition('_')[2]}"


def suits_python(versions: str) -> bool:
    """Whether this interpreter is one of ``>=3.11,<3.13``; ``*`` is all of them."""
    if versions == "*":
        return True
    for part in versions.split(","):
        found = re.fullmatch(r"(>=|<)3\.(\d+)", part.strip())
        if found is None:
            raise ValueError(f"not a range of versions: {versions!r}")
        if not _COMPARISONS[found[1]](sys.version_info[:2], (3, int(found[2]))):
            return False
    return True


def cases(folder: Path, prefix: str) -> Iterator[Case]:
    """Yields the cases of a folder that this interpreter can run."""
    for file in sorted(folder.glob("*.py")):
        text = file.read_text()
        header = dict(_HEADER.findall(text))
        if not suits_python(header.get("python", "*")):
            continue
        if "needs" in header and importlib.util.find_spec(header["needs"]) is None:
            continue
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith(prefix):
                about, *parts = (ast.get_docstring(node) or "").split(" | ")
                facts = dict(part.split(": ", 1) for part in parts)
                if suits_python(facts.get("python", "*")):
                    yield Case(file, node.name, about, facts)


def imports(file: Path) -> set[str]:
    """The modules of the standard library that a file imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module or "")
    return {name for name in names if name.partition(".")[0] in sys.stdlib_module_names}


def known(list_name: str) -> dict[str, str]:
    """Returns the reasons of a list of known cases that hold for this interpreter, by case.

    A line is ``case versions reason``; empty lines and those that begin with ``#`` say nothing.
    """
    reasons = {}
    for line in (CORPUS / list_name).read_text().splitlines():
        if line and not line.startswith("#"):
            case, versions, reason = line.split(None, 2)
            if suits_python(versions):
                reasons[case] = reason
    return reasons
