"""A compiled policy in a Python process, and what is worked out from it once."""

from __future__ import annotations

import builtins
import importlib.util
import os
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from portcullis import _gate
from portcullis._codecache import CodeCache, default_folder
from portcullis._replacements import replacements
from portcullis._setters import OF_RUN, setters
from portcullis._structure import Structure
from portcullis._view import HostView, guarded, unruled


class PolicyError(ValueError):
    """A policy image cannot be used."""


class Rule(NamedTuple):
    """One rule of a policy; every field but ``id`` and ``effect`` may be None."""

    id: str
    effect: str
    category: str | None
    message: str | None
    because: str | None
    see: str | None
    instead: str | None
    location: str | None


class Policy:
    """A compiled policy, for the running version of Python."""

    def __init__(self, image: bytes) -> None:
        """Read and verify an image.

        Raises:
            PolicyError: the image is damaged, of a newer format, or not for this Python.
        """
        try:
            self.native = _gate.Policy(bytes(image), *sys.version_info[:2])
        except ValueError as error:
            raise PolicyError(str(error)) from None
        passes_all, notifications, lazy = self.native.flags()
        self.passes_all_through = bool(passes_all)
        self.import_notification_policy: int = notifications
        self.lazy_sys_modules_passthrough = bool(lazy)
        self.view = HostView(self.native, replacements(self._shown), setters(self._shown), OF_RUN)
        self.structure = Structure(self.native, self.view, _gate.getattr)
        gates_all = any(not _is_module(path) for path in self.native.wildcard_paths())
        self.code = CodeCache(self.native.gate_names(gates_all), default_folder())
        self._builtins = self._gated_builtins()

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Policy:
        """Read a ``.policybc`` file.

        Raises:
            PolicyError: the file cannot be read or used; the text names the file.
        """
        try:
            with open(path, "rb") as file:
                image = file.read()
        except OSError as error:
            raise PolicyError(f"cannot read {os.fspath(path)}: {error.strerror}") from None
        try:
            return cls(image)
        except PolicyError as error:
            raise PolicyError(f"{os.fspath(path)}: {error}") from None

    def rule(self, number: int) -> Rule:
        """The rule of a number."""
        return Rule(*self.native.rule(number))

    def is_passthrough(self, name: str) -> bool:
        """Whether the policy passes a module through."""
        return self.native.is_passthrough(name)

    def builtins(self) -> dict[str, object]:
        """The builtins of one more sandbox."""
        return self._builtins.copy()

    def _shown(self, function: Callable[..., Any]) -> Any:
        """A function of Portcullis as sandboxed code is given it."""
        return unruled(self.native, function, "portcullis")

    def _gated_builtins(self) -> dict[str, object]:
        table: dict[str, object] = dict(vars(builtins))
        for name, value in vars(builtins).items():
            # As with temporalio, names that begin with an underscore stay what they are, and a
            # wildcard does not speak of builtins.
            path = ("__builtins__", name)
            if not name.startswith("_") and self.native.is_stated(path):
                table[name] = guarded(self.native, value, path)
                self.view.add_guard(value, table[name])
        for name in ("getattr", "__import__", "__build_class__", "eval", "exec", "compile"):
            table[name] = getattr(_gate, name)
            self.view.add_guard(getattr(builtins, name), table[name])
        for name in ("call", "attr", "part", "target", "container", "own", "noted", "real", "text"):
            table[f"__portcullis_{name}__"] = getattr(_gate, f"__portcullis_{name}__")
        table["setattr"] = unruled(self.native, _set_attribute, "setattr")
        table["delattr"] = unruled(self.native, _delete_attribute, "delattr")
        positions = _Positions(self.native)
        table["__portcullis_positions__"] = unruled(self.native, positions, "positions")
        table["vars"] = unruled(self.native, _Variables(self.structure), "vars")
        return table


def _set_attribute(owner: Any, name: str, value: Any, /) -> None:
    """``setattr`` of a sandbox."""
    setattr(_gate.__portcullis_target__(name, owner), name, value)


def _delete_attribute(owner: Any, name: str, /) -> None:
    """``delattr`` of a sandbox."""
    delattr(_gate.__portcullis_target__(name, owner), name)


class _Positions:
    """Checks a new class whose ``__match_args__`` name members of a restricted class."""

    def __init__(self, policy: _gate.Policy) -> None:
        self._policy = policy

    def __call__(self, made: type) -> type:
        paths = [*filter(None, map(self._policy.path_of_class, made.__mro__))]
        for path in paths:
            for name in made.__dict__["__match_args__"]:
                verdict = self._policy.verdict((*path, name))
                # The pattern is used later, and the class may be made while modules are imported.
                rule = verdict[5] or verdict[4]
                if name not in made.__dict__:
                    _gate.check(self._policy, (*path, name), rule, rule)
        return made


class _Variables:
    """``vars`` of a sandbox."""

    def __init__(self, structure: Structure) -> None:
        self._structure = structure

    def __call__(self, *arguments: object) -> object:
        if not arguments:
            frame = sys._getframe(1)
            return frame.f_locals
        return self._structure.variables(*arguments)


def _is_module(path: str) -> bool:
    """Whether a dotted path names a module, and not a class or nothing at all here."""
    if "*" in path:
        return False
    if path in sys.modules:
        return True
    try:
        return importlib.util.find_spec(path) is not None
    except (ImportError, ValueError):
        return False
