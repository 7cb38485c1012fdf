"""Gates Python workflow code with compiled Portcullis policies."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._errors import RestrictedWorkflowAccessError, UnintentionalPassthroughError
    from ._policy import Policy, PolicyError
    from ._sandbox import Sandbox
    from ._table import overlay_interpreter_table, restore_interpreter_table

__all__ = [
    "Audit",
    "Policy",
    "PolicyError",
    "RestrictedWorkflowAccessError",
    "Sandbox",
    "UnintentionalPassthroughError",
    "overlay_interpreter_table",
    "restore_interpreter_table",
]

# Loaded when asked for: the errors import temporalio, the others need the native gate, and
# `portcullis.workflow` needs neither.
_MODULES = {
    "Audit": "_audit",
    "Policy": "_policy",
    "PolicyError": "_policy",
    "RestrictedWorkflowAccessError": "_errors",
    "Sandbox": "_sandbox",
    "UnintentionalPassthroughError": "_errors",
    "overlay_interpreter_table": "_table",
    "restore_interpreter_table": "_table",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
