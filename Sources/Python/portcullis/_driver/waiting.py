"""Where in the author's files the tasks of a workflow wait."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from .report import is_author_file

#: How deep a chain of awaits is followed.
DEPTH_LIMIT = 200


def conditions(tasks: Iterable[Any], definition: Any) -> list[str]:
    """A line for every `wait_condition` that holds a task, with the handlers that could end it."""
    handlers = [
        f"{kind} `{name or '<any>'}`"
        for kind, named in (("signal", definition.signals), ("update", definition.updates))
        for name in named
    ]
    hint = f" (it may be changed by {', '.join(handlers)})" if handlers else ""
    places = sorted({place for place, condition in _held(tasks) if condition})
    return [f"a condition at {place}: nothing makes it true{hint}" for place in places]


def places(tasks: Iterable[Any]) -> list[str]:
    """A line for every place where a task waits for something that nobody answers."""
    found = sorted({place for place, _ in _held(tasks)})
    return [f"an await at {place}: nobody answers it" for place in found]


def _held(tasks: Iterable[Any]) -> Iterable[tuple[str, bool]]:
    for task in list(tasks):
        if task.done():
            continue
        place, condition = None, False
        awaited = task.get_coro()
        for _ in range(DEPTH_LIMIT):
            frame = getattr(awaited, "cr_frame", None) or getattr(awaited, "gi_frame", None)
            if frame is None:
                break
            if is_author_file(frame.f_code.co_filename):
                place = f"{os.path.basename(frame.f_code.co_filename)}:{frame.f_lineno}"
                condition = False
            elif frame.f_code.co_name == "wait_condition":
                condition = True
            awaited = getattr(awaited, "cr_await", None) or getattr(awaited, "gi_yieldfrom", None)
        if place is not None:
            yield place, condition
