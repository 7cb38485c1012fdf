"""Runs one workflow in plain Python and in sandboxes, in a process of its own, and prints JSON.

    sandboxes.py LIBRARY IMAGE FILE [--host-first] [--sandboxes N] [--plain-again N]

`--host-first` lets plain Python import the packages before the sandboxes do, as a worker does that
imports its workflows; without it, the sandboxes come first. `--plain-again` measures what executing
the same module bodies costs without a sandbox.
"""

from __future__ import annotations

import argparse
import gc
import importlib.machinery
import importlib.util
import json
import os
import statistics
import sys
import time
import traceback
import types
import weakref
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = os.sysconf("SC_PAGE_SIZE") / 1e6
FRAMES = 4


def resident() -> float:
    """The resident memory of this process in MB."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * PAGE


def load_package(library: str) -> types.ModuleType:
    """The portcullis package of this checkout with the gate of a library."""
    sys.path.insert(0, str(ROOT / "Sources" / "Python"))
    name = "portcullis._gate"
    loader = importlib.machinery.ExtensionFileLoader(name, library)
    spec = importlib.util.spec_from_file_location(name, library, loader=loader)
    assert spec is not None
    gate = sys.modules[name] = importlib.util.module_from_spec(spec)
    loader.exec_module(gate)
    package = importlib.import_module("portcullis")
    package._gate = gate
    return package


def failure(error: BaseException) -> dict:
    """What went wrong, with the innermost frames of it and of its causes."""
    frames = [
        f"{frame.filename.rpartition('site-packages/')[2].replace(str(ROOT) + '/', '')}"
        f":{frame.lineno} {frame.name}: {frame.line}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    told = {"error": f"{type(error).__name__}: {error}", "frames": frames[-FRAMES:]}
    cause = error.__cause__ or error.__context__
    if cause is not None:
        told["cause"] = failure(cause)
    return told


class Floor:
    """Executes given modules anew, with their finding and compiling done beforehand."""

    def __init__(self, names: list[str], file: str) -> None:
        self._names = [name for name in names if name in sys.modules]
        self._specs: dict[str, importlib.machinery.ModuleSpec] = {}
        self._code: dict[str, types.CodeType] = {}
        self._file = file
        for name in self._names:
            spec = sys.modules[name].__spec__
            if spec is None or spec.name != name:
                continue
            get_code = getattr(spec.loader, "get_code", None)
            code = get_code(name) if get_code is not None else None
            if code is not None:
                self._specs[name] = spec
                self._code[name] = code
        with open(file, "rb") as source:
            self._workflow = compile(source.read(), file, "exec")

    def find_spec(self, name, path=None, target=None):
        """The finder of the import system for the modules that are executed anew."""
        known = self._specs.get(name)
        if known is None:
            return None
        spec = importlib.machinery.ModuleSpec(
            name, self, origin=known.origin, is_package=known.submodule_search_locations is not None
        )
        spec.has_location = known.has_location
        if known.submodule_search_locations is not None:
            spec.submodule_search_locations = list(known.submodule_search_locations)
        return spec

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        known = self._specs[module.__name__]
        module.__spec__, module.__loader__ = known, known.loader  # it may have files beside it
        exec(self._code[module.__name__], vars(module))

    def seconds(self, times: int) -> float:
        """The median over a few executions."""
        taken = []
        sys.meta_path.insert(0, self)
        kept = {name: sys.modules[name] for name in self._specs}
        try:
            for _ in range(times):
                for name in self._specs:
                    sys.modules.pop(name, None)
                start = time.perf_counter()
                module = sys.modules["workflow_floor"] = types.ModuleType("workflow_floor")
                exec(self._workflow, vars(module))
                taken.append(time.perf_counter() - start)
        finally:
            sys.meta_path.remove(self)
            sys.modules.update(kept)
        return statistics.median(taken)


def plain(file: str, outcome: dict) -> None:
    """Imports the workflow without a sandbox and uses it twice."""
    sys.dont_write_bytecode = False
    spec = importlib.util.spec_from_file_location("workflow_plain", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    outcome["plain"] = repr(module.use())
    outcome["plain_again"] = repr(module.use())


def sandboxes(package: types.ModuleType, arguments: argparse.Namespace, outcome: dict) -> list:
    """Makes the sandboxes, uses each, and keeps them all."""
    policy = package.Policy.load(arguments.image)
    kept = []
    runs = outcome["runs"] = []
    for number in range(arguments.sandboxes):
        gc.collect()
        memory, start = resident(), time.perf_counter()
        run: dict = {"stage": "import"}
        runs.append(run)
        name = f"workflow_{number}"
        try:
            sandbox = package.Sandbox(policy, workflow_module=name)
            kept.append(sandbox)
            module = sandbox.load(arguments.file, name)
            run["seconds"] = time.perf_counter() - start
            gc.collect()
            run["mb"] = resident() - memory
            run["stage"] = "use"
            start = time.perf_counter()
            with sandbox.running():
                run["result"] = repr(module.use())
            run["use_seconds"] = time.perf_counter() - start
        except BaseException as error:
            run["failure"] = failure(error)
            break
    outcome["modules"] = len(kept[-1]._loaded) if kept else 0
    return kept


def main() -> None:
    """Does what the command line says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("library")
    parser.add_argument("image")
    parser.add_argument("file")
    parser.add_argument("--host-first", action="store_true")
    parser.add_argument("--sandboxes", type=int, default=2)
    parser.add_argument("--plain-again", type=int, default=0)
    arguments = parser.parse_args()
    outcome: dict = {}
    package = load_package(arguments.library)
    if arguments.host_first:
        plain(arguments.file, outcome)
    kept = sandboxes(package, arguments, outcome)
    if not arguments.host_first:
        plain(arguments.file, outcome)
    if arguments.plain_again and kept:
        floor = Floor(
            [name for name in kept[-1]._loaded if name[:9] != "workflow_"], arguments.file
        )
        outcome["floor_seconds"] = floor.seconds(arguments.plain_again)
    let_go = [weakref.ref(sandbox) for sandbox in kept]
    kept.clear()
    gc.collect()
    outcome["alive"] = sum(reference() is not None for reference in let_go)
    print("\n" + json.dumps(outcome))


if __name__ == "__main__":
    main()
