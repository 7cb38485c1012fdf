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
    """What one sandbox has set, beside what the host has.

    Attributes:
        values: the variables that it has set, with their values.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.values: dict[contextvars.ContextVar[Any], Any] = {}
        self._of_host: dict[contextvars.ContextVar[Any], Any] = {}

    def loading(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Do something and remember which variables it has set, without setting them here."""
        own = contextvars.copy_context()
        for variable, value in self.values.items():
            own.run(variable.set, value)
        try:
            return own.run(work, *arguments)
        finally:
            for variable, value in self._of_host.items():
                variable.set(value)
            self._of_host.clear()
            host = contextvars.copy_context()
            for variable, value in own.items():
                if host.get(variable, _UNSET) is not value:
                    self.values[variable] = value

    def loading_for_host(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Do something for the host meanwhile: what that sets is the host's."""
        before = contextvars.copy_context()
        result = work(*arguments)
        for variable, value in contextvars.copy_context().items():
            if before.get(variable, _UNSET) is not value:
                self._of_host[variable] = value
        return result

    @contextlib.contextmanager
    def added_to(self, entry: AbstractContextManager[None]) -> Iterator[None]:
        """Enter the sandbox with the variables having its values."""
        tokens = [(variable, variable.set(value)) for variable, value in self.values.items()]
        try:
            with entry:
                yield
        finally:
            for variable, token in tokens:
                self.values[variable] = variable.get(self.values[variable])
                with contextlib.suppress(ValueError):  # left in another context
                    variable.reset(token)
