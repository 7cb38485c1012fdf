"""What a run writes on the host's objects: its own code reads it back, nobody else does."""

import copyreg
import decimal
import gc
import html.entities
import json
import logging
import string
import sys
import textwrap
import warnings

import pytest

HOST = {
    "host_things.py": """
    LIMITS = {"a": 1}
    NAMES = ["x"]
    SEEN = set()
    class Config:
        level = 1
        tags = ["t"]
        def read(self): return self.level
    SHARED = Config()
    def function(): return function.__dict__.get("mark")
    """,
}
PASSED = '<passthrough-modules><module name="host_things"/></passthrough-modules>'

# What is written, and how the writer reads it back: the value before and after.
WRITES = {
    "module attribute": ("string.marker = 1", "getattr(string, 'marker', None)", None, 1),
    "module attribute by setattr": (
        "setattr(string, 'marker', 2)",
        "string.__dict__.get('marker')",
        None,
        2,
    ),
    "module attribute replaced": (
        "json.dumps = lambda x: 'mine'",
        "json.dumps(1)",
        "1",
        "mine",
    ),
    "attribute of a submodule": (
        "html.entities.marker = 3",
        "getattr(html.entities, 'marker', None)",
        None,
        3,
    ),
    "class attribute": (
        "textwrap.TextWrapper.marker = 4",
        "getattr(textwrap.TextWrapper, 'marker', None)",
        None,
        4,
    ),
    "class attribute seen through an instance of a subclass": (
        "things.Config.level = 5",
        "type('Sub', (things.Config,), {})().level",
        1,
        5,
    ),
    "object of a module": ("things.SHARED.level = 6", "things.SHARED.level", 1, 6),
    "object of a C type": (
        "decimal.DefaultContext.prec = 7",
        "decimal.DefaultContext.prec",
        28,
        7,
    ),
    "function attribute": (
        "things.function.mark = 8",
        "getattr(things.function, 'mark', None)",
        None,
        8,
    ),
    "augmented": ("things.Config.level += 9", "things.Config.level", 1, 10),
    "in a tuple": ("(things.one, x) = 1, 2", "getattr(things, 'one', None)", None, 1),
    "in a for": ("for things.step in range(3): pass", "getattr(things, 'step', None)", None, 2),
    "dictionary item": (
        "html.entities.html5['m;'] = 'x'",
        "'m;' in html.entities.html5",
        False,
        True,
    ),
    "dictionary update": ("things.LIMITS.update(b=2)", "sorted(things.LIMITS)", ["a"], ["a", "b"]),
    "dictionary imported by name": ("LIMITS['c'] = 3", "'c' in LIMITS", False, True),
    "list method": ("gc.callbacks.append(print)", "print in gc.callbacks", False, True),
    "list imported by name": ("NAMES.append('y')", "NAMES", ["x"], ["x", "y"]),
    "set method": ("things.SEEN.add(1)", "len(things.SEEN)", 0, 1),
    "container of a class": (
        "things.Config.tags.append('u')",
        "things.Config.tags",
        ["t"],
        ["t", "u"],
    ),
    "item deleted": ("del things.LIMITS['a']", "sorted(things.LIMITS)", ["a"], []),
    "error handler": (
        "codecs.register_error('mine', codecs.ignore_errors)",
        "codecs.lookup_error('mine') is codecs.ignore_errors",
        LookupError,
        True,
    ),
    "pickle function": (
        "copyreg.pickle(range, lambda r: (list, ((7,),)))",
        "pickle.loads(pickle.dumps(range(2)))",
        range(2),
        [7],
    ),
}

SOURCE = """
import codecs, copyreg, decimal, gc, html.entities, json, pickle, string, textwrap, warnings
import host_things as things
from host_things import LIMITS, NAMES

def read():
    return {expression}

def write():
    {statement}
"""


def host_state() -> list:
    """What the writes would change if they reached the host."""
    things = sys.modules["host_things"]
    return [
        hasattr(string, "marker"), json.dumps(1), hasattr(html.entities, "marker"),
        hasattr(textwrap.TextWrapper, "marker"), things.Config.level, things.SHARED.level,
        decimal.DefaultContext.prec, hasattr(things.function, "mark"), hasattr(things, "one"),
        hasattr(things, "step"), "m;" in html.entities.html5, dict(things.LIMITS),
        list(things.NAMES), list(gc.callbacks), set(things.SEEN), list(things.Config.tags),
        dict(copyreg.dispatch_table), list(warnings.filters), list(logging.root.handlers),
    ]  # fmt: skip


@pytest.mark.parametrize("case", WRITES)
def test_a_write_is_private_to_the_run(box, case):
    statement, expression, before, after = WRITES[case]
    source = SOURCE.format(expression=expression, statement=statement)
    first, second = (box(source, PASSED, files=HOST) for _ in range(2))
    host = host_state()
    if isinstance(before, type):
        with pytest.raises(before):
            first.call("read")
    else:
        assert first.call("read") == before
    first.call("write")
    assert first.call("read") == after
    if isinstance(before, type):
        with pytest.raises(before):
            second.call("read")
    else:
        assert second.call("read") == before
    assert host_state() == host


def test_warning_filters_are_the_host_s_but_within_catch_warnings(box):
    made = box(
        """
        import warnings

        warnings.filterwarnings("ignore", "marker of this test")

        def use():
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                warnings.warn("once")
                warnings.warn("twice")
            return [str(w.message) for w in caught]
        """
    )
    assert made.call("use") == ["once", "twice"]
    assert not any("marker of this test" in str(entry[1]) for entry in warnings.filters)


def test_own_objects_are_written_as_ever(box):
    made = box(
        """
        import argparse, collections, types

        class A:
            items = []
            def __init__(self, x): self.x = x

        def f(): pass

        def use():
            a = A(1)
            a.y = 2
            A.z = 3
            A.items.append(4)
            f.mark = 5
            space = argparse.Namespace()
            space.v = 6
            plain = types.SimpleNamespace(w=1)
            plain.w += 6
            counts = collections.Counter()
            counts["k"] += 8
            made = type("M", (), {})
            made.q = 9
            return [a.x, a.y, A.z, A.items, f.mark, space.v, plain.w, counts["k"], made.q]
        """
    )
    assert made.call("use") == [1, 2, 3, [4], 5, 6, 7, 8, 9]


def test_classes_of_other_runs_are_not_seen(box):
    source = """
    import collections.abc
    class Mine(collections.abc.Sized):
        def __len__(self): return 0
    def use():
        return sum(c.__name__ == "Mine" for c in collections.abc.Sized.__subclasses__())
    """
    first, second = box(source), box(source)
    assert first.module.__name__ != second.module.__name__
    assert [first.call("use"), second.call("use")] == [1, 1]
