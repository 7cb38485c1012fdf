"""Every entry point of the gate gives back what it takes: counts over ten thousand calls.

A CPython that is built with `Py_DEBUG` counts all references, if the gate is built with
`-Xcc -DPy_DEBUG` as well; others count objects and blocks.
"""

import builtins
import functools
import gc
import pickle
import re
import sys
import textwrap
import types
import warnings

import pytest

CALLS = 10_000
# What may come and go: caches of the interpreter. One object a call is as many as the calls.
SLACK = 500

HOST = {
    "host_counted.py": """
    LIMITS = {"a": 1}
    class Config:
        level = 1
        def read(self): return self.level
    class Made:
        kind = "made"
        def __init__(self, x=1): self.x = x
        def area(self): return self.x
        @classmethod
        def copied(cls): return cls()
        def __class_getitem__(cls, item):
            import types
            return types.GenericAlias(cls, item)
    SHARED = Config()
    SETTINGS = {"a": 1}
    def function(x=1): return x
    def forbidden(x=1): return x
    """,
}
BODY = """
<passthrough-modules><module name="host_counted"/></passthrough-modules>
<invalid-module-members><module name="host_counted" only="runtime">
  <member name="Made" match="use"/>
  <member name="SETTINGS" match="use"/>
  <member name="forbidden" match="use"/>
</module></invalid-module-members>
"""

INSIDE = """
import codecs, copy, datetime, json, os.path, pathlib, string, sys, time, typing
import host_counted as host
from host_counted import LIMITS
class Own:
    x = 1
    def method(self): return self.x
class Sub(host.Made):
    def __init__(self): pass
OWN = Own()
SUB = Sub.__new__(Sub)
DAY = datetime.datetime(2020, 1, 1)
CODE = compile("OWN.x", "text", "eval")
def stopped(function, *arguments):
    try:
        function(*arguments)
    except Exception as error:
        return type(error).__name__
    raise AssertionError("nothing was stopped")
def items(x): return x["a"]
def store_item(x): x["a"] = 1
def delete_item(x): del x["a"]
def store_attribute(x): x.mark = 1

def nothing(): pass
def attribute(): return string.digits, OWN.x, json.dumps
def own_call(): return OWN.method()
def gated_member(): return DAY.replace(day=2), "a".replace("a", "b")
def gated_load(): return DAY.replace, datetime.datetime.now, Own.method
def gated_super(): return super(Sub, SUB).area
def guard_call(): return os.path.join("a", "b"), os.path.join(*["a"], **{})
def guard_read(): return time.time.__name__, time.time.__doc__
def guard_compared(): return time.time == time.time, hash(time.time), repr(time.time), {time.time}
def guard_refused(): stopped(time.time)
def guard_stored(): stopped(store_attribute, time.time)
def guard_bound(): return type("Bound", (), {}) and host.forbidden.__get__(OWN)
def member_refused(): stopped(datetime.datetime.now)
def class_called(): stopped(host.Made)
def class_called_through_type(): stopped(type.__call__, host.Made)
def class_made_from_subclass(): stopped(lambda: type("Other", (host.Made,), {})())
def class_read(): return host.Made.__name__, host.Made.__mro__, host.Made.kind, host.Made.area
def class_member_refused(): stopped(lambda: host.Made.copied())
def class_checked(): return isinstance(SUB, host.Made), issubclass(Sub, host.Made)
def class_compared(): return type(SUB) is host.Made, host.Made == Own, hash(host.Made)
def class_subscripted(): return host.Made[int], typing.Optional[host.Made]
def class_extended():
    class Extended(host.Made):
        pass
def class_extended_by_alias():
    class Extended(host.Made[int]):
        pass
def class_extended_by_type(): type("Extended", (host.Made,), {})
def class_copied(): return copy.deepcopy(host.Made) is host.Made
def object_read(): stopped(lambda: host.SETTINGS.get)
def object_items(): stopped(items, host.SETTINGS)
def object_stored(): stopped(store_item, host.SETTINGS)
def object_deleted(): stopped(delete_item, host.SETTINGS)
def object_attribute_stored(): stopped(store_attribute, host.SETTINGS)
def object_used():
    for use in (len, iter, bool, str, repr, list):
        stopped(use, host.SETTINGS)
def object_contains(): stopped(lambda: "a" in host.SETTINGS)
def object_united(): stopped(lambda: host.SETTINGS | {})
def object_compared(): stopped(lambda: host.SETTINGS == {})
def part(): return OWN.__dict__, string.__dict__["digits"], Own.__mro__, nothing.__globals__
def part_stored(): OWN.__setattr__("x", 1)
def text(): return "{0.x}".format(OWN), "{0.__class__}".format(OWN)
def real(): return type(DAY) is datetime.datetime
def target(): OWN.y = 1
def target_of_host(): host.SHARED.level = 2
def noted(): return host.SHARED.level, host.Config.level, host.SHARED.read()
def target_deleted():
    host.extra = 1
    del host.extra
def container():
    host.LIMITS["b"] = 2
    host.LIMITS.pop("b")
def own():
    LIMITS["c"] = 3
    LIMITS.pop("c")
def looked_up(): return getattr(OWN, "x"), getattr(OWN, "z", None), getattr(DAY, "replace")
def not_looked_up(): stopped(getattr, OWN, "z")
def evaluated(): return eval("1 + 1"), eval(CODE), eval("x", {"__builtins__": {}, "x": 1})
def executed(): exec("x = 1", {})
def compiled(): return compile("1", "text", "eval")
def not_compiled(): stopped(compile, "1 +", "text", "eval")
def class_built():
    class Built(Own, metaclass=type):
        pass
def imported():
    import json
    import os.path
    from os import path
    from json import decoder
def not_imported(): stopped(__import__, "there_is_no_such_module")
def cached():
    typing.Optional[Own]
    codecs.lookup("utf-8")
def table_read():
    return sys.modules["json"], "json" in sys.modules, sys.modules.get("nothing", 1)
def table_missed(): stopped(lambda: sys.modules["nothing"])
def table_stored():
    sys.modules["stored_module"] = sys
    sys.modules.setdefault("stored_module", 1)
    del sys.modules["stored_module"]
def table_popped():
    sys.modules.update(popped_module=sys)
    sys.modules.pop("popped_module")
    sys.modules.pop("popped_module", None)
def table_whole():
    return len(sys.modules), list(sys.modules), sys.modules.copy(), sys.modules.keys()
def table_entries(): return next(iter(sys.modules.items())), next(reversed(sys.modules))
"""
# The functions above that take nothing.
NAMES = re.findall(r"^def (\w+)\(\):", INSIDE, re.MULTILINE)


def counts() -> list[int]:
    gc.collect()
    total = getattr(sys, "gettotalrefcount", lambda: 0)()
    return [sys.getallocatedblocks(), len(gc.get_objects()), total]


def grown(run, calls: int = CALLS) -> list[int]:
    """By how much the counts have grown when something has been run so often."""
    run(calls // 50)
    before = counts()
    run(calls)
    return [new - old for new, old in zip(counts(), before, strict=True)]


def repeated(function):
    def run(count: int) -> None:
        for _ in range(count):
            function()

    return run


@pytest.fixture
def inside(box):
    yield box(INSIDE, BODY, files=HOST)
    sys.modules.pop("host_counted", None)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", NAMES)
def test_calls_of_a_sandbox_leave_nothing_behind(inside, name):
    function = getattr(inside.module, name)

    def run(count: int) -> None:
        for _ in range(count):
            with inside.sandbox.running():
                function()

    # A class is in a cycle with itself, so those that are made go when garbage is collected.
    assert max(grown(run)) < SLACK


def test_what_is_written_to_again_and_again_is_kept_once(inside):
    shared = sys.modules["host_counted"].SHARED
    inside.call("target_of_host")
    before = sys.getrefcount(shared)
    for _ in range(100):
        inside.call("target_of_host")
    assert sys.getrefcount(shared) == before


# What code of the host does with the gate itself; `g` is the gate, `p` a native policy, `s` a
# native sandbox, `m` the module of the sandbox, `real` a function, `guard` one that is guarded.
OUTSIDE = {
    "a guard is made": "g.guard(real, ('host_counted', 'x'), p, 0, (0,) * 6)",
    "a guard of a class is made": "g.guard(Real, ('host_counted', 'X'), p, 1, (0,) * 6)",
    "a guard of an object is made": "g.guard({}, ('host_counted', 'x'), p, 2, (0,) * 6)",
    "no guard is made": "stopped(g.guard, real, (), p, 7, (0,) * 6)",
    "a guard is called": "guard(1); guard(x=1); guard(*[1])",
    "a guard is read": "guard.__name__; guard.__call__; guard.__get__; guard.__globals__",
    "a guarded class is used": "made(); isinstance(made(), made); made.kind; made[int]; made.area",
    "a guarded class is extended": """
        with s.entry(1, False): type('E', (made,), {}); types.new_class('E', (made,))
        """,
    "a guarded object is used": "len(held); list(held); held['a']; held | {}; 'a' in held",
    "a guarded object is changed": "held['b'] = 1; del held['b']",
    "a rule is checked": "g.check(p, ('time', 'time'), 0, 0); g.check(p, ('time',), 0, 0, 1)",
    "a guard is taken off": "g.guarded(guard); stopped(g.guarded, real)",
    "sandboxes are told": "g.sandbox_of(vars(builtins)); g.active_sandbox(); g.real_modules()",
    "a sandbox is asked": "s.is_runtime(); s.in_activation(); s.owner(); s.has_notes(False)",
    "a sandbox is entered": "with s.entry(1, True), g.suspended(), s.entry(0, False): pass",
    "a sandbox is entered wrongly": "stopped(s.entry, 7, True); stopped(s.entry(1, 1).__exit__)",
    "a sandbox is made": "g.Sandbox(p, {}, {}, {}, None)",
    "no sandbox is made": "stopped(g.Sandbox, p, [], {}, {}, None)",
    "a policy is asked": """
        p.verdict(('time', 'time')); p.speaks_below(('os',)); p.is_stated(('os', 'nothing'))
        p.is_passthrough('json'); p.module_rule('random', True); p.rule(0); p.flags()
        p.path_of_class(int); p.is_host_object(real); p.wildcard_paths()
        stopped(p.rule, 10 ** 6); stopped(p.verdict, (1,)); stopped(p.verdict, 'x')
        """,
    "a policy remembers": "p.register_class(int, ('builtins', 'int')); p.add_host_object(real)",
    "a policy is made": "g.Policy(image, *version)",
    "no policy is made": "stopped(g.Policy, b'none', 3, 11); stopped(g.Policy, image, 300, 0)",
    "an own cache is called": "cache(1); cache.cache_info()",
    "an own cache is called in a sandbox": "with s.entry(1, False): cache(1); cache.cache_info()",
    "an own cache is made": "g.OwnCache(real, real); stopped(g.OwnCache, 1)",
    "things are watched": "g.watch(watched, True); watched['a'] = 1; g.watch(watched, False)",
    "classes are watched": "g.watch(Real, True); Real.mark = 1; g.watch(Real, False)",
    "what is watched is written to": """
        g.watch(watched, True)
        with s.entry(1, False): watched['a'] = 2; del watched['a']
        g.watch(watched, False)
        """,
    "the hook of watchers is set": "g.set_watch_hook(print); g.set_watch_hook(tell)",
    "builtins of a sandbox are called": """
        g.__portcullis_call__('x', real, 1); g.__portcullis_attr__('__name__', real)
        g.__portcullis_part__('__dict__', real); g.__portcullis_target__('x', real)
        g.__portcullis_container__('__dict__', real); g.__portcullis_own__(real)
        g.__portcullis_noted__('__name__', real); g.__portcullis_text__('{}')
        g.__portcullis_real__(guard); g.getattr(real, 'x', None); g.eval('1'); g.exec('1')
        stopped(g.__portcullis_call__); stopped(g.__import__, 'json')
        """,
    "the module table is used": """
        t['json']; t.get('nothing'); 'json' in t; len(t); next(iter(t)); repr(t) ; t == {}
        t.copy(); t | {}; {} | t; t.keys(); t.values(); t.items(); next(reversed(t))
        t['stored_module'] = sys; t.setdefault('stored_module', 1); del t['stored_module']
        t.update(stored_module=sys); t.pop('stored_module'); t.pop('stored_module', None)
        stopped(lambda: t['nothing']); stopped(t.pop, 'nothing'); stopped(t.get)
        """,
    "the module table is used beside a sandbox": """
        with s.entry(1, False):
            t['json']; t.get('nothing'); m.__name__ in t; len(t); list(t) ; t == {}
            t.copy(); t.items(); t.setdefault('json', 1)
        """,
    "the interpreter's table is overlaid": """
        g.overlay_interpreter_table()
        pickle.dumps(Real)
        with s.entry(1, False): pickle.dumps(Real); pickle.dumps(m.Own)
        g.restore_interpreter_table()
        """,
}


class Real:
    """A class of the host."""

    kind = "real"

    def area(self) -> int:
        return 1

    __class_getitem__ = classmethod(types.GenericAlias)


def real(x: int = 1) -> int:
    """A function of the host."""
    return x


def stopped(function, *arguments) -> None:
    try:
        function(*arguments)
    except Exception:
        return
    raise AssertionError("nothing was stopped")


# A copy of the whole table a call takes its time.
SLOW = ("the module table", "a policy is made")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("case", OUTSIDE)
def test_calls_of_the_host_leave_nothing_behind(package, inside, case):
    gate, native = package._gate, inside.sandbox.native
    policy = inside.sandbox.policy
    free = (0,) * 6
    names = {
        "g": gate,
        "s": native,
        "p": policy.native,
        "m": inside.module,
        "t": sys.modules,
        "image": policy.image,
        "version": sys.version_info[:2],
        "guard": gate.guard(real, ("host_counted", "real"), policy.native, 0, free),
        "made": gate.guard(Real, ("host_counted", "Real"), policy.native, 1, free),
        "held": gate.guard({"a": 1}, ("host_counted", "held"), policy.native, 2, free),
        "cache": gate.OwnCache(functools.lru_cache(real), lambda: functools.lru_cache(real)),
        "watched": {},
        "tell": lambda *_: None,
    }
    text = textwrap.dedent(OUTSIDE[case]).strip()
    body = textwrap.indent(text, " " * 8)
    source = f"def run(count):\n    for _ in range(count):\n{body}\n"
    names |= {"Real": Real, "real": real, "stopped": stopped, "sys": sys, "types": types}
    names |= {"pickle": pickle, "builtins": builtins}
    exec(source, names)
    calls = CALLS // 10 if case.startswith(SLOW) else CALLS
    assert max(grown(names["run"], calls)) < SLACK


def test_sandboxes_leave_nothing_behind(package, policy, inside):
    file, name = inside.module.__file__, inside.module.__name__
    made = policy(BODY)

    def run(count: int) -> None:
        for _ in range(count):
            sandbox = package.Sandbox(made, workflow_module=name)
            module = sandbox.load(file, name)
            with sandbox.running():
                module.guard_call()
                module.class_extended()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert max(grown(run, 1_000)) < SLACK
