"""Context variables that are set while a sandbox is loaded are its own.

They would otherwise be set in the context of the host's thread, which keeps their values, and so
the sandbox, alive.
"""

from __future__ import annotations

import contextlib
import contextvars
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

_UNSET = object()


class ContextValues:
    """What one sandbox has set, beside what the host has."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._values: dict[contextvars.ContextVar[Any], Any] = {}

    def loading(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Do something and remember which variables it has set, without setting them here."""
        own = contextvars.copy_context()
        for variable, value in self._values.items():
            own.run(variable.set, value)
        try:
            return own.run(work, *arguments)
        finally:
            host = contextvars.copy_context()
            for variable, value in own.items():
                if host.get(variable, _UNSET) is not value:
                    self._values[variable] = value

    def added_to(self, entry: AbstractContextManager[None]) -> AbstractContextManager[None]:
        """An entry into the sandbox in which the variables have its values."""
        return self._entered(entry) if self._values else entry

    @contextlib.contextmanager
    def _entered(self, entry: AbstractContextManager[None]) -> Iterator[None]:
        tokens = [(variable, variable.set(value)) for variable, value in self._values.items()]
        try:
            with entry:
                yield
        finally:
            for variable, token in tokens:
                self._values[variable] = variable.get()
                with contextlib.suppress(ValueError):  # left in another context
                    variable.reset(token)

    def clear(self) -> None:
        """Forget them."""
        self._values.clear()
