"""``workflow.unsafe`` for a bare CPython: flags of the thread, set by context managers."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from enum import Flag, auto


class SandboxImportNotificationPolicy(Flag):
    """What happens when a module is loaded into the sandbox; the members combine."""

    SILENT = auto()
    """Nothing is said."""
    WARN_ON_DYNAMIC_IMPORT = auto()
    """An import after the workflow has been loaded is warned of."""
    WARN_ON_UNINTENTIONAL_PASSTHROUGH = auto()
    """An import that is not passed through is warned of."""
    RAISE_ON_UNINTENTIONAL_PASSTHROUGH = auto()
    """An import that is not passed through is an error."""


class _Flags(threading.local):
    in_sandbox = False
    unrestricted = False
    passed_through = False
    notification_policy: SandboxImportNotificationPolicy | None = None


_flags = _Flags()


class unsafe:
    """What workflow code should rarely need."""

    def __init__(self) -> None:
        raise NotImplementedError

    @staticmethod
    def in_sandbox() -> bool:
        """Whether this thread runs a workflow in a sandbox."""
        return _flags.in_sandbox

    @staticmethod
    def _set_in_sandbox(v: bool) -> None:
        _flags.in_sandbox = v

    @staticmethod
    def is_replaying() -> bool:
        """Whether history is replayed, which never happens here."""
        return False

    @staticmethod
    def is_replaying_history_events() -> bool:
        """Whether events of the history are replayed, which never happens here."""
        return False

    @staticmethod
    def is_read_only() -> bool:
        """Whether a query or a validator runs, which never happens here."""
        return False

    @staticmethod
    def is_sandbox_unrestricted() -> bool:
        """Whether the block of code runs without the restrictions of the sandbox."""
        return _flags.unrestricted

    @staticmethod
    @contextlib.contextmanager
    def sandbox_unrestricted() -> Iterator[None]:
        """Runs a block of code without the restrictions of the sandbox."""
        before, _flags.unrestricted = _flags.unrestricted, True
        try:
            yield
        finally:
            _flags.unrestricted = before

    @staticmethod
    def is_imports_passed_through() -> bool:
        """Whether imports of the block of code are passed through."""
        return _flags.passed_through

    @staticmethod
    @contextlib.contextmanager
    def imports_passed_through() -> Iterator[None]:
        """Passes the imports of a block of code through."""
        before, _flags.passed_through = _flags.passed_through, True
        try:
            yield
        finally:
            _flags.passed_through = before

    @staticmethod
    def current_import_notification_policy_override() -> SandboxImportNotificationPolicy | None:
        """The import notification policy of the block of code, where one is set."""
        return _flags.notification_policy

    @staticmethod
    @contextlib.contextmanager
    def sandbox_import_notification_policy(
        policy: SandboxImportNotificationPolicy,
    ) -> Iterator[None]:
        """Sets the import notification policy of a block of code."""
        before, _flags.notification_policy = _flags.notification_policy, policy
        try:
            yield
        finally:
            _flags.notification_policy = before
