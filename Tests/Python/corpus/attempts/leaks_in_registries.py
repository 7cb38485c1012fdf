"""What a run leaves in registries, contexts and containers; see `leaks`."""

import collections.abc
import copyreg
import decimal
import json
import sys
import types

MARK = "corpus_leak"


def attempt_codec(ctx):
    """codecs.register | target: leak | realism: accident"""
    import codecs

    def search(name):
        return codecs.lookup("utf-8") if name == "corpus_leak_codec" else None

    try:
        codecs.lookup("corpus_leak_codec")
        seen = True
    except LookupError:
        seen = False
    codecs.register(search)
    return seen


def attempt_codec_error(ctx):
    """codecs.register_error | target: leak | realism: accident"""
    import codecs

    try:
        codecs.lookup_error(MARK)
        seen = True
    except LookupError:
        seen = False
    codecs.register_error(MARK, lambda error: ("", error.end))
    return seen


def attempt_copy_registry(ctx):
    """copyreg.pickle | target: leak | realism: accident"""
    seen = types.SimpleNamespace in copyreg.dispatch_table
    copyreg.pickle(types.SimpleNamespace, lambda thing: (types.SimpleNamespace, ()))
    return seen


def attempt_copy_extension(ctx):
    """copyreg.add_extension | target: leak | realism: deliberate"""
    seen = ("corpus", "leak") in copyreg._extension_registry
    copyreg.add_extension("corpus", "leak", 0x7654321)
    return seen


def attempt_decimal_precision(ctx):
    """the precision of the thread's decimal context | target: leak | realism: accident"""
    seen = decimal.getcontext().prec == 11
    decimal.getcontext().prec = 11
    return seen


def attempt_decimal_default(ctx):
    """decimal.DefaultContext | target: leak | realism: deliberate"""
    seen = decimal.DefaultContext.Emax == 4242
    decimal.DefaultContext.Emax = 4242
    return seen


def attempt_abc_registry(ctx):
    """a class is registered with an abstract class of the library | target: leak | realism: accident"""
    seen = issubclass(types.CodeType, collections.abc.Sequence)
    collections.abc.Sequence.register(types.CodeType)
    return seen


def attempt_single_dispatch_registry(ctx):
    """a function is registered with a singledispatch of the library | target: leak | realism: accident"""
    import importlib.resources
    import pkgutil

    seen = any(cls.__name__ == "Leaked" for cls in pkgutil.iter_importer_modules.registry)

    class Leaked:
        pass

    pkgutil.iter_importer_modules.register(Leaked, lambda *_: [])
    return seen and importlib.resources is not None


def attempt_subclass_list(ctx):
    """a subclass is seen in __subclasses__ of its base | target: leak | realism: accident"""
    seen = any(cls.__name__ == "CorpusLeak" for cls in json.JSONDecoder.__subclasses__())
    attempt_subclass_list.kept = type("CorpusLeak", (json.JSONDecoder,), {})
    return seen


def attempt_container(ctx):
    """a dictionary of a module of the library is written to | target: leak | realism: accident"""
    import mimetypes

    seen = ".corpus" in mimetypes.types_map
    mimetypes.types_map[".corpus"] = "x/y"
    return seen


def attempt_container_list(ctx):
    """a list of a module of the library is written to | target: leak | realism: accident"""
    import urllib.parse

    seen = MARK in urllib.parse.uses_netloc
    urllib.parse.uses_netloc.append(MARK)
    return seen


def attempt_container_set(ctx):
    """__all__ of a module of the library | target: leak | realism: deliberate"""
    seen = MARK in json.__all__
    json.__all__.append(MARK)
    return seen


def attempt_time_zone_path(ctx):
    """zoneinfo.reset_tzpath and TZPATH | target: leak | realism: accident"""
    import zoneinfo

    seen = ctx.folder in zoneinfo.TZPATH
    zoneinfo.reset_tzpath((ctx.folder,))
    return seen


def attempt_lru_cache(ctx):
    """the cache of a function of the library grows | target: leak | realism: accident"""
    import fnmatch

    function = fnmatch._compile_pattern
    before = function.cache_info().hits
    function("corpus_leak_*")
    return function.cache_info().hits > before


def attempt_lru_cache_clear(ctx):
    """the cache of a function of the library is emptied | target: leak | realism: deliberate"""
    import fnmatch

    function = fnmatch._compile_pattern
    seen = function.cache_info().currsize == 0 and function.cache_info().misses == 0
    if not seen or not getattr(function, MARK, False):
        function("a*")
        seen = getattr(function, MARK, False)
    function.corpus_leak = True
    function.cache_clear()
    return bool(seen)


def attempt_exit_handler(ctx):
    """atexit.register | target: leak | realism: accident"""
    import atexit

    before = atexit._ncallbacks()
    seen = getattr(sys.modules["atexit"], "corpus_count", None) == before and before > 0
    atexit.register(len, ())
    sys.modules["atexit"].corpus_count = atexit._ncallbacks()
    return seen


def attempt_collector_callback(ctx):
    """gc.callbacks.append | target: leak | realism: deliberate"""
    import gc

    seen = any(getattr(one, "__name__", "") == MARK for one in gc.callbacks)

    def callback(phase, info):
        pass

    callback.__name__ = MARK
    gc.callbacks.append(callback)
    return seen


def attempt_collector_threshold(ctx):
    """gc.set_threshold | target: leak | realism: accident"""
    import gc

    seen = gc.get_threshold()[0] == 1234
    gc.set_threshold(1234)
    return seen


def attempt_random_state(ctx):
    """the shared generator of random is seeded | target: leak | realism: accident"""
    import random

    generator = random._inst
    seen = generator.random() == 0.8444218515250481 or getattr(generator, MARK, False)
    generator.seed(0)
    generator.corpus_leak = True
    return seen


def attempt_context_variable(ctx):
    """a context variable of a library is set | target: leak | realism: deliberate"""
    import contextvars

    names = [variable.name for variable in contextvars.copy_context()]
    contextvars.ContextVar(MARK).set(True)
    return MARK in names


def attempt_asyncio_policy(ctx):
    """asyncio.set_event_loop_policy | target: leak | realism: accident"""
    import asyncio

    class Mine(asyncio.DefaultEventLoopPolicy):
        mark = MARK

    seen = hasattr(asyncio.get_event_loop_policy(), "mark")
    asyncio.set_event_loop_policy(Mine())
    return seen


def attempt_thread_trace(ctx):
    """threading.settrace for threads that come later | target: leak | realism: deliberate"""
    import threading

    seen = getattr(threading._trace_hook, "__name__", "") == MARK

    def trace(*_):
        return None

    trace.__name__ = MARK
    threading.settrace(trace)
    return seen


def attempt_regular_cache(ctx):
    """the cache of re keeps what was compiled | target: leak | realism: accident"""
    import re

    pattern = re.compile("corpus_leak_[xyz]+")
    seen = getattr(re, "corpus_pattern", None) == id(pattern)
    re.corpus_pattern = id(pattern)
    return seen


def attempt_csv_dialect(ctx):
    """csv.register_dialect | target: leak | realism: accident"""
    import csv

    seen = MARK in csv.list_dialects()
    csv.register_dialect(MARK, delimiter=";")
    return seen


def attempt_csv_limit(ctx):
    """csv.field_size_limit | target: leak | realism: accident"""
    import csv

    seen = csv.field_size_limit() == 98765
    csv.field_size_limit(98765)
    return seen


def attempt_xml_namespace(ctx):
    """ElementTree.register_namespace | target: leak | realism: accident"""
    import xml.etree.ElementTree as ET

    seen = "urn:corpus:leak" in ET._namespace_map
    ET.register_namespace("leak", "urn:corpus:leak")
    return seen


def attempt_sqlite_adapter(ctx):
    """sqlite3.register_adapter | target: leak | realism: accident"""
    import sqlite3

    try:
        seen = (
            sqlite3.connect(":memory:").execute("select ?", (complex(1, 2),)).fetchone()[0] == MARK
        )
    except sqlite3.Error:
        seen = False
    sqlite3.register_adapter(complex, lambda value: "corpus_leak")
    return seen


def attempt_calendar_first_day(ctx):
    """calendar.setfirstweekday | target: leak | realism: accident"""
    import calendar

    seen = calendar.firstweekday() == 3
    calendar.setfirstweekday(3)
    return seen


def attempt_locale_setting(ctx):
    """locale.setlocale of C functions | target: leak | realism: accident"""
    import _locale

    seen = _locale.setlocale(_locale.LC_TIME) == "C.UTF-8"
    _locale.setlocale(_locale.LC_TIME, "C.UTF-8")
    return seen


def attempt_socket_timeout(ctx):
    """socket.setdefaulttimeout through _socket | target: leak | realism: deliberate"""
    import _socket

    seen = _socket.getdefaulttimeout() == 17.0
    _socket.setdefaulttimeout(17.0)
    return seen


def attempt_linecache(ctx):
    """linecache.cache is written to | target: leak | realism: accident"""
    import linecache

    seen = MARK in linecache.cache
    linecache.cache[MARK] = (0, None, [], MARK)
    return seen


def attempt_host_function(ctx):
    """an attribute of a callable that the host passed in | target: leak | realism: accident"""
    seen = hasattr(ctx.note, MARK)
    ctx.note.corpus_leak = True
    return seen


def attempt_mime_type(ctx):
    """mimetypes.add_type | target: leak | realism: accident"""
    import mimetypes

    seen = mimetypes.guess_type("a.corpusleak")[0] == "x/leak"
    mimetypes.add_type("x/leak", ".corpusleak")
    return seen


def attempt_mail_charset(ctx):
    """email.charset.add_charset | target: leak | realism: accident"""
    import email.charset

    seen = MARK in email.charset.CHARSETS
    email.charset.add_charset(MARK)
    return seen


def attempt_trace_function(ctx):
    """sys.settrace | target: leak | realism: accident"""
    seen = getattr(sys.gettrace(), "__name__", "") == MARK

    def trace(*_):
        return None

    trace.__name__ = MARK
    sys.settrace(trace)
    return seen


def attempt_memory_tracing(ctx):
    """tracemalloc.start | target: leak | realism: accident"""
    import tracemalloc

    seen = tracemalloc.is_tracing()
    tracemalloc.start()
    return seen


def attempt_log_configuration(ctx):
    """logging.config.dictConfig | target: leak | realism: accident"""
    import logging.config

    seen = logging.getLogger("corpus.configured").level == 41
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "loggers": {"corpus.configured": {"level": 41}},
        }
    )
    return seen


def attempt_log_handler_of_the_host(ctx):
    """the level of a handler that is in use | target: leak | realism: accident"""
    import logging

    if not logging.getLogger().handlers:
        logging.getLogger().addHandler(logging.NullHandler())
    handler = logging.getLogger().handlers[0]
    seen = handler.level == 43
    handler.setLevel(43)
    return seen


def attempt_decimal_replaced(ctx):
    """decimal.setcontext | target: leak | realism: accident"""
    seen = decimal.getcontext().Emax == 777
    decimal.setcontext(decimal.Context(Emax=777))
    return seen


def attempt_abc_by_name(ctx):
    """a class of the library is registered by a computed name | target: leak | realism: deliberate"""
    import operator

    seen = issubclass(types.CellType, collections.abc.Sized)
    operator.methodcaller("reg" + "ister", types.CellType)(collections.abc.Sized)
    return seen


def attempt_abc_of_the_metaclass(ctx):
    """ABCMeta.register | target: leak | realism: deliberate"""
    import abc

    seen = issubclass(types.FrameType, collections.abc.Hashable) and issubclass(
        types.FrameType, collections.abc.Callable
    )
    abc.ABCMeta.register(collections.abc.Callable, types.FrameType)
    return seen


def attempt_class_deletion(ctx):
    """type.__delattr__ on a class that is passed through | target: leak | realism: deliberate"""
    import textwrap

    name = "fill"
    seen = not hasattr(textwrap.TextWrapper, name)
    if not seen:
        type.__delattr__(textwrap.TextWrapper, name)
    return seen


def attempt_locale_function(ctx):
    """locale.setlocale | target: leak | realism: accident"""
    import locale

    seen = locale.setlocale(locale.LC_COLLATE) == "C.UTF-8"
    locale.setlocale(locale.LC_COLLATE, "C.UTF-8")
    return seen
