"""A sandbox that is let go is freed, whatever its code has registered or made the host remember."""

import atexit
import codecs
import contextvars
import decimal
import gc
import logging
import sys
import typing
import weakref

import pytest

HOST = {
    "host_memory.py": """
    import functools

    @functools.lru_cache(maxsize=None)
    def remembered(thing): return [thing]

    @functools.singledispatch
    def described(thing): return "something"

    class Describer:
        @functools.singledispatchmethod
        def describe(self, thing): return "something"

    @described.register
    def _(thing: int): return "a number"
    """,
}
PASSED = '<passthrough-modules><module name="host_memory"/></passthrough-modules>'

# What makes the host remember a class, by the root that it was held by; `use` tells that it works.
ROOTS = {
    "a subscribed class": """
        T = typing.TypeVar("T")
        class Thing(typing.Generic[T]): pass
        ALIAS = Thing[int]
        def use(): return Thing[int] is ALIAS
        """,
    "types made of a class": """
        class Thing: pass
        ALIASES = [typing.Optional[Thing], typing.List[Thing], typing.Callable[[Thing], Thing]]
        ALIASES += [typing.Union[Thing, int], typing.Dict[str, Thing], typing.Tuple[Thing, ...]]
        def use(): return typing.Optional[Thing] is ALIASES[0]
        """,
    "a literal": """
        class Thing(enum.Enum):
            ONE = 1
        ALIAS = typing.Literal[Thing.ONE]
        def use(): return typing.get_args(typing.Literal[Thing.ONE]) == (Thing.ONE,)
        """,
    "types made of a class that says it is another": """
        class Likeness(type):
            def __eq__(cls, other): return True
            def __hash__(cls): return hash(int)
        class Thing(metaclass=Likeness): pass
        ALIASES = [typing.List[Thing], typing.Optional[Thing], typing.Tuple[Thing, ...]]
        def use(): return all(alias.__args__[0] is Thing for alias in ALIASES)
        """,
    "types made of a text that is no plain one": """
        class Thing(str): pass
        ALIASES = [typing.List[Thing("int")], typing.ForwardRef(Thing("int"))]
        def use(): return type(ALIASES[1].__forward_arg__) is Thing
        """,
    "an attribute of a type made of values": """
        class Thing: pass
        typing.Optional[int]._thing = Thing
        setattr(typing.Dict[str, int], "_thing", Thing)
        vars(typing.List[int])["_thing"] = Thing
        typing.Tuple[int, str].__dict__["_thing"] = Thing
        def use(): return typing.Optional[int]._thing is Thing
        """,
    "overloads": """
        class Thing: pass
        @typing.overload
        def f(thing: Thing) -> int: ...
        @typing.overload
        def f(thing: int) -> Thing: ...
        def f(thing): return Thing
        def use():
            found = getattr(typing, "get_overloads", lambda function: [0, 0])(f)
            return f(1) is Thing and len(found) == 2
        """,
    "an attribute of an overload": """
        class Thing: pass
        def marked(function):
            function.thing = Thing
            return function
        @marked
        @typing.overload
        def f(x: int) -> int: ...
        MADE = f
        @typing.overload
        def f(x: str) -> str: ...
        def use(): return MADE.thing is Thing and not hasattr(f, "thing")
        """,
    "a finalizer": """
        seen = []
        class Thing: pass
        KEPT = Thing()
        ENDS = weakref.finalize(KEPT, seen.append, KEPT.__class__)
        def use():
            other = Thing()
            weakref.finalize(other, seen.append, 1)
            del other
            return seen == [1] and ENDS.alive and isinstance(ENDS, weakref.finalize)
        """,
    "an exit function": """
        class Thing: pass
        @atexit.register
        def end(): raise AssertionError("a run has no exit")
        def use(): return atexit.unregister(end) is None and atexit.register(end, Thing) is end
        """,
    "a hook of fork": """
        class Thing: pass
        os.register_at_fork(before=lambda: Thing)
        def use(): return True
        """,
    "a log handler": """
        seen = []
        class Thing(logging.Handler):
            def emit(self, record): seen.append(record.getMessage())
        HANDLER = Thing()
        LOGGER = logging.getLogger("portcullis.tests.lifetime")
        LOGGER.addHandler(HANDLER)
        def use():
            LOGGER.warning("one")
            LOGGER.removeHandler(HANDLER)
            LOGGER.error("two")
            LOGGER.addHandler(HANDLER)
            return seen == ["one"]
        """,
    "a log filter": """
        seen = []
        class Thing:
            def filter(self, record):
                seen.append(record.getMessage())
                return False
        FILTER = Thing()
        LOGGER = logging.getLogger("portcullis.tests.lifetime")
        LOGGER.addFilter(FILTER)
        LOGGER.addFilter(FILTER)
        def use():
            LOGGER.warning("one")
            return seen == ["one"]
        """,
    "a codec": """
        class Thing(codecs.CodecInfo): pass
        def search(name):
            if name == "portcullis_things":
                return Thing(lambda text, errors="strict": (b"thing", len(text)), None)
        codecs.register(search)
        def use(): return codecs.encode("x", "portcullis_things") == b"thing"
        """,
    "an error handler": """
        class Thing: pass
        def handle(error): return ("?", error.end)
        codecs.register_error("portcullis_things", handle)
        def use(): return codecs.lookup_error("portcullis_things") is handle
        """,
    "a function for pickling": """
        class Thing: pass
        copyreg.pickle(Thing, lambda thing: (Thing, ()))
        def use(): return type(pickle.loads(pickle.dumps(Thing()))) is Thing
        """,
    "a warning that was shown elsewhere": """
        class Thing(UserWarning): pass
        def use():
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("default")
                for _ in range(2):
                    warnings.warn("portcullis tests", Thing, stacklevel=2)
            return [w.category for w in caught] == [Thing]
        """,
    "a cached function of the host": """
        class Thing: pass
        def use():
            thing = Thing()
            made = host_memory.remembered(thing)
            again = host_memory.remembered(thing)
            return made is again and host_memory.remembered.cache_info().hits == 1
        """,
    "a generic function of the host": """
        class Thing: pass
        @host_memory.described.register(Thing)
        def _(thing): return "a thing"
        def use():
            asked = [host_memory.described(x) for x in (Thing(), 1, "")]
            return asked == ["a thing", "a number", "something"]
        """,
    "a host class of a generic function of the host": """
        class Thing: pass
        host_memory.described.register(str, lambda text: Thing)
        def use(): return host_memory.described("") is Thing
        """,
    "a generic method of the host": """
        class Thing: pass
        host_memory.Describer.describe.register(Thing, lambda self, thing: "a thing")
        def use(): return host_memory.Describer().describe(Thing()) == "a thing"
        """,
    "an abstract class of the host": """
        class Thing: pass
        collections.abc.Sized.register(Thing)
        def use(): return isinstance(Thing(), collections.abc.Sized)
        """,
    "a subclass of an abstract class": """
        class Thing(collections.abc.Mapping):
            def __getitem__(self, key): return key
            def __iter__(self): return iter(())
            def __len__(self): return 0
        def use(): return isinstance(Thing(), collections.abc.Collection)
        """,
    "a protocol": """
        @typing.runtime_checkable
        class Named(typing.Protocol):
            def name(self) -> str: ...
        class Thing:
            def name(self): return ""
        def use(): return isinstance(Thing(), Named) and not isinstance(1, Named)
        """,
    "a dataclass and its type hints": """
        @dataclasses.dataclass
        class Thing:
            x: "typing.Optional[Thing]" = None
        def use(): return typing.get_type_hints(Thing) == {"x": typing.Optional[Thing]}
        """,
    "a named tuple and its source": """
        class Thing(typing.NamedTuple):
            x: int
        def use(): return inspect.signature(Thing).parameters["x"].annotation is int
        """,
    "an error and its traceback": """
        class Thing(Exception): pass
        def use():
            try:
                raise Thing
            except Thing as error:
                return "Thing" in "".join(traceback.format_exception(error))
        """,
    "a coroutine": """
        class Thing: pass
        async def work(): return Thing()
        def use():
            try:
                work().send(None)
            except StopIteration as end:
                return type(end.value) is Thing
        """,
    "attributes of the thread": """
        class Thing: pass
        LOCAL = threading.local()
        LOCAL.thing = Thing()
        def use(): return type(LOCAL.thing) is Thing
        """,
    "a context variable": """
        class Thing: pass
        VARIABLE = contextvars.ContextVar("portcullis_tests")
        VARIABLE.set(Thing)
        def use(): return VARIABLE.get() is Thing
        """,
    "a module made by hand": """
        class Thing: pass
        sys.modules["lifetime_made"] = made = types.ModuleType("lifetime_made")
        made.Thing, made.itself = Thing, made
        def use():
            import lifetime_made
            return lifetime_made.Thing is Thing and made.__dict__["itself"] is made
        """,
}
IMPORTS = """
import atexit, codecs, collections.abc, contextvars, copyreg, dataclasses, enum, inspect, logging
import os, pickle, sys, threading, traceback, types, typing, warnings, weakref
import host_memory
"""


def host_state() -> list:
    """What the roots would leave in the host."""
    memory = sys.modules["host_memory"]
    # One of the caches is of a function without arguments.
    caches = [cleanup.__self__ for cleanup in typing._cleanups]
    caches = [c for c in caches if c is not getattr(typing, "_lazy_load_getattr_static", None)]
    logger = logging.getLogger("portcullis.tests.lifetime")
    with pytest.raises(LookupError):
        codecs.lookup("portcullis_things")
    return [
        len(weakref.finalize._registry), atexit._ncallbacks(), len(logger.handlers),
        len(logger.filters), memory.remembered.cache_info(), dict(memory.described.registry),
        memory.described(""), vars(typing._overload_dummy).keys() - {"__wrapped__"},
        sum(map(len, getattr(typing, "_overload_registry", {}).values())),
        [cache.cache_info().currsize for cache in caches],
    ]  # fmt: skip


@pytest.mark.parametrize("root", ROOTS)
def test_what_is_let_go_is_freed(box, root):
    source = IMPORTS + ROOTS[root].replace("\n        ", "\n")
    box(IMPORTS, PASSED, files=HOST)  # the host's own imports are done
    before = host_state()
    made = box(source, PASSED)
    assert made.call("use") is True
    watched = {name: weakref.ref(getattr(made.module, name)) for name in ("Thing", "use")}
    watched |= {"module": weakref.ref(made.module), "sandbox": weakref.ref(made.sandbox)}
    del made
    gc.collect()
    assert [name for name, reference in watched.items() if reference() is not None] == []
    assert host_state() == before


def test_types_made_of_values_are_those_of_all_runs_and_are_changed_by_none(box):
    source = """
    import typing
    ALIASES = [typing.Optional[int], typing.Dict[str, typing.List[int]], typing.Tuple[int, ...]]
    class Thing: pass
    OWN = typing.Optional[Thing]
    TEXTS = typing.List["Thing"], typing.Optional["Thing"]
    def change():
        for alias in ALIASES:
            alias._mark = 1
            vars(alias)["_mark"] = alias.__dict__["_mark"] = 2
        return [alias._mark for alias in ALIASES]
    def marks(): return [getattr(alias, "_mark", None) for alias in ALIASES]
    def hints():
        def f(a: TEXTS[0], b: TEXTS[1]): pass
        return [typing.get_args(hint)[0] is Thing for hint in typing.get_type_hints(f).values()]
    """
    first, second = box(source), box(source)
    for one, two in zip(first.module.ALIASES, second.module.ALIASES, strict=True):
        assert one is two
    assert first.call("change") == [1, 1, 1]
    assert second.call("marks") == [None, None, None]
    assert [vars(alias).get("_mark") for alias in first.module.ALIASES] == [None, None, None]
    assert first.module.OWN.__args__[0] is first.module.Thing
    assert [first.call("hints"), second.call("hints")] == [[True, True]] * 2


def test_what_typing_compiles_with_is_no_way_around_the_gate(box, denied):
    source = """
    import typing
    def use():
        code = typing.compile("__import__('datetime').datetime.now()", "<string>", "eval")
        return eval(code)
    """
    made = box(source)
    with denied():
        made.call("use")


def test_functions_outlive_their_sandbox(box):
    made = box(
        """
        import typing, weakref

        T = typing.TypeVar("T")
        class Kept(typing.Generic[T]): pass
        log = []
        class Thing: pass
        THING = Thing()
        weakref.finalize(THING, log.append, "gone")

        def use():
            import json
            global THING
            THING = None
            return json.dumps([Kept[int].__args__[0].__name__, log])
        """
    )
    use = made.module.use
    del made
    gc.collect()
    assert use() == '["int", ["gone"]]'


def test_context_variables_are_those_of_the_run(box):
    source = """
    import contextvars, decimal
    VARIABLE = contextvars.ContextVar("portcullis_tests", default=0)
    VARIABLE.set({number})
    decimal.setcontext(decimal.Context(prec=5))
    def use():
        VARIABLE.set(VARIABLE.get() + 1)
        return VARIABLE.get(), decimal.getcontext().prec
    """
    precision = decimal.getcontext().prec
    first, second = box(source.format(number=1)), box(source.format(number=10))
    assert [first.call("use"), second.call("use"), first.call("use")] == [(2, 5), (11, 5), (3, 5)]
    assert decimal.getcontext().prec == precision
    assert "portcullis_tests" not in [v.name for v in contextvars.copy_context()]


def test_context_variables_that_the_host_sets_on_import_are_the_host_s(box):
    files = {
        "host_of_variable.py": """
        import contextvars
        VARIABLE = contextvars.ContextVar("portcullis_tests_host")
        VARIABLE.set(7)
        """
    }
    passed = '<passthrough-modules><module name="host_of_variable"/></passthrough-modules>'
    source = "import host_of_variable\ndef use(): return host_of_variable.VARIABLE.get()\n"
    assert box(source, passed, files=files).call("use") == 7
    assert box(source, passed).call("use") == 7
    assert sys.modules["host_of_variable"].VARIABLE.get() == 7


def test_handlers_and_filters_hear_their_own_sandbox_alone(box):
    source = """
    import logging
    heard = []
    LOGGER = logging.getLogger("portcullis.tests.heard")
    class Handler(logging.Handler):
        def emit(self, record): heard.append(record.getMessage())
    class Filter(logging.Filter):
        def filter(self, record): return record.getMessage() != "dropped"
    LOGGER.addHandler(Handler(level=logging.ERROR))
    LOGGER.addFilter(Filter())
    def use(*messages):
        for message in messages:
            LOGGER.error(message)
            LOGGER.warning("quiet")
        return list(heard)
    """
    first, second = box(source), box(source)
    assert first.call("use", "one", "dropped") == ["one"]
    assert second.call("use", "two") == ["two"]
    logger = logging.getLogger("portcullis.tests.heard")
    host: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: host.append(record.getMessage())  # type: ignore[method-assign]
    logger.addHandler(handler)
    try:
        logger.error("dropped")
    finally:
        logger.removeHandler(handler)
    assert host == ["dropped"]
    assert first.call("use") == ["one"]
    first.sandbox.close()
    assert logger.handlers == logger.filters == []


def test_a_warning_names_the_line_that_imports(box, tmp_path):
    made = box(
        """
        import warnings
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            import warns_its_importer
        def use(): return [(w.filename == __file__, w.lineno) for w in caught]
        """,
        files={"warns_its_importer.py": "import warnings\nwarnings.warn('old', stacklevel=2)\n"},
    )
    assert (True, 5) in made.call("use")
