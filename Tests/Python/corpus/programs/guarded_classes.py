"""Classes that the policy restricts, wherever Python or its library asks for a class."""

import abc
import collections.abc
import concurrent.futures
import copy
import dataclasses
import functools
import inspect
import pickle
import queue
import threading
import types
import typing
import weakref
import zipfile

MADE = threading.Thread(name="made")


class Job(threading.Thread):
    """Work that is described as a thread."""

    def run(self):
        return 1


def program_class_patterns():
    """Class patterns with names, alternatives, sequences and a class that does not match."""

    def kind(value):
        match value:
            case threading.Thread(name=name, daemon=False):
                return f"thread {name}"
            case queue.Queue() | concurrent.futures.Executor():
                return "machinery"
            case [threading.Thread(), *rest]:
                return f"thread and {len(rest)}"
            case {"job": threading.Thread() as job}:
                return job.name
            case int(number):
                return number

    return [kind(value) for value in (MADE, 3, [MADE, 1], {"job": MADE}, "text", None)]


def program_type_with_three_arguments():
    """type() with a restricted base, alone and behind another."""
    mixin = type("Mixin", (), {"kind": "mixed"})
    one = type("One", (threading.Thread,), {"limit": 1})
    two = type("Two", (mixin, queue.Queue), {})
    return [
        [base.__name__ for base in cls.__mro__] + [type(cls) is type, cls.__module__ == __name__]
        for cls in (one, two)
    ]


def program_new_class():
    """types.new_class and resolve_bases with a restricted base."""
    made = types.new_class("Made", (threading.Thread,), {}, lambda names: names.update(limit=3))
    return made.limit, made.__bases__ == (threading.Thread,), made.__qualname__


def program_class_statements():
    """Restricted bases with a metaclass, with abstract classes, and in a chain."""

    class Meta(type):
        def __new__(cls, name, bases, names):
            return super().__new__(cls, name, bases, names | {"tag": name.lower()})

    class Tagged(threading.Thread, metaclass=Meta):
        pass

    class Abstract(abc.ABC, threading.Thread):
        @abc.abstractmethod
        def act(self): ...

    class Concrete(Abstract):
        def act(self):
            return 1

    return [
        [base.__name__ for base in Concrete.__mro__],
        Tagged.tag,
        type(Tagged).__name__,
        "__orig_bases__" in vars(Abstract),
        Concrete.__abstractmethods__,
    ]


def program_generic_aliases():
    """queue.Queue[int] as an annotation, a base and an argument."""
    item = typing.TypeVar("item")

    class Numbers(queue.Queue[int]):
        pass

    class Items(typing.Generic[item], queue.Queue):
        pass

    alias = queue.Queue[int]
    return [
        repr(alias),
        typing.get_origin(alias) is queue.Queue,
        typing.get_args(alias),
        alias == queue.Queue[int],
        Numbers.__orig_bases__ == (alias,),
        [base.__name__ for base in Numbers.__mro__],
        [base.__name__ for base in Items.__mro__],
    ]


def program_methods():
    """Methods of a restricted class and of its subclass are the same functions."""
    return [
        Job.start is threading.Thread.start,
        Job.join is threading.Thread.join,
        Job.run is threading.Thread.run,
        threading.Timer.start is threading.Thread.start,
        threading.Thread.run.__qualname__,
        str(inspect.signature(threading.Thread.join)),
    ]


def program_annotations():
    """Type hints, unions and fields of dataclasses that name restricted classes."""

    @dataclasses.dataclass
    class Held:
        thread: threading.Thread
        waiting: "queue.Queue | None" = None
        made: typing.Optional[zipfile.ZipFile] = None

    hints = typing.get_type_hints(Held)
    more = dataclasses.make_dataclass("More", [("thread", threading.Thread)], bases=(Held,))
    return [
        repr(hints),
        hints["thread"] is threading.Thread,
        isinstance(MADE, threading.Thread | None),
        typing.get_args(threading.Thread | int)[0] is threading.Thread,
        typing.Union[threading.Thread, int] == typing.Union[int, threading.Thread],
        Held(MADE).thread is MADE,
        [field.name for field in dataclasses.fields(more)],
    ]


def program_single_dispatch():
    """Functions are chosen by restricted classes, given and annotated."""

    @functools.singledispatch
    def describe(value):
        return "other"

    @describe.register(threading.Thread)
    def _(value):
        return "thread"

    @describe.register
    def _(value: zipfile.ZipFile):
        return "archive"

    @describe.register(collections.abc.Sized)
    def _(value):
        return "sized"

    return describe(MADE), describe(1), describe("x"), describe.dispatch(Job)(MADE)


def program_references():
    """A restricted class through pickle, copy and weakref, and in containers."""
    restored = [pickle.loads(pickle.dumps([threading.Thread], n))[0] for n in range(6)]
    return [
        all(cls is threading.Thread for cls in restored),
        pickle.dumps(threading.Thread, 2),
        copy.copy(threading.Thread) is threading.Thread,
        copy.deepcopy({"k": [queue.Queue]})["k"][0] is queue.Queue,
        weakref.ref(threading.Thread)() is threading.Thread,
        {threading.Thread: 1}[Job.__mro__[1]],
        [Job.__mro__[1]].index(threading.Thread),
        Job.__base__ is threading.Thread,
        threading.Thread in Job.__mro__,
    ]


def program_tests_of_types():
    """type(x) is C, isinstance and issubclass around restricted classes."""
    return [
        type(MADE) is threading.Thread,
        MADE.__class__ is threading.Thread,
        type(MADE) is not queue.Queue,
        type(MADE) in (threading.Thread, int),
        isinstance(threading.Thread, type),
        issubclass(threading.Timer, threading.Thread),
        issubclass(threading.Thread, object),
        issubclass(Job, (int, threading.Thread)),
        isinstance(threading.Thread, collections.abc.Callable),
        isinstance(threading.Thread, collections.abc.Hashable),
    ]


def program_inspection():
    """What inspect says of a restricted class."""
    return [
        str(inspect.signature(threading.Thread)),
        inspect.isclass(threading.Thread),
        [base.__name__ for base in inspect.getmro(threading.Timer)],
        repr(threading.Thread),
        inspect.getdoc(threading.Thread)[:20],
        inspect.getmodule(Job).__name__ == __name__,
    ]


def program_static_look_ups():
    """inspect's look-ups of classes of one's own, dynamic and static."""

    class Box:
        size = 3

        @property
        def stat(self):
            return "stat"

        def open(self):
            return "open"

    found = {name: type(value).__name__ for name, value in inspect.getmembers(Box)}
    kinds = {a.name: a.kind for a in inspect.classify_class_attrs(Box) if a.name[0] != "_"}
    return [
        (found["size"], found["stat"], found["open"]),
        kinds,
        type(inspect.getattr_static(Box(), "stat")).__name__,
        inspect.getattr_static(Box, "none", 5),
    ]
