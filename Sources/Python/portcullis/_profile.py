"""What the imports of a workflow cost each of its runs, and which lines of a policy save most.

Every sandbox executes anew what the policy does not pass through. Modules that are passed through
cost a run nothing, but are shared: what a run writes in them stays, and their code is trusted.
"""

from __future__ import annotations

import ast
import gc
import statistics
import sys
import time
import tracemalloc
import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from portcullis import _violation
from portcullis._audit import Audit
from portcullis._instrument import MUTATORS
from portcullis._policy import Policy
from portcullis._sandbox import Sandbox

#: How many sandboxes are timed; the figures are medians.
ROUNDS = 7
#: The most lines that are proposed, and the most packages that are tried for each.
MOST_LINES, MOST_TRIED = 8, 24
#: What a line has to save of the whole, to be worth it.
LEAST_SHARE = 0.02
_KINDS = ("reads-at-import", "written-in-run", "may-be-written")
#: The most places that are named for a module.
MOST_PLACES = 5


class Cost(NamedTuple):
    """What one module costs a sandbox, in the unit of the meter."""

    own: int
    total: int


class _MeasuredSandbox(Sandbox):
    """A sandbox that takes note of what executing each module costs."""

    def __init__(
        self,
        policy: Policy,
        workflow_module: str,
        meter: Callable[[], int],
        passed: frozenset[str] = frozenset(),
        audit: Audit | None = None,
    ) -> None:
        """Make a sandbox; ``passed`` are packages that are passed through beside the policy's."""
        super().__init__(policy, workflow_module=workflow_module, audit=audit)
        self._meter = meter
        self._passed = passed
        self._inside: list[int] = []
        self.costs: dict[str, Cost] = {}
        self.importers: dict[str, tuple[str | None, str | None]] = {}

    def _is_passed_through(self, name: str) -> bool:
        return package_of(name) in self._passed or super()._is_passed_through(name)

    def _execute(self, name: str, *arguments: Any, **keywords: Any) -> types.ModuleType:
        frame = _violation.caller_frame()
        if frame is not None:
            place = f"{frame.f_code.co_filename}:{frame.f_lineno}"
            self.importers[name] = frame.f_globals.get("__name__"), place
        self._inside.append(0)
        start = self._meter()
        try:
            return super()._execute(name, *arguments, **keywords)
        finally:
            total = self._meter() - start
            inside = self._inside.pop()
            self.costs[name] = Cost(total - inside, total)
            if self._inside:
                self._inside[-1] += total


class Finding(NamedTuple):
    """What is to be known about a module before it is passed through; ``kind`` is of ``_KINDS``."""

    module: str
    kind: str
    name: str
    place: str | None


def package_of(name: str) -> str:
    """The package that a line of a policy would name."""
    return name.partition(".")[0]


class Profile:
    """The profile of one workflow file under one policy."""

    def __init__(self, policy: Policy, path: str, module_name: str) -> None:
        """Measure it.

        Raises:
            Exception: whatever executing the file raises.
        """
        self._policy = policy
        self._path = path
        self._name = module_name
        self._sandbox(time.perf_counter_ns)  # fills the caches, as the start of a worker does
        self.importers: dict[str, tuple[str | None, str | None]] = {}
        self.time = self._timed()
        self.memory, self.total_bytes = self._weighed()

    def _sandbox(
        self,
        meter: Callable[[], int],
        passed: frozenset[str] = frozenset(),
        audit: Audit | None = None,
    ) -> _MeasuredSandbox:
        sandbox = _MeasuredSandbox(self._policy, self._name, meter, passed, audit)
        sandbox.load(self._path, self._name)
        return sandbox

    def _timed(self) -> dict[str, Cost]:
        rounds: list[dict[str, Cost]] = []
        whole: list[int] = []
        for _ in range(ROUNDS):
            gc.collect()
            start = time.perf_counter_ns()
            sandbox = self._sandbox(time.perf_counter_ns)
            whole.append(time.perf_counter_ns() - start)
            rounds.append(sandbox.costs)
            self.importers = sandbox.importers
        self.total_ns = round(statistics.median(whole))
        return {
            name: Cost(
                round(statistics.median(r[name].own for r in rounds if name in r)),
                round(statistics.median(r[name].total for r in rounds if name in r)),
            )
            for name in rounds[-1]
        }

    def _weighed(self) -> tuple[dict[str, Cost], int]:
        gc.collect()
        was_tracing = tracemalloc.is_tracing()
        if not was_tracing:
            tracemalloc.start()
        try:
            before = _traced()
            sandbox = self._sandbox(_traced)
            return sandbox.costs, _traced() - before
        finally:
            if not was_tracing:
                tracemalloc.stop()

    def findings(self, written: Iterable[tuple[str, str]]) -> list[Finding]:
        """What speaks against sharing modules.

        Args:
            written: the module and the name of what a run has written.
        """
        entries: list[dict[str, Any]] = []
        sandbox = self._sandbox(time.perf_counter_ns, audit=Audit(entries.append))
        found = {
            (entry["module"], "reads-at-import", entry["path"]): entry["caller"]
            for entry in entries
            if entry["phase"] == "import" and entry["module"] in sandbox.costs
        }
        for module, name in written:
            found[module, "written-in-run", name] = None
        for module in sandbox.costs:
            if module == self._name:
                continue
            for name, place in _may_be_written(sandbox.module(module)):
                if (module, "written-in-run", name) not in found:
                    found[module, "may-be-written", name] = place
        return sorted(
            (Finding(*key, place) for key, place in found.items()),
            key=lambda finding: (_KINDS.index(finding.kind), finding[:3]),
        )

    def lines(self) -> Iterator[tuple[str, list[str]]]:
        """The packages whose passing through saves most, each with the modules that it saves."""
        left = set(self.time) - {self._name}
        passed: frozenset[str] = frozenset()
        tried = self._packages(left)[:MOST_TRIED]
        while tried and len(passed) < MOST_LINES:
            outcomes = []
            for package in tried:
                executed = self._sandbox(time.perf_counter_ns, passed | {package}).costs
                outcomes.append((left - set(executed), package))
            saved, best = max(outcomes, key=lambda each: (self._sum(each[0]), each[1]))
            if self._sum(saved) < LEAST_SHARE * self.total_ns:
                return
            yield best, sorted(saved)
            left -= saved
            passed |= {best}
            tried = [package for package in self._packages(left) if package not in passed]
            tried = tried[: MOST_TRIED // 4]

    def _sum(self, modules: Iterable[str]) -> int:
        return sum(self.time[name].own for name in modules)

    def _packages(self, modules: Iterable[str]) -> list[str]:
        """The packages of modules, the most costly first."""
        sums: dict[str, int] = {}
        for name in modules:
            sums[package_of(name)] = sums.get(package_of(name), 0) + self.time[name].own
        return sorted(sums, key=lambda package: (-sums[package], package))


def _traced() -> int:
    return tracemalloc.get_traced_memory()[0]


# What is written in modules


class Written:
    """Finds out which members of a sandbox's modules a run has changed."""

    def __init__(self, modules: dict[str, Any]) -> None:
        """Take note of how the modules are now."""
        self._before = {
            name: (module, {key: _content(value) for key, value in vars(module).items()})
            for name, module in modules.items()
            if isinstance(module, types.ModuleType)
        }

    def changed(self) -> list[tuple[str, str]]:
        """The module and the name of each member that is not what it was."""
        return [
            (name, key)
            for name, (module, before) in self._before.items()
            for key, value in list(vars(module).items())
            if not key.startswith("__")
            and not isinstance(value, types.ModuleType)
            and not _is_same(before.get(key), _content(value))
        ]


class ObservedSandbox(Sandbox):
    """A sandbox that finds out what a run writes, before it is closed at the end of the run."""

    _before: Written | None = None
    written: Sequence[tuple[str, str]] = ()

    def observe(self) -> None:
        """Take note of how the modules are now."""
        self._before = Written(self.executed_modules())

    def close(self) -> None:
        """Drop all modules, and know what was written."""
        if self._before is not None:
            self.written, self._before = self._before.changed(), None
        super().close()


def _content(value: Any) -> tuple[Any, ...]:
    """A value and, for a container, what is in it, so that both stay alive until compared."""
    if type(value) is dict:
        return value, *value.keys(), *value.values()
    if type(value) in (list, set):
        return value, *value
    return (value,)


def _is_same(before: tuple[Any, ...] | None, now: tuple[Any, ...]) -> bool:
    return (
        before is not None
        and len(before) == len(now)
        and all(one is other for one, other in zip(before, now, strict=True))
    )


def _may_be_written(module: types.ModuleType) -> Iterator[tuple[str, str]]:
    """The members of a module that its functions write, by its source, and where the first does."""
    file = getattr(module, "__file__", None)
    if not isinstance(file, str) or not file.endswith(".py"):
        return
    try:
        with open(file, "rb") as source:
            tree = ast.parse(source.read())
    except (OSError, SyntaxError, ValueError):
        return
    found: dict[str, int] = {}
    containers = {k for k, v in vars(module).items() if type(v) in (dict, list, set)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for name, line in _writes(node, containers):
                found.setdefault(name, line)
    for name, line in sorted(found.items(), key=lambda item: item[1])[:MOST_PLACES]:
        yield name, f"{file}:{line}"


def _writes(function: ast.AST, containers: set[str]) -> Iterator[tuple[str, int]]:
    local = {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    } | {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    for node in ast.walk(function):
        if isinstance(node, ast.Global):
            yield from ((name, node.lineno) for name in node.names if name in local)
            continue
        target = None
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            target = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            target = node.func.value if node.func.attr in MUTATORS else None
        if isinstance(target, ast.Name) and target.id in containers - local:
            yield target.id, target.lineno


def report(profile: Profile, written: Iterable[tuple[str, str]], run: str | None) -> dict[str, Any]:
    """The profile as data: times in nanoseconds, memory in bytes.

    Args:
        profile: what was measured.
        written: what a run has written.
        run: why the workflow was not run to its end; None if it was.
    """
    modules = []
    for name, cost in profile.time.items():
        memory = profile.memory.get(name, Cost(0, 0))
        importer, place = profile.importers.get(name, (None, None))
        modules.append(
            {
                "name": name,
                "package": package_of(name),
                "imported_by": importer,
                "imported_at": place,
                "own_ns": max(0, cost.own),
                "total_ns": cost.total,
                "own_bytes": max(0, memory.own),
                "total_bytes": max(0, memory.total),
            }
        )
    lines = [
        {
            "package": package,
            "modules": saved,
            "saves_ns": sum(profile.time[name].own for name in saved),
            "saves_bytes": sum(max(0, profile.memory[name].own) for name in saved),
        }
        for package, saved in profile.lines()
    ]
    return {
        "python": f"{sys.version_info[0]}.{sys.version_info[1]}",
        "rounds": ROUNDS,
        "total_ns": profile.total_ns,
        "total_bytes": profile.total_bytes,
        "modules": modules,
        "lines": lines,
        "findings": [finding._asdict() for finding in profile.findings(written)],
        "not_run": run,
    }
