"""The record of what a policy denies, or would deny.

An audit in which everything goes on shows what a workflow needs before a policy holds for it. Each
entry is one JSON object; `portcullis suggest` reads them, a line each.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import types
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from portcullis import _gate

if TYPE_CHECKING:
    from portcullis._policy import Rule

#: The most entries of one audit; what comes after them is counted and not recorded.
LIMIT = 10_000

Entry = dict[str, Any]

_LOGGER = logging.getLogger("portcullis.audit")


class Audit:
    """Records each distinct access that a policy denies, once, and lets it go on.

    An access is distinct by its rule, path, phase and the place in the code.
    """

    def __init__(self, sink: str | os.PathLike[str] | Callable[[Entry], None]) -> None:
        """Make an audit.

        Args:
            sink: the file that a line is added to for each entry, or what is called with it. Any
                thread that runs a sandbox may do so.
        """
        self._write = sink if callable(sink) else _Lines(os.fspath(sink))
        self._seen: set[tuple[Any, ...]] = set()
        self._lock = threading.Lock()
        self.left_out = 0

    def record(self, entry: Entry) -> None:
        """Record an entry, unless there is one like it already."""
        key = tuple(entry.get(name) for name in ("kind", "rule", "path", "phase", "caller"))
        with self._lock:
            if key in self._seen:
                return
            if len(self._seen) >= LIMIT:
                self.left_out += 1
                return
            self._seen.add(key)
        self._write(entry)


class _Lines:
    """A file that grows by a line an entry."""

    def __init__(self, path: str) -> None:
        self._path = path
        # Opened now, so that a path that cannot be written is a fault of the worker's start.
        with open(path, "a", encoding="utf-8"):
            pass

    def __call__(self, entry: Entry) -> None:
        # A whole line in one write, so that lines of several processes do not mix.
        line = json.dumps(entry, ensure_ascii=False) + "\n"
        with open(self._path, "ab", buffering=0) as file:
            file.write(line.encode())


def of_active_sandbox() -> Audit | None:
    """The audit of the sandbox that is active, if it has one."""
    native = _gate.active_sandbox()
    return native.owner().audit if native is not None else None


def to_log(entry: Entry) -> None:
    """Record an access under a rule whose effect is `audit`, where no audit was asked for."""
    _LOGGER.info("%s", json.dumps(entry, ensure_ascii=False))


def entry_of(
    kind: str,
    path: tuple[str, ...],
    operation: str | None,
    rule: Rule | None,
    frame: types.FrameType | None,
) -> Entry:
    """An entry.

    Args:
        kind: ``access``, ``import`` of an invalid module, ``passthrough`` for a module that the
            policy wants to be passed through, or ``setting`` for a call that would change the
            whole process, which has no effect in an audit.
        path: what was touched.
        operation: what was done with it, such as ``__call__``; None for a mere access.
        rule: the rule that matched.
        frame: the code that did it.
    """
    native = _gate.active_sandbox()
    entry: Entry = {
        "kind": kind,
        "path": ".".join(path),
        "operation": operation,
        "phase": "runtime" if native is not None and native.is_runtime() else "import",
        "python": f"{sys.version_info[0]}.{sys.version_info[1]}",
        "caller": None,
        "module": None,
        "function": None,
    }
    if frame is not None:
        entry["caller"] = f"{frame.f_code.co_filename}:{frame.f_lineno}"
        entry["module"] = frame.f_globals.get("__name__")
        entry["function"] = frame.f_code.co_name
    if rule is not None:
        entry.update(rule=rule.id, policy=rule.location, effect=rule.effect, instead=rule.instead)
    return entry
