"""Histories of workflows as JSON, in the shape in which a server hands them out."""

from __future__ import annotations

import base64
import json
from typing import Any

from temporalio.client import WorkflowHistory


def payload(value: Any) -> dict[str, Any]:
    """A payload of JSON text."""
    return {
        "metadata": {"encoding": base64.b64encode(b"json/plain").decode()},
        "data": base64.b64encode(json.dumps(value).encode()).decode(),
    }


class History:
    """Events of one run, from its start on."""

    def __init__(self, workflow: str, *input: Any) -> None:
        """Start a workflow."""
        self._events: list[dict[str, Any]] = []
        self._add(
            "WORKFLOW_EXECUTION_STARTED",
            "workflowExecutionStarted",
            workflowType={"name": workflow},
            taskQueue={"name": "queue"},
            input={"payloads": [payload(each) for each in input]},
            workflowTaskTimeout="10s",
            originalExecutionRunId="run",
            firstExecutionRunId="run",
            attempt=1,
        )

    def _add(self, kind: str, field: str, **attributes: Any) -> int:
        number = len(self._events) + 1
        self._events.append(
            {
                "eventId": str(number),
                "eventTime": f"2026-01-02T03:04:{number:02}Z",
                "eventType": f"EVENT_TYPE_{kind}",
                f"{field}EventAttributes": attributes,
            }
        )
        return number

    def signal(self, name: str, *input: Any) -> History:
        """A signal arrives."""
        self._add(
            "WORKFLOW_EXECUTION_SIGNALED",
            "workflowExecutionSignaled",
            signalName=name,
            input={"payloads": [payload(each) for each in input]},
            identity="test",
        )
        return self

    def task(self) -> History:
        """A worker has taken a workflow task and not completed it yet."""
        scheduled = self._add(
            "WORKFLOW_TASK_SCHEDULED", "workflowTaskScheduled", taskQueue={"name": "queue"}
        )
        self._add("WORKFLOW_TASK_STARTED", "workflowTaskStarted", scheduledEventId=str(scheduled))
        return self

    def completed_task(self) -> int:
        """A worker has completed a workflow task."""
        self.task()
        started = len(self._events)
        return self._add(
            "WORKFLOW_TASK_COMPLETED",
            "workflowTaskCompleted",
            scheduledEventId=str(started - 1),
            startedEventId=str(started),
        )

    def timer(self, number: int, seconds: int) -> History:
        """A task started a timer, which has fired."""
        task = self.completed_task()
        started = self._add(
            "TIMER_STARTED",
            "timerStarted",
            timerId=str(number),
            startToFireTimeout=f"{seconds}s",
            workflowTaskCompletedEventId=str(task),
        )
        self._add("TIMER_FIRED", "timerFired", timerId=str(number), startedEventId=str(started))
        return self

    def completed(self, result: Any) -> History:
        """A task completed the workflow."""
        task = self.completed_task()
        self._add(
            "WORKFLOW_EXECUTION_COMPLETED",
            "workflowExecutionCompleted",
            result={"payloads": [payload(result)]},
            workflowTaskCompletedEventId=str(task),
        )
        return self

    def recorded(self, workflow_id: str = "workflow") -> WorkflowHistory:
        """The history as a replayer takes it."""
        return WorkflowHistory.from_json(workflow_id, json.dumps({"events": self._events}))
