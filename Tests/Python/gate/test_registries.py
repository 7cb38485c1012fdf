"""Registries and settings that are written through calls into the host."""

import calendar
import collections.abc
import csv
import decimal
import gc
import logging
import mimetypes
import pkgutil
import sys
import types
import warnings

import pytest


@pytest.fixture
def host_loggers():
    """The host's loggers, put back as they were."""
    root = logging.root
    before = root.level, root.handlers[:], root.manager.disable, logging.getLoggerClass()
    yield root
    root.setLevel(before[0])
    root.handlers[:], root.manager.disable = before[1], before[2]
    logging.setLoggerClass(before[3])


class Kept(logging.Handler):
    """Keeps the messages it is given."""

    def __init__(self):
        super().__init__()
        self.messages = []

    def emit(self, record):
        self.messages.append((record.name, record.levelname, record.getMessage()))


LOGS = """
import logging

class Kept(logging.Handler):
    def __init__(self):
        super().__init__()
        self.messages = []
    def emit(self, record):
        self.messages.append(record.getMessage())

kept = Kept()
logger = logging.getLogger("gate.test.logs")

def configure():
    logger.addHandler(kept)
    logger.setLevel(logging.DEBUG)
    logging.addLevelName(31, "MINE")

def log(level, text):
    logger.log(level, text)
    return list(kept.messages)

def handlers():
    return len(logger.handlers)

def level():
    return logger.getEffectiveLevel()
"""


def test_records_of_a_run_reach_the_host_s_handlers_and_its_handlers_none_of_the_host(
    box, host_loggers
):
    here = Kept()
    host_loggers.addHandler(here)
    host_loggers.setLevel(logging.WARNING)
    first, second = box(LOGS), box(LOGS)
    assert first.call("log", logging.INFO, "too low") == []
    first.call("configure")
    assert first.call("log", logging.INFO, "one") == ["one"]
    assert second.call("log", logging.INFO, "two") == []
    assert [second.call("handlers"), first.call("handlers")] == [0, 1]
    first.call("log", 31, "three")
    logging.getLogger("gate.test.logs").warning("the host's")
    assert here.messages == [
        ("gate.test.logs", "INFO", "one"),
        ("gate.test.logs", "MINE", "three"),
        ("gate.test.logs", "WARNING", "the host's"),
    ]
    assert first.call("log", logging.INFO, "four") == ["one", "three", "four"]
    assert logging.getLevelName(31) == "Level 31"


def test_what_the_host_changes_later_holds_for_the_run(box, host_loggers):
    made = box(LOGS)
    host_loggers.setLevel(logging.ERROR)
    assert made.call("level") == logging.ERROR
    named = logging.getLogger("gate.test")
    named.setLevel(logging.INFO)
    try:
        assert made.call("level") == logging.INFO
        here = Kept()
        named.addHandler(here)
        made.call("log", logging.INFO, "live")
        assert here.messages == [("gate.test.logs", "INFO", "live")]
    finally:
        named.handlers.clear()
        named.setLevel(logging.NOTSET)


def test_a_logger_of_the_host_is_not_configured_by_a_run(box, host_loggers):
    source = """
    import host_logs, logging
    def use():
        host_logs.logger.setLevel(1)
        host_logs.logger.addHandler(logging.NullHandler())
        host_logs.adapter.logger.setLevel(2)
        for handler in logging.getLogger().handlers:
            handler.setLevel(7)
            handler.setFormatter(None)
        return logging.getLogger("gate.test.host").level
    """
    files = {
        "host_logs.py": """
        import logging
        logger = logging.getLogger("gate.test.host")
        adapter = logging.LoggerAdapter(logger, {})
        """
    }
    here = Kept()
    host_loggers.addHandler(here)
    passed = '<passthrough-modules><module name="host_logs"/></passthrough-modules>'
    assert box(source, passed, files=files).call("use") == 2
    logger = logging.getLogger("gate.test.host")
    assert (logger.level, logger.handlers, here.level) == (0, [], 0)


def test_a_module_with_a_registry_is_the_run_s_own_once_it_is_written_to(box):
    source = """
    import calendar, csv, mimetypes
    import xml.etree.ElementTree as ET
    def write():
        calendar.setfirstweekday(2)
        csv.register_dialect("gate", delimiter="|")
        csv.field_size_limit(50)
        mimetypes.add_type("x/gate", ".gate")
        ET.register_namespace("gate", "urn:gate")
    def read():
        return [calendar.firstweekday(), "gate" in csv.list_dialects(), csv.field_size_limit(),
                mimetypes.guess_type("a.gate")[0], ET.tostring(ET.Element("{urn:gate}a"))]
    """
    import xml.etree.ElementTree as ET

    def host():
        return [
            calendar.firstweekday(), "gate" in csv.list_dialects(), csv.field_size_limit(),
            mimetypes.guess_type("a.gate")[0], ET.tostring(ET.Element("{urn:gate}a")),
        ]  # fmt: skip

    first, second = box(source), box(source)
    before = [0, False, 131072, None, b'<ns0:a xmlns:ns0="urn:gate" />']
    assert [first.call("read"), second.call("read"), host()] == [before] * 3
    first.call("write")
    after = [2, True, 50, "x/gate", b'<gate:a xmlns:gate="urn:gate" />']
    assert first.call("read") == after
    assert [second.call("read"), host()] == [before] * 2


def test_a_decimal_context_is_the_run_s_and_the_thread_has_its_own_back(box):
    source = """
    import decimal
    decimal.getcontext().prec = 9
    def prec(new=None):
        if new: decimal.getcontext().prec = new
        return decimal.getcontext().prec, str(decimal.Decimal(1) / 3)
    """
    own = decimal.getcontext()
    first, second = box(source), box(source.replace("= 9", "= 4"))
    assert decimal.getcontext() is own
    assert first.call("prec") == (9, "0.333333333")
    assert second.call("prec") == (4, "0.3333")
    assert first.call("prec", 5) == (5, "0.33333")
    with first.sandbox.running():
        assert first.module.prec(6)[0] == 6
        with second.sandbox.running():
            assert second.module.prec()[0] == 4
        with first.sandbox.importing():
            assert first.module.prec()[0] == 6
        assert first.module.prec()[0] == 6
    assert decimal.getcontext() is own
    assert own.prec == 28


def test_a_class_of_the_run_may_be_registered_with_an_abstract_class_of_the_host(box):
    source = """
    import abc, collections.abc, numbers
    class Mine: pass
    class Other: pass
    collections.abc.Sequence.register(Mine)
    abc.ABCMeta.register(numbers.Number, Other)
    getattr(collections.abc.Set, "register")(Other)
    def use():
        return isinstance(Mine(), collections.abc.Sequence), issubclass(Other, numbers.Number)
    def fresh():
        return isinstance(Mine(), collections.abc.Set)
    """
    first, second = box(source), box(source.replace("register", "__instancecheck__"))
    assert first.call("use") == (True, True)
    assert second.call("use") == (False, False)
    assert first.call("fresh") is False


@pytest.mark.parametrize(
    "spelling",
    [
        "collections.abc.Sequence.register(types.CodeType)",
        "abc.ABCMeta.register(collections.abc.Sequence, types.CodeType)",
        "getattr(collections.abc.Sequence, 'register')(types.CodeType)",
        "operator.methodcaller('register', types.CodeType)(collections.abc.Sequence)",
        "f = collections.abc.Sequence.register; f(types.CodeType)",
    ],
)
def test_a_class_of_the_host_is_not_registered_by_a_run(box, denied, spelling):
    made = box(
        f"import abc, collections.abc, operator, types\ndef use():\n    {spelling}\n"
        "def seen(): return issubclass(types.CodeType, collections.abc.Sequence)\n"
    )
    with denied() as caught:
        made.call("use")
    assert caught.value.qualified_name == "collections.abc.Sequence.register"
    assert "in the worker" in caught.value.next_step
    assert caught.value.caller.endswith(":3")
    assert not made.call("seen")
    assert not issubclass(types.CodeType, collections.abc.Sequence)


def test_a_package_says_of_its_own_extension_what_it_is(box):
    """As ``multidict`` does of a class in C: every import of it says the same."""
    files = {
        "pack/__init__.py": """
        from collections.abc import Sized
        from pack.native import Fast
        Sized.register(Fast)
        """,
        "pack/native.py": "class Fast: pass",
    }
    passed = '<passthrough-modules><module name="pack.native"/></passthrough-modules>'
    made = box(
        "import collections.abc, pack\n"
        "def use(): return issubclass(pack.Fast, collections.abc.Sized)",
        passed,
        files=files,
    )
    assert made.call("use") is True


def test_a_dispatcher_of_the_host_is_the_run_s_own_once_it_is_registered_with(box):
    source = """
    import pkgutil
    from pkgutil import iter_importer_modules as named
    class Mine: pass
    def write():
        named.register(Mine, lambda importer, prefix="": ["mine"])
    def read():
        return [list(f(Mine())) for f in (named, pkgutil.iter_importer_modules)]
    """
    first, second = box(source), box(source)
    first.call("write")
    assert first.call("read") == [["mine"], ["mine"]]
    assert second.call("read") == [[], []]
    names = {cls.__name__ for cls in pkgutil.iter_importer_modules.registry}
    assert "Mine" not in names


STOPPED = {
    "sys.setrecursionlimit(99999)": "sys.setrecursionlimit",
    "zoneinfo.reset_tzpath(('/',))": "zoneinfo.reset_tzpath",
    "sqlite3.register_adapter(complex, str)": "sqlite3.register_adapter",
    "sqlite3.dbapi2.register_adapter(complex, str)": "sqlite3.register_adapter",
    "copyreg.add_extension('a', 'b', 5)": "copyreg.add_extension",
    "email.charset.add_charset('x')": "email.charset.add_charset",
    "sys.settrace(print)": "sys.settrace",
    "sys.addaudithook(print)": "sys.addaudithook",
    "tracemalloc.start()": "tracemalloc.start",
}


@pytest.mark.parametrize("call", STOPPED)
def test_what_is_for_the_host_alone_is_stopped_when_a_workflow_runs(box, denied, call):
    made = box(
        "import copyreg, email.charset, sqlite3.dbapi2, sys, tracemalloc, zoneinfo\n"
        f"def use(): {call}"
    )
    with denied() as caught:
        made.call("use")
    assert caught.value.qualified_name == STOPPED[call]
    assert "unrestricted" in caught.value.next_step


def test_what_is_for_the_host_alone_is_a_warning_at_import(box):
    before = sys.getrecursionlimit()
    source = "import sys\nsys.setrecursionlimit(54321)\ndef use(): return sys.getrecursionlimit()"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        made = box(source)
    assert [w.category for w in caught] == [RuntimeWarning]
    assert "`sys.setrecursionlimit`" in str(caught[0].message)
    assert caught[0].filename.endswith(".py") and caught[0].lineno == 2
    assert made.call("use") == before == sys.getrecursionlimit()


def test_what_asks_for_no_more_than_there_is_does_nothing(box):
    made = box("import sys\ndef use(): sys.setrecursionlimit(50); return sys.getrecursionlimit()")
    before = sys.getrecursionlimit()
    assert made.call("use") == before


def test_unrestricted_code_calls_the_host_s_own(box):
    made = box(
        """
        import gc
        from portcullis import workflow
        def use():
            with workflow.unsafe.sandbox_unrestricted():
                gc.set_threshold(701)
        def read(): return gc.get_threshold()[0]
        """
    )
    before = gc.get_threshold()
    try:
        made.call("use")
        assert gc.get_threshold()[0] == made.call("read") == 701
    finally:
        gc.set_threshold(*before)


def test_settings_without_effect_are_read_back_by_the_run_alone(box):
    source = """
    import asyncio, gc, sys
    class Policy: pass
    policy = Policy()
    def write():
        gc.disable()
        gc.set_threshold(3)
        sys.setswitchinterval(0.5)
        asyncio.set_event_loop_policy(policy)
    def read():
        return [gc.isenabled(), gc.get_threshold()[0], sys.getswitchinterval(),
                asyncio.get_event_loop_policy() is policy]
    """
    first, second = box(source), box(source)
    interval, threshold = sys.getswitchinterval(), gc.get_threshold()
    before = second.call("read")
    first.call("write")
    assert first.call("read") == [False, 3, 0.5, True]
    assert second.call("read") == before == [True, threshold[0], interval, False]
    assert (gc.isenabled(), gc.get_threshold(), sys.getswitchinterval()) == (
        True,
        threshold,
        interval,
    )


def test_the_policy_goes_before(box, denied):
    body = """<invalid-module-members><module name="csv">
        <member name="register_dialect" match="use" id="no-dialect"/>
    </module></invalid-module-members>"""
    made = box("import csv\ndef use(): csv.register_dialect('x')", body)
    with denied() as caught:
        made.call("use")
    assert caught.value.rule == "no-dialect"
