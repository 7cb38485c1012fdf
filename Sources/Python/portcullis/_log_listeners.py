"""Handlers and filters that sandboxed code adds to loggers of the host.

The host is given a listener in their place, which does not keep them alive, hears only what their
own sandbox logs, and goes when they do.
"""

from __future__ import annotations

import contextlib
import logging
import weakref
from collections.abc import Callable
from typing import Any

from portcullis import _gate


class Listened:
    """What a sandbox has added to a list of the host; its listener goes when this does."""

    def __init__(self, entries: list[Any], target: Any) -> None:
        """Add a handler or filter to no list yet."""
        self.entries = entries
        self.target = target
        self.listener: Any = None


class _Listener:
    """Stands in a list of the host for an object of a sandbox."""

    def __init__(self, listened: Listened, owner: Any) -> None:
        """Stand for what a sandbox, the owner, has added."""
        self._entries = listened.entries
        self._owner = weakref.ref(owner)
        self._listened = weakref.ref(listened, self.drop)

    def drop(self, _: object = None) -> None:
        """Leave the list; without the lock of ``logging``, since this may happen at any time."""
        with contextlib.suppress(ValueError):
            self._entries.remove(self)

    def _heard(self) -> Any:
        """The handler or filter, if it is its own sandbox that logs."""
        native, listened = _gate.active_sandbox(), self._listened()
        if native is None or listened is None or native.owner() is not self._owner():
            return None
        return listened.target


class _Filter(_Listener):
    """Stands for a filter."""

    def filter(self, record: logging.LogRecord) -> Any:
        """What the filter says; yes if it is not its sandbox that logs."""
        target = self._heard()
        if target is None:
            return True
        return target.filter(record) if hasattr(target, "filter") else target(record)


class _Handler(_Listener, logging.Handler):
    """Stands for a handler."""

    def __init__(self, listened: Listened, owner: Any) -> None:
        """Stand for a handler, without being one of those that are shut down in the end."""
        super().__init__(listened, owner)
        self._name = None
        self.formatter = None
        self.lock = None
        self.filters = []

    @property
    def level(self) -> int:  # type: ignore[override]
        """The level of the handler."""
        listened = self._listened()
        return logging.NOTSET if listened is None else listened.target.level

    def handle(self, record: logging.LogRecord) -> Any:
        """Let the handler handle a record."""
        target = self._heard()
        return False if target is None else target.handle(record)

    def __repr__(self) -> str:
        """As the handler has it."""
        listened = self._listened()
        return "<handler of a sandbox>" if listened is None else repr(listened.target)


def _listeners() -> tuple[Any, list[Listened]]:
    sandbox = _gate.active_sandbox().owner()
    return sandbox, sandbox.private.registrations.listened


def _add(entries: list[Any], target: Any, make: Callable[..., Any]) -> None:
    sandbox, all_listened = _listeners()
    if any(known.entries is entries and known.target == target for known in all_listened):
        return
    listened = Listened(entries, target)
    listened.listener = make(listened, sandbox)
    all_listened.append(listened)
    entries.append(listened.listener)


def _remove(entries: list[Any], target: Any) -> None:
    _, all_listened = _listeners()
    for known in all_listened:
        if known.entries is entries and known.target == target:
            known.listener.drop()
            all_listened.remove(known)
            return
    if target in entries:
        entries.remove(target)


def _add_handler(owner: Any, hdlr: Any) -> None:
    _add(owner.handlers, hdlr, _Handler)


def _remove_handler(owner: Any, hdlr: Any) -> None:
    _remove(owner.handlers, hdlr)


def _add_filter(owner: Any, filter: Any) -> None:
    _add(owner.filters, filter, _Filter)


def _remove_filter(owner: Any, filter: Any) -> None:
    _remove(owner.filters, filter)


#: What sandboxed code is given for the methods of the host, by the function behind them.
METHODS: dict[Any, Callable[[Any, Any], None]] = {
    logging.Logger.addHandler: _add_handler,
    logging.Logger.removeHandler: _remove_handler,
    logging.Filterer.addFilter: _add_filter,
    logging.Filterer.removeFilter: _remove_filter,
}
