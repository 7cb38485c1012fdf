"""What the runner takes as restrictions, and what it refuses to start with."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import textwrap
import warnings
from pathlib import Path

import pytest
from histories import History
from temporalio.worker.workflow_sandbox import SandboxMatcher, SandboxRestrictions

FLOW = """
    import datetime
    import os
    import time

    @workflow.defn
    class Flow:
        @workflow.run
        async def run(self):
            refused = []
            for call in (datetime.date.today, time.time, os.getcwd):
                try:
                    call()
                except Exception as error:
                    refused.append(error.qualified_name)
            return refused
"""
ALL = ["datetime.date.today.__call__", "time.time.__call__", "os.getcwd.__call__"]


@pytest.fixture
def refused(replay, module, temporal):
    """What a workflow may not do under some restrictions."""
    flow = module("flows", FLOW).Flow

    def run(restrictions: object) -> list[str]:
        runner = temporal.SandboxedWorkflowRunner(restrictions=restrictions)
        return replay(flow, History("Flow").task(), runner).result

    return run


def test_the_shipped_default_is_the_default(refused) -> None:
    assert refused(None) == ALL


def test_a_file_of_either_kind(refused, policies, tmp_path) -> None:
    assert refused(policies / "temporal-1.35.policybc") == ALL
    source = tmp_path / "policy.xml"
    source.write_text(
        '<sandbox-restrictions xmlns="urn:portcullis:sandbox-restrictions:1" name="test"'
        ' extends="default.xml"><unrestrict path="os.getcwd"/></sandbox-restrictions>'
    )
    assert refused(str(source)) == ALL[:2]


def test_a_policy_made_in_code(refused) -> None:
    from portcullis import Policy

    assert refused(Policy.default.with_child_unrestricted("datetime", "date", "today")) == ALL[1:]


def test_restrictions_of_temporalio(refused) -> None:
    default = SandboxRestrictions.default
    assert refused(default) == ALL
    members = default.invalid_module_members.with_child_unrestricted("datetime", "date", "today")
    assert refused(dataclasses.replace(default, invalid_module_members=members)) == ALL[1:]
    only = SandboxMatcher(children={"os": SandboxMatcher(use={"getcwd"}, only_runtime=True)})
    assert refused(dataclasses.replace(default, invalid_module_members=only)) == ALL[2:]


def test_every_matcher_field_is_honoured(replay, module, temporal) -> None:
    module("plain", "free = shut = 1\ndef use(): return 1\ndef warned(): return 2")

    class OwnWarning(UserWarning):
        pass

    plain = SandboxMatcher(
        access={"shut"},
        use={"*"},
        exclude={"free"},
        only_runtime=True,
        children={
            "warned": SandboxMatcher(),
            "inner": SandboxMatcher(match_self=True, leaf_message="stay out"),
        },
    )
    loud = SandboxMatcher(
        children={
            "use": SandboxMatcher(
                children={
                    "__call__": SandboxMatcher(
                        match_self=True, leaf_warning=OwnWarning, leaf_message="used"
                    )
                }
            )
        }
    )
    module("louder", "def use(): return 3")
    flow = module(
        "fields",
        """
        import louder
        import plain

        at_import = [plain.free, plain.shut, plain.use()]

        @workflow.defn
        class Fields:
            @workflow.run
            async def run(self):
                told = [plain.free]
                for act in (lambda: plain.shut, lambda: plain.use(), lambda: louder.use()):
                    try:
                        told.append(act())
                    except Exception as error:
                        told.append(error.qualified_name)
                return [at_import, told]
        """,
    ).Fields
    default = SandboxRestrictions.default
    restrictions = dataclasses.replace(
        default.with_passthrough_modules("plain", "louder"),
        invalid_module_members=SandboxMatcher(children={"plain": plain, "louder": loud}),
    )
    runner = temporal.SandboxedWorkflowRunner(restrictions)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        outcome = replay(flow, History("Fields").task(), runner)
    assert outcome.result == [[1, 1, 1], [1, "plain.shut", "plain.use.__call__", 3]]
    assert [(w.category, str(w.message)) for w in caught] == [(OwnWarning, "used")]


def test_invalid_modules_cannot_be_imported(replay, module, temporal) -> None:
    module("forbidden", "")
    flow = module(
        "importing",
        """
        @workflow.defn
        class Importing:
            @workflow.run
            async def run(self):
                import forbidden
        """,
    ).Importing
    restrictions = dataclasses.replace(
        SandboxRestrictions.default, invalid_modules=SandboxMatcher(access={"forbidden"})
    )
    runner = temporal.SandboxedWorkflowRunner(restrictions)
    kind, text = replay(flow, History("Importing").task(), runner).task_failure
    assert kind == "RestrictedWorkflowAccessError"
    assert text.startswith("Cannot access forbidden from inside a workflow.")


def test_something_else_is_refused(temporal) -> None:
    with pytest.raises(TypeError, match="not int"):
        temporal.SandboxedWorkflowRunner(7)


# What a checkout needs before the package can be imported.
CHECKOUT = """
    import sys

    sys.path[:0] = [{package!r}, {loader!r}]
    from host_worker import load_gate

    load_gate({gate!r})
"""
WORKER = """
    import sys

    from portcullis.temporal import SandboxedWorkflowRunner

    SandboxedWorkflowRunner(sys.argv[1])
    print("started")
"""


def damaged(image: bytes, kind: str) -> bytes | None:
    """An image that a worker must not start with."""
    if kind == "missing":
        return None
    if kind == "truncated":
        return image[: len(image) // 2]
    if kind == "newer":
        return image[:8] + b"\x02" + image[9:]
    at = len(image) // 3
    return image[:at] + bytes([image[at] ^ 1]) + image[at + 1 :]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("missing", "cannot read {file}: No such file or directory"),
        ("truncated", "{file}: the image ends after "),
        ("newer", "{file}: the image has format version 2, this release reads version 1"),
        ("tampered", "{file}: the image is damaged"),
        ("whole", None),
    ],
)
def test_a_worker_refuses_to_start_with_a_damaged_policy(
    portcullis, policies, tmp_path, kind, said
) -> None:
    image = (policies / "default.policybc").read_bytes()
    content = image if kind == "whole" else damaged(image, kind)
    file = tmp_path / "policy.policybc"
    if content is not None:
        file.write_bytes(content)
    here = Path(__file__).parent
    loader = (here.parent / "host" / "worker.py").read_text().replace("\nmain()\n", "\n")
    (tmp_path / "host_worker.py").write_text(loader)
    program = tmp_path / "program.py"
    checkout = CHECKOUT.format(
        package=str(here.parents[2] / "Sources" / "Python"),
        loader=str(tmp_path),
        gate=str(Path(portcullis).resolve().parent / "libPortcullisGate.so"),
    )
    is_installed = bool(os.environ.get("PORTCULLIS_PYTHON"))
    program.write_text(textwrap.dedent(WORKER if is_installed else checkout + WORKER))
    done = subprocess.run([sys.executable, str(program), str(file)], capture_output=True, text=True)
    if said is None:
        assert (done.returncode, done.stdout, done.stderr) == (0, "started\n", "")
        return
    assert (done.returncode, done.stdout) == (1, "")
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"portcullis.PolicyError: {said.format(file=file)}")
    # It is the only error, and its text is one line.
    assert done.stderr.count("Traceback") == done.stderr.count("portcullis.PolicyError: ") == 1
