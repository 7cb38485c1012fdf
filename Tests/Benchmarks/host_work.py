"""What threads of the host do while others are in sandboxes, and what those do meanwhile."""

from __future__ import annotations

import datetime
import sys
import time
from collections.abc import Callable

STAMP = datetime.datetime(2020, 1, 1)


def instance_checks(count: int) -> int:
    """Ask for the class of an object."""
    seen = 0
    for _ in range(count):
        if isinstance(STAMP, datetime.date):
            seen += 1
    return seen


def imports(count: int) -> int:
    """Import what is loaded."""
    seen = 0
    for _ in range(count):
        import json

        if json.loads is not None:
            seen += 1
    return seen


def module_look_ups(count: int) -> int:
    """Look a module up in the table."""
    seen = 0
    for _ in range(count):
        if "json" in sys.modules:
            seen += 1
    return seen


def attributes(count: int) -> int:
    """Read members of a module that sandboxes restrict."""
    seen = 0
    for _ in range(count):
        if datetime.timedelta is not None:
            seen += 1
    return seen


def arithmetic(count: int) -> int:
    """Work with numbers and text."""
    seen = 0
    for number in range(count):
        if str(number * number % 97) != "":
            seen += 1
    return seen


#: What is shown of each, and the function.
OPERATIONS: dict[str, Callable[[int], int]] = {
    "isinstance": instance_checks,
    "import of a loaded module": imports,
    "a name in sys.modules": module_look_ups,
    "attribute of a restricted module": attributes,
    "numbers and text": arithmetic,
}

#: How many operations are timed together.
COUNT = 20_000


def processor_seconds(operation: Callable[[int], int], count: int = COUNT) -> float:
    """What one operation costs of this thread's processor time; waiting for others is free.

    Raises:
        AssertionError: an operation had another result than outside of all sandboxes.
    """
    start = time.thread_time_ns()
    seen = operation(count)
    taken = time.thread_time_ns() - start
    if seen != count:
        raise AssertionError(f"{operation.__name__}: {seen} of {count}")
    return taken / count / 1e9


#: A workflow's file, whose functions the threads in sandboxes call.
WORKFLOW = '''
import asyncio, dataclasses, datetime, enum, json, typing, uuid

CALLS = []

class Colour(enum.Enum):
    RED = 1
    BLUE = 2

@dataclasses.dataclass
class Item:
    name: str
    when: datetime.datetime
    colour: Colour = Colour.RED

async def total(items):
    await asyncio.sleep(0)
    return sum(len(item.name) for item in items)

def work(seed):
    """Numbers that depend on the seed and on how often this module was asked, and nothing else."""
    import json as again
    CALLS.append(seed)
    start = datetime.datetime(2020, 1, 1)
    items = [Item(f"n{seed}-{i}", start + datetime.timedelta(days=i)) for i in range(20)]
    text = again.dumps([dataclasses.asdict(item) for item in items], default=str)
    same = sum(isinstance(item.when, datetime.datetime) for item in items)
    return len(text), same, Colour(2).name, len(CALLS), items[3].when.replace(year=2021).year
'''
