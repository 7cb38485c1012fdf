"""Shadow modules: what sandboxed code sees in place of a passed-through module with rules.

A shadow is a real module with a copy of the module's dictionary in which restricted members are
replaced by guards, so that every other attribute costs what it costs outside.
"""

from __future__ import annotations

import enum
import types
from collections.abc import Callable
from typing import Any, NamedTuple

from portcullis import _gate

Path = tuple[str, ...]

_CALLABLE, _CLASS, _OBJECT = range(3)

# Values that tell nothing but themselves; a rule about their use has nothing to stop.
_CONSTANTS = (type(None), bool, int, float, complex, str, bytes, enum.Enum)

# What the import system and introspection read of a module.
_METADATA = frozenset(
    {"__name__", "__doc__", "__package__", "__loader__", "__spec__", "__file__", "__cached__"}
    | {"__path__", "__all__", "__builtins__", "__getattr__", "__dir__"}
)


def guarded(policy: _gate.Policy, value: Any, path: Path) -> Any:
    """The value as sandboxed code may have it: itself, or a guard of it."""
    verdict = policy.verdict(path)
    if isinstance(value, type):
        if issubclass(value, BaseException):
            return value  # it must work in `except`
        if not any(verdict[2:]):
            verdict = _construction(policy, path, verdict)
        if any(verdict[2:]):
            return _gate.guard(value, path, policy, _CLASS, verdict)
        if policy.speaks_below(path):
            policy.register_class(value, path)
        return value
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


class Template(NamedTuple):
    """What all shadows of one module share.

    Attributes:
        size: the length of the module's dictionary when the template was made.
        members: the dictionary of a shadow, but for what follows.
        submodules: names whose values are its own submodules that have shadows themselves.
        checked: names that are checked on each access: their value and their verdict.
    """

    size: int
    members: dict[str, Any]
    submodules: dict[str, types.ModuleType]
    checked: dict[str, tuple[Any, tuple[int, ...]]]


class ShadowTemplates:
    """The templates of one policy, made when a module is first passed through."""

    def __init__(self, policy: _gate.Policy) -> None:
        """Make an empty collection."""
        self._policy = policy
        self._templates: dict[Path, tuple[types.ModuleType, Template]] = {}

    def has_rules(self, path: Path) -> bool:
        """Whether the policy speaks of a module or anything in it."""
        return any(self._policy.verdict(path)) or self._policy.speaks_below(path)

    def template(self, path: Path, module: types.ModuleType) -> Template:
        """The template of a module, made again if the module has got new members."""
        made = self._templates.get(path)
        if made is not None and made[0] is module and made[1].size == len(vars(module)):
            return made[1]
        template = self._make(path, module)
        self._templates[path] = (module, template)
        return template

    def _make(self, path: Path, module: types.ModuleType) -> Template:
        template = Template(len(vars(module)), {}, {}, {})
        for name, value in list(vars(module).items()):
            if name in _METADATA or not isinstance(name, str):
                template.members[name] = value
                continue
            member = (*path, name)
            verdict = self._policy.verdict(member)
            if isinstance(value, types.ModuleType) and self._is_own(value, member):
                if self.has_rules(member):
                    template.submodules[name] = value
            else:
                value = guarded(self._policy, value, member)
            if any(verdict[:2]):
                template.checked[name] = (value, verdict)
            elif name not in template.submodules:
                template.members[name] = value
        return template

    def _is_own(self, value: types.ModuleType, path: Path) -> bool:
        """Whether a module in a module is its submodule, and not one that it imported."""
        return _gate.real_modules().get(".".join(path)) is value

    def shadow(
        self,
        path: Path,
        module: types.ModuleType,
        submodule: Callable[[Path, types.ModuleType], types.ModuleType],
    ) -> types.ModuleType:
        """A new shadow of a module.

        Args:
            path: the module's path in the policy.
            module: the host's module.
            submodule: gives the shadow of a module inside it.
        """
        template = self.template(path, module)
        shadow = types.ModuleType(module.__name__)
        members = vars(shadow)
        members.update(template.members)
        checked = dict(template.checked)
        for name, inner in template.submodules.items():
            value = submodule((*path, name), inner)
            if name in checked:
                checked[name] = (value, checked[name][1])
            else:
                members[name] = value
        fallback = template.members.get("__getattr__")
        if checked or fallback is not None:
            members["__getattr__"] = _gate.guard(
                _Checked(self._policy, path, checked, fallback),
                (*path, "__getattr__"),
                self._policy,
                _CALLABLE,
                (0,) * 6,
            )
        return shadow


class _Checked:
    """The ``__getattr__`` of a shadow: members that are checked on each access."""

    def __init__(
        self,
        policy: _gate.Policy,
        path: Path,
        checked: dict[str, tuple[Any, tuple[int, ...]]],
        fallback: Callable[[str], Any] | None,
    ) -> None:
        self._policy = policy
        self._path = path
        self._checked = checked
        self._fallback = fallback

    def __call__(self, name: str) -> Any:
        found = self._checked.get(name)
        if found is not None:
            value, verdict = found
            _gate.check(self._policy, (*self._path, name), verdict[0], verdict[1])
            return value
        if self._fallback is not None:
            return guarded(self._policy, self._fallback(name), (*self._path, name))
        module = ".".join(self._path)
        raise AttributeError(f"module {module!r} has no attribute {name!r}")
