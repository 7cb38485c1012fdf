"""Caches and registries of the host that would keep a sandbox alive, divided among the sandboxes.

One object of a sandbox that the host remembers, be it the argument of a cached function, keeps its
class, its module and so the whole sandbox. What the host's own code remembers by itself is divided
in place: code of the host that runs for a sandbox uses the sandbox's share, which dies with it.
"""

from __future__ import annotations

import builtins
import functools
import gc
import threading
import types
import typing
import weakref
from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

from portcullis import _gate

_REAL = _gate.real_modules()

#: What ``functools.lru_cache`` makes.
CACHED = type(functools.lru_cache(lambda: None))

# The code of the ``register`` of every generic function.
_REGISTER = functools.singledispatch(lambda: None).register.__code__  # type: ignore[attr-defined]


def own_cache(cache: Any, *, of_values: bool = False) -> _gate.OwnCache:
    """A cached function of the host of which each sandbox has its own.

    Args:
        cache: the host's.
        of_values: whether sandboxes share what it makes of values that hold nothing of theirs.
    """
    parameters = getattr(cache, "cache_parameters", dict)()
    make = functools.partial(_new_cache, cache.__wrapped__, parameters)
    if not of_values:
        return _gate.OwnCache(cache, make)
    shared = _new_cache(cache.__wrapped__, parameters | {"maxsize": SHARED})
    return _gate.OwnCache(cache, make, shared)


def _new_cache(function: Callable[..., Any], parameters: dict[str, Any]) -> Any:
    return functools.lru_cache(**parameters)(function)


#: How many results of one cached function of ``typing`` sandboxes share.
SHARED = 1024

#: The most texts of annotations whose code is remembered, and the longest such text, in characters.
TEXTS, TEXT_LIMIT = 4096, 1 << 10

_compiled = functools.lru_cache(TEXTS)(builtins.compile)


def compile_annotation(source: Any, *arguments: Any) -> Any:
    """``compile`` of ``typing``, which has the same few annotations in text in each sandbox.

    What is remembered holds nothing of a sandbox: no text of a class that could be its own.
    """
    texts = (source, *arguments)
    if all(type(text) is str for text in texts) and len(source) <= TEXT_LIMIT:
        return _compiled(*texts)
    return builtins.compile(*texts)


class OwnTable(MutableMapping[Any, Any]):
    """Stands in the place of a registry of the host of which each sandbox has its own."""

    def __init__(self, shared: Any, make: Callable[[], Any]) -> None:
        """Divide a registry.

        Args:
            shared: the host's.
            make: makes one for a sandbox.
        """
        self._shared = shared
        self._make = make

    def _table(self) -> Any:
        native = _gate.active_sandbox()
        if native is None:
            return self._shared
        tables = native.owner().private.registrations.tables
        found = tables.get(id(self))
        if found is None:
            # The divided registry is kept as well, so that its identity stays its own.
            found = tables[id(self)] = (self, self._make())
        return found[1]

    def __getitem__(self, key: Any) -> Any:
        """The value of a key."""
        return self._table()[key]

    def __setitem__(self, key: Any, value: Any) -> None:
        """Store a value."""
        self._table()[key] = value

    def __delitem__(self, key: Any) -> None:
        """Remove a key."""
        del self._table()[key]

    def __iter__(self) -> Iterator[Any]:
        """The keys."""
        return iter(self._table())

    def __len__(self) -> int:
        """How many keys there are."""
        return len(self._table())

    def clear(self) -> None:
        """Remove all keys."""
        self._table().clear()


class HostRegistries:
    """What the modules that the host has imported so far remember by themselves."""

    def __init__(self) -> None:
        """Divide nothing yet."""
        self._lock = threading.RLock()
        self._modules = 0
        self._cleanups = 0

    def divide(self) -> None:
        """Divide what has come since the last time; cheap when the host has imported nothing."""
        if len(_REAL) == self._modules:
            return
        with self._lock:
            count = len(_REAL)
            self._divide_typing()
            self._divide_pydantic()
            self._modules = count

    def _divide_typing(self) -> None:
        """``typing`` remembers each ``Generic[...]``, and names its caches in ``_cleanups``."""
        if "compile" not in vars(typing):
            self._share_forms()
            vars(typing)["compile"] = compile_annotation
        cleanups = getattr(typing, "_cleanups", ())[self._cleanups :]
        self._cleanups += len(cleanups)
        caches = [getattr(cleanup, "__self__", None) for cleanup in cleanups]
        caches = [cache for cache in caches if type(cache) is CACHED]
        own = {id(cache): own_cache(cache, of_values=True) for cache in caches}
        table = getattr(typing, "_caches", None)
        if table is not None:
            for function, cache in list(table.items()):
                table[function] = own.get(id(cache), cache)
        elif own:
            # Python 3.10 and 3.11 have them in the cells of functions.
            for cell in gc.get_referrers(*caches):
                if type(cell) is types.CellType:
                    cell.cell_contents = own[id(cell.cell_contents)]

    @staticmethod
    def _share_forms() -> None:
        """``Optional``, ``List`` and their like, of which types of values are made."""
        forms = (typing._SpecialForm, typing._BaseGenericAlias)  # type: ignore[attr-defined]
        for value in [*vars(typing).values()]:
            if isinstance(value, forms) or value is Any:
                _gate.share(value)

    @staticmethod
    def _divide_pydantic() -> None:
        """``pydantic`` remembers generic models by their classes, for as long as the models live,
        which is for as long as their classes live.
        """
        module = _REAL.get("pydantic._internal._generics")
        table = getattr(module, "_GENERIC_TYPES_CACHE", None)
        if isinstance(table, weakref.WeakValueDictionary):
            vars(module)["_GENERIC_TYPES_CACHE"] = OwnTable(table, type(table))


HOST_REGISTRIES = HostRegistries()


def divide_dispatch(register: Any) -> bool:
    """Divide the registry of a generic function of the host.

    Args:
        register: its ``register``, which sandboxed code is about to call.

    Returns:
        Whether it is one of the host.
    """
    owner = getattr(register, "__self__", None)
    if isinstance(owner, functools.singledispatchmethod):
        register = owner.dispatcher.register
    if getattr(register, "__code__", None) is not _REGISTER:
        return False
    cells = dict(zip(_REGISTER.co_freevars, register.__closure__, strict=True))
    registry, cache = cells["registry"], cells["dispatch_cache"]
    if isinstance(registry.cell_contents, OwnTable):
        return True
    if _is_own(registry.cell_contents[object]):
        return False
    copy = functools.partial(dict, registry.cell_contents)
    registry.cell_contents = OwnTable(registry.cell_contents, copy)
    cache.cell_contents = OwnTable(cache.cell_contents, weakref.WeakKeyDictionary)
    return True


def _is_own(function: Any) -> bool:
    """Whether a function is sandboxed code."""
    function = getattr(function, "__func__", function)  # of a class method
    builtins = getattr(function, "__globals__", {}).get("__builtins__")
    return isinstance(builtins, dict) and _gate.sandbox_of(builtins) is not None
