"""Runs a workflow on a bare CPython, without temporalio."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from . import phase, report, waiting
from .failures import ContinueAsNewError, FailureError
from .loop import VirtualLoop
from .operations import Info, Runtime
from .source import check_argument_count, label
from .values import from_json, hints_of, to_json

#: When every run starts, in seconds: 2024-01-01T00:00:00Z.
START_SECONDS = 1_704_067_200
#: After how many turns of the loop a run that never ends is left.
TURN_LIMIT = 10_000

RUN_ID = "00000000-0000-4000-8000-000000000001"


def run(definition: Any, request: Any, sandbox: Any) -> dict[str, Any]:
    """Runs one workflow to its end, or to where nothing more happens by itself."""
    check_argument_count(definition, len(request.input))
    execution = _Execution(definition, request)
    with phase.running(sandbox, in_activation=True):
        asyncio._set_running_loop(execution.loop)
        try:
            return execution.outcome()
        finally:
            execution.loop.cancel_all()
            asyncio._set_running_loop(None)


class _Execution(Runtime):
    def __init__(self, definition: Any, request: Any) -> None:
        self.loop = VirtualLoop(START_SECONDS * 1_000_000_000)
        self.seed = request.seed
        self.random = random.Random(request.seed)
        self.instance = None
        start = datetime.fromtimestamp(START_SECONDS, timezone.utc)
        self.info = Info(
            attempt=1,
            first_execution_run_id=RUN_ID,
            namespace="default",
            run_id=RUN_ID,
            start_time=start,
            task_queue="portcullis",
            task_timeout=timedelta(seconds=10),
            workflow_id="portcullis-run",
            workflow_start_time=start,
            workflow_type=label(definition),
        )
        self._definition = definition
        self._request = request
        self._conditions: list[tuple[Callable[[], bool], Any]] = []
        self._unanswered: dict[Any, str] = {}
        self.attach(self.loop)

    def outcome(self) -> dict[str, Any]:
        try:
            main = self._started()
            for _ in range(TURN_LIMIT):
                self.loop.run_ready()
                if self._settle_conditions():
                    continue
                if main.done():
                    return self._ended(main)
                if not self.loop.fire_next_timer():
                    return {"status": "pending", "kind": "pending", "pending": self._pending()}
        except ContinueAsNewError as error:
            return self._continued(error)
        except BaseException as error:
            return report.task_failure(error)
        return report.endless(TURN_LIMIT)

    def _started(self) -> Any:
        definition = self._definition
        arguments = self._arguments()
        cls = definition.cls
        self.instance = cls(*arguments) if definition.init_takes_input else cls()
        return self.loop.create_task(definition.run_fn(self.instance, *arguments), name="run")

    def _arguments(self) -> list[Any]:
        hints = hints_of(self._definition.run_fn)
        code = self._definition.run_fn.__code__
        names = code.co_varnames[1 : code.co_argcount]
        values = [json.loads(text) for text in self._request.input]
        if self._definition.name is None:
            return [values]
        padded = [*names, *[None] * len(values)]
        return [
            from_json(value, hints.get(name)) for name, value in zip(padded, values, strict=False)
        ]

    def _settle_conditions(self) -> bool:
        settled = False
        for entry in list(self._conditions):
            condition, future = entry
            if future.done():
                self._conditions.remove(entry)
            elif condition():
                self._conditions.remove(entry)
                future.set_result(None)
                settled = True
        return settled

    def _ended(self, main: Any) -> dict[str, Any]:
        if main.cancelled():
            error = {"type": "CancelledError", "message": "the workflow was cancelled", "trace": []}
            return {"status": "failed", "kind": "cancelled", "error": error}
        error = main.exception()
        if error is None:
            return {"status": "completed", "kind": "completed", "result": to_json(main.result())}
        if isinstance(error, ContinueAsNewError):
            return self._continued(error)
        failures = (FailureError, *self._definition.failure_exception_types)
        tell = report.workflow_failure if isinstance(error, failures) else report.task_failure
        return tell(error)

    def _continued(self, error: ContinueAsNewError) -> dict[str, Any]:
        continued = {
            "workflow": error.workflow or label(self._definition),
            "input": [to_json(each) for each in error.arguments],
        }
        return {"status": "completed", "kind": "continued_as_new", "continued": continued}

    def _pending(self) -> list[str]:
        tasks = self.loop.tasks
        lines = list(self._unanswered.values()) + waiting.conditions(tasks, self._definition)
        return lines or waiting.places(tasks) or ["the workflow: nothing it waits for is known"]

    # Runtime

    @property
    def now_ns(self) -> int:
        return self.loop.now_ns

    def start(self, what: str, name: str, arguments: Sequence[Any], result_type: Any) -> Any:
        to_json(list(arguments))
        future = self.loop.create_future()
        stub = self._request.stubs.get(name)
        if stub is None:
            self._unanswered[future] = f"{what} `{name}`: no stub answers it"
        else:
            future.set_result(from_json(json.loads(stub), result_type))
        return self.loop.create_task(self._answer(future), name=f"{what} {name}")

    async def _answer(self, future: Any) -> Any:
        try:
            return await future
        finally:
            self._unanswered.pop(future, None)

    async def wait_condition(self, condition: Callable[[], bool]) -> None:
        if condition():
            return
        future = self.loop.create_future()
        self._conditions.append((condition, future))
        await future
