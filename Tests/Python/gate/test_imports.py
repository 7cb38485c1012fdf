"""Import statements and functions inside a sandbox, and what they leave behind."""

import sys

import pytest

PACKAGE = {
    "app/__init__.py": "from . import one\nNAME = __name__\n",
    "app/one.py": "from . import two\nfrom .deep import leaf\ndef value(): return two.VALUE\n",
    "app/two.py": "from . import one\nVALUE = 2\n",
    "app/deep/__init__.py": "",
    "app/deep/leaf.py": "from ..two import VALUE as OTHER\nfrom ... import nothing\n",
    "app/lazy.py": "def __getattr__(name):\n    return name.upper()\n",
    "app/starred.py": "__all__ = ['shown']\nshown, hidden = 1, 2\n",
    "app/swap.py": "import sys, types\nclass M(types.ModuleType):\n    x = 7\n"
    "sys.modules[__name__] = M(__name__)\n",
    "space/part.py": "WHERE = __name__\n",
    "broken.py": "import json\nraise ValueError('as written')\n",
}
PACKAGE["app/deep/leaf.py"] = "from ..two import VALUE as OTHER\n"


def test_every_form_of_import_gives_the_sandbox_s_modules(box):
    made = box(
        """
        import importlib
        import app
        import app.one as first
        import app.deep.leaf
        from app import two
        from app.starred import *
        from app.lazy import anything
        import space.part
        import app.swap
        by_function = importlib.import_module("app.two")
        relative = importlib.import_module(".two", "app")
        by_builtin = __import__("app.deep.leaf")
        import sys
        by_table = sys.modules["app.two"]
        names = sorted(n for n in globals() if n in ("shown", "hidden"))
        """,
        files=PACKAGE,
    )
    module = made.module
    assert module.two is module.by_function is module.relative is module.by_table
    assert module.app.one is module.first
    assert module.first.value() == 2
    assert module.app.deep.leaf.OTHER == 2
    assert module.by_builtin is module.app
    assert module.names == ["shown"]
    assert module.anything == "ANYTHING"
    assert module.space.part.WHERE == "space.part"
    assert module.app.swap.x == 7
    assert not any(name.split(".")[0] in ("app", "space") for name in list(sys.modules))


def test_each_sandbox_has_modules_of_its_own(box):
    files = {"counter.py": "hits = []\n"}
    source = (
        "import counter\ndef use():\n    counter.hits.append(1)\n    return len(counter.hits)\n"
    )
    first, second = box(source, files=files), box(source, files=files)
    assert [first.call("use"), first.call("use"), second.call("use")] == [1, 2, 1]


def test_a_changed_file_is_compiled_again(box, tmp_path):
    source = "import setting\nvalue = setting.VALUE\n"
    assert box(source, files={"setting.py": "VALUE = 1\n"}).module.value == 1
    assert box(source, files={"setting.py": "VALUE = 'two'\n"}).module.value == "two"


def test_passed_through_modules_are_the_host_s(box):
    made = box("import json, collections.abc\n")
    assert made.module.json.dumps is sys.modules["json"].dumps
    assert made.module.collections.abc.Mapping is sys.modules["collections.abc"].Mapping


def test_a_failing_import_leaves_nothing_and_can_be_tried_again(box):
    made = box(
        """
        def use():
            import sys
            errors = []
            for _ in range(2):
                try:
                    import broken
                except ValueError as error:
                    errors.append(str(error))
            return errors, "broken" in sys.modules
        """,
        files=PACKAGE,
    )
    with pytest.warns(UserWarning, match="imported after initial workflow load"):
        assert made.call("use") == (["as written", "as written"], False)


def test_a_missing_module_is_an_ordinary_error(box):
    with pytest.raises(ModuleNotFoundError, match="No module named 'no_such_module'") as caught:
        box("import no_such_module")
    assert caught.value.name == "no_such_module"
    with pytest.raises(ModuleNotFoundError, match="'app' is not a package|No module named"):
        box("import app2.inner", files={"app2.py": ""})
    with pytest.raises(ImportError, match="cannot import name 'absent'"):
        box("from json import absent")
    with pytest.raises(ImportError, match="no known parent package"):
        box("from . import x")


def test_a_module_without_source_is_refused(box, tmp_path):
    import py_compile

    (tmp_path / "hidden.py").write_text("import time\nNOW = time.time\n")
    py_compile.compile(str(tmp_path / "hidden.py"), cfile=str(tmp_path / "hidden.pyc"))
    (tmp_path / "hidden.py").unlink()
    with pytest.raises(ImportError, match="no source that the sandbox could gate"):
        box("import hidden")


def test_invalid_modules_are_stopped_however_they_are_imported(box, denied):
    body = """<invalid-modules><module name="requests" message="call it in an activity"/>
        <module name="app.two"/></invalid-modules>"""
    for statement in (
        "import requests",
        "import requests.adapters",
        "from requests import get",
        "import importlib; importlib.import_module('requests')",
        "__import__('requests')",
    ):
        with denied() as caught:
            box(statement, body)
        assert str(caught.value).startswith("call it in an activity")
        assert caught.value.qualified_name in ("requests", "requests.adapters")
    with denied() as caught:
        box("from app import two", body, files=PACKAGE)
    assert caught.value.qualified_name == "app.two"


def test_what_the_policy_does_not_pass_through_does_not_appear_in_the_module_table(box):
    made = box("import sys\ndef use(name): return name in sys.modules, sys.modules.get(name)\n")
    import pytest as host_only

    assert made.call("use", "pytest") == (False, None)
    known, module = made.call("use", "json")
    assert known and module.loads is sys.modules["json"].loads
    assert sys.modules["pytest"] is host_only


def test_a_parent_package_is_executed_in_the_sandbox_for_a_passed_through_child(box):
    body = '<passthrough-modules><module name="mixed.shared"/></passthrough-modules>'
    files = {"mixed/__init__.py": "OWN = object()\n", "mixed/shared.py": "SHARED = object()\n"}
    source = "import mixed.shared\nown, shared = mixed.OWN, mixed.shared.SHARED\n"
    first, second = box(source, body, files=files), box(source, body, files=files)
    assert first.module.shared is second.module.shared
    assert first.module.own is not second.module.own
