"""Functions of the import system and of introspection, as sandboxed code has them.

They give their caller modules and members of classes that no name in the caller's source tells.
"""

from __future__ import annotations

import importlib.util
import inspect
import string
import types
from collections.abc import Callable
from typing import Any

from portcullis import _gate

_REAL = _gate.real_modules()

#: Modules of the standard library that compile, execute, import or look up text for their caller.
#: They are written in Python and are executed in each sandbox that imports them, where what they
#: use is the sandbox's.
EXECUTED = frozenset(
    {"bdb", "cProfile", "code", "codeop", "doctest", "logging.config", "profile", "pydoc"}
    | {"runpy", "timeit", "trace", "unittest.mock"}
)


def _owner() -> Any:
    return _gate.active_sandbox().owner()


def _seen(value: Any) -> Any:
    """What the sandbox sees in place of an object of the host."""
    owner = _owner()
    return owner.private.of(owner.policy.view.guard_of(value))


def reload(module: types.ModuleType) -> types.ModuleType:
    """``importlib.reload``; a module of the host is not executed again."""
    if not isinstance(module, types.ModuleType):
        raise TypeError("reload() argument must be a module")
    return _owner().reload(module)


def module_from_spec(spec: Any) -> Any:
    """``importlib.util.module_from_spec``: a module to be executed in the sandbox."""
    if _is_hosts(spec):
        return _owner().import_(spec.name, None, None, ("__name__",), 0)
    module = importlib.util.module_from_spec(spec)
    vars(module)["__builtins__"] = _owner().own_builtins()
    return module


def load_spec(spec: Any, *_: Any) -> Any:
    """``importlib._bootstrap._load`` and what it consists of."""
    return _owner().import_(spec.name, None, None, ("__name__",), 0)


def load_name(name: str, *_: Any) -> Any:
    """``importlib._bootstrap._find_and_load`` and what it consists of."""
    return _owner().import_(name, None, None, ("__name__",), 0)


def _is_hosts(spec: Any) -> bool:
    """Whether a module is loaded once in a process, by the host."""
    return spec.name not in EXECUTED and (
        _owner().policy.is_passthrough(spec.name) or not hasattr(spec.loader, "get_source")
    )


def loader_part(name: str, loader: Any, value: Any) -> Callable[..., Any]:
    """A loader's method as sandboxed code has it: one that loads into the sandbox."""

    def create_module(spec: Any) -> Any:
        return load_spec(spec) if _is_hosts(spec) else value(spec)

    def exec_module(module: types.ModuleType) -> None:
        _owner().execute(module, loader)

    def load_module(fullname: str | None = None) -> Any:
        return load_name(fullname or loader.name)

    methods = {"create_module": create_module, "exec_module": exec_module}
    return methods.get(name, load_module)


def is_entry_point(value: Any) -> bool:
    """Whether an object is an entry point of an installed package, or the class of them."""
    made = value if isinstance(value, type) else type(value)
    classes = (
        getattr(_REAL.get(name), "EntryPoint", None)
        for name in ("importlib.metadata", "importlib_metadata")
    )
    return any(isinstance(known, type) and issubclass(made, known) for known in classes)


def load_entry_point(entry: Any) -> Any:
    """``importlib.metadata.EntryPoint.load``."""
    value = load_name(entry.module)
    for name in filter(None, (entry.attr or "").split(".")):
        value = _gate.getattr(value, name)
    return value


def getmodule(object: Any, _filename: Any = None) -> Any:
    """``inspect.getmodule``."""
    return _seen(inspect.getmodule(object, _filename))


def getmembers(object: Any, predicate: Any = None) -> list[tuple[str, Any]]:
    """``inspect.getmembers``."""
    found = inspect.getmembers(object, predicate)
    return [(name, _member(object, name, value)) for name, value in found]


def _member(owner: Any, name: str, value: Any) -> Any:
    policy = _owner().policy
    names = policy.code.names
    if isinstance(owner, types.ModuleType):
        return _seen(value)
    return value if names is not None and name not in names else _gate.getattr(owner, name, value)


_MISSING: Any = object()


def getattr_static(obj: Any, attr: str, default: Any = _MISSING) -> Any:
    """``inspect.getattr_static``."""
    arguments = () if default is _MISSING else (default,)
    value = inspect.getattr_static(obj, attr, *arguments)
    owner = _owner()
    for candidate in (obj if isinstance(obj, type) else type(obj)).__mro__:
        if vars(candidate).get(attr, _MISSING) is value:
            return owner.policy.structure.member(candidate, attr, value)
    return _seen(value)


def getmembers_static(object: Any, predicate: Any = None) -> list[tuple[str, Any]]:
    """``inspect.getmembers_static``."""
    found = inspect.getmembers_static(object, predicate)  # type: ignore[attr-defined]
    return [(name, getattr_static(object, name, value)) for name, value in found]


def classify_class_attrs(cls: type) -> list[Any]:
    """``inspect.classify_class_attrs``."""
    member = _owner().policy.structure.member
    return [
        found._replace(object=member(found.defining_class, found.name, found.object))
        for found in inspect.classify_class_attrs(cls)
    ]


def resolve_name(name: str) -> Any:
    """``pkgutil.resolve_name``."""
    value: Any = None
    if ":" in name:
        module, _, rest = name.partition(":")
        value = load_name(module)
        path = rest.split(".") if rest else []
    else:
        module, *path = name.split(".")
        value = load_name(module)
        while path:
            try:
                value = load_name(f"{module}.{path[0]}")
            except ImportError:
                break
            module = f"{module}.{path.pop(0)}"
    for part in path:
        value = _gate.getattr(value, part)
    return value


class Formatter(string.Formatter):
    """``string.Formatter`` that loads attributes as sandboxed code does."""

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        """Find what a field such as ``0.name[key]`` means."""
        first, rest = string._string.formatter_field_name_split(  # type: ignore[attr-defined]
            field_name
        )
        value = self.get_value(first, args, kwargs)
        for is_attribute, name in rest:
            value = _gate.getattr(value, name) if is_attribute else value[name]
        return value, first


class FormattedText:
    """Stands for a text, or for ``str``, whose method ``format`` is called."""

    def __init__(self, text: Any) -> None:
        """Stand for a text or for the class."""
        self._texts = () if text is str else (text,)

    def format(self, *arguments: Any, **keywords: Any) -> str:
        """``str.format``."""
        text, *rest = (*self._texts, *arguments)
        return Formatter().vformat(text, rest, keywords)

    def format_map(self, *arguments: Any) -> str:
        """``str.format_map``."""
        text, mapping = (*self._texts, *arguments)
        return Formatter().vformat(text, (), mapping)


_LOAD_SPEC = ("_load", "_load_unlocked", "_load_backward_compatible")
_LOAD_NAME = ("_gcd_import", "_find_and_load", "_find_and_load_unlocked", "_builtin_from_name")


def standins(show: Callable[[Callable[..., Any]], Any]) -> dict[str, dict[str, Any]]:
    """What takes whose place, by module and name.

    Args:
        show: makes of a function of Portcullis what sandboxed code is given.
    """
    bootstrap: dict[str, Any] = dict.fromkeys(_LOAD_SPEC, show(load_spec))
    bootstrap |= dict.fromkeys(_LOAD_NAME, show(load_name))
    bootstrap |= {"module_from_spec": show(module_from_spec), "__import__": _gate.__import__}
    inspection = {"getmodule": show(getmodule), "getmembers": show(getmembers)}
    inspection["getattr_static"] = show(getattr_static)
    inspection["classify_class_attrs"] = show(classify_class_attrs)
    if hasattr(inspect, "getmembers_static"):
        inspection["getmembers_static"] = show(getmembers_static)
    return {
        "_frozen_importlib": bootstrap,
        "importlib._bootstrap": bootstrap,
        "_imp": {"create_builtin": show(load_spec), "create_dynamic": show(load_spec)},
        "importlib.util": {"module_from_spec": bootstrap["module_from_spec"]},
        "inspect": inspection,
        "pkgutil": {"resolve_name": show(resolve_name)},
        "string": {"Formatter": Formatter},
    }
