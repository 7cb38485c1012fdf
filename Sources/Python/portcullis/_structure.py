"""Attributes that lead from an object to what it is made of.

Sandboxed code that loads one of these names gets here, by whatever spelling, and what it gets is
what sandboxed code may have: guards, shadows and copies in place of the host's own.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any

from portcullis import _gate
from portcullis._instrument import PARTS, REGISTERING
from portcullis._standins import (
    FormattedText,
    is_entry_point,
    load_entry_point,
    loader_part,
)
from portcullis._view import HostView, is_own_namespace, unruled

_REAL = _gate.real_modules()
_FUNCTION, _OBJECT = 0, 2


def is_own_function(function: Any) -> bool:
    """Whether a function is sandboxed code."""
    return is_own_namespace(getattr(function, "__globals__", None))


def _private() -> Any:
    return _gate.active_sandbox().owner().private


class Structure:
    """The parts of objects, for the sandboxes of one policy."""

    def __init__(
        self, policy: _gate.Policy, view: HostView, load: Callable[[Any, str], Any]
    ) -> None:
        """Make it.

        Args:
            policy: what is restricted.
            view: what is seen of the host.
            load: ``getattr`` as sandboxed code has it.
        """
        self._policy = policy
        self._view = view
        self._load = load

    def part(self, name: str, owner: Any, value: Any) -> Any:
        """What sandboxed code gets for ``owner.name``, which is ``value``."""
        if name in REGISTERING:
            return _private().settings.method(name, owner, value)
        if name in ("__globals__", "f_globals"):
            is_shown = not isinstance(value, dict) or is_own_namespace(value)
            return value if is_shown else self._namespace(value)
        if name in ("__mro__", "__bases__", "__closure__") and not isinstance(value, tuple):
            return value  # a descriptor, seen through the type of types or of functions
        if name in ("__builtins__", "f_builtins"):
            return self._builtins(value)
        if name == "f_locals":
            is_shown = isinstance(owner, type) or is_own_namespace(owner.f_globals)
            return value if is_shown else {}
        if name == "__dict__":
            return self._dictionary(owner, value)
        if name in ("__mro__", "__bases__"):
            return tuple(map(self._view.guard_of, value))
        if name == "mro":
            return self._wrapped(value, lambda *a: [*map(self._view.guard_of, value(*a))])
        if name == "__subclasses__":
            return self._wrapped(value, functools.partial(self._subclasses, value))
        if name == "__getattribute__":
            return self._wrapped(value, functools.partial(self._attribute, value, owner))
        if name in ("__setattr__", "__delattr__"):
            return self._wrapped(value, functools.partial(self._write, name, value))
        if name == "format":
            return FormattedText(owner)
        if name == "load" and is_entry_point(owner):
            bound = () if isinstance(owner, type) else (owner,)
            return self._wrapped(value, functools.partial(load_entry_point, *bound))
        if name in ("create_module", "exec_module", "load_module"):
            # A function of the sandbox's own, such as a loader of one's own, stays what it is.
            if is_own_function(getattr(value, "__func__", value)) or not callable(value):
                return value
            return self._wrapped(value, loader_part(name, owner, value))
        if name == "__closure__":
            return value if value is None or is_own_function(owner) else self._refuse(name)
        if isinstance(value, types.ModuleType) and value.__name__ == "builtins":
            return _gate.active_sandbox().owner().own_builtins_module()
        return self._view.guard_of(value)

    def variables(self, owner: Any) -> Any:
        """``vars(owner)`` as sandboxed code has it."""
        return self.part("__dict__", owner, vars(owner))

    def _wrapped(self, value: Any, function: Callable[..., Any]) -> Any:
        return unruled(self._policy, function, getattr(value, "__name__", "part"))

    def _subclasses(self, value: Callable[..., Any], *arguments: Any) -> list[Any]:
        classes = filter(_private().is_visible, value(*arguments))
        return [*map(self._view.guard_of, classes)]

    def _attribute(self, function: Callable[..., Any], owner: Any, *arguments: Any) -> Any:
        # Either bound, `x.__getattribute__(name)`, or of a class, `object.__getattribute__(x, n)`.
        target, name = arguments if len(arguments) == 2 else (owner, *arguments)
        # Not `isinstance`, which asks the object itself and may end up here again.
        kind = type(target)
        classes = target.__mro__ if issubclass(kind, type) else kind.__mro__
        if any(self._policy.path_of_class(c) is not None for c in classes):
            return self._load(target, name)
        value = function(*arguments)
        return self.part(name, target, value) if name in PARTS else value

    def _write(self, name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        """``type.__setattr__(cls, name, value)`` or ``type.__delattr__(cls, name)``."""
        if not isinstance(arguments[0], type) or not _private().is_host_class(arguments[0]):
            return function(*arguments)
        target = _private().target(arguments[0], arguments[1])
        return (setattr if name == "__setattr__" else delattr)(target, *arguments[1:])

    def _builtins(self, value: Any) -> Any:
        namespace = vars(value) if isinstance(value, types.ModuleType) else value
        if not isinstance(namespace, dict) or _gate.sandbox_of(namespace) is not None:
            return value
        sandbox = _gate.active_sandbox()
        return sandbox.owner().own_builtins() if sandbox is not None else {}

    def _namespace(self, namespace: dict[str, Any]) -> dict[str, Any]:
        """A copy of what sandboxed code sees of the module whose dictionary this is."""
        name = namespace.get("__name__")
        module = _REAL.get(name) if isinstance(name, str) else None
        if not isinstance(module, types.ModuleType):
            return {}
        if vars(module) is namespace:
            shown = dict(vars(self._view.shown(module)))
            sandbox = _gate.active_sandbox()
            return shown | {"__builtins__": sandbox.owner().own_builtins()} if sandbox else shown
        return {}

    def _dictionary(self, owner: Any, value: Any) -> Any:
        if isinstance(owner, types.ModuleType):
            if is_own_namespace(value) or not self._view.is_shared(owner):
                return value
            return vars(_private().target(owner))  # it may be written to
        if isinstance(owner, type):
            return self._class_dictionary(owner, value)
        # Types such as `typing.Optional[int]` are the same object in all sandboxes.
        is_shared = type(owner).__module__ == "typing" and self._view.is_host_object(owner)
        return dict(value) if is_shared else value

    def _class_dictionary(self, owner: type, value: Any) -> Any:
        path = self._policy.path_of_class(owner)
        if path is None:
            return value
        members = {name: self.member(owner, name, member) for name, member in value.items()}
        return types.MappingProxyType(members)

    def member(self, owner: type, name: str, member: Any) -> Any:
        """What a class has under a name, as sandboxed code has it: a restricted one as a guard."""
        path = self._policy.path_of_class(owner)
        if path is None:
            return member
        verdict = self._policy.verdict((*path, name))
        if not any(verdict):
            return member
        kind = _FUNCTION if isinstance(member, types.FunctionType) else _OBJECT
        return _gate.guard(member, (*path, name), self._policy, kind, verdict)

    def _refuse(self, name: str) -> Any:
        raise AttributeError(f"`{name}` of a function of the host is not shown in a sandbox")
