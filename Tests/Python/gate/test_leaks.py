"""The report of what a run tried to write on the host."""

import json
import sys
import types

import pytest

can_watch = sys.version_info >= (3, 12)
HOST = {
    "host_things.py": """
    LIMITS = {"a": 1}
    class Config:
        level = 1
        def touch(self): type(self).touched = True
    class Ordered:
        def __lt__(self, other): return True
    SHARED = Config()
    def function(): pass
    def keep(value):
        global kept
        kept = value
    def cache():
        global answer
        answer = 42
    """,
}
PASSED = '<passthrough-modules><module name="host_things"/></passthrough-modules>'


@pytest.fixture
def leaks_of(package, policy, tmp_path, monkeypatch):
    """Runs statements in a sandbox that reports, each on a line of its own from line 4 on."""
    monkeypatch.syspath_prepend(str(tmp_path))
    for name, text in HOST.items():
        (tmp_path / name).write_text("\n".join(line[4:] for line in text.splitlines()))
    made = []

    def run(*statements: str, imports: str = "host_things", report: bool = True) -> list:
        file = tmp_path / f"reported_{len(made)}.py"
        body = "".join(f"    {statement}\n" for statement in statements)
        file.write_text(f"import {imports}\nclass Mine: pass\ndef use():\n{body}")
        sandbox = package.Sandbox(policy(PASSED), workflow_module=file.stem, report_leaks=report)
        made.append(sandbox)
        module = sandbox.load(str(file), file.stem)
        with sandbox.running():
            module.use()
        assert all(leak.file == str(file) for leak in sandbox.leaks())
        return [(leak.line, *leak[2:]) for leak in sandbox.leaks()]

    yield run
    for sandbox in made:
        sandbox.close()
    sys.modules.pop("host_things", None)


ATTEMPTS = {
    "json.marker = 1": ("module attribute", "json.marker"),
    "setattr(json, 'marker', 1)": ("module attribute", "json.marker"),
    "json.JSONEncoder.marker = 1": ("class attribute", "json.encoder.JSONEncoder.marker"),
    "type.__setattr__(json.JSONEncoder, 'marker', 1)": (
        "class attribute",
        "json.encoder.JSONEncoder.marker",
    ),
    "host_things.SHARED.level = 2": ("object attribute", "host_things.SHARED.level"),
    "host_things.function.mark = 2": ("object attribute", "host_things.function.mark"),
    "host_things.LIMITS['b'] = 2": ("container", "host_things.LIMITS"),
    "csv.register_dialect('x', delimiter=';')": ("registry", "csv.register_dialect"),
    "logging.getLogger('a').setLevel(5)": ("registry", "logging.getLogger('a').level"),
    "logging.getLogger('a').addHandler(logging.NullHandler())": (
        "registry",
        "logging.getLogger('a').addHandler",
    ),
    "logging.basicConfig()": ("registry", "logging.basicConfig"),
    "decimal.setcontext(decimal.Context())": ("registry", "decimal.setcontext"),
}
IMPORTS = "csv, decimal, host_things, json, logging, os, sys"


@pytest.mark.parametrize("statement", ATTEMPTS)
def test_what_is_private_is_named(leaks_of, statement):
    kind, name = ATTEMPTS[statement]
    assert (4, kind, name, "private") in leaks_of(statement, imports=IMPORTS)


def test_what_is_stopped_or_ignored_is_named(leaks_of):
    attempts = [
        "del json.JSONEncoder.encode",
        "sys.setrecursionlimit(99999)",
        "os.environ['A'] = '1'",
        "os.umask(0)",
    ]
    wrapped = [f"try: {one}\n    except Exception: pass" for one in attempts]
    found = leaks_of(*wrapped, "import atexit; atexit.register(print)", imports=IMPORTS)
    assert found == [
        (4, "class attribute", "json.encoder.JSONEncoder.encode", "stopped"),
        (6, "registry", "sys.setrecursionlimit", "stopped"),
        (8, "registry", "os.environ.A", "stopped"),
        (10, "registry", "os.umask", "stopped"),
        (12, "registry", "atexit.register", "ignored"),
    ]


def test_reads_and_writes_on_one_s_own_are_no_attempts(leaks_of):
    found = leaks_of(
        "Mine.level = 1",
        "Mine().level = 2",
        "{}.update(a=1)",
        "host_things.LIMITS.get('a')",
        "logging.getLogger('a').warning",
        "decimal.getcontext().prec",
        "try: os.environ.get('A')",
        "except Exception: pass",
        "host_things.cache()",
        imports=IMPORTS,
    )
    assert found == []


def test_attempts_are_sorted_and_told_once(leaks_of):
    found = leaks_of("for n in range(3): json.b = n", "json.a = 1", "json.a = 2", imports=IMPORTS)
    assert [leak[0] for leak in found] == [4, 5, 6]


@pytest.mark.skipif(not can_watch, reason="this Python has no watchers")
def test_what_reaches_the_host_is_named(leaks_of):
    found = leaks_of(
        "host_things.keep(Mine())",
        "host_things.keep(None)",
        "host_things.keep(use)",
        "functools.total_ordering(host_things.Ordered)",
        "dataclasses.dataclass(host_things.Config)",
        "host_things.SHARED.touch()",
        imports="dataclasses, functools, host_things",
    )
    assert {leak[3] for leak in found} == {"reached"}
    assert [leak for leak in found if leak[1] == "module attribute"] == [
        (4, "module attribute", "host_things.kept", "reached"),
        (6, "module attribute", "host_things.kept", "reached"),
    ]
    names = {leak[2] for leak in found if leak[0] == 7}
    assert {"host_things.Ordered.__ge__", "host_things.Ordered.__gt__"} <= names
    assert "host_things.Config.__dataclass_fields__" in {leak[2] for leak in found if leak[0] == 8}
    assert all(leak[0] != 9 for leak in found)


def test_without_a_report_there_is_none(leaks_of):
    assert leaks_of("json.marker = 1", imports=IMPORTS, report=False) == []


def test_the_host_is_not_watched_any_longer_afterwards(package, policy):
    from portcullis import _leaks

    sandbox = package.Sandbox(policy(), report_leaks=True)
    assert bool(_leaks._WATCH.names) is can_watch
    sandbox.close()
    assert not _leaks._WATCH.names
    json.watched_no_longer = types.SimpleNamespace()
    del json.watched_no_longer


def test_runs_that_report_do_not_hear_of_each_other(leaks_of):
    assert leaks_of("json.first = 1", imports=IMPORTS)
    second = leaks_of("json.second = 1", imports=IMPORTS)
    assert [leak[2] for leak in second] == ["json.second"]
