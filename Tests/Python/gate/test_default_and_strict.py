"""What the shipped policies let through and what they stop, in a sandbox."""

from __future__ import annotations

import pytest

# What has no effect outside: at run time it gives what it gives outside of a sandbox.
PURE = {
    "join": ("import os", "os.path.join('a', 'b', '../c')"),
    "split": ("from os import path", "path.split('a/b.c') + path.splitext('a/b.c')"),
    "names": ("import os.path as p", "[p.basename('a/b'), p.dirname('a/b'), p.isabs('/a')]"),
    "norm": ("import os", "os.path.normcase(os.path.normpath('a/./b/../c'))"),
    "roots": ("import os", "getattr(os.path, 'splitroot', os.path.splitdrive)('/a/b')"),
    "common": ("import os", "[os.path.commonpath(['/a/b', '/a/c']), os.path.commonprefix(['ab'])]"),
    "by its platform's name": ("import posixpath", "posixpath.join('a', 'b') + posixpath.sep"),
    "kept at import": ("from os.path import join, splitdrive", "join(*splitdrive('a/b'))"),
    "constants": ("import os", "[os.sep, os.curdir, os.linesep, os.path.pardir, os.O_RDONLY]"),
    "fspath": (
        "import os\nclass P(os.PathLike):\n    def __fspath__(self): return 'p/q'",
        "[os.fspath(P()), isinstance(P(), os.PathLike), os.fsdecode(os.fsencode('é'))]",
    ),
    "strerror": ("import os, errno", "os.strerror(errno.ENOENT)"),
    "signals": (
        "import signal",
        "[signal.Signals(15).name, signal.SIGINT.name, signal.Handlers(0).name,"
        " signal.strsignal(9)]",
    ),
    "addresses": (
        "import socket",
        "[socket.inet_ntoa(socket.inet_aton('127.0.0.1')), socket.AddressFamily(2).name,"
        " socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, '::1')),"
        " socket.ntohs(socket.htons(80)), socket.ntohl(socket.htonl(7))]",
    ),
    "paths": (
        "from pathlib import Path",
        "[Path('a/b.c').suffix, str(Path('a') / 'b'), Path('/a').as_uri(), Path('a').parts]",
    ),
    "getopt": ("import getopt", "getopt.getopt(['-a', '1', 'x'], 'a:')"),
    "glob": ("import glob", "glob.escape('a*')"),
    "status texts": ("import http.client", "http.client.responses[404]"),
    "command lines": ("import subprocess", "subprocess.list2cmdline(['a b', 'c'])"),
    "completed": ("import subprocess", "subprocess.CompletedProcess(['a'], 3).returncode"),
    "url": ("from urllib.parse import urljoin", "urljoin('http://a/b', 'c')"),
}

# What is next to it and is not: setup, expression, and the path that the error names.
EFFECTS = {
    "exists": ("import os", "os.path.exists('/')", "os.path.exists"),
    "isfile kept": ("from os.path import isfile", "isfile('/')", "os.path.isfile"),
    "abspath": ("import os", "os.path.abspath('a')", "os.path.abspath"),
    "relpath": ("import os", "os.path.relpath('a')", "os.path.relpath"),
    "expandvars": ("import os", "os.path.expandvars('$HOME')", "os.path.expandvars"),
    "realpath": ("import posixpath", "posixpath.realpath('a')", "os.path.realpath"),
    "the other home": ("import genericpath", "genericpath.exists('/')", "os.path.exists"),
    "getcwd": ("import os", "os.getcwd()", "os.getcwd"),
    "kill": ("import os, signal", "signal.raise_signal(signal.SIGINT)", "signal.raise_signal"),
    "handler": ("import signal", "signal.getsignal(2)", "signal.getsignal"),
    "resolver": ("import socket", "socket.gethostbyname('localhost')", "socket.gethostbyname"),
    "absolute": ("from pathlib import Path", "Path('a').absolute()", "pathlib.Path.absolute"),
    "readlink": ("from pathlib import Path", "Path('a').readlink()", "pathlib.Path.readlink"),
    "resolve": ("from pathlib import Path", "(Path('a') / 'b').resolve()", "pathlib.Path.resolve"),
    "gnu_getopt": ("import getopt", "getopt.gnu_getopt([], '')", "getopt.gnu_getopt"),
    "glob": ("import glob", "glob.glob('*')", "glob.glob"),
}

# What the strict policy adds.
STRICT = {
    "gmtime": ("import time", "time.gmtime()", "time.gmtime"),
    "ctime": ("from time import ctime", "ctime()", "time.ctime"),
    "strftime": ("import time", "time.strftime('%s')", "time.strftime"),
    "clock_gettime": ("import time", "time.clock_gettime(0)", "time.clock_gettime"),
    "formatdate": ("from email.utils import formatdate", "formatdate()", "email.utils.formatdate"),
    "local zone": (
        "from datetime import datetime",
        "datetime.fromtimestamp(0)",
        "datetime.datetime.fromtimestamp",
    ),
    "log record": ("import logging", "logging.makeLogRecord({})", "logging.makeLogRecord"),
    "timeit": ("import timeit", "timeit.timeit('1', number=1)", "timeit.timeit"),
    "Random": ("import random", "random.Random()", "random.Random"),
    "SystemRandom": ("import random", "random.SystemRandom()", "random.SystemRandom"),
    "samples": (
        "from statistics import NormalDist",
        "NormalDist(0, 1).samples(2)",
        "statistics.NormalDist.samples",
    ),
    "RAND_bytes": ("import ssl", "ssl.RAND_bytes(4)", "ssl.RAND_bytes"),
    "getnode": ("import uuid", "uuid.getnode()", "uuid.getnode"),
    "FileIO": ("import io", "io.FileIO('/dev/null')", "io.FileIO"),
    "open_code": ("import io", "io.open_code('/dev/null')", "io.open_code"),
    "codecs": ("import codecs", "codecs.open('/dev/null')", "codecs.open"),
    "tokenize": ("import tokenize", "tokenize.open('/dev/null')", "tokenize.open"),
    "linecache": ("import linecache", "linecache.getlines('/dev/null')", "linecache.getlines"),
    "stat": ("import os", "os.stat('/')", "os.stat"),
    "configparser": (
        "import configparser",
        "configparser.ConfigParser().read('/dev/null')",
        "configparser.RawConfigParser.read",
    ),
    "sqlite3": ("import sqlite3", "sqlite3.connect(':memory:')", "sqlite3.connect"),
    "gzip": ("import gzip", "gzip.GzipFile('/dev/null')", "gzip.GzipFile"),
    "xml": (
        "from xml.etree import ElementTree",
        "ElementTree.parse('/dev/null')",
        "xml.etree.ElementTree.parse",
    ),
    "loader": ("", "__loader__.get_data('/dev/null')", "importlib.machinery.SourceFileLoader"),
    "metadata": (
        "import importlib.metadata",
        "importlib.metadata.version('x')",
        "importlib.metadata.version",
    ),
    "mimetypes": ("import mimetypes", "mimetypes.guess_type('a.b')", "mimetypes.guess_type"),
    "log handler": ("import logging", "logging.FileHandler('/dev/null')", "logging.FileHandler"),
    "listener": (
        "import logging.handlers, queue",
        "logging.handlers.QueueListener(queue.Queue())",
        "logging.handlers.QueueListener",
    ),
    "loop": ("import asyncio", "asyncio.new_event_loop()", "asyncio.new_event_loop"),
    "thread": ("import asyncio", "asyncio.to_thread(print)", "asyncio.to_thread"),
    "atexit": ("import atexit", "atexit.register(print)", "atexit.register"),
    "gc": ("import gc", "gc.get_objects()", "gc.get_objects"),
    "gc callbacks": ("import gc", "gc.callbacks.append(print)", "gc.callbacks.append"),
    "ctypes": ("import ctypes", "ctypes.c_int(3)", "ctypes."),
    "stack": ("import inspect", "inspect.stack()", "inspect.stack"),
    "source": ("import inspect, json", "inspect.getsource(json)", "inspect.getsource"),
    "users": ("import pwd", "pwd.getpwuid(0)", "pwd.getpwuid"),
}

# What it leaves alone.
STILL_FREE = {
    "zip in memory": (
        "import io, zipfile",
        "zipfile.ZipFile(io.BytesIO(b'PK\\5\\6' + bytes(18))).namelist()",
    ),
    "config text": (
        "import configparser\ndef read():\n"
        "    made = configparser.ConfigParser()\n    made.read_string('[a]\\nb=c')\n"
        "    return made",
        "read()['a']['b']",
    ),
    "gzip": (
        "import gzip",
        "gzip.decompress(bytes.fromhex('1f8b08000000000002034b040043beb7e801000000'))",
    ),
    "text files": ("import io", "io.StringIO('a').read() + io.BytesIO(b'b').read().decode()"),
    "xml text": ("from xml.etree import ElementTree", "ElementTree.fromstring('<a/>').tag"),
    "hash": ("import hashlib", "hashlib.sha256(b'a').hexdigest()"),
    "uuid5": ("import uuid", "str(uuid.uuid5(uuid.NAMESPACE_URL, 'a'))"),
}

# Calls whose arguments make them answer the same on every replay.
TOLD = {
    "gmtime": ("import time", "time.gmtime(0).tm_year"),
    "ctime": ("import time", "time.asctime(time.gmtime(0))"),
    "strftime": ("import time", "time.strftime('%Y', (2020, 1, 1, 0, 0, 0, 0, 1, 0))"),
    "formatdate": ("from email.utils import formatdate", "formatdate(0)"),
    "fromtimestamp": (
        "from datetime import datetime, timezone",
        "datetime.fromtimestamp(0, tz=timezone.utc)",
    ),
    "astimezone": (
        "from datetime import datetime, timezone",
        "datetime(2020, 1, 1, tzinfo=timezone.utc).astimezone(timezone.utc)",
    ),
    "Random": ("import random", "random.Random(4).random()"),
    "samples": ("from statistics import NormalDist", "NormalDist().samples(2, seed=1)"),
    "gzip": ("import gzip", "gzip.compress(b'a', mtime=0)"),
}


@pytest.mark.parametrize("case", PURE)
@pytest.mark.parametrize("extends", ["default.xml", "strict.xml"])
def test_what_has_no_effect_works_at_run_time(box, extends, case):
    setup, expression = PURE[case]
    source = f"{setup}\ndef use():\n    return {expression}\n"
    outside: dict = {}
    exec(source, outside)
    assert box(source, extends=extends).call("use") == outside["use"]()


@pytest.mark.parametrize("case", EFFECTS)
@pytest.mark.parametrize("extends", ["default.xml", "strict.xml"])
def test_what_has_one_is_denied(box, denied, extends, case):
    setup, expression, name = EFFECTS[case]
    made = box(f"{setup}\ndef use():\n    return {expression}\n", extends=extends)
    with denied() as caught:
        made.call("use")
    assert caught.value.qualified_name == f"{name}.__call__"


@pytest.mark.parametrize("extends", ["default.xml", "strict.xml"])
def test_a_file_may_look_around_itself_while_it_is_imported(box, extends):
    source = """
    from pathlib import Path
    import os

    HERE = Path(__file__).resolve().parent
    TEXT = (HERE / "data.txt").read_text()
    THERE = HERE.joinpath("data.txt").exists() and os.path.isdir(os.path.dirname(__file__))

    def use():
        return TEXT, THERE, (HERE / "templates").name
    """
    made = box(source, extends=extends, files={"data.txt": "hello"})
    assert made.call("use") == ("hello", True, "templates")


@pytest.mark.parametrize("case", STRICT)
def test_the_strict_policy_denies_it_at_run_time(box, denied, case):
    setup, expression, name = STRICT[case]
    made = box(f"{setup}\ndef use():\n    return {expression}\n", extends="strict.xml")
    with denied() as caught:
        made.call("use")
    assert caught.value.qualified_name.startswith(name)
    assert caught.value.policy_location.startswith("strict.xml:")


@pytest.mark.parametrize("case", STILL_FREE | TOLD)
def test_the_strict_policy_leaves_it_alone(box, case):
    setup, expression = (STILL_FREE | TOLD)[case]
    source = f"{setup}\ndef use():\n    return {expression}\n"
    outside: dict = {}
    exec(source, outside)
    assert box(source, extends="strict.xml").call("use") == outside["use"]()


def test_the_strict_policy_holds_at_run_time_only(box):
    source = """
    import io, linecache, logging, sys, time

    NOW = time.gmtime()
    FRAME = sys._getframe().f_code.co_name
    LINES = linecache.getlines(__file__)
    with io.open(__file__) as file:
        SIZE = len(file.read())

    def use():
        return FRAME, bool(NOW), SIZE > 0, bool(LINES)
    """
    assert box(source, extends="strict.xml").call("use") == ("<module>", True, True, True)
