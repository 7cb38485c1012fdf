"""Dataclasses and their like, with annotations that are text."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import inspect
import pathlib
import pickle
import typing
import uuid
from collections import namedtuple
from dataclasses import KW_ONLY, InitVar, asdict, astuple, dataclass, field, replace
from typing import Any, ClassVar, Generic, NamedTuple, Optional, Protocol, TypedDict, TypeVar

T = TypeVar("T")


@dataclass
class Line:
    sku: str
    amount: int = 1
    when: datetime.datetime | None = None
    where: pathlib.PurePosixPath = pathlib.PurePosixPath(".")


@dataclass(order=True)
class Order:
    number: int
    lines: list[Line] = field(default_factory=list, compare=False)
    kind: ClassVar[str] = "order"
    factor: InitVar[int] = 2
    total: int = field(init=False, default=0)

    def __post_init__(self, factor):
        self.total = factor * sum(line.amount for line in self.lines)

    def parent(self) -> Order:
        return self


@dataclass
class Shelf:
    lines: list[Line]


@dataclass(frozen=True)
class Point:
    x: float
    _: KW_ONLY
    y: float = 0.0


@dataclass(slots=True)
class Slotted:
    a: int
    b: str = "b"


@dataclass
class Box(Generic[T]):
    content: T
    tags: dict[str, Any] = field(default_factory=dict)


class Pair(NamedTuple):
    left: int
    right: Optional[Pair] = None

    def depth(self):
        return 1 + (self.right.depth() if self.right else 0)


class Movie(TypedDict, total=False):
    title: str
    year: int


class Sized(Protocol):
    size: int

    def grow(self, by: int) -> int: ...


@typing.runtime_checkable
class Closeable(Protocol):
    def close(self) -> None: ...


Coordinates = namedtuple("Coordinates", "lat lon", defaults=(0,))


def program_dataclass_basics():
    """repr, eq, asdict, astuple and replace of nested dataclasses."""
    order = Order(7, [Line("a", 2), Line("b", where=pathlib.PurePosixPath("shelf"))], factor=3)
    return [repr(order), asdict(order), astuple(order)[0], replace(order.lines[0], amount=5)]


def program_dataclass_order():
    """Comparison leaves out fields that say so."""
    orders = [Order(3), Order(1, [Line("z")]), Order(2)]
    return [one.number for one in sorted(orders)], Order(1) == orders[1], max(orders).number


def program_dataclass_hints():
    """get_type_hints finds names of the module, of datetime and of pathlib."""
    hints = typing.get_type_hints(Line)
    return [
        hints["sku"] is str,
        hints["when"] == Optional[datetime.datetime],
        hints["where"] is pathlib.PurePosixPath,
        typing.get_type_hints(Shelf)["lines"] == list[Line],
        typing.get_type_hints(Order.parent)["return"] is Order,
    ]


def program_dataclass_fields():
    """fields() tells defaults, kinds and metadata; annotations are text."""
    return [
        [(one.name, one.type, one.init) for one in dataclasses.fields(Order)],
        dataclasses.is_dataclass(Box[int]),
        Order.kind,
    ]


def program_dataclass_frozen():
    """A frozen dataclass is hashable and refuses writes."""
    point = Point(1.5, y=2.5)
    try:
        point.x = 3
    except dataclasses.FrozenInstanceError as error:
        refusal = str(error)
    return refusal, hash(point) == hash(Point(1.5, y=2.5)), {point: 1}[Point(1.5, y=2.5)]


def program_dataclass_slots():
    """slots=True makes the class anew; no other attribute fits."""
    slotted = Slotted(1)
    try:
        slotted.c = 1
    except AttributeError as error:
        name = type(error).__name__
    return name, Slotted.__slots__, replace(slotted, b="x")


def program_dataclass_pickle():
    """Dataclasses of the program pickle by reference to its module."""
    order = Order(1, [Line("s", 4, datetime.datetime(2020, 1, 2))])
    again = pickle.loads(pickle.dumps(order))
    return (
        again == order,
        again.lines == order.lines,
        type(again) is Order,
        copy.deepcopy(order) == order,
    )


def program_dataclass_generic():
    """A generic dataclass and its arguments."""
    box = Box[int](5)
    alias = Box[uuid.UUID]
    return box, typing.get_origin(alias) is Box, typing.get_args(alias)[0] is uuid.UUID


def program_dataclass_inheritance():
    """Fields of bases come first; defaults may be overridden."""

    @dataclass
    class Base:
        a: int = 1
        b: int = 2

    @dataclass
    class Child(Base):
        c: int = 3
        a: int = 10

    return repr(Child()), inspect.signature(Child).parameters["a"].default, Child.__match_args__


def program_dataclass_match():
    """Positional class patterns use __match_args__."""
    match [Line("s", 3), Point(0.0, y=1.0)]:
        case [Line(sku, amount), Point(x) as point]:
            return sku, amount, x, point.y


def program_dataclass_made():
    """make_dataclass with a namespace."""
    made = dataclasses.make_dataclass(
        "Made",
        [("x", int), ("y", "datetime.date", field(default=None))],
        namespace={"twice": lambda s: s.x * 2},
    )
    return (
        made(4).twice(),
        repr(made(1)).split(".")[-1],
        [one.type for one in dataclasses.fields(made)][1],
    )


def program_named_tuple_recursive():
    """A NamedTuple that refers to itself, with a method."""
    pair = Pair(1, Pair(2, Pair(3)))
    return (
        pair.depth(),
        pair._replace(left=9).left,
        Pair._fields,
        Pair._field_defaults,
        pair.right._asdict()["left"],
    )


def program_named_tuple_pickle():
    """Both kinds of named tuples through pickle."""
    values = [Pair(1), Coordinates(2)]
    return pickle.loads(pickle.dumps(values)) == values, type(
        pickle.loads(pickle.dumps(values[1]))
    ) is Coordinates


def program_typed_dict():
    """A TypedDict is a dict that knows its keys."""
    movie = Movie(title="M", year=1931)
    return (
        movie,
        type(movie) is dict,
        Movie.__optional_keys__ == {"title", "year"},
        typing.get_type_hints(Movie)["year"],
    )


def program_protocols():
    """A runtime protocol is a matter of methods; a protocol with data works for issubclass."""
    import io

    class Door:
        def close(self):
            return None

    return (
        isinstance(Door(), Closeable),
        isinstance(io.StringIO(), Closeable),
        isinstance(3, Closeable),
        Sized.__name__,
    )


def program_generic_aliases():
    """typing and builtin generics: origins, arguments, unions, equality."""
    return [
        typing.get_origin(dict[str, list[int]]) is dict,
        typing.get_args(typing.Callable[[int, str], bool]),
        typing.Union[int, None] == typing.Optional[int],
        str(list[datetime.date]),
        isinstance(3, int | str),
        typing.get_type_hints(lambda: None),
    ]


def program_forward_reference_to_local():
    """Names of a function are given to get_type_hints by hand."""

    class Local:
        other: Local
        path: pathlib.Path

    hints = typing.get_type_hints(Local, localns={"Local": Local})
    return hints["other"] is Local, hints["path"].__name__


def program_signature_text():
    """The text of a signature with postponed annotations."""

    def act(
        a: pathlib.Path, /, *b: datetime.date, c: uuid.UUID = None, **d: Line
    ) -> list[Order]: ...

    return str(inspect.signature(act)), inspect.signature(
        act, eval_str=True
    ).return_annotation == list[Order]
