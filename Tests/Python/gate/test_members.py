"""Restricted members of modules, by kind of member and by phase."""

import pytest

RUNTIME_CALLS = {
    "function": ("import time", "time.time()", "time.time.__call__"),
    "from import": ("from time import time as clock", "clock()", "time.time.__call__"),
    "python function": ("import os", "os.getenv('HOME')", "os.getenv.__call__"),
    "bound method": ("import random", "random.choice([1])", "random.choice.__call__"),
    "class": ("import threading", "threading.Thread()", "threading.Thread.__call__"),
    "class member": (
        "import datetime",
        "datetime.datetime.now()",
        "datetime.datetime.now.__call__",
    ),
    "inherited class member": (
        "from datetime import datetime",
        "datetime.today()",
        "datetime.datetime.today.__call__",
    ),
    "through a subclass": (
        "import datetime\nclass D(datetime.date): pass",
        "D.today()",
        "datetime.date.today.__call__",
    ),
    "through an instance": (
        "import datetime\nd = datetime.datetime(2020, 1, 1)",
        "d.now()",
        "datetime.datetime.now.__call__",
    ),
    "through a platform's class": (
        "from pathlib import Path",
        "Path('x').read_text()",
        "pathlib.Path.read_text.__call__",
    ),
    "getattr": ("import os", "getattr(os, 'get' + 'cwd')()", "os.getcwd.__call__"),
    "getattr of a member": (
        "from datetime import datetime",
        "getattr(datetime, 'now')()",
        "datetime.datetime.now.__call__",
    ),
    "submodule": ("import os.path", "os.path.abspath('a')", "os.path.abspath.__call__"),
    "from submodule": ("from os.path import exists", "exists('a')", "os.path.exists.__call__"),
    "nested package": (
        "import concurrent.futures",
        "concurrent.futures.ThreadPoolExecutor()",
        "concurrent.futures.ThreadPoolExecutor.__call__",
    ),
    "variable": ("import os", "os.environ['HOME']", "os.environ.HOME"),
    "method of a variable": ("import os", "os.environ.get('HOME')", "os.environ.get"),
    "length of a variable": ("import os", "len(os.environ)", "os.environ.__len__"),
    "text of a variable": ("import os", "str(os.environ)", "os.environ.__str__"),
    "accessed variable": ("import os", "os.name", "os.name"),
    "builtin": ("", "open('/etc/passwd')", "__builtins__.open"),
    "builtin through its module": ("import builtins", "builtins.open('x')", "__builtins__.open"),
    "handed to C": ("import time", "list(map(lambda f: f(), [time.time]))", "time.time.__call__"),
    "called by the host": (
        "import time, functools",
        "functools.reduce(lambda a, b: b(), [1, time.time])",
        "time.time.__call__",
    ),
    "partial": (
        "import time, functools\nf = functools.partial(time.time)",
        "f()",
        "time.time.__call__",
    ),
    "kept at import": ("import time\nclass C:\n    clock = time.time", "C.clock()", None),
    "eval": ("import datetime", "eval('datetime.datetime.now()')", None),
    "exec": (
        "import datetime",
        "exec('datetime.datetime.now()', {'datetime': datetime})",
        None,
    ),
    "compile": (
        "import datetime",
        "eval(compile('datetime.datetime.now()', 'x', 'eval'))",
        None,
    ),
}


@pytest.mark.parametrize("case", RUNTIME_CALLS)
def test_is_denied_at_run_time(box, denied, case):
    setup, expression, name = RUNTIME_CALLS[case]
    made = box(f"{setup}\ndef use():\n    return {expression}\n")
    with denied() as caught:
        made.call("use")
    if name is not None:
        assert caught.value.qualified_name == name


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('time').time() > 0",
        "__import__('os').getcwd() != ''",
        "__import__('os').path.join('a', 'b') == 'a/b'",
        "__import__('os').name in ('posix', 'nt')",
        "'HOME' in __import__('os').environ or True",
        "isinstance(__import__('os').environ.copy(), dict)",
        "__import__('threading').Lock() is not None",
        "open('/dev/null').read() == ''",
    ],
)
def test_run_time_rules_do_not_hold_at_import(box, expression):
    assert box(f"value = {expression}").module.value is True


def test_other_rules_hold_at_import(box, denied):
    with denied() as caught:
        box("import datetime\nvalue = datetime.datetime.now()")
    assert caught.value.qualified_name == "datetime.datetime.now.__call__"


def test_reading_a_member_that_is_only_restricted_for_use_is_allowed(box):
    made = box(
        """
        import time, os
        from datetime import datetime

        def use():
            return [time.time.__name__, os.getcwd.__doc__ is not None, callable(datetime.now)]
        """
    )
    assert made.call("use") == ["time", True, True]


def test_a_warning_rule_warns_at_the_line_that_uses_it_and_goes_on(box):
    made = box(
        """
        import asyncio

        async def nothing(): pass

        def use():
            return asyncio.wait([]).close()
        """
    )
    with pytest.warns(UserWarning, match="asyncio.wait.. is non-deterministic") as caught:
        made.call("use")
    assert (caught[0].filename, caught[0].lineno) == (made.module.__file__, 7)


def test_the_error_says_what_where_and_what_next(box, denied):
    made = box("import datetime\n\ndef use():\n    return datetime.datetime.now()\n")
    with denied() as caught:
        made.call("use")
    error = caught.value
    assert error.rule == "datetime.datetime.now#use"
    assert error.policy_location.startswith("temporal-1.35.xml:")
    assert error.caller == f"{made.module.__file__}:4"
    assert "workflow.now()" in error.next_step
    for part in (error.rule, error.policy_location, error.caller, error.next_step):
        assert part in str(error)
    last = caught.traceback[-1]
    assert (str(last.path), last.lineno + 1) == (made.module.__file__, 4)


def test_messages_of_rules_replace_the_default(box, denied):
    body = """<invalid-module-members><module name="json">
        <member name="dumps" match="use" id="no-json" message="use the converter"/>
    </module></invalid-module-members>"""
    made = box("import json\ndef use():\n    return json.dumps(1)\n", body)
    with denied() as caught:
        made.call("use")
    assert str(caught.value).splitlines()[0] == "use the converter"
    assert caught.value.rule == "no-json"


def test_a_restricted_class_member_may_be_a_property_or_a_data_attribute(box, denied):
    body = """<passthrough-modules><module name="host_shapes"/></passthrough-modules>
    <invalid-module-members><module name="host_shapes"><member name="Shape">
        <member name="area" match="use"/><member name="kind" match="access"/>
    </member></module></invalid-module-members>"""
    made = box(
        """
        from host_shapes import Shape
        def area(): return Shape().area
        def kind(): return Shape.kind
        def size(): return Shape().size
        """,
        body,
        files={
            "host_shapes.py": """
            class Shape:
                kind = "shape"
                size = 3
                @property
                def area(self): return 1
            """
        },
    )
    for name in ("area", "kind"):
        with denied() as caught:
            made.call(name)
        assert caught.value.qualified_name == f"host_shapes.Shape.{name}"
    assert made.call("size") == 3


def test_a_wildcard_on_the_members_of_a_class_gates_every_name(box, denied):
    body = """<passthrough-modules><module name="host_robot"/></passthrough-modules>
    <invalid-module-members><module name="host_robot"><member name="Robot">
        <member name="*" match="use"/><exclude name="stop"/>
    </member></module></invalid-module-members>"""
    made = box(
        """
        from host_robot import Robot
        robot = Robot()
        def walk(): return robot.walk()
        def stop(): return robot.stop()
        def word(): return "x".upper()
        """,
        body,
        files={
            "host_robot.py": """
            class Robot:
                def walk(self): return "walks"
                def stop(self): return "stops"
            """
        },
    )
    with denied():
        made.call("walk")
    assert made.call("stop") == "stops"
    assert made.call("word") == "X"


def test_rules_about_construction_stop_the_call_of_a_class(box, denied):
    body = """<invalid-module-members><module name="fractions"><member name="Fraction">
        <member name="__init__" match="use"/></member></module></invalid-module-members>"""
    made = box("from fractions import Fraction\ndef use():\n    return Fraction(1, 2)\n", body)
    with denied():
        made.call("use")
