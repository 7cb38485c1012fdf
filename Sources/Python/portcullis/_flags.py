"""What the ``unsafe`` context managers say at the moment, on this thread.

They are those of ``temporalio.workflow``, unmodified, or of ``portcullis.workflow`` where there is
no temporalio. They are asked only when something was about to be refused or imported.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portcullis import _gate

_MODULES = _gate.real_modules()

WARN_ON_DYNAMIC_IMPORT = 1
WARN_ON_UNINTENTIONAL_PASSTHROUGH = 2
RAISE_ON_UNINTENTIONAL_PASSTHROUGH = 4

_BITS = {
    "WARN_ON_DYNAMIC_IMPORT": WARN_ON_DYNAMIC_IMPORT,
    "WARN_ON_UNINTENTIONAL_PASSTHROUGH": WARN_ON_UNINTENTIONAL_PASSTHROUGH,
    "RAISE_ON_UNINTENTIONAL_PASSTHROUGH": RAISE_ON_UNINTENTIONAL_PASSTHROUGH,
}


def _sources() -> Iterator[Any]:
    for name in ("temporalio.workflow", "portcullis.workflow"):
        unsafe = getattr(_MODULES.get(name), "unsafe", None)
        if unsafe is not None:
            yield unsafe


def is_unrestricted() -> bool:
    """Whether the code runs in ``sandbox_unrestricted()``."""
    return any(unsafe.is_sandbox_unrestricted() for unsafe in _sources())


def is_imports_passed_through() -> bool:
    """Whether the code runs in ``imports_passed_through()``."""
    return any(unsafe.is_imports_passed_through() for unsafe in _sources())


def notification_policy(of_policy: int) -> int:
    """The flags that hold: those of ``sandbox_import_notification_policy()`` if it is active."""
    for unsafe in _sources():
        override = unsafe.current_import_notification_policy_override()
        if override:
            return bits_of(override)
    return of_policy


def bits_of(policy: Any) -> int:
    """The bits of a ``SandboxImportNotificationPolicy``, temporalio's or that of a bare CPython.

    A temporalio without such flags warns on dynamic imports.
    """
    if policy is None:
        return WARN_ON_DYNAMIC_IMPORT
    members = type(policy).__members__
    return sum(
        bit
        for name, bit in _BITS.items()
        if (member := members.get(name)) is not None and member in policy
    )
