"""What is told about a run: errors with the author's frames, warnings, outcomes."""

from __future__ import annotations

import contextlib
import linecache
import os
import sysconfig
import traceback
import warnings
from collections.abc import Iterator
from typing import Any

#: How many exceptions of a chain, and how many frames of a traceback, are looked at.
CHAIN_LIMIT = 100
TRACE_LIMIT = 50

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def error_report(error: BaseException) -> dict[str, Any]:
    """An exception as data: the violation in its chain where there is one, else itself."""
    culprit = violation_in(error) or passthrough_in(error)
    shown = culprit or error
    message = getattr(shown, "message", None)
    report = {
        "type": type_name(shown),
        "message": message if isinstance(message, str) else str(shown),
        "text": str(shown),
        "trace": author_frames(shown) or author_frames(error),
    }
    for name in ("qualified_name", "rule", "policy_location", "caller", "next_step"):
        value = getattr(shown, name, None)
        if value is not None:
            report[name] = str(value)
    if "caller" not in report and report["trace"]:
        last = report["trace"][-1]
        report["caller"] = f"{last['file']}:{last['line']}"
    return report


def violation_in(error: BaseException) -> BaseException | None:
    """The refused access that an exception comes from."""
    return _first(error, "RestrictedWorkflowAccessError")


def passthrough_in(error: BaseException) -> BaseException | None:
    """The import that was not passed through, where that is what an exception comes from."""
    return _first(error, "UnintentionalPassthroughError")


def task_failure(error: BaseException) -> dict[str, Any]:
    """The outcome of a workflow task that an exception ended."""
    kind = "task"
    if violation_in(error) is not None:
        kind = "violation"
    elif passthrough_in(error) is not None:
        kind = "passthrough"
    return {"status": "failed", "kind": kind, "error": error_report(error)}


def workflow_failure(error: BaseException) -> dict[str, Any]:
    """The outcome of a workflow that failed by its own decision."""
    if violation_in(error) is not None or passthrough_in(error) is not None:
        return task_failure(error)
    return {"status": "failed", "kind": "workflow", "error": error_report(error)}


def endless(tasks: int) -> dict[str, Any]:
    """The outcome of a workflow that goes on and on."""
    line = f"the workflow itself: it still goes on after {tasks} workflow tasks"
    return {"status": "pending", "kind": "endless", "pending": [line]}


def author_frames(error: BaseException) -> list[dict[str, Any]]:
    """The frames of the author's own files, outermost first."""
    linecache.checkcache()
    frames = []
    for frame in traceback.extract_tb(error.__traceback__):
        if is_author_file(frame.filename):
            frames.append(
                {
                    "file": frame.filename,
                    "line": frame.lineno or 0,
                    "function": frame.name,
                    "source": frame.line or "",
                }
            )
    return frames[-TRACE_LIMIT:]


def is_author_file(filename: str) -> bool:
    """Whether a file is the author's: not Python's, not installed, not ours."""
    if filename.startswith("<"):
        return False
    return not filename.startswith(_foreign_folders())


def type_name(error: BaseException) -> str:
    """The name of an exception's type, with its module where that says something."""
    cls = type(error)
    if cls.__module__ in ("builtins", "__main__"):
        return cls.__qualname__
    return f"{cls.__module__}.{cls.__qualname__}"


@contextlib.contextmanager
def collected_warnings(found: list[dict[str, Any]], module_name: str) -> Iterator[None]:
    """Adds the warnings that are issued within to a list, in the order they came."""
    with warnings.catch_warnings(record=True) as records:
        # What `python FILE.py` shows for `__main__` is shown for the workflow's own module.
        warnings.filterwarnings("default", category=DeprecationWarning, module=module_name)
        try:
            yield
        finally:
            for record in records or ():
                found.append(
                    {
                        "category": record.category.__name__,
                        "message": str(record.message),
                        "file": record.filename,
                        "line": record.lineno,
                    }
                )


def _first(error: BaseException, class_name: str) -> BaseException | None:
    # By name: temporalio's own class and ours may both be about, and neither need be importable.
    for each in _chain(error):
        if any(base.__name__ == class_name for base in type(each).__mro__):
            return each
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    ahead = [error]
    while ahead and len(seen) < CHAIN_LIMIT:
        each = ahead.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        if each.__cause__ is not None:
            ahead.append(each.__cause__)
        elif each.__context__ is not None and not each.__suppress_context__:
            ahead.append(each.__context__)
        members = getattr(each, "exceptions", ())
        ahead.extend(m for m in members if isinstance(m, BaseException))


_foreign: tuple[str, ...] | None = None


def _foreign_folders() -> tuple[str, ...]:
    global _foreign
    if _foreign is None:
        names = ("stdlib", "platstdlib", "purelib", "platlib")
        folders = {sysconfig.get_paths()[name] for name in names} | {_PACKAGE}
        folders |= {os.path.realpath(folder) for folder in folders}
        # A virtual environment's Python reads the standard library of the Python it was made of.
        folders.add(os.path.dirname(os.path.abspath(os.__file__)))
        _foreign = tuple(folder + os.sep for folder in sorted(folders))
    return _foreign
