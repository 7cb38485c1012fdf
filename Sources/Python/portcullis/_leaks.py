"""What a run tried to write on the host, and what became of it.

Attempts are told by whatever takes their place. On CPython 3.12 and later the dictionaries of the
host's modules, and the classes of those that the run has imported, are watched as well, so that a
write that got through in spite of all is seen.
"""

from __future__ import annotations

import dis
import sys
import threading
import types
import weakref
from typing import TYPE_CHECKING, Any, NamedTuple

from portcullis import _gate, _violation

if TYPE_CHECKING:
    from portcullis._isolation import PrivateState

#: It acts on something of the run's own, and the run reads it back.
PRIVATE = "private"
#: It does nothing: there is one of it in a process, and no result depends on it.
IGNORED = "ignored"
#: An error was raised.
STOPPED = "stopped"
#: The host has it.
REACHED = "reached"

# The last names of functions that policies restrict and that write on the process.
_WRITERS = frozenset(
    {"chdir", "clear", "fchdir", "nice", "pop", "popitem", "putenv", "seed", "set_start_method"}
    | {"setdefault", "setdefaulttimeout", "setitimer", "setlocale", "setprofile", "setstate"}
    | {"settrace", "signal", "tzset", "umask", "unsetenv", "update"}
)
_STORES = frozenset(dis.opmap[name] for name in ("STORE_SUBSCR", "DELETE_SUBSCR"))
_REAL = _gate.real_modules()
_MISSING = object()


class Leak(NamedTuple):
    """One attempt to write on the host; equal attempts of one line count as one.

    Attributes:
        file: the file of the code that tried; empty if it is not known.
        line: the line of it, from 1; 0 if it is not known.
        kind: "module attribute", "class attribute", "object attribute", "container" or "registry".
        name: what was written to, for example ``json.JSONEncoder.item_separator``.
        fate: "private", "ignored", "stopped" or "reached".
    """

    file: str
    line: int
    kind: str
    name: str
    fate: str


class Leaks:
    """The attempts of one run."""

    def __init__(self, private: PrivateState) -> None:
        """Begin to watch the host's modules."""
        self._private = private
        self._found: set[Leak] = set()
        self._classes: dict[type, tuple[str, int]] = {}
        _WATCH.open()
        # Also for a sandbox that is only let go.
        self._end = weakref.finalize(self, _WATCH.close)
        self._end.atexit = False

    def add(self, kind: str, name: str, fate: str) -> None:
        """Take note of an attempt of the innermost sandboxed code."""
        self._found.add(Leak(*_place(_violation.caller_frame()), kind, name, fate))

    def refused(self, name: str) -> None:
        """Take note of what the policy has stopped, if it would have written on the process."""
        name = name.removesuffix(".__call__")
        frame = _violation.caller_frame()
        if name.rpartition(".")[2] in _WRITERS or _stores(frame):
            self._found.add(Leak(*_place(frame), "registry", name, STOPPED))

    def watch(self, module: types.ModuleType) -> None:
        """Watch a module of the host that the run has imported, and its classes."""
        if _WATCH.module(module.__name__, module):
            _WATCH.classes(module)

    def close(self) -> None:
        """Watch no longer; what was found stays."""
        self.found()
        self._classes.clear()
        self._end()

    def found(self) -> list[Leak]:
        """All attempts, by file, line, kind and name."""
        for cls, (file, line) in self._classes.items():
            for name in _WATCH.changed(cls):
                qualified = f"{cls.__module__}.{cls.__qualname__}.{name}"
                self._found.add(Leak(file, line, "class attribute", qualified, REACHED))
        return sorted(self._found)

    def reached(self, owner: Any, key: Any, value: Any, frame: types.FrameType) -> None:
        """See a write on a watched object, if it is the run's.

        A module that fills a cache of its own on behalf of the run has not been written to by it.
        """
        if isinstance(owner, type):
            writer = _writer(owner.__module__, frame)
            if writer is not None:
                self._classes.setdefault(owner, _place(writer))
            return
        is_own = _is_sandboxed(frame)
        name = _WATCH.names.get(id(owner))
        if name is None or not (is_own or self._private.is_of_run(value)):
            return
        place = _place(frame if is_own else _violation.caller_frame())
        qualified = f"{name}.{key}" if isinstance(key, str) else name
        self._found.add(Leak(*place, "module attribute", qualified, REACHED))


def _is_sandboxed(frame: types.FrameType) -> bool:
    return _gate.sandbox_of(frame.f_builtins) is not None


def _writer(module: str, frame: types.FrameType | None) -> types.FrameType | None:
    """The sandboxed code that wrote on a class, itself or through code of other modules."""
    while frame is not None and not _is_sandboxed(frame):
        if frame.f_globals.get("__name__") == module:
            return None
        frame = frame.f_back
    return frame


def _stores(frame: types.FrameType | None) -> bool:
    """Whether a frame is about to store or delete an item."""
    return frame is not None and frame.f_code.co_code[frame.f_lasti] in _STORES


def _place(frame: types.FrameType | None) -> tuple[str, int]:
    return ("", 0) if frame is None else (frame.f_code.co_filename, frame.f_lineno)


class _Watch:
    """What is watched in this process, for as long as a run wants a report."""

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        self._users = 0
        self._modules: list[types.ModuleType] = []
        self._members: dict[type, dict[str, Any]] = {}
        self._busy = threading.local()

    def open(self) -> None:
        self._users += 1
        _gate.set_watch_hook(self._written)
        for name, module in list(_REAL.items()):
            if isinstance(module, types.ModuleType) and not self.module(name, module):
                return

    def module(self, name: str, module: types.ModuleType) -> bool:
        """Watch the dictionary of a module; false if this Python cannot."""
        if id(vars(module)) not in self.names:
            if not _gate.watch(vars(module), True):
                return False
            self.names[id(vars(module))] = name
            self._modules.append(module)
        return True

    def classes(self, module: types.ModuleType) -> None:
        for cls in list(vars(module).values()):
            # A class that cannot be written to need not be watched.
            if isinstance(cls, type) and cls.__flags__ & _HEAP_TYPE:
                if cls not in self._members:
                    self._members[cls] = dict(vars(cls))
                _gate.watch(cls, True)

    def changed(self, cls: type) -> list[str]:
        """The names of a watched class that are not what they were."""
        before, now = self._members.get(cls, {}), vars(cls)
        names = {*before, *now} - _COMPUTED
        return [n for n in names if before.get(n, _MISSING) is not now.get(n, _MISSING)]

    def close(self) -> None:
        self._users -= 1
        if self._users == 0:
            for watched in (*map(vars, self._modules), *self._members):
                _gate.watch(watched, False)
            self.names.clear()
            self._modules.clear()
            self._members.clear()

    def _written(self, owner: Any, key: Any, value: Any) -> None:
        if getattr(self._busy, "is_set", False):
            return
        self._busy.is_set = True
        try:
            native = _gate.active_sandbox()
            leaks = native.owner().private.leaks if native is not None else None
            if leaks is not None:
                leaks.reached(owner, key, value, sys._getframe(1))
        finally:
            self._busy.is_set = False


_HEAP_TYPE = 1 << 9
# What CPython itself sets on a class when it is asked for.
_COMPUTED = frozenset({"__abstractmethods__", "__annotations__", "__annotations_cache__"})
_WATCH = _Watch()
