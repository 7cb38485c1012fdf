"""What sandboxed code registers with the host is kept by its sandbox, and forgotten with it.

These functions take the place of the host's, whose registries would keep the sandbox alive and be
seen by other runs.
"""

from __future__ import annotations

import atexit
import codecs
import encodings
import os
import sys
import types
import typing
import warnings
import weakref
from collections.abc import Callable
from typing import Any

from portcullis import _gate
from portcullis._leaks import IGNORED, PRIVATE
from portcullis._view import is_own_namespace

_PACKAGE = os.path.dirname(os.path.abspath(__file__)) + os.sep


class Registrations:
    """What one sandbox has registered."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.finalizers: dict[Any, Any] = {}
        self.overloads: dict[tuple[str, str], dict[int, Any]] = {}
        self.exit_functions: list[Any] = []
        self.codecs: list[Callable[[str], Any]] = []
        self.tables: dict[int, Any] = {}
        self.warned: dict[str, dict[Any, Any]] = {}


def _registrations() -> Registrations | None:
    """Those of the active sandbox; None on a thread that sandboxed code has started."""
    native = _gate.active_sandbox()
    return None if native is None else native.owner().private.registrations


def _note(name: str, fate: str = PRIVATE) -> None:
    native = _gate.active_sandbox()
    if native is not None:
        native.owner().private.note("registry", name, fate)


# weakref


class finalize(weakref.finalize):  # type: ignore[type-arg]  # noqa: N801
    """``weakref.finalize``, whose registry holds what is to be called."""

    __slots__ = ("_registry",)
    _registered_with_atexit = True  # a run has no exit

    def __init__(self, obj: Any, func: Callable[..., Any], /, *args: Any, **kwargs: Any) -> None:
        """Call a function when an object dies and its sandbox lives."""
        own = _registrations()
        self._registry = weakref.finalize._registry if own is None else own.finalizers
        super().__init__(obj, func, *args, **kwargs)


finalize.__module__ = "weakref"

# typing


def overload(func: Any) -> Any:
    """``typing.overload``."""
    own = _registrations()
    if own is None:
        return typing.overload(func)
    key = _overload_key(func)
    code = getattr(getattr(func, "__func__", func), "__code__", None)
    if key is not None and code is not None:
        own.overloads.setdefault(key, {})[code.co_firstlineno] = func
    # Decorators may set attributes of what this returns, and the host's is one for all.
    dummy: Any = typing._overload_dummy  # type: ignore[attr-defined]
    return types.FunctionType(dummy.__code__, dummy.__globals__, dummy.__name__)


def get_overloads(func: Any) -> list[Any]:
    """``typing.get_overloads``."""
    own = _registrations()
    key = _overload_key(func)
    if own is not None and key in own.overloads:
        return list(own.overloads[key].values())
    host = getattr(typing, "get_overloads", None)
    return [] if host is None else host(func)


def clear_overloads() -> None:
    """``typing.clear_overloads``."""
    own = _registrations()
    if own is not None:
        own.overloads.clear()


def _overload_key(func: Any) -> Any:
    function = getattr(func, "__func__", func)
    key = (getattr(function, "__module__", None), getattr(function, "__qualname__", None))
    return None if None in key else key


# The end of the process, which is not that of a run


def register_exit(func: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """``atexit.register``."""
    own = _registrations()
    if own is None:
        return atexit.register(func, *args, **kwargs)
    if not callable(func):
        raise TypeError("the first argument must be callable")
    _note("atexit.register", IGNORED)
    own.exit_functions.append((func, args, kwargs))
    return func


def unregister_exit(func: Callable[..., Any], /) -> None:
    """``atexit.unregister``."""
    own = _registrations()
    if own is None:
        atexit.unregister(func)
    else:
        own.exit_functions[:] = [entry for entry in own.exit_functions if entry[0] != func]


def register_at_fork(
    *, before: Any = None, after_in_child: Any = None, after_in_parent: Any = None
) -> None:
    """``os.register_at_fork``."""
    given = [hook for hook in (before, after_in_child, after_in_parent) if hook is not None]
    if not given:
        raise TypeError("At least one argument is required.")
    if not all(map(callable, given)):
        raise TypeError("the hooks must be callable")
    _note("os.register_at_fork", IGNORED)


# codecs


def register_codec(search_function: Callable[[str], Any], /) -> None:
    """``codecs.register``; only the functions of ``codecs`` find what it finds."""
    if not callable(search_function):
        raise TypeError("argument must be callable")
    own = _registrations()
    if own is None:
        codecs.register(search_function)
    else:
        _note("codecs.register")
        own.codecs.append(search_function)


def unregister_codec(search_function: Callable[[str], Any], /) -> None:
    """``codecs.unregister``."""
    own = _registrations()
    if own is not None and search_function in own.codecs:
        own.codecs.remove(search_function)


def lookup_codec(encoding: str, /) -> Any:
    """``codecs.lookup``."""
    own = _registrations()
    for search in own.codecs if own is not None else ():
        found = search(encodings.normalize_encoding(encoding).lower())
        if found is not None:
            return found
    return codecs.lookup(encoding)


def encode(obj: Any, encoding: str = "utf-8", errors: str = "strict") -> Any:
    """``codecs.encode``."""
    own = _registrations()
    if own is None or not own.codecs:
        return codecs.encode(obj, encoding, errors)
    return lookup_codec(encoding).encode(obj, errors)[0]


def decode(obj: Any, encoding: str = "utf-8", errors: str = "strict") -> Any:
    """``codecs.decode``."""
    own = _registrations()
    if own is None or not own.codecs:
        return codecs.decode(obj, encoding, errors)
    return lookup_codec(encoding).decode(obj, errors)[0]


# warnings


def warn(
    message: Any,
    category: Any = None,
    stacklevel: int = 1,
    source: Any = None,
    *,
    skip_file_prefixes: tuple[str, ...] = (),
) -> None:
    """``warnings.warn``, which remembers in a module of the caller's what it has shown.

    That module may be the host's, and a class of warnings the sandbox's. Frames of the importer
    do not count, as those of ``importlib`` do not outside.
    """
    own = _registrations()
    if isinstance(message, Warning):
        category = type(message)
    elif category is None:
        category = UserWarning
    if not (isinstance(category, type) and issubclass(category, Warning)):
        raise TypeError(f"category must be a Warning subclass, not '{type(category).__name__}'")
    frame: types.FrameType | None = sys._getframe(1)
    levels = max(2, stacklevel) if skip_file_prefixes else stacklevel
    while levels > 1 and frame is not None:
        levels, frame = levels - 1, _outer(frame, skip_file_prefixes)
    namespace = vars(sys) if frame is None else frame.f_globals
    name = namespace.get("__name__") or "<string>"
    if own is None or is_own_namespace(namespace):
        registry = namespace.setdefault("__warningregistry__", {})
    else:
        registry = own.warned.setdefault(name, {})
    filename = "sys" if frame is None else frame.f_code.co_filename
    line = 1 if frame is None else frame.f_lineno
    warnings.warn_explicit(message, category, filename, line, name, registry, None, source)


def _outer(frame: types.FrameType, prefixes: tuple[str, ...]) -> types.FrameType | None:
    found = frame.f_back
    while found is not None:
        filename = found.f_code.co_filename
        is_bootstrap = "importlib" in filename and "_bootstrap" in filename
        if not is_bootstrap and not filename.startswith((_PACKAGE, *prefixes)):
            break
        found = found.f_back
    return found


def registrations(show: Callable[[Callable[..., Any]], Any]) -> dict[str, dict[str, Any]]:
    """What takes whose place, by module and name.

    Args:
        show: makes of a function of Portcullis what sandboxed code is given.
    """
    codec = {"register": show(register_codec), "unregister": show(unregister_codec)}
    codec |= {"lookup": show(lookup_codec), "encode": show(encode), "decode": show(decode)}
    typed = {"overload": show(overload)}
    if hasattr(typing, "get_overloads"):
        typed["get_overloads"] = show(get_overloads)
        typed["clear_overloads"] = show(clear_overloads)
    extended = {"get_overloads": show(get_overloads), "clear_overloads": show(clear_overloads)}
    return {
        "atexit": {"register": show(register_exit), "unregister": show(unregister_exit)},
        "codecs": codec,
        "_codecs": codec,
        "os": {"register_at_fork": show(register_at_fork)},
        "typing": typed,
        "typing_extensions": typed | extended,
        "warnings": {"warn": show(warn)},
        "_warnings": {"warn": show(warn)},
        "weakref": {"finalize": finalize},
    }
