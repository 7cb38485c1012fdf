"""Names that the policy restricts in some class, in classes and texts of one's own."""

import dataclasses
import datetime
import enum
import importlib
import importlib.util
import logging
import pkgutil
import string
import sys


class Door(enum.Enum):
    open = 1
    stat = 2
    shut = 3


@dataclasses.dataclass
class Parcel:
    owner: str
    stat: int = 5
    open: bool = True


class Place:
    __match_args__ = ("now", "stat")

    def __init__(self):
        self.now, self.stat = 3, 4


def program_patterns_of_fields():
    """Class patterns name fields that are methods elsewhere."""
    match Parcel("me"):
        case Parcel(owner=owner, stat=5 as stat, open=True):
            found = owner, stat
    match [Parcel("a"), {"k": Parcel("b", 9)}]:
        case [Parcel(owner=one), {"k": Parcel(owner=two, stat=(9 | 10) as stat)}] if one != two:
            return found, one, two, stat


def program_patterns_of_values():
    """Value patterns of enum members, alone and as alternatives."""

    def name(value):
        match value:
            case Door.open | Door.stat as door:
                return door.name
            case Parcel(owner="x") | Parcel(stat=7):
                return "parcel"
            case {"door": Door.open}:
                return "mapping"
            case _:
                return "other"

    values = (Door.open, Door.stat, Door.shut, Parcel("x"), Parcel("y", 7), {"door": Door.open}, 3)
    return [*map(name, values)]


def program_patterns_of_alternatives():
    """Alternatives of which one names a field, and cases behind one that failed."""

    def owner(value):
        match value:
            case Parcel(owner=found) | {"owner": found} if found:
                return found
            case Parcel(owner=""):
                return "nobody"
            case Place(now, stat):
                return now, stat
        return None

    return owner(Parcel("a")), owner({"owner": "b"}), owner(Parcel("")), owner(Place()), owner(5)


def program_pattern_of_method():
    """A class pattern catches an allowed method of a datetime."""
    match datetime.datetime(2021, 2, 3):
        case datetime.datetime(year=year, replace=replace):
            return year, replace(year=2022).isoformat()


def program_patterns_in_class_body():
    """A match statement in the body of a class."""

    class Made:
        match Parcel("z"):
            case Parcel(owner=owner):
                pass

    return Made.owner


def program_evaluation_without_builtins():
    """eval and exec with a table of builtins of one's own, as formulas are evaluated."""
    names = {"__builtins__": {"len": len}}
    exec("def size(parcel): return len(parcel.owner) + parcel.stat", names)
    return [
        eval("text.replace('a', 'b')", {"__builtins__": {}}, {"text": "aa"}),
        eval("parcel.stat * 2", {"__builtins__": {}}, {"parcel": Parcel("q")}),
        names["size"](Parcel("abc")),
    ]


def program_formats():
    """str.format with fields, attributes, conversions and nested fields."""
    text = "{a.__class__.__name__!r:>8}|{0:_>5}|{b[k]}|{{}}|{1:{2}}"
    return [
        text.format(3, 7, "04d", a=4, b={"k": 2}),
        "__{}__{}".format(1, 2),
        str.format("{}-{x}", 1, x=2),
        [*map(str.format, ["{:04d}"], [7])],
        "{x.__name__}".format_map({"x": int}),
        "{p.owner}/{p.stat}".format(p=Parcel("o")),
        string.Formatter().format("{0.owner} {1}", Parcel("o"), 2),
        logging.Formatter("%(message)s").format(logging.makeLogRecord({"msg": "a"})),
    ]


def program_format_errors():
    """What str.format raises."""
    outcomes = []
    for text in ("{0.__none}", "{__none}", "{1.__class__}"):
        try:
            outcomes.append(text.format(3))
        except (AttributeError, KeyError, IndexError) as error:
            outcomes.append(type(error).__name__)
    return outcomes


def program_reload():
    """importlib.reload of a module of one's own and of one of the library."""
    import counted

    counted.extra = 5
    again = importlib.reload(counted)
    return again is counted, counted.extra, importlib.reload(string) is string


def program_plugin():
    """A file is loaded by its path, as the manual of importlib shows."""
    spec = importlib.util.find_spec("counted")
    module = importlib.util.module_from_spec(spec)
    sys.modules["plugged"] = module
    spec.loader.exec_module(module)
    return module.__name__, "plugged" in sys.modules, module.__spec__ is spec


def program_resolve_name():
    """pkgutil.resolve_name in both of its forms."""
    return [
        pkgutil.resolve_name("datetime:datetime.max").isoformat(),
        pkgutil.resolve_name("string.digits"),
        pkgutil.resolve_name("os.path:join")("a", "b"),
        pkgutil.resolve_name("xml.etree").__name__,
    ]


def program_modules_that_execute():
    """Modules of the library that execute text for their caller."""
    import code
    import timeit
    import unittest.mock

    names = {}
    code.InteractiveInterpreter(names).runsource("found = 1 + 1")
    with unittest.mock.patch.object(Parcel, "stat", 8):
        patched = Parcel.stat
    timer = timeit.Timer("seen.append(1)", globals={"seen": (seen := [])}, timer=lambda: 0)
    timer.timeit(3)
    return names["found"], patched, len(seen)


def program_doctest():
    """doctest catches what an example prints."""
    import doctest

    test = doctest.DocTestParser().get_doctest(">>> 1 + 1\n2\n", {}, "t", "f", 0)
    return doctest.DocTestRunner().run(test).failed
