"""What stands in a sandbox for what only a worker needs.

A program may hold a workflow and the worker that runs it. Its file is executed in each sandbox,
with the statements that import the runner and make policies; they go on there and come to nothing.
"""

from __future__ import annotations

from typing import Any

#: By module, the names that worker code imports.
FOR_WORKERS = {
    "portcullis": ("Audit", "Policy", "Sandbox"),
    "portcullis.temporal": ("SandboxedWorkflowRunner",),
}


def _checked(name: str) -> None:
    if name.startswith("__"):
        raise AttributeError(name)


class _AbsentClass(type):
    """The class of classes that are not there."""

    def __getattr__(cls, name: str) -> Any:
        _checked(name)
        return Absent()


class Absent(metaclass=_AbsentClass):
    """An object whose members and results are such objects too."""

    def __init__(self, *_: object, **__: object) -> None:
        """Take anything."""

    def __getattr__(self, name: str) -> Any:
        """Another one."""
        _checked(name)
        return Absent()

    def __call__(self, *_: object, **__: object) -> Any:
        """Another one."""
        return Absent()

    def __or__(self, _: object) -> Any:
        """Another one, as of policies."""
        return Absent()

    def __repr__(self) -> str:
        """Say what it is."""
        return "<not there in a workflow>"


def absent(module: str) -> dict[str, Any]:
    """The members of a module that stand for what only a worker needs."""
    names = FOR_WORKERS.get(module, ())
    return {name: _AbsentClass(name, (Absent,), {"__module__": module}) for name in names}
