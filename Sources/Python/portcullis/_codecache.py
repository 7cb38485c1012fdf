"""The gated code of source files, kept in memory and on disk.

A file on disk is named by everything that its code depends on: the source, its path, the gated
names, the version of Python and of the gates. So it is never stale, and processes can share it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import marshal
import os
import stat
import sys
import tempfile
import types
from pathlib import Path
from typing import Any

from portcullis._instrument import PARTS, compile_gated

#: Changes whenever the same source would be compiled to other code.
GATES_VERSION = 5

#: The longest file that is read back from the disk, in bytes.
LIMIT = 64 << 20

#: The most texts whose code is remembered, and the longest such text, in characters.
TEXTS, TEXT_LIMIT = 4096, 1 << 16
_TEXT_KEY = (str, str, str, int, int)

_DIGEST_SIZE = hashlib.sha256().digest_size


def default_folder() -> Path | None:
    """Where code is kept: ``$PORTCULLIS_CACHE``, else the user's cache folder; None for nowhere.

    An empty ``$PORTCULLIS_CACHE`` switches the cache off, and so does ``-B``.
    """
    named = os.environ.get("PORTCULLIS_CACHE")
    if named is not None:
        return Path(named) if named else None
    if sys.dont_write_bytecode:
        return None
    base = os.environ.get("XDG_CACHE_HOME")
    if base is None:
        home = os.path.expanduser("~")
        if not os.path.isabs(home):
            return None
        base = os.path.join(home, ".cache")
    return Path(base) / "portcullis"


class _Disk:
    """A folder of marshalled code; every fault of the disk counts as not being there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, key: str) -> types.CodeType | None:
        try:
            with open(self._folder / key, "rb") as file:
                status = os.fstat(file.fileno())
                # Code that somebody else could have written is not run.
                if status.st_uid != os.geteuid() or status.st_mode & stat.S_IWOTH:
                    return None
                if not _DIGEST_SIZE < status.st_size <= LIMIT:
                    return None
                content = file.read()
        except OSError:
            return None
        digest, payload = content[:_DIGEST_SIZE], content[_DIGEST_SIZE:]
        if hashlib.sha256(payload).digest() != digest:
            return None
        code = marshal.loads(payload)
        return code if isinstance(code, types.CodeType) else None

    def write(self, key: str, code: types.CodeType) -> None:
        payload = marshal.dumps(code)
        if len(payload) + _DIGEST_SIZE > LIMIT:
            return
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self._folder)
        except OSError:
            return
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(hashlib.sha256(payload).digest() + payload)
            os.replace(name, self._folder / key)
        except OSError:
            Path(name).unlink(missing_ok=True)


def _private(code: types.CodeType) -> types.CodeType:
    """A copy of a code object and those inside it, with inline caches of its own."""
    constants = tuple(
        _private(constant) if isinstance(constant, types.CodeType) else constant
        for constant in code.co_consts
    )
    return code.replace(co_consts=constants)


class CodeCache:
    """The gated code of source files, compiled again when a file has changed."""

    def __init__(self, names: frozenset[str] | None, folder: Path | None) -> None:
        """Make a cache for the gated names of one policy.

        Args:
            names: the gated names, None for all.
            folder: where code is kept between processes, None for nowhere.
        """
        self.names = names
        self._code: dict[str, tuple[tuple[int, int], types.CodeType]] = {}
        self._texts: dict[tuple[str, str, str, int, int], types.CodeType] = {}
        self._disk = None if folder is None else _Disk(folder)
        gates = "*" if names is None else ",".join(sorted(names))
        self._basis = (
            repr((GATES_VERSION, gates, sorted(PARTS), sys.version, sys.flags.optimize)).encode()
            + importlib.util.MAGIC_NUMBER
        )

    def of_file(self, path: str, loader: Any, *, private: bool) -> types.CodeType:
        """The code of a file that a loader can read.

        Args:
            path: the file.
            loader: has ``get_data``.
            private: whether the caller gets a copy that no other sandbox shares.
        """
        status = os.stat(path)
        stamp = (status.st_mtime_ns, status.st_size)
        cached = self._code.get(path)
        if cached is None or cached[0] != stamp:
            cached = self._code[path] = (stamp, self._compiled(path, loader.get_data(path)))
        return _private(cached[1]) if private else cached[1]

    def of_source(self, source: str, filename: str) -> types.CodeType:
        """The code of source that is in no file of its own."""
        return compile_gated(source, filename, "exec", self.names)

    def of_text(
        self, source: Any, filename: Any, mode: Any, flags: int = 0, optimize: int = -1
    ) -> types.CodeType:
        """The code of text that code has made, for ``compile``, ``exec`` and ``eval``.

        Packages such as attrs make the methods of each class from text, and make the same text in
        each sandbox.
        """
        key = (source, filename, mode, flags, optimize)
        # A subclass of str could say that it is equal to what it is not.
        if tuple(map(type, key)) != _TEXT_KEY or len(source) > TEXT_LIMIT:
            return compile_gated(*key[:3], self.names, flags, optimize)
        code = self._texts.get(key)
        if code is None:
            code = compile_gated(*key[:3], self.names, flags, optimize)
            while len(self._texts) >= TEXTS:
                self._texts.pop(next(iter(self._texts), key), None)
            self._texts[key] = code
        return code

    def _compiled(self, path: str, source: bytes) -> types.CodeType:
        if self._disk is None:
            return compile_gated(source, path, "exec", self.names)
        key = hashlib.sha256(b"\0".join((self._basis, os.fsencode(path), source))).hexdigest()
        code = self._disk.read(key)
        if code is None:
            code = compile_gated(source, path, "exec", self.names)
            self._disk.write(key, code)
        return code
