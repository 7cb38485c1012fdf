"""Functions of the host that do for sandboxed code what they do for the host.

They act on behalf of their caller: they import, load attributes or look modules up by name, from C
or from code of the host, where the gates of sandboxed code do not reach.
"""

from __future__ import annotations

import _compat_pickle
import builtins
import codecs
import copyreg
import importlib.util
import io
import pickle
import warnings
from collections.abc import Callable
from typing import Any

from portcullis import _gate
from portcullis._registrations import registrations
from portcullis._standins import reload, standins

# The builtins that the gate stands in for, by the identity of what it puts in their place.
_ORIGINALS: dict[int, Any] = {}
for _name in ("getattr", "eval", "exec", "compile", "__import__"):
    _ORIGINALS[id(getattr(_gate, _name))] = getattr(builtins, _name)


_GUARDS = (_gate.GuardedCallable, _gate.GuardedClass)


def import_module(name: str, package: str | None = None) -> Any:
    """``importlib.import_module``."""
    if name.startswith("."):
        if not package:
            raise TypeError(
                f"the 'package' argument is required to perform a relative import for {name!r}"
            )
        name = importlib.util.resolve_name(name, package)
    return _gate.active_sandbox().owner().import_(name, None, None, ("__name__",), 0)


class attrgetter:  # noqa: N801
    """``operator.attrgetter``."""

    def __init__(self, attr: str, *attrs: str) -> None:
        """Take dotted names."""
        self._names = (attr, *attrs)
        if not all(isinstance(name, str) for name in self._names):
            raise TypeError("attribute name must be a string")

    def __call__(self, obj: Any) -> Any:
        """Load the attributes as the caller would."""
        values = tuple(self._load(obj, name) for name in self._names)
        return values[0] if len(values) == 1 else values

    @staticmethod
    def _load(obj: Any, dotted: str) -> Any:
        for name in dotted.split("."):
            obj = _gate.getattr(obj, name)
        return obj


class methodcaller:  # noqa: N801
    """``operator.methodcaller``."""

    def __init__(self, name: str, /, *args: Any, **kwargs: Any) -> None:
        """Take a method's name and arguments."""
        if not isinstance(name, str):
            raise TypeError("method name must be a string")
        self._name, self._args, self._kwargs = name, args, kwargs

    def __call__(self, obj: Any) -> Any:
        """Call the method as the caller would."""
        return _gate.getattr(obj, self._name)(*self._args, **self._kwargs)


def _private() -> Any:
    return _gate.active_sandbox().owner().private


def register_error(name: str, handler: Callable[..., Any], /) -> None:
    """``codecs.register_error``, for the sandbox alone."""
    if not callable(handler):
        raise TypeError("handler must be callable")
    _private().error_handlers[name] = handler


def lookup_error(name: str, /) -> Any:
    """``codecs.lookup_error``."""
    handlers = _private().error_handlers
    return handlers[name] if name in handlers else codecs.lookup_error(name)


def register_reducer(
    ob_type: type, pickle_function: Callable[..., Any], constructor_ob: Any = None
) -> None:
    """``copyreg.pickle``, for the sandbox alone."""
    if not callable(pickle_function):
        raise TypeError("reduction functions must be callable")
    _private().reducers[ob_type] = pickle_function


def _within_catch_warnings() -> bool:
    """Whether the filters are a copy that is put back in the end."""
    return warnings.filters is not _private().warning_filters


def filterwarnings(*arguments: Any, **keywords: Any) -> None:
    """``warnings.filterwarnings``; outside of ``catch_warnings`` it is for the host to say."""
    if _within_catch_warnings():
        warnings.filterwarnings(*arguments, **keywords)


def simplefilter(*arguments: Any, **keywords: Any) -> None:
    """``warnings.simplefilter``; outside of ``catch_warnings`` it is for the host to say."""
    if _within_catch_warnings():
        warnings.simplefilter(*arguments, **keywords)


def resetwarnings() -> None:
    """``warnings.resetwarnings``; outside of ``catch_warnings`` it is for the host to say."""
    if _within_catch_warnings():
        warnings.resetwarnings()


class Unpickler(pickle.Unpickler):
    """``pickle.Unpickler`` that finds classes as an import in the sandbox would."""

    def find_class(self, module_name: str, global_name: str) -> Any:
        """Import what the pickle names."""
        native = _gate.active_sandbox()
        if native is None:
            return super().find_class(module_name, global_name)
        # Names of Python 2, as protocols below 3 have them.
        names = (module_name, global_name)
        if names in _compat_pickle.NAME_MAPPING:
            module_name, global_name = _compat_pickle.NAME_MAPPING[names]
        else:
            module_name = _compat_pickle.IMPORT_MAPPING.get(module_name, module_name)
        value = native.owner().import_(module_name, None, None, ("__name__",), 0)
        for name in global_name.split("."):
            value = _gate.getattr(value, name)
        return value


class Pickler(pickle._Pickler):  # type: ignore[name-defined]
    """``pickle.Pickler`` that looks modules up where the sandbox has them.

    The one in C reads the interpreter's own table and cannot find a sandbox's classes.
    """

    def save(self, obj: Any, *arguments: Any, **keywords: Any) -> Any:
        """Save a guard or a gated builtin as what it stands for; both are saved by their name."""
        if isinstance(obj, _GUARDS):
            obj, _ = _gate.guarded(obj)
        super().save(_ORIGINALS.get(id(obj), obj), *arguments, **keywords)


def loads(data: Any, /, **keywords: Any) -> Any:
    """``pickle.loads``."""
    return Unpickler(io.BytesIO(data), **keywords).load()


def load(file: Any, **keywords: Any) -> Any:
    """``pickle.load``."""
    return Unpickler(file, **keywords).load()


def dumps(obj: Any, protocol: int | None = None, **keywords: Any) -> bytes:
    """``pickle.dumps``: that of C where it can, the slower one for classes of the sandbox."""
    native = _gate.active_sandbox()
    reducers = native.owner().private.reducers if native is not None else None
    if not reducers:
        try:
            return pickle.dumps(obj, protocol, **keywords)
        except (pickle.PicklingError, AttributeError, ImportError):
            pass
    buffer = io.BytesIO()
    pickler = Pickler(buffer, protocol, **keywords)
    if reducers:
        pickler.dispatch_table = {**copyreg.dispatch_table, **reducers}
    pickler.dump(obj)
    return buffer.getvalue()


def dump(obj: Any, file: Any, protocol: int | None = None, **keywords: Any) -> None:
    """``pickle.dump``."""
    file.write(dumps(obj, protocol, **keywords))


def replacements(show: Callable[[Callable[..., Any]], Any]) -> dict[str, dict[str, Any]]:
    """What takes whose place, by module and name.

    Args:
        show: makes of a function of Portcullis what sandboxed code is given.
    """
    pickling: dict[str, Any] = {"loads": show(loads), "load": show(load)}
    pickling |= {"dumps": show(dumps), "dump": show(dump)}
    pickling |= {"Unpickler": Unpickler, "Pickler": Pickler}
    pickling |= {f"_{name}": value for name, value in pickling.items()}
    codec = {"register_error": show(register_error), "lookup_error": show(lookup_error)}
    warning = {"filterwarnings": show(filterwarnings), "simplefilter": show(simplefilter)}
    warning["resetwarnings"] = show(resetwarnings)
    operators = {"attrgetter": attrgetter, "methodcaller": methodcaller}
    importing = {"import_module": show(import_module), "__import__": _gate.__import__}
    importing["reload"] = show(reload)
    made = {
        **standins(show),
        "importlib": importing,
        "codecs": codec,
        "_codecs": codec,
        "copyreg": {"pickle": show(register_reducer)},
        "operator": operators,
        "_operator": operators,
        "pickle": pickling,
        "_pickle": pickling,
        "warnings": warning,
    }
    for module, members in registrations(show).items():
        made[module] = made.get(module, {}) | members
    return made
