"""Stand-ins for the functions of the host that write to a registry or a setting of the process.

What becomes of each call is said by the tables of `_settings`. A stand-in acts for the sandbox
that is active; where none is, or where the sandbox is lifted, it is the function itself.
"""

from __future__ import annotations

import csv
import importlib
import logging
from collections.abc import Callable, Iterator
from typing import Any

from portcullis import _flags, _gate
from portcullis._leaks import IGNORED, PRIVATE
from portcullis._settings import (
    ALIASES,
    HOST_ONLY,
    KEPT,
    LIMITS,
    OWN_MODULES,
    OWN_PARTS,
    UNHEARD,
    Settings,
)
from portcullis._special import READERS, ROOT_FUNCTIONS, WRITERS

Setter = tuple[str, str, Callable[..., Any]]


def setters(show: Callable[[Callable[..., Any]], Any]) -> dict[str, dict[str, Any]]:
    """What takes whose place, by module and name.

    Args:
        show: makes of a function of Portcullis what sandboxed code is given.
    """
    table: dict[str, dict[str, Any]] = {}
    for module, name, function in _entries():
        shown = show(function)
        for alias in (module, *ALIASES.get(module, ())):
            table.setdefault(alias, {}).setdefault(name, shown)
    return table


def _entries() -> Iterator[Setter]:
    for module, pairs in KEPT.items():
        for setter, getter in pairs.items():
            yield module, setter, _keeping(module, setter, setter)
            yield module, getter, _kept(module, getter, setter)
    for module, names in UNHEARD.items():
        for name in names:
            yield module, name, _unheard(module, name)
    for module, names in HOST_ONLY.items():
        for name in names:
            yield module, name, _host_only(module, name)
    for module, pairs in LIMITS.items():
        for setter, getter in pairs.items():
            yield module, setter, _limited(module, setter, getter)
    for module, names in OWN_MODULES.items():
        for name in names:
            yield module, name, _of_own_module(module, name)
    for module, functions in WRITERS.items():
        for name, function in functions.items():
            yield module, name, _writing(module, name, function)
    for module, functions in READERS.items():
        for name, function in functions.items():
            yield module, name, _acting(module, name, function)
    for name in ROOT_FUNCTIONS:
        yield "logging", name, _on_root(name)


def _settings() -> Settings | None:
    """The settings of the run that calls; None where a function is to be what it is."""
    native = _gate.active_sandbox()
    if native is None or _flags.is_unrestricted():
        return None
    return native.owner().private.settings


def _original(module: str, name: str) -> Callable[..., Any]:
    return getattr(importlib.import_module(module), name)


def _acting(module: str, name: str, act: Callable[..., Any]) -> Callable[..., Any]:
    """A stand-in that hands `act` the run's settings before what it is called with."""

    def stand_in(*arguments: Any, **keywords: Any) -> Any:
        settings = _settings()
        if settings is None:
            with _gate.suspended():
                return _original(module, name)(*arguments, **keywords)
        return act(settings, *arguments, **keywords)

    stand_in.__name__ = stand_in.__qualname__ = name
    stand_in.__module__ = module
    return stand_in


def _keeping(module: str, name: str, key: str) -> Callable[..., Any]:
    def act(settings: Settings, value: Any) -> None:
        settings.private.note("registry", f"{module}.{name}", PRIVATE)
        settings.kept[module, key] = value

    return _acting(module, name, act)


def _kept(module: str, name: str, key: str) -> Callable[..., Any]:
    def act(settings: Settings) -> Any:
        if (module, key) in settings.kept:
            return settings.kept[module, key]
        return _original(module, name)()

    return _acting(module, name, act)


def _unheard(module: str, name: str) -> Callable[..., Any]:
    def act(settings: Settings, *arguments: Any, **_: Any) -> Any:
        settings.private.note("registry", f"{module}.{name}", IGNORED)
        return arguments[0] if name == "register" and arguments else None

    return _acting(module, name, act)


def _host_only(module: str, name: str) -> Callable[..., Any]:
    return _acting(
        module, name, lambda settings, *_, **__: settings.leave_to_host(f"{module}.{name}")
    )


def _limited(module: str, name: str, getter: str) -> Callable[..., Any]:
    def act(settings: Settings, limit: int) -> None:
        now = _original(module, getter)()
        is_within = isinstance(limit, int) and (0 < limit <= now or limit == now)
        if not is_within and now != 0:
            settings.leave_to_host(f"{module}.{name}")

    return _acting(module, name, act)


def _of_own_module(module: str, name: str) -> Callable[..., Any]:
    def act(settings: Settings, *arguments: Any, **keywords: Any) -> Any:
        if name == "field_size_limit" and not arguments and not keywords:
            return csv.field_size_limit()
        settings.private.note("registry", f"{module}.{name}", PRIVATE)
        made = settings.private.own_module(module, part=OWN_PARTS.get(module))
        return getattr(made, name)(*arguments, **keywords)

    return _acting(module, name, act)


def _writing(module: str, name: str, write: Callable[..., Any]) -> Callable[..., Any]:
    def act(settings: Settings, *arguments: Any, **keywords: Any) -> Any:
        settings.private.note("registry", f"{module}.{name}", PRIVATE)
        return write(settings, *arguments, **keywords)

    return _acting(module, name, act)


def _on_root(name: str) -> Callable[..., Any]:
    def stand_in(*arguments: Any, **keywords: Any) -> Any:
        return _root_function(name)(*arguments, **keywords)

    # A logger names the first frame that is not of its own file as its caller.
    stand_in.__code__ = stand_in.__code__.replace(co_filename=logging._srcfile)
    stand_in.__name__ = stand_in.__qualname__ = name
    stand_in.__module__ = "logging"
    return stand_in


def _root_function(name: str) -> Callable[..., Any]:
    settings = _settings()
    return getattr(logging, name) if settings is None else settings.logging.function(name)


def _root() -> logging.Logger:
    settings = _settings()
    return logging.root if settings is None else settings.logging.root


#: Members of modules that each run has its own of.
OF_RUN: dict[str, dict[str, Callable[[], Any]]] = {"logging": {"root": _root}}
