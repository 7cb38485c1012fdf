"""A Temporal service of one workflow, in memory: takes commands, answers with jobs."""

from __future__ import annotations

import json
from typing import Any

import temporalio.api.common.v1 as common
import temporalio.bridge.proto.workflow_activation as activation

_NANOSECONDS = 1_000_000_000


class VirtualService:
    """Fires timers in the order they are due on a virtual clock and answers from stubs."""

    def __init__(self, stubs: dict[str, str], start_seconds: int) -> None:
        self.now_ns = start_seconds * _NANOSECONDS
        self.closing: Any = None
        self._stubs = stubs
        self._ready: list[Any] = []
        self._timers: dict[int, int] = {}
        self._unanswered: dict[tuple[str, int], str] = {}

    def accept(self, commands: Any) -> None:
        """Takes the commands of one workflow task; `closing` is the one that ends the workflow."""
        for command in commands:
            variant = command.WhichOneof("variant")
            if variant in _CLOSING:
                self.closing = self.closing or command
                continue
            take = getattr(self, "_take_" + str(variant), None)
            if take is not None:
                take(getattr(command, variant))

    def next_jobs(self) -> list[Any]:
        """What happens next: everything answered, else the timer due first, else nothing."""
        if self._ready:
            jobs, self._ready = self._ready, []
            return jobs
        if not self._timers:
            return []
        seq = min(self._timers, key=lambda each: (self._timers[each], each))
        self.now_ns = max(self.now_ns, self._timers.pop(seq))
        job = activation.WorkflowActivationJob()
        job.fire_timer.seq = seq
        return [job]

    @property
    def pending(self) -> list[str]:
        """What was asked for and not answered, a line each."""
        return list(self._unanswered.values())

    # A method a command, named after it.

    def _take_start_timer(self, command: Any) -> None:
        self._timers[command.seq] = self.now_ns + command.start_to_fire_timeout.ToNanoseconds()

    def _take_cancel_timer(self, command: Any) -> None:
        self._timers.pop(command.seq, None)

    def _take_schedule_activity(self, command: Any, *, local: bool = False) -> None:
        stub = self._stubs.get(command.activity_type)
        if stub is None:
            what = "local activity" if local else "activity"
            line = f"{what} `{command.activity_type}`: no stub answers it"
            self._unanswered["activity", command.seq] = line
            return
        job = activation.WorkflowActivationJob()
        job.resolve_activity.seq = command.seq
        job.resolve_activity.is_local = local
        job.resolve_activity.result.completed.result.CopyFrom(payload_of(stub))
        self._ready.append(job)

    def _take_schedule_local_activity(self, command: Any) -> None:
        self._take_schedule_activity(command, local=True)

    def _take_request_cancel_activity(self, command: Any, *, local: bool = False) -> None:
        if self._unanswered.pop(("activity", command.seq), None) is None:
            return
        job = activation.WorkflowActivationJob()
        job.resolve_activity.seq = command.seq
        job.resolve_activity.is_local = local
        failure = job.resolve_activity.result.cancelled.failure
        failure.message = "Activity cancelled"
        failure.activity_failure_info.SetInParent()
        failure.cause.canceled_failure_info.SetInParent()
        failure.cause.message = "Cancelled"
        self._ready.append(job)

    def _take_request_cancel_local_activity(self, command: Any) -> None:
        self._take_request_cancel_activity(command, local=True)

    def _take_start_child_workflow_execution(self, command: Any) -> None:
        stub = self._stubs.get(command.workflow_type)
        if stub is None:
            line = f"child workflow `{command.workflow_type}`: no stub answers it"
            self._unanswered["child", command.seq] = line
            return
        start = activation.WorkflowActivationJob()
        start.resolve_child_workflow_execution_start.seq = command.seq
        start.resolve_child_workflow_execution_start.succeeded.run_id = f"child-{command.seq}"
        end = activation.WorkflowActivationJob()
        end.resolve_child_workflow_execution.seq = command.seq
        result = end.resolve_child_workflow_execution.result.completed.result
        result.CopyFrom(payload_of(stub))
        self._ready += [start, end]

    def _take_cancel_child_workflow_execution(self, command: Any) -> None:
        seq = command.child_workflow_seq
        if self._unanswered.pop(("child", seq), None) is None:
            return
        job = activation.WorkflowActivationJob()
        job.resolve_child_workflow_execution_start.seq = seq
        failure = job.resolve_child_workflow_execution_start.cancelled.failure
        failure.message = "Child Workflow execution cancelled before scheduled"
        failure.child_workflow_execution_failure_info.SetInParent()
        failure.cause.canceled_failure_info.SetInParent()
        failure.cause.message = "Cancelled"
        self._ready.append(job)

    def _take_signal_external_workflow_execution(self, command: Any) -> None:
        target = command.child_workflow_id or command.workflow_execution.workflow_id
        line = f"signal `{command.signal_name}` to the workflow `{target}`: no such workflow runs"
        self._unanswered["signal", command.seq] = line

    def _take_cancel_signal_workflow(self, command: Any) -> None:
        if self._unanswered.pop(("signal", command.seq), None) is None:
            return
        job = activation.WorkflowActivationJob()
        job.resolve_signal_external_workflow.seq = command.seq
        failure = job.resolve_signal_external_workflow.failure
        failure.message = "Signal was cancelled before being sent"
        failure.canceled_failure_info.SetInParent()
        self._ready.append(job)

    def _take_request_cancel_external_workflow_execution(self, command: Any) -> None:
        target = command.workflow_execution.workflow_id
        line = f"cancellation of the workflow `{target}`: no such workflow runs"
        self._unanswered["cancel", command.seq] = line

    def _take_schedule_nexus_operation(self, command: Any) -> None:
        name = f"{command.service}.{command.operation}"
        line = f"nexus operation `{name}` at the endpoint `{command.endpoint}`: nobody answers it"
        self._unanswered["nexus", command.seq] = line

    def _take_request_cancel_nexus_operation(self, command: Any) -> None:
        if self._unanswered.pop(("nexus", command.seq), None) is None:
            return
        job = activation.WorkflowActivationJob()
        job.resolve_nexus_operation_start.seq = command.seq
        failure = job.resolve_nexus_operation_start.failed
        failure.message = "nexus operation cancelled before it was started"
        failure.nexus_operation_execution_failure_info.SetInParent()
        failure.cause.canceled_failure_info.SetInParent()
        failure.cause.message = "Cancelled"
        self._ready.append(job)


def payload_of(text: str) -> common.Payload:
    """A JSON text as temporalio's JSON converter would have written it."""
    if json.loads(text) is None:
        return common.Payload(metadata={"encoding": b"binary/null"})
    return common.Payload(metadata={"encoding": b"json/plain"}, data=text.encode())


_CLOSING = {
    "complete_workflow_execution",
    "fail_workflow_execution",
    "continue_as_new_workflow_execution",
    "cancel_workflow_execution",
}
