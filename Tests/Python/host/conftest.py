"""What the tests of the workflow drivers share: a process each that runs workflow files."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
PACKAGE = HERE.parents[2] / "Sources" / "Python"
MARK = "\x1eresponse:"
_NUMBERS = itertools.count()


class Worker:
    """Runs workflow files in a process of its own, with temporalio or without."""

    def __init__(self, kind: str, gate: str = "") -> None:
        self.kind = kind
        # Without `site` there is no `site-packages`, and so no temporalio.
        flags = ["-S"] if kind == "bare" else []
        command = [sys.executable, *flags, str(HERE / "worker.py"), str(PACKAGE), gate]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self.printed: list[str] = []

    def send(self, request: Any, image: str | None = None) -> dict[str, Any]:
        """Sends a request (or the text of one) and gives back the response."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps([request, image]) + "\n")
        self._process.stdin.flush()
        self.printed.clear()
        for line in self._process.stdout:
            if line.startswith(MARK):
                return json.loads(line[len(MARK) :])
            self.printed.append(line.rstrip("\n"))
        raise AssertionError("the worker ended")

    def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)


class Runs:
    """Writes workflow files and runs them."""

    def __init__(self, worker: Worker, folder: Path, image: str | None = None) -> None:
        self.worker = worker
        self.folder = folder
        self.image = image

    def write(self, name: str, text: str) -> str:
        file = self.folder / name
        file.write_text(textwrap.dedent(text), encoding="utf-8")
        return str(file)

    def file(self, text: str) -> str:
        """A new file, with the module that both drivers know as its first line."""
        head = "from portcullis import workflow\n"
        return self.write(f"flow{next(_NUMBERS)}.py", head + textwrap.dedent(text))

    def __call__(self, text: str, *input: Any, **fields: Any) -> dict[str, Any]:
        """Runs the workflow of a text with Python values as input."""
        return self.run(self.file(text), *input, **fields)

    def run(self, file: str, *input: Any, **fields: Any) -> dict[str, Any]:
        stubs = {name: json.dumps(value) for name, value in fields.pop("stubs", {}).items()}
        request = {"file": file, "input": [json.dumps(each) for each in input], "stubs": stubs}
        request.update(unsandboxed=self.image is None, **fields)
        response = self.worker.send(request, self.image)
        if "result" in response:
            response["value"] = json.loads(response["result"])
        return response


def _worker(kind: str, gate: str = "") -> Iterator[Worker]:
    if kind == "temporal":
        pytest.importorskip("temporalio")
    worker = Worker(kind, gate)
    yield worker
    worker.stop()


@pytest.fixture(scope="session")
def temporal_worker() -> Iterator[Worker]:
    yield from _worker("temporal")


@pytest.fixture(scope="session")
def bare_worker() -> Iterator[Worker]:
    yield from _worker("bare")


@pytest.fixture
def temporal(temporal_worker, tmp_path) -> Runs:
    """Runs files on temporalio, without a sandbox."""
    return Runs(temporal_worker, tmp_path)


@pytest.fixture
def bare(bare_worker, tmp_path) -> Runs:
    """Runs files without temporalio and without a sandbox."""
    return Runs(bare_worker, tmp_path)


@pytest.fixture(params=["temporal", "bare"])
def runs(request, tmp_path) -> Runs:
    """Runs files on either driver, without a sandbox."""
    return Runs(request.getfixturevalue(f"{request.param}_worker"), tmp_path)


@pytest.fixture(scope="session")
def default_image(portcullis, tmp_path_factory) -> str:
    """The default policy, compiled."""
    folder = tmp_path_factory.mktemp("default")
    source, image = folder / "policy.xml", folder / "policy.policybc"
    source.write_text(
        '<sandbox-restrictions xmlns="urn:portcullis:sandbox-restrictions:1"'
        ' name="test" extends="default.xml"/>\n'
    )
    command = [portcullis, "compile", str(source), "-o", str(image)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return str(image)


@pytest.fixture(scope="session", params=["temporal", "bare"])
def gated_worker(request, portcullis) -> Iterator[Worker]:
    gate = Path(portcullis).resolve().parent / "libPortcullisGate.so"
    yield from _worker(request.param, str(gate))


@pytest.fixture
def gated(gated_worker, default_image, tmp_path) -> Runs:
    """Runs files on either driver in sandboxes of the default policy."""
    return Runs(gated_worker, tmp_path, default_image)
