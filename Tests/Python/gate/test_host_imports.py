"""What code of the host imports while a sandbox is active, and what the view makes of it."""

import gc
import importlib
import sys
import threading
import types
import weakref

import pytest

PASSED = '<passthrough-modules><module name="host_loader"/></passthrough-modules>'
FILES = {
    "host_loader.py": """
        import functools, importlib, importlib.metadata

        @functools.singledispatch
        def described(thing): return "something"

        def by_function(name): return importlib.import_module(name)
        def by_builtin(name): return __import__(name)
        def by_statement(name): return (exec(f"import {name}", found := {}), found[name])[1]
        def by_entry_point(name):
            return importlib.metadata.EntryPoint("plugin", name, "plugins").load()
    """,
}
# Imported into the sandbox, and then by the host as well.
BOTH = """
from __future__ import annotations
import dataclasses, sys, typing
import host_loader

LISTED = sys.modules[__name__]

@dataclasses.dataclass
class Point:
    x: int = 0
    kind: typing.ClassVar[int] = 1

HINTS = typing.get_type_hints(Point)

@host_loader.described.register(Point)
def _(thing): return "a point"
"""


@pytest.mark.parametrize("form", ["by_function", "by_builtin", "by_statement", "by_entry_point"])
def test_what_code_of_the_host_imports_is_the_host_s(box, form):
    name = f"both_{form}"
    source = f"""
    import host_loader, {name}

    @host_loader.described.register(int)
    def _(thing): return "a number"

    def use():
        return host_loader.{form}("{name}"), {name}.Point().x, {name}.LISTED is {name}
    """
    made = box(source, PASSED, files={**FILES, f"{name}.py": BOTH})
    assert name not in sys.modules
    found, x, is_listed = made.call("use")
    assert sys.modules[name] is found is found.LISTED
    assert (x, is_listed, found.Point().x) == (0, True, 0)
    assert found.Point.__init__.__globals__ is vars(found)
    assert found.HINTS["x"] is int
    assert sys.modules["host_loader"].described(found.Point()) == "a point"
    assert sys.modules["host_loader"].described(1) == "something"
    watched = weakref.ref(made.module)
    del made
    gc.collect()
    assert watched() is None
    del sys.modules[name], sys.modules["host_loader"]


def test_the_sandbox_is_active_again_when_an_import_of_the_host_fails(box, denied):
    source = """
    import host_loader, time

    def use():
        try:
            host_loader.by_function("no_such_module")
        except ImportError:
            return time.time()
    """
    made = box(source, PASSED, files=FILES)
    with denied():
        made.call("use")
    del sys.modules["host_loader"]


RULES = """<passthrough-modules><module name="host_ruled"/><module name="host_bystander"/>
    </passthrough-modules>
    <invalid-module-members><module name="host_ruled"><member name="stopped" match="use"/>
    </module></invalid-module-members>"""
RULED = {
    "host_ruled.py": "def stopped(): return 'reached'\n",
    "host_bystander.py": "from host_ruled import stopped as renamed\n",
}


def test_a_module_that_the_host_imports_anew_has_its_rules_again(box, denied):
    source = "import host_ruled\ndef use(): return host_ruled.stopped()\n"
    first = box(source, RULES, files=RULED)
    with denied():
        first.call("use")
    del sys.modules["host_ruled"]
    importlib.import_module("host_ruled")
    second = box(source, RULES)
    with denied():
        second.call("use")
    del sys.modules["host_ruled"]


def test_members_that_a_module_gets_while_it_is_imported_are_guarded(box, denied, tmp_path):
    """Another thread is importing the module while the sandbox takes in what there is."""
    slow = types.SimpleNamespace(begun=threading.Event(), go_on=threading.Event())
    sys.modules["slow_import"] = slow
    files = {
        "host_ruled.py": "import slow_import\nslow_import.begun.set()\n"
        "slow_import.go_on.wait(10)\n" + RULED["host_ruled.py"],
        "host_bystander.py": RULED["host_bystander.py"],
    }
    box("", RULES, files=files)
    thread = threading.Thread(target=importlib.import_module, args=("host_ruled",))
    thread.start()
    assert slow.begun.wait(10)
    box("import json\n", RULES)
    slow.go_on.set()
    thread.join(10)
    made = box("import host_bystander\ndef use(): return host_bystander.renamed()\n", RULES)
    with denied():
        made.call("use")
    for name in ("slow_import", "host_ruled", "host_bystander"):
        del sys.modules[name]


@pytest.mark.parametrize(
    "statement",
    [
        "import portcullis._gate",
        "from portcullis import _view",
        "import portcullis._driver.phase",
        "import importlib; importlib.import_module('portcullis._gate')",
        "import sys; sys.modules['portcullis._gate']",
        "from temporalio import workflow\n"
        "with workflow.unsafe.imports_passed_through(): import portcullis._gate",
    ],
)
@pytest.mark.parametrize("passed", ["", "<module name='portcullis'/>", "<all-modules/>"])
def test_portcullis_itself_is_not_for_workflow_code(box, statement, passed):
    body = f"<passthrough-modules>{passed}</passthrough-modules>" if passed else ""
    with pytest.raises((ImportError, KeyError)):
        box(statement, body)


@pytest.mark.parametrize("of_package", [False, True])
def test_a_member_that_is_missing_is_not_taken_from_the_table_of_the_host(box, of_package):
    """CPython looks for `name.member` among the interpreter's modules."""
    source = f"""
    import sys, types
    made = types.ModuleType("concurrent")
    if {of_package}:
        made.__path__ = []
    sys.modules["made"] = made
    from made import futures
    """
    importlib.import_module("concurrent.futures")
    with pytest.raises(ImportError, match="cannot import name 'futures' from 'concurrent'"):
        box(source, '<passthrough-modules><module name="nothing_else"/></passthrough-modules>')


def test_members_of_the_run_s_packages_and_modules_are_found_as_outside(box):
    made = box(
        """
        import concurrent
        from concurrent import futures
        from app import *
        from app import one, lazy_name
        from app.one import *
        from app.one import VALUE as value
        names = sorted(name for name in globals() if name[0] != "_")
        """,
        files={
            "app/__init__.py": "__all__ = ['two']\ndef __getattr__(name):\n"
            "    if name == 'lazy_name': return name\n    raise AttributeError(name)\n",
            "app/one.py": "VALUE = 1\n",
            "app/two.py": "",
        },
    )
    expected = ["VALUE", "concurrent", "futures", "lazy_name", "one", "two", "value"]
    assert made.module.names == expected


COMPUTED = {
    "function": "made.__getattr__ = computed",
    "class": "made.__class__ = type('M', (types.ModuleType,), {'__getattr__': lambda _, n: "
    "computed(n)})",
    "object": "made = sys.modules['made'] = type('O', (), {'__getattr__': lambda _, n: "
    "computed(n)})()",
}


@pytest.mark.parametrize("period", [2, 3, 4, 5])
@pytest.mark.parametrize("kind", COMPUTED)
def test_a_member_that_comes_and_goes_is_not_taken_from_the_host_s_table(box, kind, period):
    importlib.import_module("concurrent.futures")
    made = box(
        f"""
        import sys, types

        def computed(name, asked=[]):
            if name == "__name__":
                return "concurrent"
            asked.append(name)
            if name != "futures" or asked.count(name) % {period} == 0:
                raise AttributeError(name)
            return "of the run"

        made = sys.modules["made"] = types.ModuleType("concurrent")
        {COMPUTED[kind]}
        found = []
        for _ in range(12):
            try:
                from made import futures
            except ImportError:
                futures = None
            found.append(futures)
        """,
        '<passthrough-modules><module name="nothing_else"/></passthrough-modules>',
    )
    assert {*made.module.found} <= {"of the run", None}
    assert len(made.module.found) == 12


@pytest.mark.parametrize(
    "spelling",
    [
        "getattr",
        "__import__",
        "exec",
        "__build_class__",
        "__builtins__['__portcullis_call__']",
        "__import__('importlib')._bootstrap._find_and_load",
        "__import__('operator').attrgetter('x')._load",
    ],
)
def test_the_gate_is_not_found_behind_its_functions(box, spelling):
    made = box(
        f"def use():\n    found = getattr({spelling}, '__self__', None)\n"
        "    return found, getattr(found, 'real_modules', None)\n"
    )
    found, modules = made.call("use")
    assert not isinstance(found, types.ModuleType)
    assert modules is None


@pytest.mark.parametrize("form", ["entry.load()", "metadata.EntryPoint.load(entry)"])
def test_an_entry_point_is_loaded_for_who_asks(box, denied, form):
    made = box(
        f"""
        import app, importlib.metadata as metadata

        def load(value):
            entry = metadata.EntryPoint("plugin", value, "plugins")
            return {form}

        def own(): return load("app") is app and load("app:Thing.name") == "of the run"
        def use(): return load("os:getcwd")()
        """,
        files={"app.py": "class Thing: name = 'of the run'\n"},
    )
    assert made.call("own") is True
    assert "app" not in sys.modules
    with denied():
        made.call("use")
    with pytest.raises(ImportError):
        made.call("load", "portcullis._gate")
