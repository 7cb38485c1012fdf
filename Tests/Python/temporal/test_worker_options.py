"""What a worker lets its users set, with the runner in it."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import textwrap
import warnings
from pathlib import Path
from typing import Any

import pytest
import temporalio.worker
from histories import History, payload
from temporalio.worker import UnsandboxedWorkflowRunner

RUN = """
    @workflow.defn
    class Flow:
        @workflow.run
        async def run(self):
"""


def flow(module: Any, body: str, before: str = "", name: str = "flows") -> type:
    """A workflow with that body."""
    head = textwrap.dedent(before) + textwrap.dedent(RUN)
    return module(name, head + textwrap.indent(textwrap.dedent(body).strip(), " " * 8)).Flow


def validation_failure(replay: Any, workflow: type, **options: Any) -> BaseException:
    """Why the worker refused a workflow when it started."""
    with pytest.raises((RuntimeError, UnboundLocalError)) as caught:
        replay(workflow, History("Flow").task(), **options)
    # The replayer of old releases fails once more on the way out.
    error: BaseException | None = caught.value
    while error is not None and str(error) != "Failed validating workflow Flow":
        error = error.__context__
    assert error is not None and error.__cause__ is not None
    return error.__cause__


def test_interceptors(replay, module) -> None:
    tracing = module(
        "tracing",
        """
        import temporalio.worker

        class Inbound(temporalio.worker.WorkflowInboundInterceptor):
            async def execute_workflow(self, input):
                told = workflow.extern_functions()["tell"]("ran")
                return [told, await super().execute_workflow(input)]

        class Tracing(temporalio.worker.Interceptor):
            def __init__(self, told):
                self.told = told

            def workflow_interceptor_class(self, input):
                input.unsafe_extern_functions["tell"] = lambda text: self.told.append(text)
                return Inbound
        """,
    )
    told: list[str] = []
    outcome = replay(
        flow(module, "return 1"), History("Flow").task(), interceptors=[tracing.Tracing(told)]
    )
    assert (outcome.result, told) == ([None, 1], ["ran"])


def test_failure_exception_types_are_those_of_the_sandbox(replay, module) -> None:
    errors = module(
        "errors",
        """
        class Outer:
            class Rejected(Exception):
                pass
        """,
    )
    rejecting = flow(module, "raise errors.Outer.Rejected('no stock')", "import errors")
    history = History("Flow").task()
    assert replay(rejecting, history).task_failure == ("Rejected", "no stock")
    outcome = replay(rejecting, history, workflow_failure_exception_types=[errors.Outer.Rejected])
    assert outcome.task_failure is None
    assert outcome.workflow_failure == ("Rejected", "no stock")


def test_a_failure_type_that_cannot_be_imported_stops_the_worker(replay, module) -> None:
    class Local(Exception):
        pass

    cause = validation_failure(
        replay, flow(module, "return 1"), workflow_failure_exception_types=[Local]
    )
    assert "Failed to re-import workflow exception failure type" in str(cause)


def test_each_workflow_is_prepared_when_the_worker_starts(replay, module) -> None:
    module("half", "half = 1")
    workflow = flow(module, "return half.half", "import half, time; stamp = half.half / 1")
    assert replay(workflow, History("Flow").task()).result == 1
    half = Path(sys.modules["half"].__file__ or "")
    half.write_text("import datetime; half = datetime.datetime.now()\n")
    cause = validation_failure(replay, workflow)
    assert type(cause).__name__ == "RestrictedWorkflowAccessError"


def test_sandboxed_false_runs_outside(replay, module, monkeypatch) -> None:
    outside = module(
        "outside",
        """
        import time

        @workflow.defn(sandboxed=False)
        class Outside:
            @workflow.run
            async def run(self):
                seen.append((workflow.unsafe.in_sandbox(), time.time() > 0))

        seen = []
        """,
    )
    outcome = replay(outside.Outside, History("Outside").task())
    assert (outcome.failure, outcome.completions) == (None, [])
    assert outside.seen == [(False, True)]


def test_unsafe_acts_on_the_sandbox(replay, module) -> None:
    module("fresh", "")
    module("shared", "")
    unsafe = flow(
        module,
        """
        import sys

        with workflow.unsafe.sandbox_unrestricted():
            free = os.getcwd() != ""
        try:
            os.getcwd()
        except Exception as error:
            kind = type(error).__name__
        inside = workflow.unsafe.in_sandbox()
        with workflow.unsafe.sandbox_unrestricted():
            allowed = workflow.unsafe.is_sandbox_unrestricted()
        return [free, kind, inside, allowed, shared.mark, hasattr(fresh, "mark")]
        """,
        """
        import os
        import fresh

        with workflow.unsafe.imports_passed_through():
            import shared
        """,
    )
    sys.modules["shared"].mark = sys.modules["fresh"].mark = "the host's"
    outcome = replay(unsafe, History("Flow").task())
    assert outcome.result == [
        True, "RestrictedWorkflowAccessError", True, True, "the host's", False,
    ]  # fmt: skip
    from temporalio import workflow

    assert not workflow.unsafe.in_sandbox()


def test_import_notifications_of_blocks_and_of_the_policy(replay, temporal, module) -> None:
    from portcullis import Policy
    from temporalio.workflow import SandboxImportNotificationPolicy as Notify

    module("late", "")
    importing = flow(module, "import late\nreturn 1")
    silent = flow(
        module,
        """
        with workflow.unsafe.sandbox_import_notification_policy(
            workflow.SandboxImportNotificationPolicy.SILENT
        ):
            import late
        return 1
        """,
        name="silent",
    )
    history = History("Flow").task()

    def warned(workflow: type, policy: Any) -> list[str]:
        runner = temporal.SandboxedWorkflowRunner(policy)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            assert replay(workflow, history, runner).result == 1
        return [str(each.message) for each in caught if "late" in str(each.message)]

    dynamic = "Module late was imported after initial workflow load."
    unintentional = "Module late was not intentionally passed through to the sandbox."
    assert warned(importing, Policy.default) == [dynamic]
    assert warned(silent, Policy.default) == []
    both = Notify.WARN_ON_DYNAMIC_IMPORT | Notify.WARN_ON_UNINTENTIONAL_PASSTHROUGH
    policy = Policy.default.with_import_notification_policy(both)
    assert sorted(warned(importing, policy)) == [dynamic, unintentional]
    assert warned(importing, policy.with_passthrough_modules("late")) == []

    strict = Policy.default.with_import_notification_policy(
        Notify.RAISE_ON_UNINTENTIONAL_PASSTHROUGH
    )
    runner = temporal.SandboxedWorkflowRunner(strict)
    kind, text = replay(importing, history, runner).task_failure or ("", "")
    assert (kind, text) == ("UnintentionalPassthroughError", unintentional)


BREAKPOINT = "breakpoint()\nreturn 1"


def test_breakpoint_says_what_it_needs(replay, module) -> None:
    kind, text = replay(flow(module, BREAKPOINT), History("Flow").task()).task_failure
    assert kind == "RestrictedWorkflowAccessError"
    assert text.startswith("breakpoint() inside workflow code requires debug_mode=True")


def has_debug_hook() -> bool:
    try:
        import temporalio.worker._debugger  # noqa: F401
    except ImportError:
        return False
    return True


@pytest.mark.skipif(not has_debug_hook(), reason="this temporalio has no breakpoints in workflows")
@pytest.mark.parametrize("kind", ["default", "restrictions"])
def test_breakpoint_reaches_the_debugger_in_debug_mode(
    replay, temporal, module, monkeypatch, kind
) -> None:
    from temporalio.worker import _debugger
    from temporalio.worker.workflow_sandbox import SandboxRestrictions

    reached: list[bool] = []

    def hook() -> None:
        reached.append(temporalio.workflow.unsafe.in_sandbox())

    monkeypatch.setattr(_debugger, "_temporal_workflow_breakpoint_hook", hook)
    monkeypatch.setattr(sys, "breakpointhook", sys.breakpointhook)
    restrictions = SandboxRestrictions.default if kind == "restrictions" else None
    runner = temporal.SandboxedWorkflowRunner(restrictions)
    outcome = replay(flow(module, BREAKPOINT), History("Flow").task(), runner, debug_mode=True)
    assert (outcome.result, reached) == (1, [True])
    # Another worker of the process, which is not in debug mode, is as it was.
    assert replay(flow(module, BREAKPOINT), History("Flow").task(), runner).task_failure


def test_plugins_find_a_runner_of_temporalio(temporal) -> None:
    from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

    runner = temporal.SandboxedWorkflowRunner()
    assert isinstance(runner, SandboxedWorkflowRunner)
    more = dataclasses.replace(
        runner, restrictions=runner.restrictions.with_passthrough_modules("tracing")
    )
    assert type(more) is temporal.SandboxedWorkflowRunner
    assert more.policy.is_passthrough("tracing.spans")
    assert not runner.policy.is_passthrough("tracing.spans")


def test_the_runner_class_is_imported_anew_in_the_sandbox(replay, temporal, module) -> None:
    own = module(
        "own_runner",
        """
        from temporalio.worker import UnsandboxedWorkflowRunner

        made = []

        class Own(UnsandboxedWorkflowRunner):
            def create_instance(self, det):
                made.append(workflow.unsafe.in_sandbox())
                det.extern_functions["made"] = lambda: list(made)
                return super().create_instance(det)
        """,
    )
    asking = flow(module, "return workflow.extern_functions()['made']()")
    runner = temporal.SandboxedWorkflowRunner(runner_class=own.Own)
    assert replay(asking, History("Flow").task(), runner).result == [True]
    assert own.made == []


HANDLERS = """
    @workflow.defn
    class Handling:
        def __init__(self):
            self.total = 0

        @workflow.run
        async def run(self):
            await workflow.wait_condition(lambda: self.total > 100)

        @workflow.query
        def doubled(self):
            return self.total * 2

        @workflow.query
        def clocked(self):
            import time

            return time.time()

        @workflow.update
        async def add(self, amount):
            self.total += amount
            return self.total

        @add.validator
        def check(self, amount):
            if amount < 0:
                raise ValueError("less than nothing")
"""


def test_queries_and_updates(replay, module, monkeypatch) -> None:
    """Queries and updates come in activations, which a history without a server cannot have."""
    import temporalio.bridge.proto.workflow_activation as activation
    from google.protobuf import json_format
    from portcullis._instance import SandboxedInstance

    handling = module("handlers", HANDLERS).Handling
    asked: dict[str, Any] = {}
    activate = SandboxedInstance.activate

    def asking(self: Any, act: Any) -> Any:
        completion = activate(self, act)
        if not asked and act.jobs[0].HasField("initialize_workflow"):
            for name, amount in (("good", 5), ("bad", -1)):
                update = activation.WorkflowActivation(run_id=act.run_id, timestamp=act.timestamp)
                job = update.jobs.add().do_update
                job.id = job.protocol_instance_id = name
                job.name, job.run_validator = "add", True
                job.input.append(json_format.ParseDict(payload(amount), job.input.add()))
                del job.input[1:]
                asked[name] = activate(self, update).successful.commands
            for name in ("doubled", "clocked"):
                query = activation.WorkflowActivation(run_id=act.run_id, timestamp=act.timestamp)
                question = query.jobs.add().query_workflow
                question.query_id = question.query_type = name
                asked[name] = activate(self, query).successful.commands[0].respond_to_query
        return completion

    monkeypatch.setattr(SandboxedInstance, "activate", asking)
    assert replay(handling, History("Handling").task()).task_failure is None
    completed = [c.update_response for c in asked["good"] if c.HasField("update_response")][-1]
    assert json.loads(completed.completed.data) == 5
    [rejected] = [c.update_response for c in asked["bad"] if c.HasField("update_response")]
    assert rejected.rejected.message == "less than nothing"
    assert json.loads(asked["doubled"].succeeded.response.data) == 10
    failure = asked["clocked"].failed
    assert failure.application_failure_info.type == "RestrictedWorkflowAccessError"


MAIN = """
    import asyncio
    import sys

    from temporalio import workflow

    print("executed as", __name__)

    @workflow.defn
    class Main:
        @workflow.run
        async def run(self):
            return __name__

    class Refused(Exception):
        pass

    if __name__ == "__main__":
        sys.path[:0] = [{tests!r}, {package!r}]
        from host_worker import load_gate
        load_gate({gate!r})
        from histories import History
        from temporalio.worker import Replayer
        from portcullis.temporal import SandboxedWorkflowRunner

        async def main():
            replayer = Replayer(
                workflows=[Main], workflow_runner=SandboxedWorkflowRunner(),
                workflow_failure_exception_types=[Refused],
            )
            await replayer.replay_workflow(
                History("Main").completed("__temporal_main__").recorded()
            )

        asyncio.run(main())
        print("replayed")
"""


def test_workflows_of_the_program_itself(temporal, portcullis, tmp_path) -> None:
    here = Path(__file__).parent
    program = tmp_path / "program.py"
    gate = Path(portcullis).resolve().parent / "libPortcullisGate.so"
    loader = (here.parent / "host" / "worker.py").read_text().replace("\nmain()\n", "\n")
    (tmp_path / "host_worker.py").write_text(loader)
    package = here.parents[2] / "Sources" / "Python"
    text = MAIN.format(tests=str(here), package=str(package), gate=str(gate))
    program.write_text(textwrap.dedent(text))
    done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "executed as __main__" and lines[-1] == "replayed"
    assert set(lines[1:-1]) == {"executed as __temporal_main__"}


def test_an_unsandboxed_runner_beside_ours(temporal, module, replay) -> None:
    clock = flow(module, "return time.time() > 0", "import time")
    history = History("Flow").task()
    outcome = replay(clock, history, UnsandboxedWorkflowRunner())
    assert (outcome.failure, outcome.completions) == (None, [])
    assert replay(clock, history).task_failure is not None


def test_an_audit_records_what_goes_on(replay, temporal, module, tmp_path) -> None:
    reading = flow(module, "import time\nreturn time.time() > 0")
    assert replay(reading, History("Flow").task()).task_failure is not None
    log = tmp_path / "audit.jsonl"
    runner = temporal.SandboxedWorkflowRunner(audit=log)
    assert replay(reading, History("Flow").task(), runner).result is True
    (entry,) = map(json.loads, log.read_text().splitlines())
    assert (entry["path"], entry["phase"]) == ("time.time", "runtime")
    assert entry["caller"].startswith(str(tmp_path / "flows.py"))
    # What a plugin makes of the runner audits too.
    more = dataclasses.replace(runner, restrictions=temporal.Policy.default)
    assert more.audit is runner.audit


def test_an_audit_that_cannot_be_written_stops_the_worker(temporal, tmp_path) -> None:
    with pytest.raises(FileNotFoundError):
        temporal.SandboxedWorkflowRunner(audit=tmp_path / "missing" / "audit.jsonl")
