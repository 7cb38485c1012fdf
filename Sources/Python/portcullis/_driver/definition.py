"""``@workflow.defn`` and the decorators that belong to it, for a bare CPython."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .source import DEFINITION

_RUN = "__temporal_workflow_run"
_INIT = "__temporal_workflow_init"
_HANDLER = "__portcullis_handler"


@dataclasses.dataclass(frozen=True)
class Definition:
    """A workflow class as its decorators describe it."""

    name: str | None
    cls: type
    run_fn: Callable[..., Any]
    sandboxed: bool
    failure_exception_types: Sequence[type[BaseException]]
    signals: Mapping[str | None, Callable[..., Any]]
    queries: Mapping[str | None, Callable[..., Any]]
    updates: Mapping[str | None, Callable[..., Any]]

    @property
    def init_takes_input(self) -> bool:
        """Whether ``__init__`` is given the input, as ``@workflow.init`` asks for."""
        return hasattr(self.cls.__init__, _INIT)  # type: ignore[misc]


def defn(
    cls: type | None = None,
    *,
    name: str | None = None,
    sandboxed: bool = True,
    dynamic: bool = False,
    failure_exception_types: Sequence[type[BaseException]] = (),
    **_: Any,
) -> Any:
    """Makes a class a workflow."""

    def decorate(cls: type) -> type:
        found = None if dynamic else name or cls.__name__
        definition = _described(cls, found, sandboxed, failure_exception_types)
        setattr(cls, DEFINITION, definition)
        return cls

    return decorate if cls is None else decorate(cls)


def run(fn: Any) -> Any:
    """Marks the method that is the workflow."""
    if not inspect.iscoroutinefunction(fn):
        raise ValueError("Workflow run method must be an async function")
    if "<locals>" in fn.__qualname__:
        raise ValueError("Local classes unsupported, @workflow.run cannot be on a local class")
    setattr(fn, _RUN, True)
    return fn


def init(fn: Any) -> Any:
    """Marks an ``__init__`` that takes the same input as the run method."""
    if fn.__name__ != "__init__":
        raise ValueError("@workflow.init may only be used on the __init__ method")
    setattr(fn, _INIT, True)
    return fn


def signal(fn: Any = None, *, name: str | None = None, dynamic: bool = False, **_: Any) -> Any:
    """Marks a method that handles a signal."""
    return _handler("signals", fn, name, dynamic)


def query(fn: Any = None, *, name: str | None = None, dynamic: bool = False, **_: Any) -> Any:
    """Marks a method that answers a query."""
    return _handler("queries", fn, name, dynamic)


def update(fn: Any = None, *, name: str | None = None, dynamic: bool = False, **_: Any) -> Any:
    """Marks a method that handles an update; it gains a ``validator`` decorator."""

    def decorate(fn: Any) -> Any:
        fn = _handler("updates", fn, name, dynamic)

        def validator(check: Any) -> Any:
            fn.__portcullis_validator = check
            return check

        fn.validator = validator
        return fn

    return decorate if fn is None else decorate(fn)


def _handler(kind: str, fn: Any, name: str | None, dynamic: bool) -> Any:
    def decorate(fn: Any) -> Any:
        setattr(fn, _HANDLER, (kind, None if dynamic else name or fn.__name__))
        return fn

    return decorate if fn is None else decorate(fn)


def _described(
    cls: type, name: str | None, sandboxed: bool, failures: Sequence[type[BaseException]]
) -> Definition:
    runs: list[Any] = []
    handlers: dict[str, dict[str | None, Any]] = {"signals": {}, "queries": {}, "updates": {}}
    for member_name, member in inspect.getmembers(cls):
        if hasattr(member, _RUN):
            if member_name not in vars(cls):
                raise _invalid(
                    f"@workflow.run method {member_name} must be defined on {cls.__name__}"
                )
            runs.append(member)
        elif hasattr(member, _HANDLER):
            kind, handled = getattr(member, _HANDLER)
            if handled in handlers[kind]:
                raise _invalid(f"Multiple handlers of {handled or '<dynamic>'}")
            handlers[kind][handled] = member
    if not runs:
        raise _invalid("Missing @workflow.run method")
    if len(runs) > 1:
        raise _invalid("Multiple @workflow.run methods found")
    return Definition(name, cls, runs[0], sandboxed, tuple(failures), **handlers)


def _invalid(reason: str) -> ValueError:
    return ValueError(f"Invalid workflow class: {reason}")
