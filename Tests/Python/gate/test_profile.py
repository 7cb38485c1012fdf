"""The profile of a workflow's imports."""

import sys
import textwrap
import types

import pytest

WORKFLOW = """
import own_state, own_other
from own_package import part
from portcullis import workflow

@workflow.defn
class Sample:
    @workflow.run
    async def run(self) -> str:
        own_state.seen("x")
        return "done"
"""

FILES = {
    "own_state.py": """
        CACHE = {}
        LIMIT = 3
        COUNT = 0

        def seen(name):
            global COUNT
            COUNT += 1
            CACHE[name] = COUNT

        def unused(names):
            local = {}
            local["x"] = names
            OTHERS.append(names)

        OTHERS = []
        """,
    "own_other.py": "import own_package.deep\n",
    "own_package/__init__.py": "",
    "own_package/part.py": "from . import deep\n",
    "own_package/deep.py": "import own_leaf\nTABLE = {n: str(n) for n in range(50_000)}\n",
    "own_leaf.py": "TABLE = [str(n) for n in range(20_000)]\n",
}


@pytest.fixture
def profile(policy, tmp_path, monkeypatch):
    """Profiles the workflow after the files beside it have been written."""
    from portcullis._profile import Profile

    monkeypatch.syspath_prepend(str(tmp_path))
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(textwrap.dedent(text))
    file = tmp_path / "profiled.py"
    file.write_text(WORKFLOW)
    yield Profile(policy(), str(file), "profiled")
    for name in [n for n in sys.modules if n.startswith("own_")]:
        del sys.modules[name]


def test_each_executed_module_has_its_cost(profile):
    names = {"profiled", "own_state", "own_other", "own_package", "own_package.part"}
    assert set(profile.time) == names | {"own_package.deep", "own_leaf"}
    assert all(0 < cost.own <= cost.total for cost in profile.time.values())
    assert profile.total_ns >= profile.time["profiled"].total > 0
    # The tables are what is large: 50,000 and 20,000 texts of their own.
    memory = profile.memory
    assert memory["own_package.deep"].own > memory["own_leaf"].own > 500_000
    deep, leaf = memory["own_package.deep"], memory["own_leaf"]
    assert deep.total == deep.own + leaf.total
    assert profile.total_bytes >= memory["profiled"].total


def test_who_imported_a_module_first_is_known(profile):
    importer, place = profile.importers["own_package.deep"]
    assert importer == "own_other"
    assert place.endswith("own_other.py:1")


def test_lines_save_what_nothing_else_imports(profile):
    lines = dict(profile.lines())
    # `own_other` would be executed for what it imports, were that not passed through first.
    assert next(iter(lines)) == "own_package"
    assert set(lines["own_package"]) >= {"own_package.deep", "own_leaf"}
    assert "profiled" not in lines


def test_what_functions_write_is_found_in_the_source(profile):
    found = {(f.module, f.kind, f.name) for f in profile.findings([])}
    assert found == {
        ("own_state", "may-be-written", "CACHE"),
        ("own_state", "may-be-written", "COUNT"),
        ("own_state", "may-be-written", "OTHERS"),
    }
    told = {f.name: f.kind for f in profile.findings([("own_state", "CACHE")])}
    assert told["CACHE"] == "written-in-run"


def test_what_a_run_writes_is_seen():
    from portcullis._profile import Written

    module = types.ModuleType("written")
    module.table, module.number, module.same = {"a": [1]}, 1, (1, 2)
    seen = Written({"written": module})
    assert seen.changed() == []
    module.table["b"] = 2
    module.number = 2
    module.added = 3
    assert sorted(seen.changed()) == [
        ("written", "added"),
        ("written", "number"),
        ("written", "table"),
    ]
