"""What workflow code calls, for a bare CPython: time, chance, waiting, activities."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import random as _random
import uuid as _uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, NoReturn

from .failures import ContinueAsNewError, TemporalError

_ATTRIBUTE = "__portcullis_runtime"


@dataclasses.dataclass(frozen=True)
class Info:
    """What the running workflow may know of itself."""

    attempt: int
    first_execution_run_id: str
    namespace: str
    run_id: str
    start_time: datetime
    task_queue: str
    task_timeout: timedelta
    workflow_id: str
    workflow_start_time: datetime
    workflow_type: str
    parent: None = None
    headers: dict[str, Any] = dataclasses.field(default_factory=dict)


class Runtime(ABC):
    """The run that the calls of workflow code belong to; it is found by its event loop."""

    info: Info
    instance: Any
    random: _random.Random
    seed: int

    @property
    @abstractmethod
    def now_ns(self) -> int:
        """The virtual time, in nanoseconds since 1970."""

    @abstractmethod
    def start(self, what: str, name: str, arguments: Sequence[Any], result_type: Any) -> Any:
        """Starts an activity or a child workflow; the task ends with its result."""

    @abstractmethod
    async def wait_condition(self, condition: Callable[[], bool]) -> None:
        """Waits until a condition is true."""

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Makes this the runtime of what runs on a loop."""
        setattr(loop, _ATTRIBUTE, self)


def _runtime() -> Runtime:
    try:
        found = getattr(asyncio.get_running_loop(), _ATTRIBUTE, None)
    except RuntimeError:
        found = None
    if found is None:
        raise TemporalError("Not in workflow event loop")
    return found


def in_workflow() -> bool:
    """Whether this is called by a running workflow."""
    try:
        return getattr(asyncio.get_running_loop(), _ATTRIBUTE, None) is not None
    except RuntimeError:
        return False


def info() -> Info:
    """What is known of the running workflow."""
    return _runtime().info


def instance() -> Any:
    """The running workflow's object."""
    return _runtime().instance


# Time and chance


def time_ns() -> int:
    """The virtual time, in nanoseconds since 1970."""
    return _runtime().now_ns


def time() -> float:
    """The virtual time, in seconds since 1970."""
    return time_ns() / 1e9


def now() -> datetime:
    """The virtual time in UTC."""
    return datetime.fromtimestamp(time(), timezone.utc)


def random() -> _random.Random:
    """The run's random number generator, which is seeded."""
    return _runtime().random


def random_seed() -> int:
    """What the run's random number generator was seeded with."""
    return _runtime().seed


def new_random() -> _random.Random:
    """A generator of its own, seeded by the run's."""
    return _random.Random(random().getrandbits(64))


def uuid4() -> _uuid.UUID:
    """A UUID made of the run's random number generator."""
    return _uuid.UUID(bytes=random().getrandbits(128).to_bytes(16, "big"), version=4)


# Waiting


async def sleep(duration: float | timedelta, **_: Any) -> None:
    """Waits on the virtual clock; a number is seconds."""
    await asyncio.sleep(_seconds(duration))


def timer(duration: float | timedelta, **_: Any) -> Any:
    """Starts a timer on the virtual clock; a number is seconds. Await it, or cancel it."""
    _runtime()
    return asyncio.get_running_loop().create_task(asyncio.sleep(_seconds(duration)))


async def wait_condition(
    fn: Callable[[], bool], *, timeout: float | timedelta | None = None, **_: Any
) -> None:
    """Waits until a function returns true; `asyncio.TimeoutError` when that takes too long."""
    runtime = _runtime()
    limit = None if timeout is None else _seconds(timeout)
    await asyncio.wait_for(runtime.wait_condition(fn), limit)


async def wait(
    fs: Iterable[Any], *, timeout: float | None = None, return_when: str = asyncio.ALL_COMPLETED
) -> tuple[list[Any], list[Any]]:
    """``asyncio.wait`` in the order given: lists instead of sets."""
    futures = list(dict.fromkeys(fs))
    if not futures:
        raise ValueError("Sequence of Tasks/Futures must not be empty.")
    await asyncio.wait(futures, timeout=timeout, return_when=return_when)
    done = [each for each in futures if each.done()]
    return done, [each for each in futures if not each.done()]


def as_completed(fs: Iterable[Any], *, timeout: float | None = None) -> Iterator[Any]:
    """``asyncio.as_completed`` in a deterministic order."""
    queue: asyncio.Queue[Any] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    waiting = [asyncio.ensure_future(each) for each in dict.fromkeys(fs)]
    for each in waiting:
        each.add_done_callback(queue.put_nowait)
    limit = None if timeout is None else loop.time() + timeout

    async def next_done() -> Any:
        left = None if limit is None else max(0.0, limit - loop.time())
        return (await asyncio.wait_for(queue.get(), left)).result()

    for _ in waiting:
        yield next_done()


# Activities and child workflows


def start_activity(activity: Any, arg: Any = ..., **options: Any) -> Any:
    """Starts an activity, by name or function; the run's stubs answer it."""
    return _start("activity", activity, arg, options)


async def execute_activity(activity: Any, arg: Any = ..., **options: Any) -> Any:
    """Starts an activity and waits for its result."""
    return await _start("activity", activity, arg, options)


def start_local_activity(activity: Any, arg: Any = ..., **options: Any) -> Any:
    """Starts a local activity, by name or function; the run's stubs answer it."""
    return _start("local activity", activity, arg, options)


async def execute_local_activity(activity: Any, arg: Any = ..., **options: Any) -> Any:
    """Starts a local activity and waits for its result."""
    return await _start("local activity", activity, arg, options)


start_activity_class = start_activity_method = start_activity
execute_activity_class = execute_activity_method = execute_activity
start_local_activity_class = start_local_activity_method = start_local_activity
execute_local_activity_class = execute_local_activity_method = execute_local_activity


async def start_child_workflow(workflow: Any, arg: Any = ..., **options: Any) -> Any:
    """Starts a child workflow, by name or run method; the run's stubs answer it."""
    return _start("child workflow", workflow, arg, options)


async def execute_child_workflow(workflow: Any, arg: Any = ..., **options: Any) -> Any:
    """Starts a child workflow and waits for its result."""
    return await _start("child workflow", workflow, arg, options)


def continue_as_new(arg: Any = ..., *, args: Sequence[Any] = (), workflow: Any = None) -> NoReturn:
    """Ends this run and asks for a new one."""
    _runtime()
    name = None if workflow is None else _name_of(workflow)
    raise ContinueAsNewError(name, list(args) if arg is ... else [arg])


def patched(id: str) -> bool:
    """Whether a patch is in force: always, as nothing is replayed."""
    _runtime()
    return True


def deprecate_patch(id: str) -> None:
    """Marks a patch as deprecated, which changes nothing here."""
    _runtime()


def _start(what: str, target: Any, arg: Any, options: dict[str, Any]) -> Any:
    arguments = list(options.get("args") or ()) if arg is ... else [arg]
    result_type = options.get("result_type")
    if result_type is None and not isinstance(target, str):
        result_type = getattr(target, "__annotations__", {}).get("return")
    return _runtime().start(what, _name_of(target), arguments, result_type)


def _name_of(target: Any) -> str:
    if isinstance(target, str):
        return target
    definition = getattr(target, "__temporal_workflow_definition", None)
    if definition is not None:
        return definition.name
    if getattr(target, "__temporal_workflow_run", False):
        return target.__qualname__.rpartition(".")[0]
    return target.__name__


def _seconds(duration: float | timedelta) -> float:
    return duration.total_seconds() if isinstance(duration, timedelta) else duration


class LoggerAdapter(logging.LoggerAdapter):
    """Adds what is known of the running workflow to every message."""

    def process(self, msg: Any, kwargs: Any) -> Any:
        """Adds the details; see `logging.LoggerAdapter`."""
        if not in_workflow():
            return msg, kwargs
        known = info()
        names = ("attempt", "namespace", "run_id", "task_queue", "workflow_id", "workflow_type")
        details = {name: getattr(known, name) for name in names}
        kwargs["extra"] = {"temporal_workflow": details, **(kwargs.get("extra") or {})}
        return f"{msg} ({details})", kwargs


logger = LoggerAdapter(logging.getLogger("portcullis.workflow"), {})
