"""What a sandbox writes on objects of the host is its own.

The module, class or container that sandboxed code writes to may be the host's, which other runs
share. Stores are compiled so that they ask here what to act on: a private copy of a module or a
container, or a note beside a class, function or object, which the sandbox's own code reads back.
"""

from __future__ import annotations

import importlib
import types
import warnings
from collections.abc import Callable
from typing import Any

from portcullis import _gate
from portcullis._importer import fresh_extension
from portcullis._leaks import PRIVATE, STOPPED, Leaks
from portcullis._registrations import Registrations
from portcullis._settings import Settings, refuse
from portcullis._view import HostView

_REAL = _gate.real_modules()
_CONTAINERS = (dict, list, set)


class Beside:
    """Stands for an object of the host in a store: what is set on it is noted beside it."""

    __slots__ = ("_owner", "_private")

    def __init__(self, owner: Any, private: PrivateState) -> None:
        """Stand for an object in a run."""
        object.__setattr__(self, "_owner", owner)
        object.__setattr__(self, "_private", private)

    def __getattribute__(self, name: str) -> Any:
        """What was noted, or what the object has: an augmented store reads first."""
        owner = object.__getattribute__(self, "_owner")
        private = object.__getattribute__(self, "_private")
        return private.noted(owner, name)

    def __setattr__(self, name: str, value: Any) -> None:
        """Note an attribute."""
        owner = object.__getattribute__(self, "_owner")
        object.__getattribute__(self, "_private").note_beside(owner, name, value)

    def __delattr__(self, name: str) -> None:
        """Forget a note; what the host has stays."""
        owner = object.__getattribute__(self, "_owner")
        object.__getattribute__(self, "_private").forget_beside(owner, name)


class PrivateState:
    """What one sandbox has written on what is the host's."""

    def __init__(
        self,
        view: HostView,
        modules: dict[str, Any],
        loaded: dict[str, Any],
        native: Any,
        *,
        report: bool = False,
    ) -> None:
        """Make the state of a new sandbox.

        Args:
            view: what is seen of the host.
            modules: the table of the sandbox, by name.
            loaded: those of them that were executed in it.
            native: the sandbox of the gate, which is told when there are notes.
            report: whether attempts to write on the host are noted.
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
        self._own_modules: dict[str, types.ModuleType] = {}
        self._kept: dict[int, Any] = {}
        self._registrations: Registrations | None = None
        self._settings: Settings | None = None
        self.leaks = Leaks(self) if report else None

    @property
    def registrations(self) -> Registrations:
        """What the sandbox has registered."""
        if self._registrations is None:
            self._registrations = Registrations()
        return self._registrations

    @property
    def settings(self) -> Settings:
        """What the run has set through calls into the host."""
        if self._settings is None:
            self._settings = Settings(self)
        return self._settings

    def close(self) -> None:
        """Forget what was registered: the code behind it is about to go."""
        if self.leaks is not None:
            self.leaks.close()
        self._settings = None
        if self._registrations is not None:
            self._registrations.finalizers.clear()
            self._registrations = None

    def note(self, kind: str, name: str, fate: str) -> None:
        """Take note of an attempt to write on the host, if anybody wants to know."""
        if self.leaks is not None:
            self.leaks.add(kind, name, fate)

    def is_runtime(self) -> bool:
        """Whether a workflow runs, and not only imports."""
        return bool(self._native.is_runtime())

    def watch_leaving(self) -> None:
        """Have the settings told of it when the sandbox is left."""
        self._native.watches_leaving(True)

    def of(self, shown: Any) -> Any:
        """The private copy of a shared module or container, or what was given."""
        return self._private.get(id(shown), shown)

    def target(self, owner: Any, name: str | None = None) -> Any:
        """What a store or deletion of an attribute acts on, or whatever else may write."""
        if isinstance(owner, types.ModuleType):
            if name is not None and self._is_or_was_shared(owner):
                self.note("module attribute", f"{owner.__name__}.{name}", PRIVATE)
            return self._module(owner)
        if isinstance(owner, type) and not self.is_host_class(owner):
            return owner
        if isinstance(owner, types.FunctionType) and not self.is_host_function(owner):
            return owner
        return Beside(owner, self)

    # Notes beside objects of the host

    def note_beside(self, owner: Any, name: str, value: Any) -> None:
        """Set an attribute of an object of the host, for the run alone."""
        self._note_attribute(owner, name, PRIVATE)
        self._kept[id(owner)] = owner
        self._native.has_notes(True)
        self._notes[id(owner), name] = value

    def forget_beside(self, owner: Any, name: str) -> None:
        """Delete an attribute that the run has set.

        Raises:
            RestrictedWorkflowAccessError: the attribute is the host's.
        """
        if (id(owner), name) in self._notes:
            del self._notes[id(owner), name]
            return
        getattr(owner, name)
        self._note_attribute(owner, name, STOPPED)
        qualified = f"{self._name_of(owner)}.{name}"
        step = "set it to something else, which only this run sees, or delete it in the worker"
        refuse(qualified, f"`{qualified}` belongs to the host and cannot be deleted", step)

    def _note_attribute(self, owner: Any, name: str, fate: str) -> None:
        if self.leaks is not None:
            kind = "class attribute" if isinstance(owner, type) else "object attribute"
            self.note(kind, f"{self._name_of(owner)}.{name}", fate)

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
                self.note("container", f"{owner.__name__}.{name}", PRIVATE)
                value = self._copy(value)
                setattr(module, name, value)
            return value
        if isinstance(owner, type) and not self.is_host_class(owner):
            return value
        key = (id(owner), name)
        if key not in self._notes:
            target = self.target(owner, name)
            if target is owner:
                return value
            setattr(target, name, self._copy(value))
        return self._notes[key]

    def own(self, value: Any) -> Any:
        """A container that was imported by name and is about to be changed."""
        if type(value) not in _CONTAINERS or not self._view.is_host_object(value):
            return value
        if self.leaks is not None:
            self.note("container", self._name_of(value), PRIVATE)
        return self._copy(value)

    # Modules and functions of one's own

    def own_module(
        self,
        name: str,
        make: Callable[[Any, Any], types.ModuleType] | None = None,
        *,
        part: str | None = None,
    ) -> types.ModuleType:
        """A module of the host that the run has for its own, from now on.

        Args:
            name: the module.
            make: makes it, from the host's and what is shown of it; by default it is executed anew
                in the sandbox.
            part: the module in C that belongs to it.
        """
        if name in self._own_modules:
            return self._own_modules[name]
        host = importlib.import_module(name)
        shown = self._view.shown(host)
        before = self._private.get(id(shown), shown)
        if part is not None:
            self._take(importlib.import_module(part), fresh_extension(part))
        if make is None:
            made = self._native.owner().executed(name, host)
        else:
            with _gate.suspended():
                made = make(host, shown)
        self._own_modules[name] = made
        members = {id(value): getattr(made, key, value) for key, value in vars(before).items()}
        for key, value in vars(before).items():
            if vars(shown).get(key, value) is not value:  # what the run has written already
                setattr(made, key, value)
        self._take(host, made)
        for table in map(vars, self._plain_modules()):
            for key, value in list(table.items()):
                if not isinstance(value, (str, int, types.ModuleType)) and id(value) in members:
                    table[key] = members[id(value)]
        return made

    def _take(self, host: types.ModuleType, made: types.ModuleType) -> None:
        """Let the run have a module in place of the host's."""
        shown = self._view.shown(host)
        before = self._private.get(id(shown), shown)
        self._private[id(shown)] = self._private[id(host)] = made
        self._kept |= {id(host): host, id(shown): shown}
        self._rebind(before, made)
        self._modules[host.__name__] = made
        self._tell_parent(shown, made)

    # Copies

    def _copy(self, value: Any) -> Any:
        made = self._private.get(id(value))
        if made is None:
            made = self._private[id(value)] = value.copy()
            self._kept[id(value)] = value
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
        self._kept[id(shown)] = shown
        self._rebind(shown, made)
        self._tell_parent(shown, made)
        return made

    def _tell_parent(self, shown: types.ModuleType, made: types.ModuleType) -> None:
        parent, _, child = shown.__name__.rpartition(".")
        if parent and parent in self._modules:
            above = self._modules[parent]
            if isinstance(above, types.ModuleType) and vars(above).get(child) is shown:
                setattr(self._module(above), child, made)

    def _is_or_was_shared(self, module: types.ModuleType) -> bool:
        is_copy = any(made is module for made in self._private.values())
        return is_copy or self._view.is_shared(module)

    def _name_of(self, owner: Any) -> str:
        """What an object of the host is called."""
        if isinstance(owner, (type, types.FunctionType)):
            return f"{owner.__module__}.{owner.__qualname__}"
        for name, module in sorted(_REAL.items()):
            for key, value in list(getattr(module, "__dict__", {}).items()):
                if value is owner:
                    return f"{name}.{key}"
        return f"{type(owner).__module__}.{type(owner).__qualname__}"

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

    def is_host_function(self, function: types.FunctionType) -> bool:
        """Whether a function is not sandboxed code."""
        builtins = function.__globals__.get("__builtins__")
        return not isinstance(builtins, dict) or _gate.sandbox_of(builtins) is None

    def is_of_run(self, value: Any) -> bool:
        """Whether a value, or its class, was made by the code of a sandbox."""
        if isinstance(value, types.FunctionType):
            return not self.is_host_function(value)
        made = value if isinstance(value, type) else type(value)
        return made.__module__ in self._loaded and not self.is_host_class(made)

    def is_host_class(self, owner: type) -> bool:
        """Whether the host can reach a class by its name, so that others share it."""
        found: Any = _REAL.get(owner.__module__)
        for name in owner.__qualname__.split("."):
            found = getattr(found, name, None)
        return found is owner or owner.__module__ == "builtins"
