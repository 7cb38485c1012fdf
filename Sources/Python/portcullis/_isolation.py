"""What a sandbox writes on objects of the host is its own.

The module, class or container that sandboxed code writes to may be the host's, which other runs
share. Stores are compiled so that they ask here what to act on: a private copy of a module or a
container, or a note beside a class, function or object, which the sandbox's own code reads back.
"""

from __future__ import annotations

import types
import warnings
from typing import Any

from portcullis import _gate
from portcullis._registrations import Registrations
from portcullis._view import HostView

_REAL = _gate.real_modules()
_CONTAINERS = (dict, list, set)


class Beside:
    """Stands for an object of the host in a store: what is set on it is noted beside it."""

    __slots__ = ("_notes", "_owner")

    def __init__(self, owner: Any, notes: dict[tuple[int, str], Any]) -> None:
        """Stand for an object; notes are by identity and name."""
        object.__setattr__(self, "_owner", owner)
        object.__setattr__(self, "_notes", notes)

    def __getattribute__(self, name: str) -> Any:
        """What was noted, or what the object has: an augmented store reads first."""
        owner = object.__getattribute__(self, "_owner")
        notes = object.__getattribute__(self, "_notes")
        key = (id(owner), name)
        return notes[key] if key in notes else getattr(owner, name)

    def __setattr__(self, name: str, value: Any) -> None:
        """Note an attribute."""
        owner = object.__getattribute__(self, "_owner")
        object.__getattribute__(self, "_notes")[id(owner), name] = value

    def __delattr__(self, name: str) -> None:
        """Forget a note; what the host has stays."""
        owner = object.__getattribute__(self, "_owner")
        notes = object.__getattribute__(self, "_notes")
        if (id(owner), name) not in notes:
            raise AttributeError(f"{name!r} belongs to the host and cannot be deleted in a sandbox")
        del notes[id(owner), name]


class PrivateState:
    """What one sandbox has written on what is the host's."""

    def __init__(
        self, view: HostView, modules: dict[str, Any], loaded: dict[str, Any], native: Any
    ) -> None:
        """Make the state of a new sandbox.

        Args:
            view: what is seen of the host.
            modules: the table of the sandbox, by name.
            loaded: those of them that were executed in it.
            native: the sandbox of the gate, which is told when there are notes.
        """
        self._view = view
        self._modules = modules
        self._loaded = loaded
        self._native = native
        self.error_handlers: dict[str, Any] = {}
        self.reducers: dict[type, Any] = {}
        self.warning_filters = warnings.filters
        self._private: dict[int, Any] = {}
        self._notes: dict[tuple[int, str], Any] = {}
        self._kept: list[Any] = []
        self._registrations: Registrations | None = None

    @property
    def registrations(self) -> Registrations:
        """What the sandbox has registered."""
        if self._registrations is None:
            self._registrations = Registrations()
        return self._registrations

    def close(self) -> None:
        """Forget what was registered: the code behind it is about to go."""
        if self._registrations is not None:
            self._registrations.finalizers.clear()
            self._registrations = None

    def of(self, shown: Any) -> Any:
        """The private copy of a shared module or container, or what was given."""
        return self._private.get(id(shown), shown)

    def target(self, owner: Any) -> Any:
        """What a store or deletion of an attribute acts on."""
        if isinstance(owner, types.ModuleType):
            return self._module(owner)
        if isinstance(owner, type) and not self._is_host_class(owner):
            return owner
        if isinstance(owner, types.FunctionType) and "__builtins__" in owner.__globals__:
            builtins = owner.__globals__["__builtins__"]
            if isinstance(builtins, dict) and _gate.sandbox_of(builtins) is not None:
                return owner
        self._kept.append(owner)
        self._native.has_notes(True)
        return Beside(owner, self._notes)

    def noted(self, owner: Any, name: str) -> Any:
        """An attribute as the sandbox sees it, its own notes first."""
        if (id(owner), name) in self._notes:
            return self._notes[id(owner), name]
        is_class = isinstance(owner, type)
        if is_class or name not in getattr(owner, "__dict__", ()):
            for candidate in owner.__mro__ if is_class else type(owner).__mro__:
                if (id(candidate), name) in self._notes:
                    value = self._notes[id(candidate), name]
                    bind = getattr(type(value), "__get__", None)
                    if bind is None:
                        return value
                    return bind(value, None, owner) if is_class else bind(value, owner, type(owner))
                if name in vars(candidate):
                    break
        return getattr(owner, name)

    def container(self, owner: Any, name: str) -> Any:
        """The container ``owner.name`` that sandboxed code is about to change."""
        value = self.noted(owner, name)
        if type(value) not in _CONTAINERS:
            return value
        if isinstance(owner, types.ModuleType):
            module = self._module(owner)
            value = vars(module).get(name, value)
            if self._view.is_host_object(value):
                value = self._copy(value)
                setattr(module, name, value)
            return value
        if isinstance(owner, type) and not self._is_host_class(owner):
            return value
        key = (id(owner), name)
        if key not in self._notes:
            target = self.target(owner)
            if target is owner:
                return value
            setattr(target, name, self._copy(value))
        return self._notes[key]

    def own(self, value: Any) -> Any:
        """A container that was imported by name and is about to be changed."""
        if type(value) not in _CONTAINERS or not self._view.is_host_object(value):
            return value
        return self._copy(value)

    # Copies

    def _copy(self, value: Any) -> Any:
        made = self._private.get(id(value))
        if made is None:
            made = self._private[id(value)] = value.copy()
            self._kept.append(value)
            self._rebind(value, made)
        return made

    def _module(self, shown: types.ModuleType) -> types.ModuleType:
        made = self._private.get(id(shown))
        if made is not None:
            return made
        if not self._view.is_shared(shown):
            return shown
        made = types.ModuleType(shown.__name__)
        vars(made).update(vars(shown))
        self._private[id(shown)] = made
        self._kept.append(shown)
        self._rebind(shown, made)
        parent, _, child = shown.__name__.rpartition(".")
        if parent and parent in self._modules:
            above = self._modules[parent]
            if isinstance(above, types.ModuleType) and vars(above).get(child) is shown:
                setattr(self._module(above), child, made)
        return made

    def _rebind(self, shown: Any, made: Any) -> None:
        """Let the sandbox's own modules name the private copy from now on."""
        for table in (self._modules, *(vars(module) for module in self._plain_modules())):
            for name, value in list(table.items()):
                if value is shown:
                    table[name] = made

    def _plain_modules(self) -> list[types.ModuleType]:
        return [m for m in self._loaded.values() if isinstance(m, types.ModuleType)]

    def is_visible(self, made: type) -> bool:
        """Whether a class is the host's or the sandbox's own, and not that of another run."""
        module = self._loaded.get(made.__module__)
        if module is None:
            return made.__module__ in _REAL
        found: Any = module
        for name in made.__qualname__.split("."):
            found = getattr(found, name, None)
        return found is made or found is None  # made on the way, and in no module by its name

    def _is_host_class(self, owner: type) -> bool:
        """Whether the host can reach a class by its name, so that others share it."""
        found: Any = _REAL.get(owner.__module__)
        for name in owner.__qualname__.split("."):
            found = getattr(found, name, None)
        return found is owner or owner.__module__ == "builtins"
