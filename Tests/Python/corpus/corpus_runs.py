"""Runs cases of the corpus, outside and in sandboxes, each in a process of its own.

What a case does to its process ends with it, so that neither a leak nor a crash reaches the next.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import json
import os
import select
import signal
import sys
import time
import traceback
import types
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus_cases import SUPPORT, Case, imports

#: Seconds that a case may take.
PATIENCE = 20.0
#: The table of modules as CPython made it, before the gate put its own in its place.
_TABLE = sys.modules
#: What was executed outside lives as long as its process, as a sandbox does.
_kept: list[types.ModuleType] = []


def in_child(function: Callable[..., Any], *arguments: Any) -> Any:
    """Calls a function in a fork of this process and returns its JSON-like result."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # about forks of threaded processes
        child = os.fork()
    if child == 0:
        os.close(reading)
        _answer(writing, function, arguments)
    os.close(writing)
    try:
        return json.loads(_received(reading))
    except (TimeoutError, ValueError) as error:
        pytest.fail(f"the process of the case gave no answer: {error!r}")
    finally:
        os.close(reading)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _answer(writing: int, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    write, end = os.write, os._exit
    dumps = json.dumps
    try:
        text = dumps(function(*arguments)).encode()
        while text:
            text = text[write(writing, text) :]
    except BaseException:
        write(2, traceback.format_exc().encode())
    finally:
        end(0)


def _received(reading: int) -> bytes:
    deadline, text = time.monotonic() + PATIENCE, b""
    while True:
        ready, _, _ = select.select([reading], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError(f"nothing after {PATIENCE:g} s")
        part = os.read(reading, 1 << 16)
        if not part:
            return text
        text += part


def plain_module(file: Path) -> types.ModuleType:
    """Executes a file as plain CPython does; an earlier execution is forgotten."""
    _extend_path(file)
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None and spec.loader is not None
    module = sys.modules[file.stem] = importlib.util.module_from_spec(spec)
    _kept.append(module)
    exec(_code(file), vars(module))
    return module


@functools.cache
def _code(file: Path) -> types.CodeType:
    return compile(file.read_bytes(), str(file), "exec", dont_inherit=True)


def _extend_path(file: Path) -> None:
    folders = [str(file.parent), str(SUPPORT), *map(str, SUPPORT.glob("spread_*"))]
    sys.path[:0] = [folder for folder in folders if folder not in sys.path]


def without_gate() -> None:
    """Gives this process, a fork, the table of modules that it had before the gate."""
    sys.modules = _TABLE


class Boxes:
    """Makes sandboxes of one policy and calls functions of files in them, at run time."""

    def __init__(self, package: types.ModuleType, policy: Any) -> None:
        self._package = package
        # Loaded here, once: it brings temporalio, which takes longer than most cases.
        self._refusal = package.RestrictedWorkflowAccessError
        self._policy = policy
        self._kept: list[Any] = []
        self._warm: set[Path] = set()

    def warm(self, file: Path) -> None:
        """Loads a file once, so that the processes of its cases find its imports and its code."""
        if file not in self._warm:
            self._warm.add(file)
            _code(file)
            sandbox = self._package.Sandbox(self._policy)
            for name in imports(file):
                with contextlib.suppress(Exception):  # the case itself will tell
                    sandbox.import_module(name)
            with contextlib.suppress(Exception):
                self._load(file)

    def call(self, case: Case, *arguments: Any) -> Any:
        """Calls the function of a case in a new sandbox, which is kept until the process ends."""
        sandbox, module = self._load(case.file)
        self._kept.append(sandbox)
        with sandbox.running():
            return getattr(module, case.function)(*arguments)

    def _load(self, file: Path) -> tuple[Any, types.ModuleType]:
        _extend_path(file)
        sandbox = self._package.Sandbox(self._policy, workflow_module=file.stem)
        return sandbox, sandbox.load(str(file), file.stem)

    def is_refusal(self, error: BaseException | None) -> bool:
        """Whether an error is the policy's, or was raised because of it."""
        return any(isinstance(one, self._refusal) for one in _chain(error))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        yield from getattr(error, "exceptions", ())
        error = error.__cause__ or error.__context__


def told(error: BaseException) -> str:
    """The end of an error's report, which is what names it."""
    return "".join(traceback.format_exception(error))[-1500:]
