"""What an attempt is given, and whether what it returned proves that it got through."""

from __future__ import annotations

import contextlib
import math
import os
import secrets
import socket
import sqlite3
import threading
import time
import types
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

#: Seconds by which a clock that was read may differ from the host's.
TOLERANCE = 600.0
#: Seconds for a thread that was started to show itself.
GRACE = 0.3


class Scene:
    """Files, a server, an environment and a folder, all of which tell a token.

    Attributes:
        context: what the attempts get. ``file``, ``ini``, ``py``, ``db``, ``zip`` and ``folder``
            are paths, ``out`` is one that does not exist, ``port`` is that of a server on
            127.0.0.1, ``env`` the name of an environment variable, ``note`` a function to be
            called by a thread, and ``mark`` a text that occurs nowhere else.
    """

    def __init__(self, folder: Path) -> None:
        """Lay everything out in an empty folder, which becomes the current one."""
        self._folder = folder
        self._token = token = "token" + secrets.token_hex(8)
        self._out = folder / "out.txt"
        self._threads: set[int] = set()
        os.chdir(folder)
        os.environ["CORPUS_TOKEN"] = token
        files = {"file": "f.txt", "ini": "f.ini", "py": "f.py", "db": "f.db", "zip": "f.zip"}
        paths = {kind: str(folder / name) for kind, name in files.items()}
        Path(paths["file"]).write_text(token)
        Path(paths["ini"]).write_text(f"[corpus]\ntoken = {token}\n")
        Path(paths["py"]).write_text(f"TOKEN = {token!r}\n")
        with sqlite3.connect(paths["db"]) as connection:
            connection.execute("pragma synchronous = off")
            connection.execute("create table t(token)")
            connection.execute("insert into t values(?)", (token,))
        connection.close()
        with zipfile.ZipFile(paths["zip"], "w") as archive:
            archive.writestr("t", token)
        self.context = types.SimpleNamespace(
            **paths,
            folder=str(folder),
            out=str(self._out),
            port=self._serve(),
            env="CORPUS_TOKEN",
            note=lambda *_: self._threads.add(threading.get_ident()),
            mark="mark_" + secrets.token_hex(4),
        )

    def _serve(self) -> int:
        server = socket.create_server(("127.0.0.1", 0))
        answer = f"HTTP/1.0 200 OK\r\n\r\n{self._token}".encode()

        def serve() -> None:
            while True:
                threading.Thread(target=reply, args=server.accept()[:1], daemon=True).start()

        def reply(connection: socket.socket) -> None:
            with connection, contextlib.suppress(OSError):
                connection.sendall(answer)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(1 << 12):  # else a request that nobody read is an error
                    pass

        threading.Thread(target=serve, daemon=True).start()
        return server.getsockname()[1]

    def proves(self, target: str, values: list[Any]) -> bool:
        """Whether what the runs returned proves that the target was reached.

        Args:
            target: what was tried.
            values: of each run that ended well, in order.
        """
        return bool(values) and self._checks()[target](values)

    def _checks(self) -> dict[str, Callable[[list[Any]], bool]]:
        return {
            "cwd": lambda values: any(map(self._is_folder, values)),
            "open": lambda values: self._out.exists() or self._tells_token(values),
            "network": self._tells_token,
            "env": self._tells_token,
            "process": self._tells_token,
            "time": lambda values: any(map(_is_now, values)),
            "now": lambda values: any(map(_is_moment, values)),
            "random": lambda values: len({repr(v) for v in values if v is not None}) > 1,
            "thread": self._saw_thread,
            "leak": lambda values: not values[0] and any(values[1:]),
        }

    def _is_folder(self, value: Any) -> bool:
        return bool(value) and isinstance(value, str) and Path(value) == Path(os.getcwd())

    def _tells_token(self, values: list[Any]) -> bool:
        return any(self._token in value for value in values if isinstance(value, str))

    def _saw_thread(self, values: list[Any]) -> bool:
        deadline = time.monotonic() + GRACE
        while not (others := self._threads - {threading.get_ident()}):
            if time.monotonic() > deadline:
                break
            time.sleep(0.01)
        return bool(others)


def _is_now(value: Any) -> bool:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value):
        return False
    clocks = (time.time(), time.monotonic(), os.times().elapsed, time.process_time())
    return any(value > 0 and abs(value - clock) < TOLERANCE for clock in clocks)


def _is_moment(value: Any) -> bool:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return abs(moment.timestamp() - time.time()) < 2 * 86_400
