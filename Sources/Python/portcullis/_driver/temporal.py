"""Drives temporalio's own workflow instance with the activations that a worker would send it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import dataclasses
import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import temporalio.api.common.v1 as common
import temporalio.bridge.proto.workflow_activation as activation
import temporalio.common
import temporalio.converter
import temporalio.worker
import temporalio.workflow
from temporalio.worker import UnsandboxedWorkflowRunner
from temporalio.worker._workflow_instance import WorkflowInstanceDetails

from . import report, waiting
from .service import VirtualService, payload_of
from .source import check_argument_count, label

#: When every run starts, in seconds: 2024-01-01T00:00:00Z.
START_SECONDS = 1_704_067_200
#: After how many workflow tasks a run that never ends is left.
ACTIVATION_LIMIT = 10_000

WORKFLOW_ID = "portcullis-run"
RUN_ID = "00000000-0000-4000-8000-000000000001"
NAMESPACE = "default"
TASK_QUEUE = "portcullis"

# What a worker lends its workflows: here nothing is measured, and stubs decide what is there.
_EXTERN_FUNCTIONS = {
    "__temporal_get_metric_meter": lambda: temporalio.common.MetricMeter.noop,
    "__temporal_assert_local_activity_valid": lambda name: None,
}

_instance_logger = logging.getLogger("temporalio.worker._workflow_instance")


def run(definition: Any, request: Any, sandbox: Any) -> dict[str, Any]:
    """Runs one workflow to its end, or to where nothing more happens by itself."""
    check_argument_count(definition, len(request.input))
    execution = _Execution(definition, request, sandbox)
    with execution.watched():
        try:
            return execution.outcome()
        finally:
            execution.evict()


class _Execution:
    def __init__(self, definition: Any, request: Any, sandbox: Any) -> None:
        self._definition = definition
        self._request = request
        self._sandbox = sandbox
        self._service = VirtualService(request.stubs, START_SECONDS)
        self._errors: list[BaseException] = []
        self._history_length = 0
        self._instance: Any = None

    def outcome(self) -> dict[str, Any]:
        try:
            self._instance = self._create()
        except Exception as error:
            return report.task_failure(error)
        made = self._activation()
        self._initialize(made)
        for _ in range(ACTIVATION_LIMIT):
            try:
                completion = self._activate(made)
            except BaseException as error:
                return report.task_failure(error)
            if completion.HasField("failed"):
                return self._failed(completion.failed.failure, report.task_failure, "task")
            self._service.accept(completion.successful.commands)
            if self._service.closing is not None:
                return self._closed(self._service.closing)
            jobs = self._service.next_jobs()
            if not jobs:
                return {"status": "pending", "kind": "pending", "pending": self._waiting_for()}
            made = self._activation()
            made.jobs.extend(jobs)
        return report.endless(ACTIVATION_LIMIT)

    # The instance

    def _create(self) -> Any:
        # A worker creates instances on the thread of its event loop, and temporalio's instance
        # asks for the running one.
        asyncio._set_running_loop(_CreationLoop())
        try:
            if self._sandbox is None:
                return UnsandboxedWorkflowRunner().create_instance(self._details())
            from portcullis._instance import SandboxedInstance

            return SandboxedInstance(self._sandbox, UnsandboxedWorkflowRunner, self._details())
        finally:
            asyncio._set_running_loop(None)

    def _details(self) -> WorkflowInstanceDetails:
        converter = temporalio.converter.DataConverter.default
        fields = {
            "payload_converter_factory": converter._new_payload_converter,
            "failure_converter_class": converter.failure_converter_class,
            "interceptor_classes": [_recorder(self._errors)],
            "defn": self._definition,
            "info": self._info(),
            "randomness_seed": self._request.seed,
            "extern_functions": _EXTERN_FUNCTIONS,
            "disable_eager_activity_execution": False,
            "worker_level_failure_exception_types": [],
            "patch_activation_callback": None,
            "last_completion_result": common.Payloads(),
            "last_failure": None,
        }
        return _made(WorkflowInstanceDetails, fields)

    def _info(self) -> temporalio.workflow.Info:
        start = datetime.fromtimestamp(START_SECONDS, timezone.utc)
        fields: dict[str, Any] = dict.fromkeys(
            field.name for field in dataclasses.fields(temporalio.workflow.Info)
        )
        fields.update(
            attempt=1,
            first_execution_run_id=RUN_ID,
            headers={},
            namespace=NAMESPACE,
            original_execution_run_id=RUN_ID,
            raw_memo={},
            run_id=RUN_ID,
            search_attributes={},
            start_time=start,
            workflow_start_time=start,
            task_queue=TASK_QUEUE,
            task_timeout=timedelta(seconds=10),
            typed_search_attributes=temporalio.common.TypedSearchAttributes.empty,
            workflow_id=WORKFLOW_ID,
            workflow_type=label(self._definition),
            priority=temporalio.common.Priority.default,
        )
        return _made(temporalio.workflow.Info, fields)

    # Activations

    def _activation(self) -> Any:
        self._history_length += 3
        made = activation.WorkflowActivation(run_id=RUN_ID, history_length=self._history_length)
        made.timestamp.FromNanoseconds(self._service.now_ns)
        return made

    def _initialize(self, made: Any) -> None:
        job = made.jobs.add().initialize_workflow
        job.workflow_type = label(self._definition)
        job.workflow_id = WORKFLOW_ID
        job.randomness_seed = self._request.seed
        job.first_execution_run_id = RUN_ID
        job.original_execution_run_id = RUN_ID
        job.attempt = 1
        job.workflow_task_timeout.FromSeconds(10)
        job.start_time.FromSeconds(START_SECONDS)
        job.arguments.extend(payload_of(text) for text in self._request.input)

    def _activate(self, made: Any) -> Any:
        return self._instance.activate(made)

    def evict(self) -> None:
        """Ends what still waits, so that no coroutine is woken later by garbage collection."""
        if self._instance is None:
            return
        made = activation.WorkflowActivation(run_id=RUN_ID)
        made.jobs.add().remove_from_cache.message = "the run is over"
        with contextlib.suppress(BaseException):
            self._activate(made)
        self._errors.clear()

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Takes the exception of a failed task from the record that temporalio logs of it."""

        def keep(record: logging.LogRecord) -> bool:
            error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
            if error is None or not record.getMessage().startswith("Failed activation"):
                return True
            self._errors.append(error)
            return False

        _instance_logger.addFilter(keep)
        try:
            yield
        finally:
            _instance_logger.removeFilter(keep)

    # Outcomes

    def _closed(self, command: Any) -> dict[str, Any]:
        if command.HasField("complete_workflow_execution"):
            result = _json_of(command.complete_workflow_execution.result)
            return {"status": "completed", "kind": "completed", "result": result}
        if command.HasField("continue_as_new_workflow_execution"):
            again = command.continue_as_new_workflow_execution
            continued = {
                "workflow": again.workflow_type or label(self._definition),
                "input": [_json_of(payload) for payload in again.arguments],
            }
            return {"status": "completed", "kind": "continued_as_new", "continued": continued}
        if command.HasField("cancel_workflow_execution"):
            error = {"type": "CancelledError", "message": "the workflow was cancelled", "trace": []}
            return {"status": "failed", "kind": "cancelled", "error": error}
        failure = command.fail_workflow_execution.failure
        return self._failed(failure, report.workflow_failure, "workflow")

    def _failed(self, failure: Any, tell: Any, kind: str) -> dict[str, Any]:
        if self._errors:
            return tell(self._errors[-1])
        name = failure.application_failure_info.type or "unknown"
        error = {"type": name, "message": failure.message, "text": failure.message, "trace": []}
        return {"status": "failed", "kind": kind, "error": error}

    def _waiting_for(self) -> list[str]:
        tasks = getattr(getattr(self._instance, "inner", self._instance), "_tasks", ())
        lines = self._service.pending
        lines += waiting.conditions(tasks, self._definition)
        return lines or waiting.places(tasks) or ["the workflow: nothing it waits for is known"]


class _CreationLoop(asyncio.AbstractEventLoop):
    """Stands in for the worker's loop while an instance is created; nothing runs on it."""


def _recorder(errors: list[BaseException]) -> type:
    """An interceptor that keeps the exceptions which leave the workflow's own methods."""

    class Recorder(temporalio.worker.WorkflowInboundInterceptor):
        async def execute_workflow(self, input: Any) -> Any:
            try:
                return await super().execute_workflow(input)
            except Exception as error:
                errors.append(error)
                raise

        async def handle_signal(self, input: Any) -> None:
            try:
                await super().handle_signal(input)
            except Exception as error:
                errors.append(error)
                raise

    return Recorder


def _made(cls: Any, fields: dict[str, Any]) -> Any:
    # Releases of temporalio differ in the fields they have.
    known = {field.name for field in dataclasses.fields(cls)}
    return cls(**{name: value for name, value in fields.items() if name in known})


def _json_of(payload: common.Payload) -> str:
    """The JSON text of a payload; bytes become ``{"encoding": ..., "data": base64}``."""
    encoding = payload.metadata.get("encoding", b"").decode()
    if encoding == "binary/null":
        return "null"
    if encoding in ("json/plain", "json/protobuf"):
        return payload.data.decode()
    data = base64.b64encode(payload.data).decode()
    return json.dumps({"encoding": encoding, "data": data})
