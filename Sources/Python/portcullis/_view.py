"""What sandboxed code sees of the host: shadows of its modules, guards of its restricted objects.

A restricted object is known by its identity, so that whatever name or module leads to it, the same
guard is found there. Shadows are real modules with a copy of the module's dictionary, so that an
ordinary attribute costs what it costs outside; all sandboxes of a policy share them.
"""

from __future__ import annotations

import enum
import sys
import threading
import types
from collections.abc import Callable
from typing import Any, NamedTuple

from portcullis import _gate
from portcullis._registries import CACHED, own_cache

Path = tuple[str, ...]

_CALLABLE, _CLASS, _OBJECT = range(3)
_GUARDS = (_gate.GuardedCallable, _gate.GuardedClass, _gate.GuardedObject)
_REAL = _gate.real_modules()

# Values that tell nothing but themselves; a rule about their use has nothing to stop.
_CONSTANTS = (type(None), bool, int, float, complex, str, bytes, enum.Enum)

# What the import system and introspection read of a module.
_METADATA = frozenset(
    {"__name__", "__doc__", "__package__", "__loader__", "__spec__", "__file__", "__cached__"}
    | {"__path__", "__all__", "__builtins__", "__getattr__", "__dir__", "__warningregistry__"}
)

# Modules that another module is made of, and under whose rules they stand too.
_PARTS = {
    "posix": "os",
    "nt": "os",
    "posixpath": "os.path",
    "ntpath": "os.path",
    "_thread": "threading",
    "_posixsubprocess": "subprocess",
    "_pydatetime": "datetime",
    "_pyio": "io",
}

# What others set on `sys`, so that a shadow of it must not keep what was there.
_LIVE = frozenset(
    {"stdin", "stdout", "stderr", "displayhook", "excepthook", "unraisablehook", "ps1", "ps2"}
    | {"last_exc", "last_type", "last_value", "last_traceback", "tracebacklimit"}
)

# What workflow code may have of Portcullis itself: these modules, of the first these members, and
# of the others, if it gets at one, the name.
OPEN = frozenset({"portcullis", "portcullis.workflow", "portcullis.exceptions"})
_PACKAGE = (
    frozenset({"__name__", "__doc__", "__path__", "__spec__", "__package__"})
    | {"__file__", "__loader__", "__all__", "workflow", "exceptions"}
    | {"RestrictedWorkflowAccessError", "UnintentionalPassthroughError"}
)
_PRIVATE = frozenset({"__name__"})


_UNKNOWN: Any = object()


def is_private(name: str) -> bool:
    """Whether a module is one of Portcullis that is not for workflow code."""
    return name.startswith("portcullis.") and name not in OPEN


def _limits(name: str) -> frozenset[str] | None:
    """The members of a module that are shown; None for all."""
    if name == "portcullis":
        return _PACKAGE
    return _PRIVATE if is_private(name) else None


def is_own_namespace(namespace: Any) -> bool:
    """Whether a dictionary is that of a module which was executed in a sandbox."""
    builtins = namespace.get("__builtins__") if isinstance(namespace, dict) else None
    return isinstance(builtins, dict) and _gate.sandbox_of(builtins) is not None


def guarded(policy: _gate.Policy, value: Any, path: Path) -> Any:
    """The value as sandboxed code may have it: itself, or a guard of it."""
    verdict = policy.verdict(path)
    if isinstance(value, type):
        if issubclass(value, BaseException):
            return value  # it must work in `except`
        if not any(verdict[2:]):
            verdict = _construction(policy, path, verdict)
        # Of a class that is guarded as well: an instance may have been made where that is free.
        if policy.speaks_below(path):
            policy.register_class(value, path)
        return _gate.guard(value, path, policy, _CLASS, verdict) if any(verdict[2:]) else value
    if not any(verdict[2:]) or isinstance(value, _CONSTANTS):
        return value
    return _gate.guard(value, path, policy, _CALLABLE if callable(value) else _OBJECT, verdict)


def _construction(policy: _gate.Policy, path: Path, verdict: tuple[int, ...]) -> tuple[int, ...]:
    """The verdict on a class with the rules about its construction as rules about its call."""
    for name in ("__init__", "__new__"):
        below = policy.verdict((*path, name))
        if any(below) and policy.is_stated((*path, name)):
            return (*verdict[:4], *below[4:])
    return verdict


def unruled(policy: _gate.Policy, function: Callable[..., Any], *path: str) -> Any:
    """A function of Portcullis itself, handed to sandboxed code without what it is made of."""
    return _gate.guard(function, path, policy, _CALLABLE, (0,) * 6)


class _Seen(NamedTuple):
    """A module of the host, what is shown of it, and how many members it had then."""

    host: types.ModuleType
    shown: types.ModuleType
    size: int


class HostView:
    """The view of the host that all sandboxes of one policy share."""

    def __init__(
        self,
        policy: _gate.Policy,
        replacements: dict[str, dict[str, Any]] | None = None,
        setters: dict[str, dict[str, Any]] | None = None,
        of_run: dict[str, dict[str, Callable[[], Any]]] | None = None,
    ) -> None:
        """Make a view.

        Args:
            policy: what is restricted.
            replacements: by module and name, functions that do for sandboxed code what the host's
                do for the host.
            setters: by module and name, functions that take the place of those that write on the
                process; what the policy says of them goes before.
            of_run: by module and name, members that each run has its own of.
        """
        self._policy = policy
        self._replacements = replacements or {}
        self._setters = setters or {}
        self._of_run = of_run or {}
        # Sandboxes on many threads share the view, and none may see what is not guarded yet.
        self._lock = threading.RLock()
        # The modules of the host that are taken in, by name; None where there are no rules.
        self._known: dict[str, types.ModuleType | None] = {}
        self._count = 0
        # Of the modules that rules speak of, which are held, so that each identity stays its own.
        self._paths: dict[int, tuple[Path, types.ModuleType]] = {}
        self._guards: dict[int, Any] = {}
        self._seen: dict[int, _Seen] = {}
        self._hosts: dict[int, types.ModuleType] = {}

    def has_rules(self, path: Path) -> bool:
        """Whether the policy speaks of a module or anything in it."""
        return any(self._policy.verdict(path)) or self._policy.speaks_below(path)

    def shown(self, host: types.ModuleType) -> types.ModuleType:
        """What sandboxed code sees of a module: a shadow, or the module itself."""
        with self._lock:
            if len(_REAL) != self._count or id(host) not in self._seen:
                self._resolve()
            return self._show(host)

    def guard_of(self, value: Any) -> Any:
        """The guard of a restricted object, the shadow of a module, or the value itself."""
        if isinstance(value, types.ModuleType):
            return value if self._is_own(value) else self.shown(value)
        return self._guards.get(id(value), value)

    def _is_own(self, module: types.ModuleType) -> bool:
        """Whether a module is a shadow, or was made in a sandbox."""
        members = vars(module)
        if id(module) in self._hosts or is_own_namespace(members):
            return True
        return "__builtins__" not in members and _REAL.get(members.get("__name__")) is not module

    def add_guard(self, value: Any, guard: Any) -> None:
        """Let a guard stand wherever the value is found."""
        self._guards[id(value)] = guard

    def host_of(self, shown: types.ModuleType) -> types.ModuleType | None:
        """The module behind a shadow; None for anything else."""
        return self._hosts.get(id(shown))

    def is_shared(self, module: types.ModuleType) -> bool:
        """Whether a module is one that all sandboxes see, be it a shadow or the host's own."""
        if id(module) in self._hosts:
            return True
        seen = self._seen.get(id(module))
        return seen is not None and seen.host is module

    def is_host_object(self, value: Any) -> bool:
        """Whether a value was found in a module of the host."""
        return self._policy.is_host_object(value)

    # Restricted objects by identity

    def _resolve(self) -> None:
        """Take in the modules that the host has imported, or has anew, since the last time."""
        count = len(_REAL)
        new: list[tuple[Path, types.ModuleType]] = []
        for name, module in list(_REAL.items()):
            known = self._known.get(name, _UNKNOWN)
            if known is None or known is module or not isinstance(module, types.ModuleType):
                continue
            path = self._path_of(name)
            if path is None:
                self._known[name] = None
                continue
            if _is_being_imported(module):
                count = -1  # it gets members yet
            else:
                self._known[name] = module
            if self._paths.setdefault(id(module), (path, module))[0] == path:
                new.append((path, module))
        for path, module in new:
            self._guard_members(path, module)
        self._count = count

    def _path_of(self, name: str) -> Path | None:
        whole = _PARTS.get(name)
        if whole is None and name.startswith("_") and not name.startswith("__"):
            whole = name[1:]
        for candidate in (name, whole):
            if candidate is not None:
                path = tuple(candidate.split("."))
                if self.has_rules(path):
                    return path
        return None

    def _guard_members(self, path: Path, module: types.ModuleType) -> None:
        for name, value in list(vars(module).items()):
            if name in _METADATA or isinstance(value, types.ModuleType):
                continue
            member = (*path, name)
            guard = guarded(self._policy, value, member)
            if guard is value or id(value) in self._guards:
                continue
            if self._policy.is_stated(member) or _is_owned(value, module, path):
                self._guards[id(value)] = guard
                self._guard_owner(value, member)

    def _guard_owner(self, value: Any, member: Path) -> None:
        """The object whose bound methods a module restricts is restricted as they are."""
        owner = getattr(value, "__self__", None)
        if owner is None or isinstance(owner, (types.ModuleType, type)):
            return
        if id(owner) not in self._guards:
            verdict = self._policy.verdict(member)
            self._guards[id(owner)] = _gate.guard(owner, member, self._policy, _OBJECT, verdict)

    # Shadows

    def _show(self, host: types.ModuleType) -> types.ModuleType:
        seen = self._seen.get(id(host))
        if seen is not None and seen.size == len(vars(host)):
            return seen.shown
        for value in list(vars(host).values()):
            if type(value) is CACHED and id(value) not in self._guards:
                own = self._guards[id(value)] = own_cache(value)
                self._policy.add_host_object(own)
        if seen is not None and seen.shown is not host:
            shown = seen.shown
        elif self._needs_shadow(host):
            shown = types.ModuleType(host.__name__)
            self._hosts[id(shown)] = host
        else:
            shown = host
        # Remembered before it is filled, for modules that import each other.
        self._seen[id(host)] = _Seen(host, shown, len(vars(host)))
        for value in list(vars(host).values()):
            if not isinstance(value, (types.ModuleType, type, *_CONSTANTS)):
                self._policy.add_host_object(value)
        if shown is not host:
            self._fill(host, shown)
        return shown

    def _needs_shadow(self, host: types.ModuleType) -> bool:
        if (
            _limits(host.__name__) is not None
            or id(host) in self._paths
            or host.__name__ in self._replacements
            or host.__name__ in self._setters
        ):
            return True
        if type(host) is not types.ModuleType or host.__name__ == "sys":
            return False
        if "__path__" in vars(host):
            return True  # it gets its submodules as members when they are imported
        return any(
            isinstance(value, types.ModuleType) or id(value) in self._guards
            for value in list(vars(host).values())
        )

    def _fill(self, host: types.ModuleType, shadow: types.ModuleType) -> None:
        path, _ = self._paths.get(id(host), (None, host))
        if path is not None:
            self._guard_members(path, host)
        members = vars(shadow)
        checked: dict[str, tuple[Any, tuple[int, ...]]] = {}
        limited = _limits(host.__name__)
        replaced = self._replacements.get(host.__name__, {})
        for name, value in list(vars(host).items()):
            if name == "__builtins__" or not (limited is None or name in limited):
                continue
            if host is sys and name in _LIVE:
                continue
            if name in _METADATA:
                members[name] = value
                continue
            value = replaced.get(name, value)
            shown = self._member(value, None if path is None else (*path, name))
            verdict = self._policy.verdict((*path, name)) if path is not None else ()
            if any(verdict[:2]):
                checked[name] = (shown, verdict)
            else:
                members[name] = shown
        for name, setter in self._setters.get(host.__name__, {}).items():
            if name in members and members[name] is vars(host).get(name):
                members[name] = setter
        of_run = self._of_run.get(host.__name__, {})
        for name in of_run:
            members.pop(name, None)
        if checked or of_run or host is sys or "__getattr__" in vars(host):
            lookup = _Checked(self._policy, path or (host.__name__,), checked, host, of_run)
            members["__getattr__"] = unruled(self._policy, lookup, *lookup.path, "__getattr__")

    def _member(self, value: Any, path: Path | None) -> Any:
        if isinstance(value, types.ModuleType):
            return self._show(value)
        # What the policy says of this very name goes before what it says of the object elsewhere.
        guard = self._guards.get(id(value))
        if guard is not None:
            if path is None or not self._policy.is_stated(path):
                return guard
            if isinstance(guard, _GUARDS) and _gate.guarded(guard)[1] == path:
                return guard
        return value if path is None else guarded(self._policy, value, path)


def _is_being_imported(module: types.ModuleType) -> bool:
    return getattr(getattr(module, "__spec__", None), "_initializing", False) is True


def _is_owned(value: Any, module: types.ModuleType, path: Path) -> bool:
    """Whether a member of a module is the module's own, and not something that it imported."""
    if isinstance(value, (dict, list, set)):
        return True
    home = getattr(value, "__module__", None)
    if home is None and getattr(value, "__self__", None) is not None:
        home = type(value.__self__).__module__
    if not isinstance(home, str):
        return False
    whole = ".".join(path)
    part = _PARTS.get(home, home.lstrip("_"))
    return home in (whole, module.__name__) or part == whole or home.startswith(whole + ".")


class _Checked:
    """The ``__getattr__`` of a shadow: members that are checked on each access."""

    def __init__(
        self,
        policy: _gate.Policy,
        path: Path,
        checked: dict[str, tuple[Any, tuple[int, ...]]],
        host: types.ModuleType,
        of_run: dict[str, Callable[[], Any]],
    ) -> None:
        self.path = path
        self._policy = policy
        self._checked = checked
        self._host = host
        self._of_run = of_run

    def __call__(self, name: str) -> Any:
        found = self._checked.get(name)
        if found is not None:
            value, verdict = found
            _gate.check(self._policy, (*self.path, name), verdict[0], verdict[1])
            return value
        if name in self._of_run:
            return self._of_run[name]()
        if self._host is sys and name in _LIVE and hasattr(sys, name):
            return getattr(sys, name)
        limited = _limits(self._host.__name__)
        fallback = vars(self._host).get("__getattr__")
        if fallback is not None and (limited is None or name in limited):
            return guarded(self._policy, fallback(name), (*self.path, name))
        raise AttributeError(f"module {self._host.__name__!r} has no attribute {name!r}")
