"""What happens when a rule matches: the native gate calls ``restricted``."""

from __future__ import annotations

import builtins
import sys
import types
import warnings
from typing import TYPE_CHECKING, Any

from portcullis import _audit, _flags, _gate

if TYPE_CHECKING:
    from portcullis._policy import Rule


def caller_frame() -> types.FrameType | None:
    """The innermost frame of sandboxed code, if there is one on the stack."""
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None and _gate.sandbox_of(frame.f_builtins) is None:
        frame = frame.f_back
    return frame


def caller_place() -> str | None:
    """Where the innermost frame of sandboxed code is, ``file:line``."""
    frame = caller_frame()
    return f"{frame.f_code.co_filename}:{frame.f_lineno}" if frame is not None else None


def warn_at_caller(
    message: str, category: type[Warning], registry: dict[Any, Any] | None = None
) -> None:
    """Issue a warning at the sandboxed code that caused it.

    Args:
        message: what it says.
        category: its class.
        registry: where it is noted that it was issued; that of the caller's module if not given.
    """
    frame = caller_frame()
    if frame is None:
        warnings.warn(message, category, stacklevel=2)
        return
    warnings.warn_explicit(
        message,
        category,
        frame.f_code.co_filename,
        frame.f_lineno,
        module=frame.f_globals.get("__name__") or "<unknown>",
        registry=(
            frame.f_globals.setdefault("__warningregistry__", {}) if registry is None else registry
        ),
        source=None,
    )


def qualified_name(path: tuple[str, ...], operation: str | None) -> str:
    """The name as temporalio spells it."""
    name = ".".join(path)
    if operation is None or path[0] == "__builtins__":
        return name
    return f"{name}.{operation}"


def restricted(
    policy: _gate.Policy, path: tuple[str, ...], operation: str | None, number: int
) -> Exception | None:
    """Decide what a match of a member leads to.

    Returns:
        The error to raise, or None if the access goes on.
    """
    if _flags.is_unrestricted():
        return None
    from portcullis._policy import Rule

    rule = Rule(*policy.rule(number))
    step = "move the call to an activity"
    return _outcome("access", path, operation, rule, qualified_name(path, operation), step)


def invalid_module(name: str, rule: Rule) -> Exception | None:
    """Decide what the import of a module that the policy calls invalid leads to.

    Returns:
        The error to raise, or None if the import goes on.
    """
    if _flags.is_unrestricted():
        return None
    step = "import it in the code that needs it outside of the workflow"
    return _outcome("import", tuple(name.split(".")), None, rule, name, step)


def _outcome(
    kind: str, path: tuple[str, ...], operation: str | None, rule: Rule, name: str, step: str
) -> Exception | None:
    audit = _audit.of_active_sandbox()
    if rule.effect == "audit" or (audit is not None and rule.effect == "deny"):
        record = audit.record if audit is not None else _audit.to_log
        record(_audit.entry_of(kind, path, operation, rule, caller_frame()))
        return None
    from portcullis._errors import RestrictedWorkflowAccessError, default_message

    if rule.effect == "warn" and path[0] != "__builtins__":
        category = getattr(builtins, rule.category or "UserWarning", UserWarning)
        warn_at_caller(rule.message or default_message(name), category)
        return None
    native = _gate.active_sandbox()
    leaks = native.owner().private.leaks if native is not None else None
    if leaks is not None:
        leaks.refused(name)
    allow = f'allow it in your policy with <unrestrict path="{".".join(path)}"/>'
    first = f"use {rule.instead} instead" if rule.instead else step
    return RestrictedWorkflowAccessError.of_rule(name, rule, caller_place(), f"{first}, or {allow}")
