"""One run of a workflow in a sandbox: temporalio's own workflow instance, entered and left."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from temporalio.worker._workflow_instance import (
    WorkflowInstance,
    WorkflowInstanceDetails,
    WorkflowRunner,
)

from portcullis import _gate
from portcullis._audit import Audit
from portcullis._driver import phase
from portcullis._policy import Policy
from portcullis._sandbox import Sandbox

#: What the file of a program is called in a sandbox, where it is no program.
MAIN = "__temporal_main__"


class SandboxedInstance(WorkflowInstance):
    """A workflow instance that lives in a sandbox."""

    def __init__(
        self, sandbox: Sandbox, runner_class: type[WorkflowRunner], details: WorkflowInstanceDetails
    ) -> None:
        """Create temporalio's instance in a sandbox.

        Args:
            sandbox: where the workflow's definition comes from.
            runner_class: imported anew in the sandbox.
            details: with the definition of the sandbox.
        """
        self._sandbox = sandbox
        self._details = details
        self._thread_id: int | None = None
        runner = imported(sandbox, runner_class.__module__, runner_class.__name__)
        with self._running(in_activation=False):
            #: Temporalio's instance; None when the run is over.
            self.inner: Any = runner().create_instance(details)

    @contextlib.contextmanager
    def _running(self, *, in_activation: bool) -> Iterator[None]:
        self._thread_id = threading.get_ident()
        try:
            with phase.running(self._sandbox, in_activation=in_activation):
                yield
        finally:
            self._thread_id = None

    def activate(self, act: Any) -> Any:
        """Handle an activation of the worker."""
        with self._running(in_activation=True):
            completion = self.inner.activate(act)
        if any(job.HasField("remove_from_cache") for job in act.jobs):
            self.inner = None
            self._sandbox.close()
        return completion

    def get_serialization_context(self, command_info: Any) -> Any:
        """The serialization context of a command, or of the workflow."""
        with self._running(in_activation=False):
            return self.inner.get_serialization_context(command_info)

    def get_external_store_context(self, command_info: Any) -> Any:
        """The context in which the payloads of a command are stored."""
        with self._running(in_activation=False):
            return self.inner.get_external_store_context(command_info)

    def get_info(self) -> Any:
        """What the workflow knows of itself."""
        return self._details.info

    def get_thread_id(self) -> int | None:
        """The thread on which workflow code runs at the moment."""
        return self._thread_id


def create(
    policy: Policy,
    runner_class: type[WorkflowRunner],
    details: WorkflowInstanceDetails,
    audit: Audit | None = None,
) -> SandboxedInstance:
    """Load the workflow of the details into a new sandbox and create its instance there."""
    workflow = details.defn.cls
    name = _module_name(workflow.__module__)
    sandbox = Sandbox(policy, workflow_module=name, audit=audit)
    loaded = imported(sandbox, name, workflow.__name__)
    definitions = imported(sandbox, "temporalio.workflow", "_Definition")
    types = details.worker_level_failure_exception_types
    details = dataclasses.replace(
        details,
        # The worker's definition has the types of the host.
        defn=definitions.must_from_class(loaded),
        worker_level_failure_exception_types=[*types, *_failure_types(sandbox, types)],
    )
    return SandboxedInstance(sandbox, runner_class, details)


def imported(sandbox: Sandbox, module: str, name: str) -> Any:
    """A member of a module, as ``from module import name`` gets it in a sandbox."""
    with phase.marked_in_sandbox():
        found: Any = _module(sandbox, module)
        if not hasattr(found, name):
            file = getattr(found, "__file__", None)
            raise ImportError(f"cannot import name {name!r} from {module!r}", name=name, path=file)
        return getattr(found, name)


def _module_name(name: str) -> str:
    # A program's file is loaded by another name, so that it does not run as a program again.
    return MAIN if name == "__main__" else name


def _module(sandbox: Sandbox, name: str) -> Any:
    if name != MAIN:
        return sandbox.import_module(name)
    with sandbox.importing():
        known = sys.modules.get(MAIN)
    if known is not None:
        return known
    file = getattr(_gate.real_modules()["__main__"], "__file__", None)
    if file is None:
        raise ImportError("the workflow is defined in `__main__`, which has no file")
    return sandbox.load(file, MAIN)


def _failure_types(
    sandbox: Sandbox, types: Sequence[type[BaseException]]
) -> Iterator[type[BaseException]]:
    """The exception types of the worker as the sandbox has them."""
    for type_ in types:
        try:
            first, *rest = type_.__qualname__.split(".")
            found = imported(sandbox, _module_name(type_.__module__), first)
            for name in rest:
                found = getattr(found, name)
            if not issubclass(found, BaseException):
                raise TypeError(f"Final imported type of {found} does not extend BaseException")
        except Exception as error:
            raise TypeError(
                f"Failed to re-import workflow exception failure type {type_} in sandbox"
            ) from error
        yield found
