"""What `portcullis.workflow` itself does where there is no temporalio."""

import pytest

VALUES = """
    import dataclasses, enum, typing, uuid
    from datetime import datetime

    class Color(enum.Enum):
        RED = "red"

    @dataclasses.dataclass
    class Inner:
        when: datetime
        color: Color

    @dataclasses.dataclass
    class Outer:
        inner: Inner
        many: list[Inner]
        maybe: typing.Optional[Inner] = None
        named: dict[str, Inner] = dataclasses.field(default_factory=dict)

    @workflow.defn
    class One:
        @workflow.run
        async def run(self, outer: Outer):
            kinds = [type(outer.inner), type(outer.many[0]), type(outer.inner.color)]
            return [[kind.__name__ for kind in kinds], outer]
    """


def test_values_become_what_the_hints_say_and_json_again(bare):
    inner = {"when": "2024-02-03T04:05:06", "color": "red"}
    given = {"inner": inner, "many": [inner], "maybe": None, "named": {"a": inner}}
    assert bare(VALUES, given)["value"] == [["Inner", "Inner", "Color"], given]


def test_the_module_is_portcullis_own(bare):
    text = """
        @workflow.defn
        class One:
            @workflow.run
            async def run(self):
                return workflow.__name__
        """
    assert bare(text)["value"] == "portcullis.workflow"


def test_every_member_is_one_of_temporalio(bare):
    theirs = pytest.importorskip("temporalio.workflow")
    text = """
        @workflow.defn
        class One:
            @workflow.run
            async def run(self):
                return [workflow.__all__, [hasattr(workflow, name) for name in workflow.__all__]]
        """
    names, there = bare(text)["value"]
    assert all(there)
    assert {"defn", "run", "unsafe", "wait_condition"} <= set(names)
    # `timer` is ours: a name for a task that sleeps.
    assert [name for name in names if not hasattr(theirs, name)] == ["timer"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@workflow.run\ndef run(self): ...", "must be an async function"),
        ("@workflow.init\ndef other(self): ...", "may only be used on the __init__"),
        (
            "def f():\n    class C:\n        @workflow.run\n        async def run(self): ...\nf()",
            "Local classes unsupported",
        ),
    ],
)
def test_misuse_is_told_in_temporalios_words(runs, text, said):
    response = runs(text)
    assert response["kind"] == "task"
    assert said in response["error"]["message"]


def test_handlers_are_collected_and_validators_kept(bare):
    text = """
        @workflow.defn
        class One:
            @workflow.update
            async def change(self, n: int): ...
            @change.validator
            def check(self, n: int): ...
            @workflow.query(name="state")
            def ask(self): ...
            @workflow.signal(dynamic=True)
            def any(self, name, args): ...
            @workflow.run
            async def run(self):
                d = getattr(type(self), "__temporal_workflow_definition")
                return [list(d.updates), list(d.queries), list(d.signals)]
        """
    assert bare(text)["value"] == [["change"], ["state"], [None]]


def test_a_timer_is_awaited_or_cancelled(bare):
    text = """
        @workflow.defn
        class One:
            @workflow.run
            async def run(self):
                slow, fast = workflow.timer(100), workflow.timer(2)
                await fast
                slow.cancel()
                return workflow.time_ns() % 10**10
        """
    assert bare(text)["value"] == 1704067202 * 10**9 % 10**10


def test_calls_outside_of_a_workflow_are_refused(bare):
    response = bare("workflow.now()")
    assert response["kind"] == "task"
    assert response["error"]["message"] == "Not in workflow event loop"


def test_a_result_that_is_no_json_fails_the_task(bare):
    text = """
        @workflow.defn
        class One:
            @workflow.run
            async def run(self):
                return object()
        """
    response = bare(text)
    assert response["kind"] == "task"
    assert "not JSON serializable" in response["error"]["message"]
