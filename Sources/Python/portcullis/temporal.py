"""Portcullis in a Temporal worker.

from portcullis.temporal import SandboxedWorkflowRunner

worker = Worker(..., workflow_runner=SandboxedWorkflowRunner())
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import temporalio.worker.workflow_sandbox as _sandbox
import temporalio.workflow
from temporalio.worker import UnsandboxedWorkflowRunner
from temporalio.worker._workflow_instance import (
    WorkflowInstance,
    WorkflowInstanceDetails,
    WorkflowRunner,
)

from portcullis import _instance
from portcullis._audit import Audit
from portcullis._policy import Policy

if TYPE_CHECKING:
    Restrictions = Policy | str | os.PathLike[str] | _sandbox.SandboxRestrictions

__all__ = ["SandboxedWorkflowRunner"]

if not hasattr(temporalio.workflow.unsafe, "current_import_notification_policy_override"):
    raise ImportError("portcullis.temporal needs temporalio 1.20 or newer")

# Worker and Replayer pass this module through to the runner's restrictions in debug mode.
_DEBUGGER = "_pydevd_bundle"


@dataclass(frozen=True)
class SandboxedWorkflowRunner(_sandbox.SandboxedWorkflowRunner):
    """Runs workflows in sandboxes of Portcullis, in the place of temporalio's runner.

    It is a temporalio runner for plugins and for ``isinstance``: ``dataclasses.replace`` with
    ``runner.restrictions.with_passthrough_modules(...)`` works as it does there.
    """

    restrictions: Restrictions | None = None  # type: ignore[assignment]
    """The policy: None for the shipped default, the path of a ``.policybc`` or ``.xml`` file, a
    ``Policy``, or ``SandboxRestrictions`` of temporalio. None and paths are replaced with what was
    read when the runner was made."""

    runner_class: type[WorkflowRunner] = UnsandboxedWorkflowRunner
    """The class of the runner inside of the sandbox, imported anew for each run."""

    audit: Audit | str | os.PathLike[str] | None = None
    """Where what the policy denies is recorded, as it goes on: an ``Audit``, or a file that gets a
    JSON line for each entry; ``portcullis suggest`` reads it. None to deny it."""

    policy: Policy = field(init=False, repr=False, compare=False)
    """The policy that holds in the sandboxes."""

    def __post_init__(self) -> None:
        """Read the policy.

        Raises:
            PolicyError: it cannot be read or used; the text names the file.
            OSError: the file of the audit cannot be written.
        """
        given: Any = self.restrictions
        if given is None:
            given = Policy.default
        elif isinstance(given, (str, os.PathLike)):
            given = Policy.load(given)
        if isinstance(given, Policy):
            policy = _debugged(given)
        elif isinstance(given, _sandbox.SandboxRestrictions):
            policy = Policy.from_restrictions(given)
        else:
            raise TypeError(
                "restrictions must be None, a path, a Policy or SandboxRestrictions,"
                f" not {type(given).__name__}"
            )
        object.__setattr__(self, "restrictions", given)
        object.__setattr__(self, "policy", policy)
        if self.audit is not None and not isinstance(self.audit, Audit):
            object.__setattr__(self, "audit", Audit(self.audit))

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Load the workflow into a sandbox of its own."""
        audit: Any = self.audit  # never a path any more
        return _instance.create(self.policy, self.runner_class, det, audit)


def _debugged(policy: Policy) -> Policy:
    """The policy with ``breakpoint()`` allowed if the worker is in debug mode."""
    breakpoint_path = ("__builtins__", "breakpoint")
    if not policy.lists_passthrough(_DEBUGGER) or policy.decide(breakpoint_path).is_allowed:
        return policy
    return policy.with_child_unrestricted(*breakpoint_path)
