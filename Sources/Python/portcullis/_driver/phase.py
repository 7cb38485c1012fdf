"""Being inside of a sandbox, as seen by the driver of a run."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any


@contextlib.contextmanager
def marked_in_sandbox() -> Iterator[None]:
    """Makes ``workflow.unsafe.in_sandbox()`` true on this thread."""
    from portcullis import workflow

    before = workflow.unsafe.in_sandbox()
    workflow.unsafe._set_in_sandbox(True)
    try:
        yield
    finally:
        workflow.unsafe._set_in_sandbox(before)


@contextlib.contextmanager
def running(sandbox: Any, *, in_activation: bool) -> Iterator[None]:
    """Enters the run-time phase of a sandbox; of none, does nothing."""
    if sandbox is None:
        yield
        return
    with marked_in_sandbox(), sandbox.running(in_activation=in_activation):
        yield
