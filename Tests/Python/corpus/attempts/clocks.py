"""Ways to the time of the machine."""

import datetime
import time
from datetime import datetime as moment
from time import time as captured

CAPTURED = time.time
TABLE = {"clock": time.time_ns, "fine": time.perf_counter}
UNBOUND = datetime.datetime.now


class Stamped:
    """Has a class attribute and a default that are clocks."""

    clock = staticmethod(time.time)

    def __init__(self, made=time.monotonic):
        self.made = made


def stamped(function, clock=time.time):
    """A decorator that captured a clock when the module was imported."""

    def wrapper(*arguments):
        function(*arguments)
        return clock()

    return wrapper


@stamped
def nothing():
    pass


def attempt_alias_of_function(ctx):
    """calls time.time under a name of a from-import | target: time | realism: accident"""
    return captured()


def attempt_captured_global(ctx):
    """calls a function that a global got at import time | target: time | realism: accident"""
    return CAPTURED()


def attempt_captured_in_table(ctx):
    """calls a clock out of a dictionary made at import time | target: time | realism: accident"""
    return TABLE["clock"]() / 1e9


def attempt_captured_default(ctx):
    """calls a clock that is a default argument | target: time | realism: accident"""
    return Stamped().made()


def attempt_captured_static(ctx):
    """calls a clock that is a static method of a class | target: time | realism: accident"""
    return Stamped.clock()


def attempt_captured_decorator(ctx):
    """a decorator calls the clock that it closed over | target: time | realism: accident"""
    return nothing()


def attempt_captured_class_method(ctx):
    """calls datetime.now that was read at import time | target: now | realism: accident"""
    return UNBOUND().isoformat()


def attempt_partial(ctx):
    """functools.partial of time.time | target: time | realism: accident"""
    import functools

    return functools.partial(time.time)()


def attempt_map(ctx):
    """map calls time.localtime from C | target: time | realism: accident"""
    return next(map(time.mktime, map(time.localtime, [None])))


def attempt_iter_sentinel(ctx):
    """iter(function, sentinel) calls a clock from C | target: time | realism: deliberate"""
    return next(iter(time.perf_counter, None))


def attempt_sort_key(ctx):
    """sorted calls datetime.now with each item, a time zone | target: now | realism: deliberate"""
    seen = []

    class Zone(datetime.tzinfo):
        def utcoffset(self, when):
            seen.append(when)
            return datetime.timedelta(0)

        def fromutc(self, when):
            seen.append(when)
            return when

    sorted([Zone()], key=datetime.datetime.now)
    return seen[0].replace(tzinfo=None).isoformat()


def attempt_min_key(ctx):
    """min reads moments that map makes from C | target: now | realism: deliberate"""
    return min(map(datetime.datetime.now, [None])).isoformat()


def attempt_defaultdict_factory(ctx):
    """a defaultdict makes its default with a clock | target: time | realism: accident"""
    import collections

    return collections.defaultdict(time.time)["x"]


def attempt_dataclass_factory(ctx):
    """a field of a dataclass has a clock for its factory | target: time | realism: accident"""
    import dataclasses

    @dataclasses.dataclass
    class Event:
        at: float = dataclasses.field(default_factory=time.time)

    return Event().at


def attempt_dataclass_now_factory(ctx):
    """a field of a dataclass has datetime.now for its factory | target: now | realism: accident"""
    import dataclasses

    @dataclasses.dataclass
    class Event:
        at: datetime.datetime = dataclasses.field(default_factory=datetime.datetime.now)

    return Event().at.isoformat()


def attempt_lru_cache(ctx):
    """functools.lru_cache calls a clock from C | target: time | realism: accident"""
    import functools

    return functools.lru_cache(time.time)()


def attempt_property(ctx):
    """a property of a class calls a clock | target: time | realism: accident"""

    class Now:
        value = property(lambda self: time.time())

    return Now().value


def attempt_subclass_now(ctx):
    """an inherited now of a subclass of datetime | target: now | realism: accident"""

    class Mine(datetime.datetime):
        pass

    return Mine.now().isoformat()


def attempt_subclass_today(ctx):
    """an inherited today of a subclass of date | target: now | realism: accident"""

    class Day(datetime.date):
        pass

    return Day.today().isoformat()


def attempt_super_now(ctx):
    """a subclass that overrides now and calls super | target: now | realism: accident"""

    class Mine(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return super().now(tz)

    return Mine.now().isoformat()


def attempt_super_explicit(ctx):
    """super(C, C).utcnow of an empty subclass | target: now | realism: deliberate"""

    class Mine(moment):
        pass

    return super(Mine, Mine).now().isoformat()


def attempt_instance_method(ctx):
    """now through an instance of datetime | target: now | realism: accident"""
    return moment(2020, 1, 1).now().isoformat()


def attempt_type_of_instance(ctx):
    """now through type() of an instance | target: now | realism: accident"""
    return type(moment.min).now().isoformat()


def attempt_class_attribute(ctx):
    """today through __class__ of an instance | target: now | realism: deliberate"""
    return datetime.date.max.__class__.today().isoformat()


def attempt_getattr(ctx):
    """getattr with a computed name | target: now | realism: accident"""
    return getattr(moment, "".join(["n", "o", "w"]))().isoformat()


def attempt_attrgetter(ctx):
    """operator.attrgetter over two steps | target: now | realism: deliberate"""
    import operator

    return operator.attrgetter("datetime.now")(datetime)().isoformat()


def attempt_methodcaller(ctx):
    """operator.methodcaller calls a class method | target: now | realism: deliberate"""
    import operator

    return operator.methodcaller("today")(datetime.date).isoformat()


def attempt_class_dictionary(ctx):
    """a class method out of __dict__, bound by hand | target: now | realism: deliberate"""
    return moment.__dict__["now"].__get__(None, moment)().isoformat()


def attempt_vars_of_class(ctx):
    """a class method out of vars() | target: now | realism: deliberate"""
    return vars(datetime.date)["today"].__get__(None, datetime.date)().isoformat()


def attempt_type_getattribute(ctx):
    """type.__getattribute__ reads the class | target: now | realism: deliberate"""
    return type.__getattribute__(moment, "now")().isoformat()


def attempt_object_getattribute(ctx):
    """object.__getattribute__ reads the instance | target: now | realism: deliberate"""
    return object.__getattribute__(moment.min, "now")().isoformat()


def attempt_module_getattribute(ctx):
    """object.__getattribute__ reads a module | target: time | realism: deliberate"""
    return object.__getattribute__(time, "time")()


def attempt_module_dictionary(ctx):
    """vars(module) | target: time | realism: deliberate"""
    return vars(time)["time"]()


def attempt_string_format(ctx):
    """string.Formatter reads a method by the field's name | target: now | realism: deliberate"""
    import string

    return string.Formatter().get_field("0.now", [moment], {})[0]().isoformat()


def attempt_format_attribute(ctx):
    """str.format reads {0.now} and hands it to __format__ of a class | target: now | realism: deliberate"""

    class Mine(moment):
        def __getattribute__(self, name):
            return Call(moment.min.__getattribute__(name))

    class Call:
        def __init__(self, function):
            self.function = function

        def __format__(self, spec):
            return self.function().isoformat()

    return "{0.now}".format(Mine(2020, 1, 1))


def attempt_match_attribute(ctx):
    """a class pattern captures a method | target: now | realism: deliberate"""
    match moment.min:
        case datetime.datetime(now=method):
            return method().isoformat()


def attempt_match_args(ctx):
    """__match_args__ of a subclass captures a method by position | target: now | realism: deliberate"""

    class Mine(moment):
        __match_args__ = ("now",)

    match Mine(2020, 1, 1):
        case Mine(method):
            return method().isoformat()


def attempt_base_class_walk(ctx):
    """walks __mro__ of a subclass to the class that has today | target: now | realism: deliberate"""
    for base in moment.__mro__:
        if base.__name__ == "date":
            return base.today().isoformat()


def attempt_bases(ctx):
    """__bases__ of datetime is date | target: now | realism: deliberate"""
    return moment.__bases__[0].today().isoformat()


def attempt_subclasses(ctx):
    """__subclasses__ of date has datetime | target: now | realism: deliberate"""
    return datetime.date.__subclasses__()[0].now().isoformat()


def attempt_object_subclasses(ctx):
    """().__class__.__base__.__subclasses__ has date | target: now | realism: deliberate"""
    for cls in ().__class__.__base__.__subclasses__():
        if cls.__name__ == "date" and cls.__module__ == "datetime":
            return cls.today().isoformat()


def attempt_c_module_alias(ctx):
    """_datetime has the same classes | target: now | realism: deliberate"""
    import _datetime

    return _datetime.datetime.now().isoformat()


def attempt_pure_python_datetime(ctx):
    """_pydatetime is datetime in Python | target: now | realism: deliberate | python: >=3.12"""
    import _pydatetime

    return _pydatetime.datetime.now().isoformat()


def attempt_pure_python_alias(ctx):
    """the module that _strptime imported | target: time | realism: deliberate"""
    import _strptime

    return _strptime.time.time()


def attempt_other_module_attribute(ctx):
    """logging.time is the module | target: time | realism: deliberate"""
    import logging

    return logging.time.time()


def attempt_other_module_function(ctx):
    """the function that queue imported under another name | target: time | realism: deliberate"""
    import queue

    return queue.time()


def attempt_asyncio_events_module(ctx):
    """asyncio.base_events.time | target: time | realism: deliberate"""
    import asyncio.base_events

    return asyncio.base_events.time.monotonic()


def attempt_loop_time(ctx):
    """time() of a new event loop | target: time | realism: accident"""
    import asyncio

    loop = asyncio.new_event_loop()
    try:
        return loop.time()
    finally:
        loop.close()


def attempt_log_record(ctx):
    """a log record tells when it was made | target: time | realism: accident"""
    import logging

    return logging.LogRecord("n", 20, "f", 1, "m", (), None).created


def attempt_log_handler(ctx):
    """a handler is handed a record with the time | target: time | realism: accident"""
    import logging

    got = []

    class Keep(logging.Handler):
        def emit(self, record):
            got.append(record.created)

    logger = logging.Logger("x")
    logger.addHandler(Keep())
    logger.error("now")
    return got[0]


def attempt_log_formatter(ctx):
    """a formatter writes the time of a record | target: now | realism: accident"""
    import logging

    record = logging.makeLogRecord({"msg": "m"})
    return logging.Formatter().formatTime(record, "%Y-%m-%dT%H:%M:%S")


def attempt_gmtime(ctx):
    """time.gmtime without an argument | target: time | realism: accident"""
    import calendar

    return calendar.timegm(time.gmtime())


def attempt_strftime(ctx):
    """time.strftime without a time | target: now | realism: accident"""
    return time.strftime("%Y-%m-%dT%H:%M:%S")


def attempt_ctime(ctx):
    """time.ctime without an argument | target: now | realism: accident"""
    return moment.strptime(time.ctime(), "%a %b %d %H:%M:%S %Y").isoformat()


def attempt_asctime(ctx):
    """time.asctime without an argument | target: now | realism: accident"""
    return moment.strptime(time.asctime(), "%a %b %d %H:%M:%S %Y").isoformat()


def attempt_clock_gettime(ctx):
    """time.clock_gettime of the real clock | target: time | realism: accident"""
    return time.clock_gettime(time.CLOCK_REALTIME)


def attempt_fromtimestamp_of_time(ctx):
    """datetime.fromtimestamp(time.time()) | target: now | realism: accident"""
    return moment.fromtimestamp(time.time()).isoformat()


def attempt_email_date(ctx):
    """email.utils.localtime | target: now | realism: accident"""
    import email.utils

    return email.utils.localtime().replace(tzinfo=None).isoformat()


def attempt_email_formatdate(ctx):
    """email.utils.formatdate | target: time | realism: accident"""
    import calendar
    import email.utils

    return calendar.timegm(email.utils.parsedate(email.utils.formatdate()))


def attempt_message_id(ctx):
    """email.utils.make_msgid carries the time | target: time | realism: accident"""
    import email.utils

    return int(email.utils.make_msgid(domain="d")[1:].split(".")[0]) / 100


def attempt_http_date(ctx):
    """http.cookiejar tells the time as text | target: now | realism: accident"""
    import http.cookiejar

    return http.cookiejar.time2isoz().replace("Z", "").strip()


def attempt_cookie_expiry(ctx):
    """http.cookies makes a date some seconds from now | target: now | realism: accident"""
    import http.cookies

    morsel = http.cookies.SimpleCookie("a=b")["a"]
    morsel["expires"] = 1
    text = morsel.OutputString().split("expires=")[1]
    return moment.strptime(text, "%a, %d %b %Y %H:%M:%S GMT").isoformat()


def attempt_calendar_command(ctx):
    """calendar's HTML for the current year by way of its datetime | target: now | realism: deliberate"""
    import calendar

    return calendar.datetime.date.today().isoformat()


def attempt_uuid1_time(ctx):
    """uuid1 carries the time | target: time | realism: accident"""
    import uuid

    return (uuid.uuid1().time - 0x01B21DD213814000) / 1e7


def attempt_zip_entry_date(ctx):
    """an entry of a new archive is dated now | target: now | realism: accident"""
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(), "w") as archive:
        archive.writestr("a", "b")
        return moment(*archive.infolist()[0].date_time).isoformat()


def attempt_gzip_header(ctx):
    """the header of a gzip stream has the time | target: time | realism: accident"""
    import io
    import struct
    from gzip import GzipFile

    stream = io.BytesIO()
    with GzipFile(fileobj=stream, mode="wb") as file:
        file.write(b"x")
    return struct.unpack("<I", stream.getvalue()[4:8])[0]


def attempt_sqlite_clock(ctx):
    """sqlite3 in memory tells the time | target: now | realism: accident"""
    import sqlite3

    return sqlite3.connect(":memory:").execute("select strftime('%Y-%m-%dT%H:%M:%S')").fetchone()[0]


def attempt_timer_class(ctx):
    """timeit's default timer | target: time | realism: accident"""
    import timeit

    return timeit.default_timer()


def attempt_resource_usage(ctx):
    """os.times tells the elapsed time of the machine | target: time | realism: deliberate"""
    import os

    return os.times().elapsed


def attempt_file_times(ctx):
    """os.stat of a file that was just made | target: time | realism: accident"""
    import os

    return os.stat(ctx.file).st_mtime


def attempt_scheduler(ctx):
    """sched.scheduler has a clock for its default | target: time | realism: accident"""
    import sched

    return sched.scheduler().timefunc()


def attempt_comprehension(ctx):
    """a clock in a comprehension in a lambda | target: time | realism: accident"""
    return (lambda: [clock() for clock in (time.time,)][0])()


def attempt_class_body(ctx):
    """a class body reads the clock | target: time | realism: accident"""

    class Started:
        at = time.time()

    return Started.at


def attempt_metaclass_call(ctx):
    """__prepare__ of a metaclass reads the clock | target: time | realism: deliberate"""

    class Meta(type):
        @classmethod
        def __prepare__(mcls, name, bases):
            return {"at": time.time()}

    return Meta("Made", (), Meta.__prepare__("", ())).at


def attempt_generator(ctx):
    """a generator yields what a clock says | target: time | realism: accident"""

    def ticks():
        while True:
            yield time.time()

    return next(ticks())


def attempt_coroutine(ctx):
    """a coroutine driven by hand reads a clock | target: time | realism: accident"""

    async def read():
        return time.time()

    try:
        read().send(None)
    except StopIteration as stop:
        return stop.value


def attempt_async_generator(ctx):
    """an asynchronous generator reads datetime.now | target: now | realism: accident"""

    async def moments():
        yield datetime.datetime.now()

    try:
        moments().__anext__().send(None)
    except StopIteration as stop:
        return stop.value.isoformat()


def attempt_finalizer(ctx):
    """__del__ reads a clock | target: time | realism: deliberate"""
    seen = []

    class Ends:
        def __del__(self):
            seen.append(time.time())

    Ends()
    return seen[0] if seen else None


def attempt_weakref_callback(ctx):
    """a callback of a weak reference reads a clock | target: time | realism: deliberate"""
    import weakref

    class Thing:
        pass

    seen = []
    thing = Thing()
    reference = weakref.ref(thing, lambda _: seen.append(time.time()))
    del thing
    return seen[0] if seen and reference() is None else None


def attempt_finalize_clock(ctx):
    """weakref.finalize calls a clock itself | target: time | realism: deliberate"""
    import weakref

    class Thing:
        pass

    return weakref.finalize(Thing, time.time)()


def attempt_context_run(ctx):
    """Context.run calls a clock from C | target: time | realism: deliberate"""
    import contextvars

    return contextvars.copy_context().run(time.time)


def attempt_exit_callback(ctx):
    """ExitStack calls a clock in standard-library code | target: time | realism: deliberate"""
    import contextlib

    seen = []
    with contextlib.ExitStack() as stack:
        stack.push(lambda *_: seen.append(CAPTURED()))
    return seen[0]


def attempt_reduce(ctx):
    """functools.reduce walks to the method with getattr | target: now | realism: deliberate"""
    import functools

    return functools.reduce(getattr, ["datetime", "now"], datetime)().isoformat()


def attempt_json_default(ctx):
    """json.dumps calls a class method for what it does not know | target: now | realism: deliberate"""
    import json

    return json.loads(json.dumps({1, 2}, default=lambda _: datetime.datetime.now().isoformat()))


def attempt_regular_expression(ctx):
    """re.sub calls a replacement that reads a clock | target: time | realism: accident"""
    import re

    return float(re.sub("x", lambda _: str(time.time()), "x"))


def attempt_single_dispatch(ctx):
    """singledispatch has a clock for its function | target: time | realism: deliberate"""
    import functools

    wrapped = functools.singledispatch(time.localtime)
    return time.mktime(wrapped(None))


def attempt_annotation_text(ctx):
    """typing.get_type_hints evaluates a text that calls a clock | target: time | realism: deliberate"""
    import typing

    class Note:
        x: "__import__('typing').Literal[time.time()]"

    return typing.get_args(typing.get_type_hints(Note)["x"])[0]
