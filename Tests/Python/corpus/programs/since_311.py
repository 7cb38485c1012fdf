"""What came with Python 3.11."""
# python: >=3.11

import asyncio
import datetime
import enum
import hashlib
import io
import operator
import subprocess
import traceback
import typing


def program_exception_groups():
    """except* splits a group; what is left goes on."""
    caught = []
    try:
        try:
            raise ExceptionGroup(
                "all",
                [ValueError(1), ExceptionGroup("in", [TypeError(2), KeyError(3)]), OSError(4)],
            )
        except* (ValueError, TypeError) as group:
            caught.append([type(one).__name__ for one in group.exceptions])
        except* OSError as group:
            caught.append(group.exceptions[0].args)
    except ExceptionGroup as rest:
        caught.append(repr(rest))
    return caught


def program_group_of_restricted_exceptions():
    """except* with classes of a restricted module."""
    try:
        raise ExceptionGroup(
            "run", [subprocess.CalledProcessError(1, "a"), subprocess.TimeoutExpired("b", 2)]
        )
    except* subprocess.TimeoutExpired as group:
        late = group.exceptions[0].timeout
    except* subprocess.SubprocessError as group:
        failed = group.exceptions[0].returncode
    return late, failed


def program_group_methods():
    """split, subgroup and derive."""

    class Own(ExceptionGroup):
        def derive(self, exceptions):
            return Own(self.message.upper(), exceptions)

    group = Own("m", [ValueError("a"), KeyError("b")])
    match_, rest = group.split(KeyError)
    return (
        match_.message,
        repr(rest),
        group.subgroup(lambda error: "a" in str(error)).exceptions[0].args,
    )


def program_exception_notes():
    """add_note shows in the report."""
    try:
        error = ValueError("bad")
        error.add_note("while reading row 7")
        raise error
    except ValueError as caught:
        return traceback.format_exception_only(caught), caught.__notes__


def program_str_enum():
    """StrEnum, enum.member, nonmember and verify."""

    class Verb(enum.StrEnum):
        GET = enum.auto()
        POST = enum.auto()
        helper = enum.nonmember(3)

    return f"{Verb.GET}", list(Verb), Verb.helper, Verb("post").name


def program_fromisoformat_forms():
    """datetime reads most of ISO 8601."""
    return (
        datetime.datetime.fromisoformat("20231104T0005Z").isoformat(),
        datetime.date.fromisoformat("2023-W05-3").isoformat(),
        datetime.UTC is datetime.timezone.utc,
    )


def program_self_type():
    """Self, Never, assert_never, reveal_type's relatives and required keys."""

    class Builder:
        def add(self) -> typing.Self:
            return self

    class Row(typing.TypedDict):
        a: typing.Required[int]
        b: typing.NotRequired[str]

    return typing.get_type_hints(Builder.add)["return"] is typing.Self, Row.__required_keys__ == {
        "a"
    }


def program_operator_call():
    """operator.call and hashlib.file_digest of a stream."""
    return operator.call(max, 1, 5), hashlib.file_digest(io.BytesIO(b"x"), "sha1").hexdigest()[:8]


def program_variadic_generics():
    """TypeVarTuple in a generic class."""
    Ts = typing.TypeVarTuple("Ts")

    class Array(typing.Generic[typing.Unpack[Ts]]):
        pass

    return typing.get_args(Array[int, str]), issubclass(asyncio.TimeoutError, TimeoutError)
