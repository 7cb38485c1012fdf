"""Gates Python workflow code with compiled Portcullis policies."""

from __future__ import annotations

from typing import Any

from portcullis._policy import Policy, PolicyError
from portcullis._sandbox import Sandbox

__all__ = [
    "Policy",
    "PolicyError",
    "RestrictedWorkflowAccessError",
    "Sandbox",
    "UnintentionalPassthroughError",
]

_ERRORS = ("RestrictedWorkflowAccessError", "UnintentionalPassthroughError")


def __getattr__(name: str) -> Any:
    # The errors derive from temporalio's where there is one, and importing it takes a while.
    if name in _ERRORS:
        from portcullis import _errors

        return getattr(_errors, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
