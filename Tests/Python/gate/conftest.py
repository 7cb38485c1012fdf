"""What the tests of the gate share: sandboxes that run text."""

from __future__ import annotations

import itertools
import textwrap
import types
from collections.abc import Callable

import pytest

_NUMBERS = itertools.count()


class Box:
    """A sandbox with one module of text in it."""

    def __init__(self, sandbox, module: types.ModuleType) -> None:
        self.sandbox = sandbox
        self.module = module

    def call(self, function: str, *arguments: object) -> object:
        """Calls a function of the module at run time."""
        with self.sandbox.running():
            return getattr(self.module, function)(*arguments)


@pytest.fixture
def box(package, policy, tmp_path, monkeypatch) -> Callable[..., Box]:
    """Runs text as the workflow's file of a new sandbox; more files stand beside it."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def make(
        source: str, body: str = "", *, extends: str = "default.xml", files: dict | None = None
    ) -> Box:
        for name, text in (files or {}).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))
        name = f"workflow_{next(_NUMBERS)}"
        file = tmp_path / f"{name}.py"
        file.write_text(textwrap.dedent(source))
        sandbox = package.Sandbox(policy(body, extends), workflow_module=name)
        return Box(sandbox, sandbox.load(str(file), name))

    return make


@pytest.fixture
def denied(package):
    """Asserts that a block is stopped by the policy, and gives the error."""
    return lambda: pytest.raises(package.RestrictedWorkflowAccessError)
