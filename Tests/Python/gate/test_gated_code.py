"""Code that is compiled with gates behaves as it did."""

import pytest

PROGRAMS = {
    "arguments": (
        """
        class A:
            def replace(self, *args, **kwargs): return args, kwargs
        """,
        "A().replace(1, *[2, 3], x=4, **{'y': 5})",
        ((1, 2, 3), {"x": 4, "y": 5}),
    ),
    "order of evaluation": (
        """
        seen = []
        def note(x):
            seen.append(x)
            return x
        class A:
            def open(self, *args, **kwargs): return list(seen)
        def make():
            note("object")
            return A()
        """,
        "make().open(note(1), k=note(2))",
        ["object", 1, 2],
    ),
    "super": (
        """
        class A:
            def today(self): return "A"
            @classmethod
            def now(cls): return cls.__name__
        class B(A):
            def today(self): return super().today() + "B"
            @classmethod
            def now(cls): return "sub " + super().now()
        """,
        "[B().today(), B.now(), super(B, B()).today()]",
        ["AB", "sub B", "A"],
    ),
    "own class that overrides": (
        """
        import datetime
        class Fixed(datetime.datetime):
            @classmethod
            def now(cls, tz=None): return cls(2020, 1, 1)
        """,
        "Fixed.now().isoformat()",
        "2020-01-01T00:00:00",
    ),
    "instance attribute": (
        """
        class A:
            def __init__(self): self.stat = lambda: 1
        """,
        "A().stat()",
        1,
    ),
    "dynamic attribute": (
        """
        class A:
            def __getattr__(self, name): return lambda: name
        """,
        "[A().stat(), A().now()]",
        ["stat", "now"],
    ),
    "stores and deletes": (
        """
        class A: pass
        def run():
            a = A()
            a.now = 1
            a.now += 1
            b = a.now
            del a.now
            return b, hasattr(a, "now")
        """,
        "run()",
        (2, False),
    ),
    "attribute error": (
        """
        def run():
            try:
                object().now
            except AttributeError as error:
                return str(error), getattr(object(), "now", 3)
        """,
        "run()",
        ("'object' object has no attribute 'now'", 3),
    ),
    "text and bytes": ("", "['a'.replace('a', 'b'), b'a'.replace(b'a', b'c')]", ["b", b"c"]),
    "comprehension and f-string": (
        "words = ['aa', 'ba']",
        "f\"{[w.replace('a', 'x') for w in words]}\"",
        "['xx', 'bx']",
    ),
    "decorator": (
        """
        class R:
            def open(self, f): return lambda: f() + 1
        r = R()
        @r.open
        def f(): return 1
        """,
        "f()",
        2,
    ),
    "match": (
        """
        import datetime
        def run(x):
            match x:
                case datetime.datetime(year=2020): return "year"
                case datetime.date(): return "date"
        """,
        "[run(datetime.datetime(2020, 1, 1)), run(datetime.date(2020, 1, 1))]",
        ["year", "date"],
    ),
    "exact type": (
        "import datetime",
        "type(datetime.datetime(2020, 1, 1)) is datetime.datetime",
        True,
    ),
    "pure methods": (
        "import datetime, pathlib",
        "[datetime.datetime(2020, 1, 1).replace(year=2021).year, str(pathlib.Path('a') / 'b')]",
        [2021, "a/b"],
    ),
    "postponed annotations": (
        """
        from __future__ import annotations
        import typing
        class A:
            x: typing.Optional[datetime.now] = None
            def f(self, y: other.replace) -> third.open: ...
        """,
        "[A.__annotations__, A.f.__annotations__]",
        [
            {"x": "typing.Optional[datetime.now]"},
            {"y": "other.replace", "return": "third.open"},
        ],
    ),
    "docstring": ('"""Of the module."""', "__doc__", "Of the module."),
    "walrus and lambda": (
        "",
        "(lambda s: (t := s.replace('a', 'b')) + t)('a')",
        "bb",
    ),
    "generator": (
        """
        class A:
            def resolve(self):
                yield 1
                yield 2
        """,
        "list(A().resolve())",
        [1, 2],
    ),
    "coroutine": (
        """
        class A:
            async def open(self): return 5
        async def run(): return await A().open()
        def drive():
            try: run().send(None)
            except StopIteration as stop: return stop.value
        """,
        "drive()",
        5,
    ),
    "signature and name": (
        "import os, inspect",
        "[str(inspect.signature(os.getenv)), os.getenv.__name__, inspect.isfunction(os.getenv)]",
        ["(key, default=None)", "getenv", True],
    ),
    "union and subscript of a guarded class": (
        "import os, threading, typing",
        "[str(typing.get_args(os.PathLike | None)[0].__name__), os.PathLike[str].__args__]",
        ["PathLike", (str,)],
    ),
    "instance checks": (
        """
        import threading, subprocess, os, pathlib
        class T(threading.Thread): pass
        def run():
            try:
                raise subprocess.CalledProcessError(1, "x")
            except subprocess.SubprocessError as error:
                code = error.returncode
            return [code, issubclass(T, threading.Thread), isinstance(1, threading.Thread),
                    isinstance(pathlib.PurePath("a"), os.PathLike)]
        """,
        "run()",
        [1, True, False, True],
    ),
}


@pytest.mark.parametrize("case", PROGRAMS)
def test_is_what_it_is_outside(box, case):
    import textwrap

    setup, expression, expected = PROGRAMS[case]
    outside: dict = {}
    exec(textwrap.dedent(setup), outside)
    assert eval(expression, outside) == expected or case == "docstring"
    made = box(f"{textwrap.dedent(setup)}\ndef use():\n    return {expression}\n")
    assert made.call("use") == expected
