"""Finds and reads the modules that sandboxes execute; what it finds is shared by all of them."""

from __future__ import annotations

import functools
import importlib.machinery
import importlib.util
import os
import sys
import types
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from portcullis import _gate
from portcullis._codecache import CodeCache

#: Of how many files that workflows are loaded from it is remembered what they are.
FILES = 1024


class Found(NamedTuple):
    """Where a module comes from.

    Attributes:
        loader: its loader, None for a namespace package.
        origin: its file, or None.
        locations: the search path of a package, None for a plain module.
        is_source: whether it is Python source that a sandbox can execute.
        cached: where CPython keeps its bytecode, or None.
        spec: the specification of a finder that sandboxed code has made, which loads it itself.
    """

    loader: Any
    origin: str | None
    locations: tuple[str, ...] | None
    is_source: bool
    cached: str | None = None
    spec: importlib.machinery.ModuleSpec | None = None


_HOST_LOADERS = (
    importlib.machinery.ExtensionFileLoader,
    importlib.machinery.BuiltinImporter,
    importlib.machinery.FrozenImporter,
)


class ModuleFinder:
    """Asks the host's finders, and remembers what they say while the file stays where it is."""

    def __init__(self) -> None:
        """Make a finder that remembers nothing yet."""
        self._found: dict[tuple[str, tuple[str, ...]], Found] = {}

    def find(self, name: str, path: Sequence[str] | None, own_sys: Any) -> Found | None:
        """Find a module.

        Args:
            name: its full name.
            path: the search path of its package, None for a top-level module.
            own_sys: the ``sys`` module as the sandbox has it.
        """
        search = list(own_sys.path) if path is None else _entries(path)
        own = [finder for finder in own_sys.meta_path if finder not in sys.meta_path]
        for finder in own:
            spec = finder.find_spec(name, None if path is None else search, None)
            if spec is not None:
                return _found(spec)._replace(spec=spec)
        key = (name, tuple(search))
        found = self._found.get(key)
        if found is not None and (found.origin is None or os.path.exists(found.origin)):
            return found
        with _gate.suspended():
            spec = _find_spec(name, search, path is None)
        if spec is None:
            return None
        found = self._found[key] = _found(spec)
        return found


def _find_spec(name: str, search: list[str], is_top: bool) -> importlib.machinery.ModuleSpec | None:
    for finder in list(sys.meta_path):
        find_spec = getattr(finder, "find_spec", None)
        # Only the finder of paths is told where the sandbox looks for top-level modules; to the
        # others a path means that the module has a parent.
        is_path_finder = finder is importlib.machinery.PathFinder
        path = search if is_path_finder or not is_top else None
        if find_spec is None:
            continue
        try:
            spec = find_spec(name, path, None)
        except KeyError:
            if not is_path_finder:
                raise
            # A namespace package below another looks its parent up in the host's table.
            spec = finder._get_spec(name, path)
        if spec is not None:
            return spec
    return None


def _entries(path: Any) -> list[str]:
    """The entries of a search path; that of a namespace package would look its parent up."""
    return list(getattr(path, "_path", path))


def _found(spec: importlib.machinery.ModuleSpec) -> Found:
    locations = spec.submodule_search_locations
    origin = spec.origin if spec.has_location else None
    return Found(
        spec.loader,
        origin,
        None if locations is None else tuple(_entries(locations)),
        not isinstance(spec.loader, _HOST_LOADERS) and spec.loader not in _HOST_LOADERS,
        spec.cached,
    )


@functools.lru_cache(FILES)
def found_file(name: str, file: str) -> Found:
    """A file as a module of that name.

    Raises:
        ImportError: it is not a Python file.
    """
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is not a Python file", name=name, path=file)
    return _found(spec)


def new_module(name: str, found: Found, builtins: dict[str, Any]) -> types.ModuleType:
    """An empty module that is about to be executed with the builtins of a sandbox."""
    spec = importlib.machinery.ModuleSpec(
        name, found.loader, origin=found.origin, is_package=found.locations is not None
    )
    module = types.ModuleType(name)
    members = vars(module)
    if found.locations is not None:
        spec.submodule_search_locations = list(found.locations)
        members["__path__"] = spec.submodule_search_locations
    if found.origin is not None:
        spec.has_location = True
        members["__file__"] = found.origin
        members["__cached__"] = spec.cached = found.cached
    members["__spec__"] = spec
    members["__loader__"] = found.loader
    members["__package__"] = spec.parent
    members["__builtins__"] = builtins
    return module


def fresh_extension(name: str) -> types.ModuleType:
    """An extension module of the host once more, with a state of its own.

    Only for extensions that are initialised in phases (PEP 489); others give the same again.
    """
    with _gate.suspended():
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return module


def code_of(name: str, found: Found, cache: CodeCache, *, private: bool) -> types.CodeType | None:
    """The gated code of a module; None for a namespace package.

    Raises:
        ImportError: there is no source to gate.
    """
    if found.loader is None or (found.origin is None and found.locations is not None):
        return None
    bytecode = tuple(importlib.machinery.BYTECODE_SUFFIXES)
    is_file = found.origin is not None and hasattr(found.loader, "get_data")
    if is_file and not found.origin.endswith(bytecode):
        return cache.of_file(found.origin, found.loader, private=private)
    get_source = getattr(found.loader, "get_source", None)
    source = get_source(name) if get_source is not None else None
    if source is None:
        raise ImportError(
            f"module {name!r} has no source that the sandbox could gate: pass it through",
            name=name,
            path=found.origin,
        )
    return cache.of_source(source, found.origin or f"<{name}>")


def absolute_name(name: str, globals: Mapping[str, Any] | None, level: int) -> str:
    """The full name that an import statement means.

    Raises:
        ImportError: a relative import goes beyond its top-level package, or has none.
    """
    if level == 0:
        return name
    package = _package(globals or {})
    if not package:
        raise ImportError("attempted relative import with no known parent package")
    return importlib.util.resolve_name("." * level + name, package)


def _package(globals: Mapping[str, Any]) -> str | None:
    package = globals.get("__package__")
    if package is not None:
        return package
    spec = globals.get("__spec__")
    if spec is not None:
        return spec.parent
    name = globals.get("__name__", "")
    return name if "__path__" in globals else name.rpartition(".")[0]
