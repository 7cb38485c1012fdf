"""Abstract classes, descriptors, metaclasses, slots and copies."""

import abc
import collections.abc
import copy
import functools
import numbers
import operator
import pickle
import types
import weakref
from datetime import date, datetime
from pathlib import PurePath


class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self): ...

    @classmethod
    def __subclasshook__(cls, other):
        if cls is Shape and any("area" in vars(base) for base in other.__mro__):
            return True
        return NotImplemented


class Positive:
    """A descriptor that checks what is written."""

    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, instance, owner=None):
        return self if instance is None else getattr(instance, self.name)

    def __set__(self, instance, value):
        if value <= 0:
            raise ValueError(f"{self.name[1:]} must be positive")
        setattr(instance, self.name, value)


class Account:
    balance = Positive()

    def __init__(self, balance):
        self.balance = balance

    def __reduce__(self):
        return Account, (self.balance + 1,)


class Registry(type):
    known = {}

    def __new__(mcls, name, bases, namespace, **keywords):
        cls = super().__new__(mcls, name, bases, namespace)
        if keywords.get("register", True):
            mcls.known[name] = cls
        return cls

    def __init__(cls, name, bases, namespace, **keywords):
        super().__init__(name, bases, namespace)

    @classmethod
    def __prepare__(mcls, name, bases, **keywords):
        return collections.OrderedDict(prepared=True)

    def __call__(cls, *arguments):
        made = super().__call__(*arguments)
        made.called = len(arguments)
        return made

    def __instancecheck__(cls, instance):
        return hasattr(instance, "called") or super().__instancecheck__(instance)


class Stack:
    """State with slots, copied by hand."""

    __slots__ = ("items", "__weakref__")

    def __init__(self, *items):
        self.items = list(items)

    def __getstate__(self):
        return {"items": self.items[:2]}

    def __setstate__(self, state):
        self.items = state["items"]

    def __copy__(self):
        return Stack(*self.items, "copied")

    def __deepcopy__(self, memo):
        return Stack(*copy.deepcopy(self.items, memo), "deep")


@functools.singledispatch
def render(value):
    return f"object {value}"


@render.register
def _(value: int):
    return f"int {value}"


@render.register(date)
def _(value):
    return f"date {value.isoformat()}"


@render.register(PurePath)
def _(value):
    return f"path {value.as_posix()}"


@render.register(collections.abc.Mapping)
def _(value):
    return f"mapping {sorted(value)}"


def program_abstract_class():
    """An abstract method keeps the class from being instantiated; the hook makes others subclasses."""

    class Half(Shape):
        pass

    class Square:
        def area(self):
            return 4

    try:
        Half()
    except TypeError as error:
        refused = "abstract" in str(error)
    return refused, isinstance(Square(), Shape), issubclass(int, Shape), Half.__abstractmethods__


def program_abc_register():
    """A class of the program is registered with a class of collections.abc."""

    class Words:
        def __init__(self, *words):
            self.words = words

        def __len__(self):
            return len(self.words)

        def __getitem__(self, index):
            return self.words[index]

    before = isinstance(Words(), collections.abc.Sequence)
    collections.abc.Sequence.register(Words)
    match Words("a", "b"):
        case [first, second]:
            matched = first + second
        case _:
            matched = None
    return before, issubclass(Words, collections.abc.Sequence), matched


def program_own_number():
    """A number class registered with numbers."""

    class Cents(int):
        pass

    @numbers.Real.register
    class Odd:
        pass

    return (
        isinstance(Cents(3), numbers.Integral),
        issubclass(Odd, numbers.Number),
        isinstance(3.0, numbers.Rational),
    )


def program_mapping_mixin():
    """The methods that MutableMapping gives for five of one's own."""

    class Upper(collections.abc.MutableMapping):
        def __init__(self, **items):
            self.items_ = {}
            self.update(items)

        def __getitem__(self, key):
            return self.items_[key.upper()]

        def __setitem__(self, key, value):
            self.items_[key.upper()] = value

        def __delitem__(self, key):
            del self.items_[key.upper()]

        def __iter__(self):
            return iter(self.items_)

        def __len__(self):
            return len(self.items_)

    upper = Upper(a=1, b=2)
    upper.setdefault("c", 3)
    return upper.pop("A"), dict(upper), "B" in upper, upper == {"B": 2, "C": 3}, render(upper)


def program_single_dispatch():
    """singledispatch by class, by base and by annotation, restricted classes among them."""
    values = (
        3,
        True,
        datetime(2020, 1, 1),
        PurePath("a/b"),
        {"k": 1},
        "s",
        types.MappingProxyType({"z": 0}),
    )
    return [render(one) for one in values], render.dispatch(datetime) is render.dispatch(date)


def program_single_dispatch_method():
    """singledispatchmethod with a class method."""

    class Parser:
        @functools.singledispatchmethod
        @classmethod
        def parse(cls, value):
            raise NotImplementedError(type(value).__name__)

        @parse.register
        @classmethod
        def _(cls, value: str):
            return cls.__name__ + value

        @parse.register
        @classmethod
        def _(cls, value: list):
            return [cls.parse(one) for one in value]

    try:
        Parser.parse(2.5)
    except NotImplementedError as error:
        return Parser.parse(["a", ["b"]]), str(error)


def program_descriptor():
    """A data descriptor that learns its name and refuses values."""
    account = Account(5)
    try:
        account.balance = -1
    except ValueError as error:
        return account.balance, str(error), vars(account), type(Account.balance).__name__


def program_reduce():
    """pickle calls __reduce__ of a class of the program."""
    return pickle.loads(pickle.dumps(Account(5))).balance, copy.copy(Account(1)).balance


def program_pickle_of_pure_python():
    """The pickler in Python finds the program's classes as well."""
    return pickle._loads(pickle._dumps(Stack(1, 2, 3))).items


def program_copies_with_hooks():
    """__copy__, __deepcopy__, and a memo that keeps shared things shared."""
    shared = [1]
    stack = Stack(shared, shared)
    deep = copy.deepcopy({"s": stack, "same": shared})
    return (
        copy.copy(stack).items,
        deep["s"].items,
        deep["s"].items[0] is deep["same"],
        deep["same"] is shared,
    )


def program_metaclass():
    """A metaclass with __prepare__, keyword arguments, __call__ and __instancecheck__."""

    class Plugin(metaclass=Registry, register=False):
        pass

    class First(Plugin):
        def __init__(self, *arguments):
            self.arguments = arguments

    made = First(1, 2)
    stranger = types.SimpleNamespace(called=0)
    return (
        list(Registry.known),
        made.called,
        First.prepared,
        isinstance(stranger, First),
        isinstance(3, First),
    )


def program_init_subclass():
    """__init_subclass__ with arguments keeps a registry."""

    class Command:
        names = {}

        def __init_subclass__(cls, /, name=None, **keywords):
            super().__init_subclass__(**keywords)
            cls.names[name or cls.__name__.lower()] = cls

    class Start(Command):
        pass

    class Stop(Command, name="halt"):
        pass

    return sorted(Command.names), Command.names["halt"] is Stop


def program_class_getitem():
    """__class_getitem__ of one's own, and a GenericAlias."""

    class Matrix:
        def __class_getitem__(cls, shape):
            return types.GenericAlias(cls, shape)

    alias = Matrix[3, 4]
    return alias.__args__, alias.__origin__ is Matrix, type(alias()).__name__


def program_slots():
    """Slots are descriptors; there is no dictionary."""
    stack = Stack(1)
    return hasattr(stack, "__dict__"), type(Stack.items).__name__, weakref.ref(stack)() is stack


def program_properties():
    """property with setter and deleter, inherited and overridden."""

    class Base:
        def __init__(self):
            self._x = 1

        @property
        def x(self):
            "the x"
            return self._x

        @x.setter
        def x(self, value):
            self._x = value * 2

        @x.deleter
        def x(self):
            self._x = None

    class Child(Base):
        @Base.x.getter
        def x(self):
            return ("child", self._x)

    child = Child()
    child.x = 4
    first = child.x
    del child.x
    return first, child.x, Base.x.__doc__, operator.attrgetter("x")(Base())


def program_attribute_hooks():
    """__getattr__, __getattribute__, __setattr__, __delattr__ and __dir__."""

    class Proxy:
        def __init__(self, target):
            object.__setattr__(self, "target", target)
            object.__setattr__(self, "log", [])

        def __getattribute__(self, name):
            if name.startswith("x_"):
                return "intercepted " + name
            return object.__getattribute__(self, name)

        def __getattr__(self, name):
            self.log.append(name)
            return getattr(self.target, name)

        def __setattr__(self, name, value):
            self.log.append((name, value))

        def __dir__(self):
            return ["b", "a"]

    proxy = Proxy("text")
    proxy.colour = "red"
    return proxy.upper(), proxy.x_y, proxy.replace("t", "T"), proxy.log, dir(proxy)


def program_operators():
    """Arithmetic, comparison, containers and calls of one class."""

    @functools.total_ordering
    class Money:
        def __init__(self, cents):
            self.cents = cents

        def __add__(self, other):
            return Money(self.cents + getattr(other, "cents", other))

        __radd__ = __add__

        def __eq__(self, other):
            return self.cents == other.cents

        def __lt__(self, other):
            return self.cents < other.cents

        def __hash__(self):
            return hash(self.cents)

        def __format__(self, spec):
            return f"{self.cents / 100:{spec or '.2f'}}"

        def __index__(self):
            return self.cents

        def __matmul__(self, other):
            return self.cents * other

    parts = [Money(150), Money(50)]
    return (
        f"{sum(parts)} {parts[0]:.1f}",
        parts[0] >= parts[1],
        [0, 1, 2][Money(1)],
        parts[0] @ 2,
        len({*parts, Money(50)}),
    )


def program_weak_references():
    """Weak dictionaries, sets, callbacks and finalizers."""
    log = []
    table, members = weakref.WeakValueDictionary(), weakref.WeakSet()
    stack = Stack(1)
    table["s"] = stack
    members.add(stack)
    weakref.finalize(stack, log.append, "finalized")
    method = weakref.WeakMethod(stack.__copy__)
    before = len(table), len(members), method()().items
    del stack
    return before, len(table), len(members), log, method() is None


def program_cooperative_super():
    """The diamond: each method once, in the order of the linearisation."""

    class A:
        def go(self):
            return ["A"]

    class B(A):
        def go(self):
            return ["B", *super().go()]

    class C(A):
        def go(self):
            return ["C", *super(C, self).go()]

    class D(B, C):
        def go(self):
            return ["D", *super().go()]

    return D().go(), [one.__name__ for one in D.mro()]


def program_dynamic_classes():
    """types.new_class, type() with three arguments, and assignment to __class__."""

    def body(namespace):
        namespace["greet"] = lambda self: f"I am {type(self).__name__}"

    made = types.new_class("Made", (), {}, body)
    other = type("Other", (made,), {"__doc__": "doc"})
    thing = made()
    thing.__class__ = other
    return (
        thing.greet(),
        other.__doc__,
        other.__module__ == __name__,
        made.__subclasses__() == [other],
    )


def program_reference_cycle_with_finalizer():
    """__del__ runs when the last reference goes."""
    log = []

    class Noisy:
        def __init__(self, name):
            self.name = name

        def __del__(self):
            log.append(self.name)

    noisy = Noisy("a")
    other = Noisy("b")
    del noisy
    other = None
    return log
