"""One run of one workflow file, asked for and answered in JSON: what an embedding host calls.

The request: ``file`` (path), ``workflow`` (name or null), ``input`` (JSON texts, one an argument),
``stubs`` (activity or child workflow name to JSON text), ``unsandboxed``, ``audit``, ``seed``,
``report_leaks``, ``profile``: measure what its imports cost instead, with a run to see what it
writes.
The response: ``status`` ("completed", "failed", "pending" or "error"), ``kind``, and by kind
``result`` (JSON text), ``continued``, ``pending`` (lines) or ``error``; always ``warnings``;
``audit`` (JSON texts, an entry each) where an audit was asked for; ``leaks`` where they were: what
was tried to be written on the host, as `_leaks.Leak` has it; and ``profile`` as `_profile.report`
has it.
"""

from __future__ import annotations

import contextlib
import json
import sys
import threading
import types
from collections.abc import Iterator
from typing import Any

from ._driver import report
from ._driver.phase import marked_in_sandbox
from ._driver.source import Fault, WorkflowFile, choose, syntax_fault

# Runs of one process take turns: `sys.path` and the warning filters belong to the process.
_turn = threading.Lock()


def run(request_json: str, image: bytes | None = None) -> str:
    """Runs what the request names under the policy of the image; never raises."""
    warnings: list[dict[str, Any]] = []
    entries: list[dict[str, Any]] = []
    leaks: list[dict[str, Any]] | None = None
    try:
        request = Request(request_json)
        leaks = [] if request.report_leaks else None
        with _turn:
            try:
                response = _respond(request, image, warnings, entries, leaks)
            finally:
                _flush()
    except Fault as fault:
        error = {"message": fault.message, "file": fault.file, "line": fault.line}
        response = {"status": "error", "kind": fault.kind, "error": error}
    except BaseException as error:
        told = report.error_report(error)
        response = {"status": "error", "kind": "internal", "error": told}
    response["warnings"] = warnings
    response["audit"] = [json.dumps(entry, ensure_ascii=False) for entry in entries]
    if leaks is not None:
        response["leaks"] = leaks
    return json.dumps(response)


class Request:
    """What is to be run."""

    def __init__(self, text: str) -> None:
        try:
            fields = json.loads(text)
            self.file: str = fields["file"]
            self.workflow: str | None = fields.get("workflow")
            self.input: list[str] = list(fields.get("input") or ())
            self.stubs: dict[str, str] = dict(fields.get("stubs") or {})
            self.unsandboxed = bool(fields.get("unsandboxed", False))
            self.audit = bool(fields.get("audit", False))
            self.profile = bool(fields.get("profile", False))
            self.report_leaks = bool(fields.get("report_leaks", False))
            self.seed = int(fields.get("seed", 42))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Fault("request", f"the request is not valid: {error}") from None
        for number, value in enumerate(self.input, 1):
            _check_json(value, f"input {number}")
        for name, value in self.stubs.items():
            _check_json(value, f"the stub of `{name}`")


class _OptedOut(Exception):
    """The chosen workflow turned out to say ``sandboxed=False``."""


def _respond(
    request: Request,
    image: bytes | None,
    warnings: list[dict[str, Any]],
    entries: list[dict[str, Any]],
    leaks: list[dict[str, Any]] | None,
) -> dict[str, Any]:
    file = WorkflowFile(request.file)
    policy = None if request.unsandboxed else _policy(image)
    if request.profile:
        with report.collected_warnings(warnings, file.module_name), file.on_path():
            return _profiled(policy, file, request)
    sandboxed = policy is not None and not file.opts_out(request.workflow)
    with report.collected_warnings(warnings, file.module_name), file.on_path():
        if sandboxed:
            try:
                audited = entries if request.audit else None
                with _sandbox(policy, file, audited, leaks) as sandbox:
                    return _run_in(sandbox, file, request)
            except _OptedOut:
                pass
        return _run_in(None, file, request)


def _run_in(sandbox: Any, file: WorkflowFile, request: Request) -> dict[str, Any]:
    driver = _driver()
    module = _load(sandbox, file)
    if isinstance(module, dict):
        return module
    definition = choose(module, request.workflow, file.path)
    if sandbox is not None and not definition.sandboxed:
        raise _OptedOut
    return driver.run(definition, request, sandbox)


def _profiled(policy: Any, file: WorkflowFile, request: Request) -> dict[str, Any]:
    """What the imports of a file cost, and what a run writes where the workflow can be run."""
    from portcullis._profile import ObservedSandbox, Profile
    from portcullis._profile import report as report_of

    sandbox = ObservedSandbox(policy, workflow_module=file.module_name)
    try:
        module = _load(sandbox, file)
        if isinstance(module, dict):
            return module
        sandbox.observe()
        try:
            definition = choose(module, request.workflow, file.path)
            outcome = _driver().run(definition, request, sandbox)
            reason = outcome["error"]["message"] if "error" in outcome else None
        except Fault as fault:
            reason = fault.message
    finally:
        sandbox.close()
    with marked_in_sandbox():
        profile = Profile(policy, file.path, file.module_name)
        return {
            "status": "completed",
            "kind": "profile",
            "profile": report_of(profile, sandbox.written, reason),
        }


def _load(sandbox: Any, file: WorkflowFile) -> types.ModuleType | dict[str, Any]:
    """The file as a module, or the outcome when executing it raised."""
    try:
        if sandbox is None:
            return file.load_unsandboxed()
        with marked_in_sandbox():
            return sandbox.load(file.path, file.module_name)
    except (Exception, SystemExit) as error:
        refused = report.violation_in(error) or report.passthrough_in(error)
        if refused is None and isinstance(error, SyntaxError):
            raise syntax_fault(error, file.path) from None
        if refused is None and isinstance(error, ImportError):
            raise _import_fault(error) from None
        return report.task_failure(error)


def _import_fault(error: ImportError) -> Fault:
    frames = report.author_frames(error)
    message = error.msg or str(error)
    missing = isinstance(error, ModuleNotFoundError) and error.name
    if missing and error.name.split(".")[0] == "temporalio":
        message += (
            f": install it for `{sys.executable}` (pip install temporalio),"
            " or write `from portcullis import workflow`, which needs nothing"
        )
    elif missing:
        message += f": install it for `{sys.executable}` or put it beside the workflow file"
    message = message[:1].lower() + message[1:]
    where = frames[-1] if frames else {"file": None, "line": 0}
    return Fault("import", message, file=where["file"], line=where["line"])


def _policy(image: bytes | None) -> Any:
    if image is None:
        raise Fault("policy", "no policy was given; ask for `unsandboxed` to run without one")
    try:
        from portcullis import Policy
    except ImportError as error:
        raise Fault("gate", f"the gate is not loaded: {error}") from None
    try:
        return Policy(image)
    except Exception as error:
        raise Fault("policy", str(error)) from None


@contextlib.contextmanager
def _sandbox(
    policy: Any,
    file: WorkflowFile,
    entries: list[dict[str, Any]] | None,
    leaks: list[dict[str, Any]] | None,
) -> Iterator[Any]:
    """A sandbox for a run; the lists that are given are filled."""
    from portcullis._audit import Audit
    from portcullis._sandbox import Sandbox

    sandbox = Sandbox(
        policy,
        workflow_module=file.module_name,
        audit=None if entries is None else Audit(entries.append),
        report_leaks=leaks is not None,
    )
    try:
        yield sandbox
    finally:
        if leaks is not None:
            leaks += [leak._asdict() for leak in sandbox.leaks()]
        sandbox.close()


def _driver() -> Any:
    """The driver for this interpreter: temporalio's own workflow instance where there is one."""
    from portcullis import workflow

    if workflow.__name__.startswith("temporalio"):
        from ._driver import temporal

        return temporal
    from ._driver import bare

    return bare


def _check_json(text: Any, what: str) -> None:
    try:
        json.loads(text)
    except (ValueError, TypeError) as error:
        raise Fault("input", f"{what} is not JSON: {error}") from None


def _flush() -> None:
    # An embedded interpreter is not finalized, so nobody else writes out what was printed.
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
