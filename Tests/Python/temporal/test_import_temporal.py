"""`portcullis import-temporal`: from restrictions in code to a policy that decides the same."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

WORKER = """
    import dataclasses

    from temporalio.worker.workflow_sandbox import (
        SandboxedWorkflowRunner, SandboxMatcher, SandboxRestrictions,
    )
    from temporalio.workflow import SandboxImportNotificationPolicy

    print("a worker may print what it likes")


    class Own(UserWarning):
        pass


    default = SandboxRestrictions.default
    members = SandboxRestrictions.invalid_module_members_default


    def restricting(matcher, base=default):
        return dataclasses.replace(base, invalid_module_members=matcher)


    today = restricting(
        members.with_child_unrestricted("datetime", "date", "today"),
        default.with_passthrough_modules("shop.models"),
    )
    runner = SandboxedWorkflowRunner(restrictions=today)
    joined = restricting(
        members | SandboxMatcher(children={"datetime": SandboxMatcher(use={"date"})})
    )
    settings = dataclasses.replace(
        default.with_import_notification_policy(SandboxImportNotificationPolicy.SILENT),
        passthrough_all_modules=True,
        disable_lazy_sys_module_passthrough=True,
    )
    alone = SandboxRestrictions(
        passthrough_modules={"os"},
        invalid_modules=SandboxMatcher(access={"requests"}, exclude={"json"}),
        invalid_module_members=SandboxMatcher(
            match_self=True,
            only_runtime=True,
            exclude={"json"},
            leaf_message='say "no" <twice> &\\nmore',
            leaf_warning=Own,
        ),
    )
    unwritable = restricting(SandboxMatcher(children={"os": SandboxMatcher(use={"a b"})}))
    endless = SandboxMatcher(children={})
    endless.children["x"] = endless
    endless = restricting(endless)
"""


@pytest.fixture
def worker(tmp_path) -> Path:
    """A folder with a worker's module."""
    (tmp_path / "worker.py").write_text(textwrap.dedent(WORKER))
    return tmp_path


def run(portcullis: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(portcullis).resolve()), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


@pytest.fixture
def imported(portcullis, worker, package):
    """Imports an attribute: the policy's root element and the compiled policy."""

    def run_import(attribute: str) -> tuple[ElementTree.Element, Any]:
        done = run(
            portcullis, worker, "import-temporal", f"worker:{attribute}",
            "--python", sys.executable, "-o", "made.xml",
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        assert "decisions compared" in done.stdout
        done = run(portcullis, worker, "compile", "made.xml", "-o", "made.policybc")
        assert done.returncode == 0, done.stderr
        policy = package.Policy.load(worker / "made.policybc")
        return ElementTree.parse(worker / "made.xml").getroot(), policy

    return run_import


def tags(root: ElementTree.Element) -> list[str]:
    return [element.tag.rpartition("}")[2] for element in root]


def restrictions(worker: Path, name: str) -> Any:
    namespace: dict[str, Any] = {"__name__": "worker"}
    exec(compile((worker / "worker.py").read_text(), "worker.py", "exec"), namespace)
    return namespace[name]


PATHS = (
    *("datetime.date.today", "datetime.date", "os.stat", "os.getcwd", "json.loads", "time.time"),
    *("asyncio.wait.__call__", "__builtins__.breakpoint", "x"),
)


@pytest.mark.parametrize("attribute", ["default", "today", "joined", "settings", "alone"])
def test_the_policy_decides_as_the_restrictions_do(imported, worker, package, attribute) -> None:
    from temporalio.worker.workflow_sandbox._restrictions import RestrictionContext

    _, policy = imported(attribute)
    live = restrictions(worker, attribute)
    for phase in ("import", "runtime"):
        context = RestrictionContext()
        context.is_runtime = phase == "runtime"
        for path in PATHS:
            for operation in ("access", "use"):
                found = live.invalid_module_members.access_matcher(
                    context, *path.split("."), include_use=operation == "use"
                )
                rule = policy.decide(path, phase, operation).rule
                assert (rule is None) == (found is None), (path, phase, operation)
                if rule is not None:
                    assert rule.message == found.leaf_message
    assert all(policy.is_passthrough(name) for name in live.passthrough_modules)
    assert policy.passes_all_through == live.passthrough_all_modules
    assert policy.lazy_sys_modules_passthrough != live.disable_lazy_sys_module_passthrough
    same = package.Policy.from_restrictions(live)
    assert policy.import_notification_policy == same.import_notification_policy


def is_shipped_release() -> bool:
    import temporalio.service

    return temporalio.service.__version__.startswith("1.35.")


@pytest.mark.skipif(not is_shipped_release(), reason="another temporalio")
def test_a_layer_is_written_where_it_is_shorter(imported) -> None:
    root, _ = imported("runner")
    assert root.get("extends") == "temporal-1.35.xml"
    assert tags(root) == ["passthrough-modules", "unrestrict"]
    root, _ = imported("default")
    assert tags(root) == []


def test_what_no_layer_can_say_is_written_alone(imported) -> None:
    root, policy = imported("alone")
    assert root.get("extends") is None
    assert policy.decide("anything").effect == "warn"
    assert policy.decide("anything").rule.category == "worker.Own"
    assert policy.decide("anything", "import").is_allowed
    assert policy.decide("json.loads").is_allowed
    assert not policy.decide_import("requests.api").is_allowed
    assert policy.decide_import("json").is_allowed


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("worker:nothing", "`worker:nothing`: there is no `nothing`"),
        ("worker:Own", "a type is neither SandboxRestrictions nor a runner"),
        ("absent:default", "the module cannot be imported: ModuleNotFoundError"),
        ("worker", "`worker` is not of the form `MODULE:ATTRIBUTE`"),
        ("worker:unwritable", "`invalid_module_members.os` names `a b`"),
        ("worker:endless", "the matchers are nested too deeply"),
    ],
)
def test_what_cannot_be_imported_is_said_in_one_line(portcullis, worker, source, said) -> None:
    done = run(
        portcullis, worker, "import-temporal", source, "--python", sys.executable, "-o", "made.xml"
    )
    assert done.returncode in (2, 64) and done.stdout == ""
    assert len(done.stderr.splitlines()) == 1 and said in done.stderr
    assert not (worker / "made.xml").exists()


def test_the_report_for_programs(portcullis, worker) -> None:
    done = run(
        portcullis, worker, "import-temporal", "worker:alone", "--python", sys.executable,
        "-o", "made.xml", "--format", "json",
    )  # fmt: skip
    report = json.loads(done.stdout)
    assert report["policy"] == "made.xml" and report["extends"] is None
    assert report["decisions_compared"] > 10
    assert report["python"] == "{}.{}".format(*sys.version_info)
