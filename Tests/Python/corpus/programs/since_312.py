"""What came with Python 3.12."""
# python: >=3.12

import calendar
import datetime
import itertools
import pathlib
import typing

type Pairs[T] = list[tuple[T, T]]
type When = datetime.datetime | datetime.date


class Holder[T: (int, datetime.date)]:
    def __init__(self, content: T) -> None:
        self.content = content

    def swap[U](self, other: U) -> tuple[U, T]:
        return other, self.content


def first[T](items: list[T], default: T | None = None) -> T | None:
    return items[0] if items else default


def program_type_parameters():
    """Functions and classes with type parameters."""
    return (
        first([1, 2]),
        Holder[int](3).swap("x"),
        [one.__name__ for one in Holder.__type_params__],
        Holder.__type_params__[0].__constraints__[1] is datetime.date,
    )


def program_type_aliases():
    """Lazy type aliases with restricted classes."""
    return (
        Pairs[int].__value__,
        typing.get_args(When.__value__)[0] is datetime.datetime,
        When.__name__,
    )


def program_override():
    """typing.override marks a method."""

    class Child(Holder):
        @typing.override
        def swap(self, other):
            return None

    return Child.swap.__override__


def program_nested_f_strings():
    """Quotes and comments inside of f-strings."""
    names = {"a": "x"}
    return f"{names['a']} {
        ', '.join(n.replace('x', 'y') for n in names.values())  # a comment
    }"


def program_batched():
    """itertools.batched, calendar enumerations and subclasses of PurePath."""

    class Own(pathlib.PurePosixPath):
        def __init__(self, *parts, note=""):
            super().__init__(*parts)
            self.note = note

        def with_segments(self, *parts):
            return type(self)(*parts, note=self.note + "'")

    return (
        list(itertools.batched("abcde", 2)),
        calendar.Month.MAY.value,
        (Own("a", note="n") / "b").note,
    )
