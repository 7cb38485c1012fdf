"""Classes that the policy restricts, as bases, in tests of types and in patterns."""

import concurrent.futures
import datetime
import http.client
import http.server
import io
import pathlib
import queue
import socketserver
import threading
import uuid
import zipfile
from collections import OrderedDict


class Archive(zipfile.ZipFile):
    """An archive that remembers what it was given."""

    def __init__(self, *arguments, **keywords):
        self.given = []
        super().__init__(*arguments, **keywords)

    def writestr(self, name, data, *arguments, **keywords):
        self.given.append(str(name))
        return super().writestr(name, data, *arguments, **keywords)


class Job(threading.Thread):
    """Work that is described as a thread and run by hand."""

    limit = 3

    def run(self):
        return self.limit * 2


class Hello(http.server.BaseHTTPRequestHandler):
    server_version = "Hello/1"

    def do_GET(self):
        return "got"


class Deadline(datetime.datetime):
    """A moment with a name."""

    def __new__(cls, *arguments, label="none", **keywords):
        self = super().__new__(cls, *arguments, **keywords)
        self.label = label
        return self

    def __add__(self, other):
        moved = super().__add__(other)
        return type(self)(*moved.timetuple()[:6], label=self.label + "+")


class Tagged(uuid.UUID):
    @property
    def short(self):
        return self.hex[:8]


def program_zip_subclass():
    """A subclass of ZipFile that writes to memory and reads back."""
    buffer = io.BytesIO()
    with Archive(buffer, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one.txt", "first" * 20)
        archive.writestr("folder/two.txt", b"second")
    with Archive(buffer) as again:
        names = again.namelist()
        text = again.read("one.txt")[:7].decode()
        info = again.getinfo("folder/two.txt")
    return archive.given, names, text, info.file_size, isinstance(again, zipfile.ZipFile)


def program_zip_path():
    """zipfile.Path walks an archive in memory."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("a/b.txt", "a/c.txt", "d.txt"):
            archive.writestr(name, name.upper())
    root = zipfile.Path(zipfile.ZipFile(buffer))
    return sorted(part.name for part in root.iterdir()), (root / "a" / "b.txt").read_text()


def program_thread_subclass_shape():
    """A subclass of Thread has the method resolution order it has outside."""
    return [
        [base.__name__ for base in Job.__mro__],
        issubclass(Job, threading.Thread),
        Job.run(type("Stand", (), {"limit": 21})()),
        Job.__module__ == __name__,
        Job.start is threading.Thread.start,
    ]


def program_handler_subclass():
    """A handler of HTTP requests: class attributes, bases and a method called without a server."""
    handler = Hello.__new__(Hello)
    return [
        handler.do_GET(),
        Hello.server_version,
        Hello.protocol_version,
        [base.__name__ for base in Hello.__mro__],
        Hello.responses[404][0],
        issubclass(Hello, socketserver.StreamRequestHandler),
    ]


def program_datetime_subclass():
    """A subclass of datetime with a constructor and an operator of its own."""
    start = Deadline(2023, 5, 17, 8, 30, label="ship")
    later = start + datetime.timedelta(days=30)
    return [
        later.isoformat(),
        later.label,
        type(later).__name__,
        later > start,
        (later - start).days,
        start.replace(year=2024).year,
        start == datetime.datetime(2023, 5, 17, 8, 30),
    ]


def program_uuid_subclass():
    """A subclass of UUID with one more property."""
    tagged = Tagged("12345678-1234-5678-9234-567812345678")
    return tagged.short, tagged == uuid.UUID(int=tagged.int), tagged.version, str(tagged)


def program_path_subclass():
    """A subclass of the concrete path class that adds a property."""

    class Document(type(pathlib.Path())):
        @property
        def label(self):
            return self.stem.replace("_", " ").title()

    document = Document("reports/year_end.pdf")
    return document.label, str(document.with_suffix(".txt")), isinstance(document, pathlib.Path)


def program_match_restricted_classes():
    """Class patterns name datetime, date, UUID and Path, each with attributes."""

    def describe(value):
        match value:
            case datetime.datetime(year=year, month=5):
                return f"may of {year}"
            case datetime.datetime():
                return "moment"
            case datetime.date(day=day):
                return f"day {day}"
            case uuid.UUID(version=version):
                return f"uuid {version}"
            case pathlib.PurePath(suffix=".py", stem=stem):
                return f"python {stem}"
            case threading.Thread() | zipfile.ZipFile():
                return "machinery"
            case _:
                return type(value).__name__

    return [
        describe(one)
        for one in (
            datetime.datetime(2022, 5, 1),
            datetime.datetime(2022, 6, 1),
            datetime.date(2020, 2, 29),
            uuid.UUID("12345678-1234-1234-9234-567812345678"),
            pathlib.PurePosixPath("a/b.py"),
            pathlib.Path("x.py"),
            io.StringIO(),
        )
    ]


def program_exact_types():
    """type(x) is C, for classes whose members are restricted."""
    return [
        type(datetime.datetime(2020, 1, 1)) is datetime.datetime,
        type(datetime.date(2020, 1, 1)) is datetime.date,
        type(datetime.datetime(2020, 1, 1).date()) is datetime.date,
        type(uuid.UUID(int=5)) is uuid.UUID,
        type(pathlib.PurePosixPath("a")) is pathlib.PurePosixPath,
        type(pathlib.Path("a")) in (pathlib.PosixPath, pathlib.WindowsPath),
        type(zipfile.ZipInfo("n")) is zipfile.ZipInfo,
        datetime.datetime.min.__class__ is datetime.datetime,
    ]


def program_subclass_checks():
    """isinstance and issubclass with restricted classes, alone and in tuples and unions."""
    checks = (datetime.datetime, zipfile.ZipFile, concurrent.futures.Executor)
    return [
        isinstance(datetime.datetime.min, checks),
        isinstance("text", checks),
        issubclass(Archive, checks),
        issubclass(concurrent.futures.ThreadPoolExecutor, concurrent.futures.Executor),
        isinstance(datetime.date.min, datetime.date | datetime.time),
        issubclass(bool, (threading.Thread, int)),
        isinstance(queue.Empty(), Exception),
    ]


def program_class_as_key():
    """Restricted classes are keys of a dictionary and members of a set."""
    names = {datetime.datetime: "moment", pathlib.Path: "path", threading.Thread: "thread"}
    kinds = {zipfile.ZipFile, http.client.HTTPConnection, zipfile.ZipFile}
    return names[type(datetime.datetime.max)], names[threading.Thread], len(kinds)


def program_class_names():
    """Names of restricted classes and functions are those of the real ones."""
    return [
        threading.Thread.__name__,
        threading.Thread.__qualname__,
        threading.Thread.__module__,
        zipfile.ZipFile.__name__,
        http.client.HTTPConnection.__module__,
        threading.current_thread.__name__,
        pathlib.Path.read_text.__name__,
    ]


def program_mixin_with_restricted_base():
    """A mixin in front of a restricted base, with cooperative super calls."""

    class Counted:
        made = 0

        def __init_subclass__(cls, **keywords):
            super().__init_subclass__(**keywords)
            cls.kind = cls.__name__.lower()

        def describe(self):
            return f"counted {self.kind}"

    class Server(Counted, socketserver.TCPServer):
        allow_reuse_address = True

    class Table(Counted, OrderedDict):
        def describe(self):
            return super().describe() + f" of {len(self)}"

    return [Server.kind, [b.__name__ for b in Server.__mro__], Table(a=1, b=2).describe()]


def program_metaclass_of_restricted_base():
    """type() called with a restricted base makes the class a statement makes."""
    made = type("Made", (threading.Thread,), {"limit": 5})
    return made.__mro__[1] is Job.__mro__[1], made.limit, made.__bases__[0].__name__
