"""What only temporalio's own workflow instance has."""

import pytest

HEAD = """
    import asyncio
    from datetime import timedelta
    from temporalio import activity, workflow as theirs
    from temporalio.exceptions import ApplicationError, ActivityError, is_cancelled_exception

    @activity.defn(name="pay-out")
    async def pay(amount: int) -> list[int]: ...

    @workflow.defn
    class One:
        @workflow.run
        async def run(self):
            {body}
    """


def one(body):
    return HEAD.replace("{body}", body)


def test_the_module_is_temporalios_own(temporal):
    text = one("return [theirs is workflow, workflow.__name__]")
    assert temporal(text)["value"] == [True, "temporalio.workflow"]


def test_an_activity_function_gives_name_and_type(temporal):
    body = "return await theirs.execute_activity(pay, 1, schedule_to_close_timeout=timedelta(1))"
    assert temporal(one(body), stubs={"pay-out": [1, 2]})["value"] == [1, 2]
    assert temporal(one(body))["pending"] == ["activity `pay-out`: no stub answers it"]
    # A result of another type fails the task, as the data converter decides.
    assert temporal(one(body), stubs={"pay-out": "text"})["kind"] == "task"


def test_a_cancelled_activity_is_told_as_one(temporal):
    body = """handle = theirs.start_activity(pay, 1, schedule_to_close_timeout=timedelta(1))
            await asyncio.sleep(1)
            handle.cancel()
            try:
                await handle
            except ActivityError as error:
                return is_cancelled_exception(error)"""
    assert temporal(one(body))["value"] is True


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (
            "await theirs.get_external_workflow_handle('other').signal('go')",
            "signal `go` to the workflow `other`: no such workflow runs",
        ),
        (
            "await theirs.get_external_workflow_handle('other').cancel()",
            "cancellation of the workflow `other`: no such workflow runs",
        ),
    ],
)
def test_other_workflows_are_pending(temporal, body, line):
    assert temporal(one(body))["pending"] == [line]


def test_the_namespace_and_task_queue_are_named(temporal):
    text = """
        @workflow.defn
        class One:
            @workflow.run
            async def run(self):
                return sorted(
                    [theirs.info().namespace, theirs.info().task_queue], reverse=True)
        """
    assert temporal("from temporalio import workflow as theirs\n" + _dedent(text))["value"] == [
        "portcullis",
        "default",
    ]


def test_patches_and_search_attributes_go_on(temporal):
    body = """theirs.deprecate_patch("old")
            if theirs.patched("new"):
                theirs.upsert_memo({"a": 1})
                return theirs.memo()"""
    assert temporal(one(body))["value"] == {"a": 1}


def test_metrics_are_taken_and_forgotten(temporal):
    body = """theirs.metric_meter().create_counter("seen").add(1)
            return True"""
    assert temporal(one(body))["value"] is True


def test_a_violation_of_temporals_own_is_one(temporal):
    body = """from temporalio.worker.workflow_sandbox import RestrictedWorkflowAccessError
            try:
                raise RestrictedWorkflowAccessError("os.getcwd")
            except Exception as error:
                raise ValueError("wrapped") from error"""
    response = temporal(one(body))
    assert (response["status"], response["kind"]) == ("failed", "violation")
    assert response["error"]["qualified_name"] == "os.getcwd"


def test_a_dynamic_workflow_is_run_by_its_class(temporal):
    text = """
        from collections.abc import Sequence
        from temporalio.common import RawValue

        @workflow.defn(dynamic=True)
        class Any:
            @workflow.run
            async def run(self, args: Sequence[RawValue]) -> int:
                return len(args)
        """
    assert temporal(text, 1, 2, 3)["value"] == 3


def test_a_failed_task_is_not_logged_as_well(temporal, capfd):
    assert temporal(one('raise ValueError("once")'))["kind"] == "task"
    assert "once" not in capfd.readouterr().err


def _dedent(text):
    import textwrap

    return textwrap.dedent(text)
