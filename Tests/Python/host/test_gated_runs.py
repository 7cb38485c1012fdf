"""Whole runs in sandboxes of the default policy, on either driver."""

import pytest

ONE = """
    import asyncio
    from datetime import datetime
    {head}

    @workflow.defn{defn}
    class One:
        @workflow.run
        async def run(self):
            {body}
    """


def one(body, head="", defn=""):
    return ONE.replace("{head}", head).replace("{body}", body).replace("{defn}", defn)


def test_what_is_allowed_runs(gated):
    body = "await asyncio.sleep(60); return workflow.now().isoformat()"
    assert gated(one(body))["value"] == "2024-01-01T00:01:00+00:00"


def test_a_violation_says_what_where_and_why(gated):
    file = gated.file(one("return datetime.now().isoformat()"))
    response = gated.run(file)
    assert (response["status"], response["kind"]) == ("failed", "violation")
    error = response["error"]
    assert error["qualified_name"] == "datetime.datetime.now.__call__"
    assert error["caller"] == f"{file}:11"
    assert error["rule"] and error["policy_location"] and error["next_step"]
    assert "\n" not in error["message"]
    assert [frame["line"] for frame in error["trace"]] == [11]


def test_the_fixed_file_runs(gated):
    file = gated.file(one("return datetime.now().year"))
    assert gated.run(file)["kind"] == "violation"
    fixed = one("return workflow.now().year")
    gated.write(file, "from portcullis import workflow\n" + _dedent(fixed))
    assert gated.run(file)["value"] == 2024


def test_a_violation_while_loading(gated):
    response = gated(one("return 1", head="import random; X = random.random()"))
    assert response["kind"] == "violation"
    assert response["error"]["qualified_name"] == "random.random.__call__"


def test_a_violation_that_was_wrapped_is_found(gated):
    body = """try:
                datetime.now()
            except Exception as error:
                raise ValueError("wrapped") from error"""
    assert gated(one(body))["kind"] == "violation"


@pytest.mark.parametrize("defn", ["(sandboxed=False)", "(sandboxed=bool(0))"])
def test_a_workflow_that_opts_out_is_not_gated(gated, defn):
    body = "return [datetime.now().year > 2000, workflow.unsafe.in_sandbox()]"
    assert gated(one(body, defn=defn))["value"] == [True, False]


def test_the_literal_opt_out_holds_for_loading_too(gated):
    head = "import random; X = random.random()"
    assert gated(one("return 1", head=head, defn="(sandboxed=False)"))["value"] == 1


def test_the_sandbox_is_known_and_can_be_left(gated):
    body = """with workflow.unsafe.sandbox_unrestricted():
                year = datetime.now().year
            return [year > 2000, workflow.unsafe.in_sandbox()]"""
    assert gated(one(body))["value"] == [True, True]


def test_every_run_has_modules_of_its_own(gated):
    gated.write("counts_of_this_test.py", "RUNS = []\n")
    body = "RUNS.append(1); return len(RUNS)"
    file = gated.file(one(body, head="from counts_of_this_test import RUNS"))
    assert [gated.run(file)["value"] for _ in range(3)] == [1, 1, 1]
    # What is passed through is shared, and what a run writes on it is still the run's own.
    passed = "with workflow.unsafe.imports_passed_through(): from counts_of_this_test import RUNS"
    file = gated.file(one(body, head=passed))
    assert [gated.run(file)["value"] for _ in range(3)] == [1, 1, 1]


def test_a_dynamic_import_is_warned_of(gated):
    gated.write("late_of_this_test.py", "X = 1\n")
    response = gated(one("import late_of_this_test; return late_of_this_test.X"))
    assert response["value"] == 1
    messages = [warning["message"] for warning in response["warnings"]]
    expected = "Module late_of_this_test was imported after initial workflow load."
    assert messages == [expected]


def test_an_unintentional_passthrough_fails_the_task(gated):
    gated.write("passed_of_this_test.py", "X = 1\n")
    policy = "workflow.SandboxImportNotificationPolicy.RAISE_ON_UNINTENTIONAL_PASSTHROUGH"
    head = f"with workflow.unsafe.sandbox_import_notification_policy({policy}):"
    response = gated(one("return 1", head=head + " import passed_of_this_test"))
    assert (response["status"], response["kind"]) == ("failed", "passthrough")
    expected = "Module passed_of_this_test was not intentionally passed through to the sandbox."
    assert response["error"]["message"] == expected


def test_a_broken_image_is_refused(gated):
    broken = gated.folder / "broken.policybc"
    broken.write_bytes(b"not an image")
    gated.image = str(broken)
    response = gated(one("return 1"))
    assert (response["status"], response["kind"]) == ("error", "policy")
    assert "\n" not in response["error"]["message"]


def _dedent(text):
    import textwrap

    return textwrap.dedent(text)
