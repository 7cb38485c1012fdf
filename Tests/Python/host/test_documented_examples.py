"""The examples of the SDK's documentation, run as they are written there.

What the documentation changes in the worker's code is a policy file of ``policies/examples``.
"""

import importlib.util
import json
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "policies" / "examples"

RUN = """
@workflow.defn
class MyWorkflow:
    @workflow.run
    async def run(self):
        return {result}
"""

PASSED_THROUGH = """
# my_workflow_file.py

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    import pydantic
"""

SILENT = """
# my_workflow_file.py

from temporalio import workflow

with workflow.unsafe.sandbox_import_notification_policy(
    workflow.SandboxImportNotificationPolicy.SILENT
):
    import helper_module
"""

UNRESTRICTED = """
import datetime
import temporalio.workflow
from temporalio import workflow

def block():
    with temporalio.workflow.unsafe.sandbox_unrestricted():
        # Your code
        return datetime.datetime.now().year > 2000
"""

NOT_SANDBOXED = """
import datetime
from temporalio import workflow

@workflow.defn(sandboxed=False)
class MyWorkflow:
    @workflow.run
    async def run(self):
        return datetime.datetime.now().year > 2000
"""

TODAY = "import datetime\nfrom temporalio import workflow\n" + RUN.format(
    result="datetime.date.today().year > 2000"
)
DATE = "import datetime\nfrom temporalio import workflow\n" + RUN.format(
    result="datetime.date(2020, 1, 1).isoformat()"
)
HELPER = "import helper_module\nfrom temporalio import workflow\n" + RUN.format(
    result="helper_module.VALUE"
)
LAZY = "from temporalio import workflow\n" + RUN.format(result="__import__('helper_module').VALUE")
UNINTENTIONAL = "Module helper_module was not intentionally passed through to the sandbox."
DYNAMIC = "Module helper_module was imported after initial workflow load."

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("temporalio") is None, reason="needs temporalio"
)


@pytest.fixture
def run(portcullis, tmp_path):
    """Runs text as a workflow file under a policy of the examples; gives the JSON answer."""

    def start(source: str, policy: str | None = None, *options: str):
        (tmp_path / "helper_module.py").write_text("VALUE = 1\n")
        file = tmp_path / "my_workflow_file.py"
        file.write_text(source)
        command = [portcullis, "run", str(file), "--format", "json", *options]
        if policy is not None:
            command += ["--policy", str(EXAMPLES / policy)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)

    return start


def warnings_of(answer) -> list[str]:
    return [warning["message"] for warning in answer.get("warnings", [])]


def test_skip_sandboxing_for_a_block_of_code(run):
    code, answer = run(UNRESTRICTED + RUN.format(result="block()"))
    assert (code, answer["result"]) == (0, True)


def test_skip_sandboxing_for_an_entire_workflow(run):
    code, answer = run(NOT_SANDBOXED)
    assert (code, answer["result"]) == (0, True)


def test_skip_sandboxing_for_a_worker(run):
    assert run(TODAY)[0] == 3
    code, answer = run(TODAY, None, "--unsandboxed")
    assert (code, answer["result"]) == (0, True)


@pytest.mark.skipif(importlib.util.find_spec("pydantic") is None, reason="needs pydantic")
@pytest.mark.parametrize("policy", [None, "pydantic-passed-through.xml"])
def test_pass_a_module_through(run, policy):
    source = (
        PASSED_THROUGH if policy is None else "import pydantic\nfrom temporalio import workflow"
    )
    source += "\nclass Model(pydantic.BaseModel):\n    x: int\n"
    code, answer = run(source + RUN.format(result="Model(x='3').x"), policy)
    assert (code, answer["result"]) == (0, 3)


def test_remove_a_restriction(run):
    assert run(TODAY)[0] == 3
    code, answer = run(TODAY, "date-today-unrestricted.xml")
    assert (code, answer["result"]) == (0, True)


def test_add_a_restriction(run):
    assert run(DATE)[1]["result"] == "2020-01-01"
    code, answer = run(DATE, "date-restricted.xml")
    assert code == 3
    assert "datetime.date" in json.dumps(answer)


@pytest.mark.parametrize(
    ("policy", "source", "expected"),
    [
        (None, HELPER, []),
        (None, LAZY, [DYNAMIC]),
        ("silent.xml", LAZY, []),
        ("warn-on-dynamic-import.xml", LAZY, [DYNAMIC]),
        ("warn-on-unintentional-passthrough.xml", HELPER, [UNINTENTIONAL]),
    ],
)
def test_import_notification_policies(run, policy, source, expected):
    code, answer = run(source, policy)
    assert (code, answer["result"], warnings_of(answer)) == (0, 1, expected)


def test_raise_on_unintentional_passthrough(run):
    code, answer = run(HELPER, "raise-on-unintentional-passthrough.xml")
    assert code == 3
    assert UNINTENTIONAL in json.dumps(answer)


def test_the_context_manager_is_always_respected(run):
    source = SILENT + RUN.format(result="helper_module.VALUE")
    code, answer = run(source, "raise-on-unintentional-passthrough.xml")
    assert (code, answer["result"]) == (0, 1)


def test_combined_notification_policies(run):
    (combined,) = [path.name for path in EXAMPLES.glob("*.xml") if "-and-" in path.name]
    assert warnings_of(run(HELPER, combined)[1]) == [UNINTENTIONAL]
    assert sorted(warnings_of(run(LAZY, combined)[1])) == sorted([UNINTENTIONAL, DYNAMIC])
