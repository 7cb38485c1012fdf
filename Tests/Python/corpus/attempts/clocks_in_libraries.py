"""Ways to the time of the machine through other modules and from callbacks."""

import datetime
import time
from datetime import datetime as moment

CAPTURED = time.time


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
