"""A program may hold a workflow and the worker that runs it."""

import sys

import pytest

PROGRAM = """
from portcullis import Audit, Policy, PolicyError, Sandbox
from portcullis.temporal import SandboxedWorkflowRunner
import portcullis.temporal

class Own(SandboxedWorkflowRunner):
    def create_instance(self, det):
        return super().create_instance(det)

POLICY = Policy.default.with_passthrough_modules("models") | object()
RUNNER = SandboxedWorkflowRunner(POLICY, audit=Audit("/nowhere/audit.jsonl"))
OTHER = Own(restrictions=Policy.load("/nowhere/policy.policybc"))

def names():
    return sorted(vars(portcullis.temporal)), sorted(n for n in dir(portcullis) if n[0] != "_")

def run():
    try:
        raise PolicyError("text")
    except PolicyError as error:
        return str(error), RUNNER.policy.decide(("os",)).effect is not None, repr(POLICY)
"""


def test_what_the_worker_needs_comes_to_nothing_in_a_workflow(box):
    pytest.importorskip("temporalio")
    made = box(PROGRAM)
    assert made.call("run") == ("text", True, "<not there in a workflow>")
    of_temporal, of_package = made.call("names")
    assert [n for n in of_temporal if not n.startswith("__")] == ["SandboxedWorkflowRunner"]
    assert set(of_package) >= {"Policy", "temporal"}
    assert not set(of_package) & {"overlay_interpreter_table", "native"}


def test_it_leads_to_nothing_of_the_host(box):
    made = box(
        """
        from portcullis import Policy

        def run():
            found = []
            for name in ("__globals__", "__closure__", "__wrapped__"):
                for owner in (Policy, Policy.load, Policy.default, type(Policy).__getattr__):
                    found.append(getattr(owner, name, None))
            return [value for value in found if value and "sys" in value]
        """
    )
    assert made.call("run") == []
    assert "portcullis._absent" in sys.modules
