"""The failures of a bare CPython, named as temporalio names its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class TemporalError(Exception):
    """Base of the errors below."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message


class NondeterminismError(TemporalError):
    """The workflow did what would not happen again on replay."""


class FailureError(TemporalError):
    """Base of the errors that fail the workflow when they leave it."""

    @property
    def cause(self) -> BaseException | None:
        """What this failure comes from."""
        return self.__cause__


class ApplicationError(FailureError):
    """The workflow fails, by its own decision."""

    def __init__(
        self,
        message: str,
        *details: Any,
        type: str | None = None,
        non_retryable: bool = False,
        **_: Any,
    ) -> None:
        super().__init__(message)
        self.details: Sequence[Any] = details
        self.type = type
        self.non_retryable = non_retryable


class CancelledError(FailureError):
    """The workflow, or what it waited for, was cancelled."""


class ActivityError(FailureError):
    """An activity failed; the cause says why."""


class ChildWorkflowError(FailureError):
    """A child workflow failed; the cause says why."""


class ContinueAsNewError(BaseException):
    """Leaves the workflow to start it anew; raised by ``continue_as_new``."""

    def __init__(self, workflow: str | None, arguments: Sequence[Any]) -> None:
        super().__init__("continue as new")
        self.workflow = workflow
        self.arguments = list(arguments)
