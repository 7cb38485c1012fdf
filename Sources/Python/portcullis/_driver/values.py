"""JSON to the types that a signature names and back, for a bare CPython."""

from __future__ import annotations

import collections.abc
import dataclasses
import enum
import json
import types
import typing
import uuid
from datetime import date, datetime, timedelta
from typing import Any


def hints_of(function: Any) -> dict[str, Any]:
    """The annotations of a function, resolved; none where they cannot be."""
    try:
        return typing.get_type_hints(function)
    except Exception:
        return {}


def from_json(value: Any, hint: Any) -> Any:
    """A JSON value as the type that a hint names; what a hint does not say stays as it is."""
    if hint in (None, Any, type(None)) or value is None:
        return value
    origin = typing.get_origin(hint)
    arguments = typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _from_union(value, arguments)
    if origin in (list, collections.abc.Sequence, set, frozenset):
        items = [from_json(item, arguments[0] if arguments else None) for item in value]
        return items if origin in (list, collections.abc.Sequence) else origin(items)
    if origin is tuple:
        return _from_tuple(value, arguments)
    if origin in (dict, collections.abc.Mapping):
        return {from_json(k, arguments[0]): from_json(v, arguments[1]) for k, v in value.items()}
    if not isinstance(hint, type):
        return value
    if dataclasses.is_dataclass(hint):
        return _from_fields(value, hint)
    if issubclass(hint, enum.Enum) or hint is uuid.UUID:
        return hint(value)
    if hint in (datetime, date):
        return hint.fromisoformat(value)
    if hint is timedelta:
        return timedelta(seconds=value)
    if hint is float and isinstance(value, int):
        return float(value)
    if hint in (int, str, bool, list, dict, float) and not isinstance(value, hint):
        raise TypeError(f"Expected value to be {hint.__name__}, was {type(value).__name__}")
    return value


def to_json(value: Any) -> str:
    """A value as a JSON text."""
    return json.dumps(value, default=_plain, allow_nan=False, separators=(",", ":"))


def _from_union(value: Any, members: tuple[Any, ...]) -> Any:
    for member in members:
        try:
            return from_json(value, member)
        except (TypeError, ValueError, KeyError, AttributeError):
            continue
    raise TypeError(f"no member of the union takes {type(value).__name__}")


def _from_tuple(value: Any, arguments: tuple[Any, ...]) -> Any:
    if len(arguments) == 2 and arguments[1] is ...:
        return tuple(from_json(item, arguments[0]) for item in value)
    return tuple(from_json(item, hint) for item, hint in zip(value, arguments, strict=True))


def _from_fields(value: Any, cls: Any) -> Any:
    if not isinstance(value, dict):
        raise TypeError(f"Cannot convert to dataclass {cls.__name__}: not an object")
    hints = hints_of(cls)
    known = {f.name for f in dataclasses.fields(cls) if f.init}
    return cls(**{k: from_json(v, hints.get(k)) for k, v in value.items() if k in known})


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, (set, frozenset, collections.abc.Iterator)):
        return list(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
