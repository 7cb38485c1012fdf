"""An event loop on a virtual clock: what is ready runs in order, time jumps to the next timer."""

from __future__ import annotations

import asyncio
import collections
import heapq
import itertools
import logging
import sys
from collections.abc import Callable
from typing import Any

_logger = logging.getLogger("portcullis.workflow")


class VirtualLoop(asyncio.AbstractEventLoop):
    """Runs tasks deterministically; nothing here looks at a clock, a file or a socket."""

    def __init__(self, start_ns: int) -> None:
        self.now_ns = start_ns
        #: Tasks that are not done, held here since asyncio itself holds them weakly.
        self.tasks: dict[Any, None] = {}
        self._ready: collections.deque[asyncio.Handle] = collections.deque()
        self._timers: list[tuple[int, int, asyncio.TimerHandle]] = []
        self._numbers = itertools.count()
        self._exception_handler: Any = None

    def run_ready(self) -> None:
        """Runs until nothing is ready any more."""
        while self._ready:
            handle = self._ready.popleft()
            if not handle.cancelled():
                handle._run()

    def fire_next_timer(self) -> bool:
        """Moves the clock to the timer due first and makes it ready; false if there is none."""
        while self._timers:
            due, _, handle = heapq.heappop(self._timers)
            if not handle.cancelled():
                self.now_ns = max(self.now_ns, due)
                self._ready.append(handle)
                return True
        return False

    def cancel_all(self) -> None:
        """Cancels what still waits and lets it clean up."""
        for task in list(self.tasks):
            task.cancel()
        self.run_ready()

    # asyncio.AbstractEventLoop

    def time(self) -> float:
        return self.now_ns / 1e9

    def call_soon(self, callback: Callable[..., Any], *args: Any, context: Any = None) -> Any:
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_later(
        self, delay: float, callback: Callable[..., Any], *args: Any, context: Any = None
    ) -> Any:
        if delay < 0:
            raise RuntimeError("Attempting to schedule timer with negative delay")
        due = self.now_ns + round(delay * 1e9)
        handle = asyncio.TimerHandle(due / 1e9, callback, args, self, context)
        heapq.heappush(self._timers, (due, next(self._numbers), handle))
        return handle

    def call_at(
        self, when: float, callback: Callable[..., Any], *args: Any, context: Any = None
    ) -> Any:
        # `when` is a float sum of `time()`, whose nanoseconds it cannot hold.
        delay = max(0.0, round(when - self.time(), 3))
        return self.call_later(delay, callback, *args, context=context)

    def create_future(self) -> Any:
        return asyncio.Future(loop=self)

    def create_task(
        self, coro: Any, *, name: str | None = None, context: Any = None, **_: Any
    ) -> Any:
        if sys.version_info >= (3, 11):
            task = asyncio.Task(coro, loop=self, name=name, context=context)
        else:
            task = asyncio.Task(coro, loop=self, name=name)
        task._log_destroy_pending = False  # type: ignore[attr-defined]
        self.tasks[task] = None
        task.add_done_callback(lambda done: self.tasks.pop(done, None))
        return task

    def get_task_factory(self) -> None:
        return None

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False

    def get_exception_handler(self) -> Any:
        return self._exception_handler

    def set_exception_handler(self, handler: Any) -> None:
        self._exception_handler = handler

    def default_exception_handler(self, context: dict[str, Any]) -> None:
        _logger.error(context.get("message", "unhandled"), exc_info=context.get("exception"))

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        if self._exception_handler is None:
            self.default_exception_handler(context)
        else:
            self._exception_handler(self, context)

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Nothing to do: a cancelled timer is passed over when its time comes."""
