"""What is compared: our sandbox, temporalio's, and plain CPython that executes the same modules."""

from __future__ import annotations

import contextlib
import importlib.machinery
import importlib.util
import os
import re
import subprocess
import sys
import types
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from report import ROOT

POLICIES = ROOT / "policies"
PAGE = os.sysconf("SC_PAGE_SIZE")

#: What the default policy passes through and the benchmarks execute anew.
EXECUTED_ANEW = ("yaml", "sqlalchemy")


def load_package() -> Any:
    """The package of this checkout with the release build of the gate."""
    library = ROOT / ".build" / "release" / "libPortcullisGate.so"
    name = "portcullis._gate"
    loader = importlib.machinery.ExtensionFileLoader(name, str(library))
    spec = importlib.util.spec_from_file_location(name, library, loader=loader)
    assert spec is not None
    gate = sys.modules[name] = importlib.util.module_from_spec(spec)
    loader.exec_module(gate)
    sys.path.insert(0, str(ROOT / "Sources" / "Python"))
    package = importlib.import_module("portcullis")
    package._gate = gate
    return package


def compile_policies(tool: str, folder: Path) -> tuple[Path, Path]:
    """The images of the default policy, and of one that executes the packages anew."""
    default = (POLICIES / "default.xml").read_text()
    names = "|".join(map(re.escape, EXECUTED_ANEW))
    anew, count = re.subn(rf'<module name="(?:{names})" because="[^"]*"/>', "", default)
    if count != len(EXECUTED_ANEW):
        raise SystemExit("bench: default.xml no longer passes through what EXECUTED_ANEW names")
    (folder / "anew.xml").write_text(anew)
    base = POLICIES / "temporal-1.35.xml"
    (folder / base.name).write_text(base.read_text())
    images = folder / "default.policybc", folder / "anew.policybc"
    for source, image in zip((POLICIES / "default.xml", folder / "anew.xml"), images, strict=True):
        subprocess.run(
            [tool, "compile", str(source), "-o", str(image)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return images


def resident() -> int:
    """The resident memory of this process in bytes."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * PAGE


class Temporal:
    """temporalio's sandbox around a source."""

    def __init__(self, source: str | types.CodeType, passed_through: Iterable[str] = ()) -> None:
        """Execute the source in a new sandbox of temporalio."""
        from temporalio.worker.workflow_sandbox import SandboxRestrictions
        from temporalio.worker.workflow_sandbox._importer import Importer
        from temporalio.worker.workflow_sandbox._restrictions import RestrictionContext

        restrictions = SandboxRestrictions.default
        if passed_through:
            restrictions = restrictions.with_passthrough_modules(*passed_through)
        self.context = RestrictionContext()
        self.importer = Importer(restrictions, self.context)
        self.module = types.ModuleType("measured_temporal")
        self.importer.new_modules["measured_temporal"] = self.module
        with self.importer.applied():
            if isinstance(source, str):
                source = compile(source, "measured_temporal.py", "exec")
            exec(source, vars(self.module))

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Apply the sandbox at run time."""
        self.context.is_runtime = True
        with self.importer.applied():
            yield


class Floor:
    """Executes given modules anew: their compiled bodies in new module dictionaries, and no more.

    Nothing is looked for or read: while it works, it takes the place of the function that CPython
    calls for a module that is not in the table yet.
    """

    def __init__(self, names: Iterable[str], source: str) -> None:
        """Take the code of modules, which the process has imported, and of a source."""
        self._code: dict[str, types.CodeType | None] = {}
        self._members: dict[str, dict[str, Any]] = {}
        for name in names:
            module = sys.modules[name]
            spec = module.__spec__
            assert spec is not None and spec.loader is not None, name
            self._code[name] = spec.loader.get_code(name)  # type: ignore[attr-defined]
            kept = ("__file__", "__path__", "__package__", "__loader__", "__spec__", "__cached__")
            self._members[name] = {k: vars(module)[k] for k in kept if k in vars(module)}
        for name, module in list(sys.modules.items()):
            parent, _, child = name.rpartition(".")
            if parent in self._code and name not in self._code:
                self._members[parent][child] = module  # an extension, which is loaded once
        self._source = compile(source, "measured_floor.py", "exec")
        self._bootstrap = sys.modules["_frozen_importlib"]
        self._find = self._bootstrap._find_and_load
        self._table = sys.modules

    def run(self) -> dict[str, types.ModuleType]:
        """Execute everything once; the modules that were made."""
        table, hidden = self._table, {}
        for name in self._code:
            hidden[name] = table.pop(name, None)
        self._bootstrap._find_and_load = self._load  # type: ignore[attr-defined]
        try:
            workflow = types.ModuleType("measured_floor")
            exec(self._source, vars(workflow))
            made = {name: table[name] for name in self._code if name in table}
            return {"measured_floor": workflow, **made}
        finally:
            self._bootstrap._find_and_load = self._find  # type: ignore[attr-defined]
            for name, module in hidden.items():
                if module is not None:
                    table[name] = module

    def _load(self, name: str, import_: Any) -> types.ModuleType:
        if name not in self._code or name in self._table:
            return self._find(name, import_)
        parent, _, child = name.rpartition(".")
        if parent and parent not in self._table:
            import_(parent)
            if name in self._table:
                return self._table[name]
        module = self._table[name] = types.ModuleType(name)
        members = vars(module)
        members.update(self._members[name])
        code = self._code[name]
        if code is not None:
            exec(code, members)
        module = self._table[name]
        if parent:
            setattr(self._table[parent], child, module)
        return module
