"""What the tests of the runner share: replays of histories through temporalio's own core."""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("temporalio")

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def policies(portcullis, tmp_path_factory) -> Path:
    """A folder with the shipped policies, compiled."""
    folder = tmp_path_factory.mktemp("policies")
    for name in ("default", "strict", "temporal-1.35"):
        source = ROOT / "policies" / f"{name}.xml"
        command = [portcullis, "compile", str(source), "-o", str(folder / f"{name}.policybc")]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def temporal(package, portcullis, policies) -> Iterator[Any]:
    """``portcullis.temporal``, with the shipped policies in their place."""
    before = {name: os.environ.get(name) for name in ("PORTCULLIS_POLICIES", "PORTCULLIS")}
    os.environ["PORTCULLIS_POLICIES"] = str(policies)
    os.environ["PORTCULLIS"] = str(Path(portcullis).resolve())
    yield importlib.import_module("portcullis.temporal")
    for name, value in before.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value


@pytest.fixture
def module(tmp_path, monkeypatch) -> Callable[..., Any]:
    """Writes modules into a folder on the path, and imports them for the worker."""
    monkeypatch.syspath_prepend(str(tmp_path))
    made: list[str] = []

    def write(name: str, text: str) -> Any:
        head = "from temporalio import workflow\n"
        (tmp_path / f"{name}.py").write_text(head + textwrap.dedent(text), encoding="utf-8")
        importlib.invalidate_caches()
        sys.modules.pop(name, None)
        made.append(name)
        return importlib.import_module(name)

    yield write
    for name in made:
        sys.modules.pop(name, None)


class Outcome:
    """What came of a replay."""

    def __init__(self, failure: BaseException | None, completions: list[Any]) -> None:
        self.failure = failure
        self.completions = completions

    @property
    def task_failure(self) -> tuple[str, str] | None:
        """The type and the text with which a workflow task failed."""
        for completion in self.completions:
            if completion.HasField("failed"):
                failure = completion.failed.failure
                return failure.application_failure_info.type, failure.message
        return None

    @property
    def commands(self) -> list[Any]:
        return [c for done in self.completions for c in done.successful.commands]

    @property
    def result(self) -> Any:
        """The value with which the workflow completed."""
        for command in self.commands:
            if command.HasField("complete_workflow_execution"):
                return json.loads(command.complete_workflow_execution.result.data)
        raise AssertionError((self.failure, self.task_failure))

    @property
    def workflow_failure(self) -> tuple[str, str] | None:
        """The type and the text with which the workflow itself failed."""
        for command in self.commands:
            if command.HasField("fail_workflow_execution"):
                failure = command.fail_workflow_execution.failure
                return failure.application_failure_info.type, failure.message
        return None


@pytest.fixture
def replay(temporal, monkeypatch) -> Callable[..., Outcome]:
    """Replays histories of workflows with the core; keyword arguments are the replayer's."""
    from portcullis._instance import SandboxedInstance
    from temporalio.worker import Replayer

    completions: list[Any] = []
    activate = SandboxedInstance.activate

    def recorded(self: Any, act: Any) -> Any:
        completion = activate(self, act)
        completions.append(completion)
        return completion

    monkeypatch.setattr(SandboxedInstance, "activate", recorded)

    def run(workflow: type, history: Any, runner: Any = None, **options: Any) -> Outcome:
        completions.clear()
        runner = runner or temporal.SandboxedWorkflowRunner()

        async def replayed() -> Any:
            replayer = Replayer(workflows=[workflow], workflow_runner=runner, **options)
            return await replayer.replay_workflow(history.recorded(), raise_on_replay_failure=False)

        return Outcome(asyncio.run(replayed()).replay_failure, list(completions))

    return run
