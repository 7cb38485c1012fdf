"""What a sandbox must not do to the rest of the process."""

import builtins
import pickle
import sys
import threading
import time

import pytest


def test_builtins_are_untouched(box):
    before = dict(vars(builtins))
    made = box("import time\ndef use(): return [open, isinstance, __import__]\n")
    own = made.call("use")
    assert dict(vars(builtins)) == before
    assert own[0] is not open
    assert own[1] is isinstance


def test_other_threads_see_nothing_of_an_active_sandbox(box):
    made = box("import helper_of_sandbox\n", files={"helper_of_sandbox.py": ""})
    seen = {}

    def look() -> None:
        seen["time"] = time.time() > 0
        seen["module"] = "helper_of_sandbox" in sys.modules
        with open(__file__) as file:
            seen["open"] = bool(file.readline())

    with made.sandbox.running():
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert seen == {"time": True, "module": False, "open": True}


def test_host_code_is_free_while_a_sandbox_is_active(box):
    # shutil, tempfile and random are the host's: their own calls of os and time are theirs.
    made = box(
        """
        import json, textwrap, traceback, uuid, decimal, logging

        def use():
            logging.getLogger("x").debug("y")
            try:
                raise ValueError("z")
            except ValueError:
                text = traceback.format_exc()
            return [uuid.uuid5(uuid.NAMESPACE_DNS, "a").hex, "ValueError: z" in text]
        """
    )
    assert made.call("use")[1] is True


def test_sandboxed_code_on_another_thread_stays_gated(box, package):
    made = box("import time\ndef use(): return time.time()\n")
    errors = []

    def run() -> None:
        try:
            made.module.use()
        except package.RestrictedWorkflowAccessError as error:
            errors.append(error.qualified_name)

    with made.sandbox.running():
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    assert errors == ["time.time.__call__"]


def test_sandboxes_nest_and_leave_in_order(box, denied):
    source = "import time\ndef use(f=None):\n    return f() if f else time.time()\n"
    outer, inner = box(source), box(source)
    with outer.sandbox.running():
        with inner.sandbox.importing():
            assert inner.module.use() > 0
        with denied():
            outer.module.use()
    assert outer.module.use(time.time) > 0


def test_sandboxed_code_cannot_leave_its_sandbox(box):
    made = box(
        """
        def marker(): return __portcullis_sandbox__
        def leave(): return marker().entry(0, False)
        def owner(): return marker().owner()
        def make(): return type(marker())(None, {}, {}, {}, None)
        """
    )
    for name in ("leave", "owner"):
        with pytest.raises(RuntimeError, match="sandboxed code"):
            made.call(name)
    with pytest.raises((RuntimeError, TypeError)):
        made.call("make")


def test_the_module_table_behaves_as_a_dictionary():
    table = sys.modules
    assert isinstance(table, dict)
    assert table["sys"] is sys and table.get("absent") is None
    assert len(table) == len(list(table)) == len(table.copy()) == len(dict(table))
    marker = object()
    table["__test_entry__"] = marker
    assert table.pop("__test_entry__") is marker
    assert table.pop("__test_entry__", 5) == 5
    with pytest.raises(KeyError):
        table.pop("__test_entry__")
    with pytest.raises(KeyError):
        table["__test_entry__"]
    assert table.setdefault("__test_entry__", marker) is marker
    del table["__test_entry__"]
    table.update(__test_entry__=marker)
    assert ("__test_entry__", marker) in table.items()
    keys = table.keys()
    assert "__test_entry__" in keys and marker in table.values()
    assert (table | {"x": 1})["x"] == 1 and ({"x": 1} | table)["sys"] is sys
    table |= {"__test_entry__": 3}
    assert sys.modules is table and table.pop("__test_entry__") == 3
    assert table == dict(table)
    assert next(reversed(table)) in table


def test_modules_of_the_sandbox_are_found_by_name_in_host_code(box):
    made = box(
        """
        import dataclasses, pickle, typing, enum, inspect

        class Color(enum.Enum):
            RED = 1

        @dataclasses.dataclass
        class Point:
            x: "int"
            color: "Color" = Color.RED

        def hints(): return sorted(typing.get_type_hints(Point))
        def copy():
            data = pickle._dumps(Point(1))
            return pickle._loads(data) == Point(1)
        def source(): return inspect.getmodule(Point).__name__, inspect.getsource(Color)
        """
    )
    assert made.call("hints") == ["color", "x"]
    assert made.call("copy") is True
    assert made.call("source") == (made.module.__name__, "class Color(enum.Enum):\n    RED = 1\n")
    assert pickle.loads(pickle.dumps([1])) == [1]
