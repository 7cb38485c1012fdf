"""What both drivers do alike: time, activities, outcomes."""

import json

import pytest

GREETING = """
    import asyncio
    from dataclasses import dataclass
    from datetime import timedelta

    @dataclass
    class Person:
        name: str
        age: int = 40

    @workflow.defn
    class Greeting:
        @workflow.run
        async def run(self, person: Person, greeting: str) -> str:
            return f"{greeting} {person.name} {person.age}"
    """

ONE = """
    import asyncio
    from datetime import timedelta
    from portcullis.exceptions import ApplicationError

    @workflow.defn
    class One:
        @workflow.run
        async def run(self):
            {body}
    """


def one(body):
    lines = body.strip("\n").splitlines()
    indent = len(lines[0]) - len(lines[0].lstrip())
    return ONE.replace("{body}", "\n            ".join(line[indent:] for line in lines))


def test_input_takes_the_types_of_the_signature(runs):
    assert runs(GREETING, {"name": "Ada"}, "hello")["value"] == "hello Ada 40"
    assert runs(GREETING, {"name": "Ada", "age": 3}, "bye")["value"] == "bye Ada 3"


@pytest.mark.parametrize("given", [[], [1], [1, 2, 3]])
def test_another_number_of_arguments_is_a_fault_of_the_input(runs, given):
    response = runs(GREETING, *given)
    assert (response["status"], response["kind"]) == ("error", "input")
    said = response["error"]["message"]
    assert (
        said == f"workflow `Greeting` takes 2 (`person`, `greeting`) as input, {len(given)} given"
    )


def test_input_that_does_not_fit_its_type_fails_the_task(runs):
    response = runs(GREETING, 7, "hello")
    assert (response["status"], response["kind"]) == ("failed", "task")


def test_timers_fire_at_once_in_the_order_they_are_due(runs):
    body = """
        seen = []
        async def after(seconds):
            await asyncio.sleep(seconds)
            seen.append([seconds, round(workflow.time() - start)])
        start = workflow.time()
        await asyncio.gather(after(30), after(10), after(86400), after(10))
        return seen
    """
    assert runs(one(body))["value"] == [[10, 10], [10, 10], [30, 30], [86400, 86400]]


def test_a_cancelled_timer_does_not_move_the_clock(runs):
    body = """
        start = workflow.now()
        slow = asyncio.create_task(asyncio.sleep(1000))
        await asyncio.sleep(1)
        slow.cancel()
        await asyncio.sleep(1)
        return (workflow.now() - start).total_seconds()
    """
    assert runs(one(body))["value"] == 2


def test_every_run_starts_at_the_same_time_with_the_same_chance(runs):
    body = """
        return [workflow.now().isoformat(), workflow.random().random(), str(workflow.uuid4())]
    """
    first, second = runs(one(body))["value"], runs(one(body))["value"]
    assert first == second
    assert first[0] == "2024-01-01T00:00:00+00:00"


@pytest.mark.parametrize("seed", [1, 2])
def test_the_seed_decides_the_chance(runs, seed):
    body = "return workflow.random().random()"
    import random

    assert runs(one(body), seed=seed)["value"] == random.Random(seed).random()


def test_timeouts_of_asyncio_work(runs):
    body = """
        try:
            await asyncio.wait_for(asyncio.get_running_loop().create_future(), 60)
        except asyncio.TimeoutError:
            return "late"
    """
    assert runs(one(body))["value"] == "late"


def test_wait_and_as_completed_keep_an_order(runs):
    body = """
        async def after(seconds):
            await asyncio.sleep(seconds)
            return seconds
        tasks = [asyncio.create_task(after(s)) for s in (3, 1, 2)]
        done, pending = await workflow.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        first = [t.result() for t in done] + [len(pending)]
        more = [asyncio.create_task(after(s)) for s in (3, 1, 2)]
        return first + [await each for each in workflow.as_completed(more)]
    """
    assert runs(one(body))["value"] == [1, 2, 1, 2, 3]


ACTIVITY = """
    options = {"start_to_close_timeout": timedelta(seconds=5)}
    first = await workflow.execute_activity("charge", 7, **options)
    second = await workflow.execute_local_activity("note", **options)
    return [first, second]
"""


def test_stubs_answer_activities(runs):
    response = runs(one(ACTIVITY), stubs={"charge": {"ok": True}, "note": None})
    assert response["value"] == [{"ok": True}, None]


def test_what_no_stub_answers_is_pending(runs):
    response = runs(one(ACTIVITY))
    assert (response["status"], response["kind"]) == ("pending", "pending")
    assert response["pending"] == ["activity `charge`: no stub answers it"]
    response = runs(one(ACTIVITY), stubs={"charge": 1})
    assert response["pending"] == ["local activity `note`: no stub answers it"]


def test_an_activity_is_named_by_its_function(runs):
    body = """
        def pay(amount: int) -> str: ...
        return await workflow.execute_activity(
            pay if hasattr(pay, "__temporal_activity_definition") else "pay", 1,
            start_to_close_timeout=timedelta(seconds=5))
    """
    assert runs(one(body), stubs={"pay": "paid"})["value"] == "paid"


def test_an_abandoned_activity_can_be_cancelled(runs):
    body = """
        handle = workflow.start_activity("slow", start_to_close_timeout=timedelta(seconds=5))
        await asyncio.sleep(1)
        handle.cancel()
        try:
            await handle
        except BaseException as error:
            return type(error).__name__
    """
    assert runs(one(body))["value"] in ("ActivityError", "CancelledError")


CHILD = """
    return await workflow.execute_child_workflow("Child", 1, id="child")
"""


def test_child_workflows_are_answered_by_stubs_too(runs):
    assert runs(one(CHILD), stubs={"Child": [1, 2]})["value"] == [1, 2]
    assert runs(one(CHILD))["pending"] == ["child workflow `Child`: no stub answers it"]


def test_a_condition_is_pending_with_its_place_and_the_handlers(runs):
    text = """
        @workflow.defn
        class Waiting:
            def __init__(self):
                self.open = False

            @workflow.signal
            def approve(self):
                self.open = True

            @workflow.run
            async def run(self):
                await workflow.wait_condition(lambda: self.open)
        """
    file = runs.file(text)
    [line] = runs.run(file)["pending"]
    name = file.rpartition("/")[2]
    expected = f"a condition at {name}:14: nothing makes it true (it may be changed by signal"
    assert line == f"{expected} `approve`)"


def test_a_condition_is_looked_at_again_after_every_step(runs):
    body = """
        state = []
        async def fill():
            await asyncio.sleep(5)
            state.append(1)
        task = asyncio.create_task(fill())
        await workflow.wait_condition(lambda: bool(state))
        try:
            await workflow.wait_condition(lambda: len(state) > 1, timeout=10)
        except asyncio.TimeoutError:
            return workflow.now().second
    """
    assert runs(one(body))["value"] == 15


def test_an_await_that_nobody_answers_is_pending_with_its_place(runs):
    body = "await asyncio.get_running_loop().create_future()"
    [line] = runs(one(body))["pending"]
    assert line.endswith(":11: nobody answers it")


def test_a_workflow_without_an_end_is_left(runs):
    body = """
        while True:
            await asyncio.sleep(1)
    """
    response = runs(one(body))
    assert (response["status"], response["kind"]) == ("pending", "endless")


def test_an_ordinary_exception_fails_the_task_with_the_authors_frames(runs):
    text = """
        import json

        def parse(text):
            return json.loads(text)

        @workflow.defn
        class One:
            @workflow.run
            async def run(self):
                return parse("nonsense")
        """
    file = runs.file(text)
    response = runs.run(file)
    assert (response["status"], response["kind"]) == ("failed", "task")
    error = response["error"]
    assert error["type"] == "json.decoder.JSONDecodeError"
    frames = [(f["file"], f["line"], f["function"], f["source"]) for f in error["trace"]]
    assert frames == [
        (file, 12, "run", 'return parse("nonsense")'),
        (file, 6, "parse", "return json.loads(text)"),
    ]


def test_an_application_error_fails_the_workflow(runs):
    response = runs(one('raise ApplicationError("no money", type="Broke")'))
    assert (response["status"], response["kind"]) == ("failed", "workflow")
    assert response["error"]["message"] == "no money"


def test_failure_exception_types_fail_the_workflow(runs):
    text = """
        @workflow.defn(failure_exception_types=[ValueError])
        class One:
            @workflow.run
            async def run(self):
                raise ValueError("as announced")
        """
    assert runs(text)["kind"] == "workflow"


def test_leaving_the_process_fails_the_task(runs):
    response = runs(one("raise SystemExit(3)"))
    assert (response["status"], response["kind"]) == ("failed", "task")
    assert runs(one("return 1"))["value"] == 1


def test_continue_as_new_tells_the_next_input(runs):
    response = runs(one('workflow.continue_as_new(args=[{"n": 1}, "x"])'))
    assert (response["status"], response["kind"]) == ("completed", "continued_as_new")
    assert response["continued"]["workflow"] == "One"
    assert [json.loads(each) for each in response["continued"]["input"]] == [{"n": 1}, "x"]


def test_init_takes_the_input(runs):
    text = """
        @workflow.defn
        class One:
            @workflow.init
            def __init__(self, n: int):
                self.n = n

            @workflow.run
            async def run(self, n: int) -> int:
                return self.n + n
        """
    assert runs(text, 2)["value"] == 4


def test_warnings_are_collected_with_their_place(runs):
    body = """
        import warnings
        warnings.warn("mind the gap", RuntimeWarning)
        return 1
    """
    file = runs.file(one(body))
    for _ in range(2):
        [warning] = runs.run(file)["warnings"]
        expected = {"category": "RuntimeWarning", "message": "mind the gap"}
        assert warning == {**expected, "file": file, "line": 12}


def test_what_a_workflow_prints_is_written_out(runs):
    runs(one('print("gr\\u00fc\\u00df dich")'))
    assert runs.worker.printed == ["gr\u00fc\u00df dich"]


def test_unsafe_flags_nest_and_end(runs):
    body = """
        u = workflow.unsafe
        seen = []
        policy = workflow.SandboxImportNotificationPolicy
        with u.sandbox_unrestricted(), u.imports_passed_through():
            with u.sandbox_unrestricted():
                pass
            seen += [u.is_sandbox_unrestricted(), u.is_imports_passed_through()]
        with u.sandbox_import_notification_policy(policy.SILENT):
            seen.append(u.current_import_notification_policy_override() is policy.SILENT)
        seen.append(u.current_import_notification_policy_override() is None)
        return seen + [u.is_sandbox_unrestricted(), u.is_imports_passed_through(), u.in_sandbox()]
    """
    assert runs(one(body))["value"] == [True, True, True, True, False, False, False]


def test_info_names_the_run(runs):
    body = """
        i = workflow.info()
        return [i.workflow_type, i.workflow_id, i.attempt, i.start_time.year]
    """
    assert runs(one(body))["value"] == ["One", "portcullis-run", 1, 2024]


def test_a_workflow_knows_that_it_is_one(runs):
    body = "return [SEEN, workflow.in_workflow()]"
    text = one(body).replace("import asyncio", "SEEN = workflow.in_workflow()\n    import asyncio")
    assert runs(text)["value"] == [False, True]
