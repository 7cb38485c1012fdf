"""Sandboxes on many threads, beside threads of the host."""

import json
import sys
import threading
import time

FILES = {
    "shared_part/__init__.py": "from . import inner\nSTATE = []\n",
    "shared_part/inner.py": "import json\nfrom . import other\ndef f(x): return json.dumps(x)\n",
    "shared_part/other.py": "import dataclasses\n\n@dataclasses.dataclass\nclass P:\n"
    "    x: int = 1\n",
}
SOURCE = """
import datetime, json, random, sys, time
import shared_part.inner
from shared_part.other import P

def use(number):
    shared_part.STATE.append(number)
    seen = [sys.modules["shared_part"] is shared_part, len(shared_part.STATE) == 1]
    seen.append(json.loads(shared_part.inner.f([number])) == [number])
    seen.append(P(number).x == number)
    for attempt in (time.time, random.random, datetime.datetime.now):
        try:
            attempt()
        except Exception as error:
            seen.append(type(error).__name__ == "RestrictedWorkflowAccessError")
        else:
            seen.append(False)
    return all(seen)
"""


def test_sandboxes_on_many_threads_and_a_busy_host(package, policy, box, tmp_path):
    first = box(SOURCE, files=FILES)
    assert first.call("use", 0)
    file, name = first.module.__file__, first.module.__name__
    made = policy()
    end = time.monotonic() + 3
    errors: list[BaseException] = []
    counts = {"sandbox": 0, "host": 0}

    def sandboxes() -> None:
        try:
            while time.monotonic() < end:
                sandbox = package.Sandbox(made, workflow_module=name)
                module = sandbox.load(file, name)
                other = package.Sandbox(made, workflow_module=name)
                with sandbox.running():
                    answer = module.use(1)
                    with other.importing():
                        other.import_module("shared_part.inner")
                    assert answer and sys.modules is not None
                counts["sandbox"] += 1
        except BaseException as error:
            errors.append(error)

    def host() -> None:
        try:
            while time.monotonic() < end:
                assert "shared_part" not in sys.modules
                assert time.time() > 0 and json.loads(json.dumps([1])) == [1]
                assert __import__("os").getcwd()
                with open(file) as source:
                    assert source.readline() == "\n"
                counts["host"] += 1
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=sandboxes) for _ in range(8)]
    threads += [threading.Thread(target=host) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors
    assert not any(thread.is_alive() for thread in threads)
    assert min(counts.values()) > 50


def test_two_sandboxes_interleave_on_one_thread(box):
    source = "log = []\ndef use(x):\n    log.append(x)\n    return list(log)\n"
    first, second = box(source), box(source)
    for number in range(3):
        assert first.call("use", number) == list(range(number + 1))
        assert second.call("use", -number) == [-n for n in range(number + 1)]


def test_dropped_sandboxes_are_freed(package, policy, box):
    import gc
    import weakref

    made = box(SOURCE, files=FILES)
    assert made.call("use", 1)
    watched = [weakref.ref(made.module), weakref.ref(made.sandbox), weakref.ref(made.module.P)]
    made.module = made.sandbox = None
    gc.collect()
    assert [w() for w in watched] == [None, None, None]


def test_a_closed_sandbox_is_freed_whatever_the_host_keeps(box):
    import gc
    import weakref

    made = box(
        """
        import typing, weakref

        T = typing.TypeVar("T")
        class Kept(typing.Generic[T]):
            pass
        ALIAS = Kept[int]

        def forget(): raise AssertionError("the code of a closed sandbox has run")

        class Holder: pass
        HOLDER = Holder()
        weakref.finalize(HOLDER, forget)
        """
    )
    watched = [weakref.ref(made.module.HOLDER), weakref.ref(made.sandbox)]
    made.sandbox.close()
    made.module = made.sandbox = None
    gc.collect()
    assert [w() for w in watched] == [None, None]
