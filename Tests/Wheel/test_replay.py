"""The installed runner in temporalio's replayer, with nothing but what both publish."""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

if not os.environ.get("PORTCULLIS_PYTHON"):
    pytest.skip("no wheel is installed; see Scripts/test-wheel", allow_module_level=True)

# An order of tea: an activity tells its price, a minute passes, and a signal how many are bought.
HISTORY = Path(__file__).with_name("order.json")
ORDER = """
    import asyncio
    import time
    from datetime import timedelta

    from temporalio import workflow

    @workflow.defn
    class Order:
        def __init__(self):
            self.number = None

        @workflow.run
        async def run(self, item):
            price = await workflow.execute_activity(
                "price", item, start_to_close_timeout=timedelta(seconds=10)
            )
            await asyncio.sleep(60)
            await workflow.wait_condition(lambda: self.number is not None)
            assert {clock} > 0
            return f"{{item}}: {{price * self.number}}"

        @workflow.signal
        def count(self, number):
            self.number = number
"""


@pytest.fixture
def order(tmp_path, monkeypatch) -> Callable[[str], type]:
    """Writes the file of the workflow and imports it, as a worker does when it starts."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(clock: str) -> type:
        (tmp_path / "orders.py").write_text(textwrap.dedent(ORDER.format(clock=clock)))
        monkeypatch.delitem(sys.modules, "orders", raising=False)
        importlib.invalidate_caches()
        return importlib.import_module("orders").Order

    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return write


def replayed(workflow: type) -> BaseException | None:
    """Why the recorded run could not be repeated."""
    from portcullis.temporal import SandboxedWorkflowRunner
    from temporalio.client import WorkflowHistory
    from temporalio.worker import Replayer

    async def replay() -> BaseException | None:
        replayer = Replayer(workflows=[workflow], workflow_runner=SandboxedWorkflowRunner())
        history = WorkflowHistory.from_json("order-1", HISTORY.read_text())
        done = await replayer.replay_workflow(history, raise_on_replay_failure=False)
        return done.replay_failure

    return asyncio.run(replay())


def test_a_recorded_run_is_repeated(order) -> None:
    assert replayed(order("workflow.time()")) is None


def test_a_violation_fails_the_task_and_the_fixed_workflow_goes_on(order, caplog) -> None:
    from temporalio.worker.workflow_sandbox import RestrictedWorkflowAccessError

    with caplog.at_level(logging.WARNING):
        failure = replayed(order("time.time()"))
    assert RestrictedWorkflowAccessError.__name__ in str(failure)
    errors = [r.exc_info[1] for r in caplog.records if r.exc_info]
    assert [isinstance(error, RestrictedWorkflowAccessError) for error in errors] == [True]
    assert errors[0].qualified_name == "time.time.__call__"
    assert replayed(order("workflow.time()")) is None


def test_another_workflow_than_the_recorded_one_is_told_apart(order) -> None:
    failure = replayed(order("await asyncio.sleep(1, 2)"))
    assert type(failure).__name__ == "NondeterminismError"
