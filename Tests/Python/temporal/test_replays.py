"""Workflows in a replayer with the runner: what a worker's core sees of them."""

from __future__ import annotations

import asyncio
import concurrent.futures
import sys

from histories import History
from temporalio.worker import Replayer

ORDER = """
    import asyncio
    import shipping

    @workflow.defn
    class Order:
        def __init__(self):
            self.items = []

        @workflow.run
        async def run(self, item):
            shipping.count += 1
            self.items.append(item)
            await asyncio.sleep(2)
            return f"{self.items} {shipping.count}"

        @workflow.signal
        def add(self, item):
            self.items.append(item)
"""


def test_a_recorded_history_replays(replay, module) -> None:
    module("shipping", "count = 0")
    order = module("orders", ORDER).Order
    history = History("Order", "tea").timer(1, 2).completed("['tea'] 1")
    for _ in range(3):
        outcome = replay(order, history)
        assert (outcome.failure, outcome.task_failure) == (None, None)
        assert outcome.result == "['tea'] 1"
    # Each run has had its own module, and the worker's is untouched.
    assert sys.modules["shipping"].count == 0


def test_another_result_than_the_recorded_one_is_found_by_the_core(replay, module) -> None:
    module("shipping", "count = 0")
    order = module("orders", ORDER).Order
    outcome = replay(order, History("Order", "tea").completed("['tea'] 1"))
    assert "Nondeterminism" in type(outcome.failure).__name__


def test_signals_reach_the_workflow(replay, module) -> None:
    module("shipping", "count = 0")
    order = module("orders", ORDER).Order
    history = History("Order", "tea").signal("add", "milk").timer(1, 2).task()
    outcome = replay(order, history)
    assert outcome.result == "['milk', 'tea'] 1"


CLOCK = """
    import time

    @workflow.defn
    class Clock:
        @workflow.run
        async def run(self):
            return {expression}
"""


def test_a_violation_fails_the_task_and_the_fixed_workflow_goes_on(replay, module) -> None:
    from temporalio.worker.workflow_sandbox import RestrictedWorkflowAccessError

    history = History("Clock").task()
    clock = module("clocks", CLOCK.format(expression="time.time()")).Clock
    outcome = replay(clock, history)
    kind, text = outcome.task_failure
    assert kind == RestrictedWorkflowAccessError.__name__
    assert text.startswith("Cannot access time.time.__call__ from inside a workflow.")
    assert "clocks.py:9" in text and "workflow.time()" in text
    assert outcome.commands == []

    clock = module("clocks", CLOCK.format(expression="workflow.time() > 0")).Clock
    outcome = replay(clock, history)
    assert (outcome.task_failure, outcome.result) == (None, True)


def test_the_errors_are_temporalios(replay, module) -> None:
    flow = module(
        "catching",
        """
        import os
        from temporalio.worker.workflow_sandbox import RestrictedWorkflowAccessError

        @workflow.defn
        class Catching:
            @workflow.run
            async def run(self):
                try:
                    os.getcwd()
                except RestrictedWorkflowAccessError as error:
                    is_nondeterminism = isinstance(error, workflow.NondeterminismError)
                    return [error.qualified_name, is_nondeterminism]
        """,
    ).Catching
    outcome = replay(flow, History("Catching").task())
    assert outcome.result == ["os.getcwd.__call__", True]


def test_runs_share_the_threads_of_the_worker(temporal, module) -> None:
    count = 40
    module("shipping", "count = 0")
    order = module("orders", ORDER).Order
    recorded = [
        History("Order", str(n)).timer(1, 2).completed(f"['{n}'] 1").recorded(f"workflow-{n}")
        for n in range(count)
    ]

    async def replayed() -> list[object]:
        with concurrent.futures.ThreadPoolExecutor(8) as executor:

            async def one(history: object) -> object:
                replayer = Replayer(
                    workflows=[order],
                    workflow_runner=temporal.SandboxedWorkflowRunner(),
                    workflow_task_executor=executor,
                )
                done = await replayer.replay_workflow(history, raise_on_replay_failure=False)
                return done.replay_failure

            return await asyncio.gather(*(one(history) for history in recorded))

    assert asyncio.run(replayed()) == [None] * count
