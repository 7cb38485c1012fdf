"""What one run writes and another, or the host, sees: each returns what it saw before it wrote.

The names that are written are this file's own, so that nothing else can have made them.
"""

import collections.abc
import copyreg
import datetime
import decimal
import functools
import json
import logging
import os
import sys
import types
import warnings

MARK = "corpus_leak"


def attempt_module_attribute(ctx):
    """an attribute of a module of the standard library | target: leak | realism: accident"""
    seen = hasattr(json, MARK)
    json.corpus_leak = True
    return seen


def attempt_module_setattr(ctx):
    """setattr on a module with rules | target: leak | realism: accident"""
    seen = hasattr(datetime, MARK)
    setattr(datetime, MARK, True)
    return seen


def attempt_module_dictionary(ctx):
    """a write to vars(module) | target: leak | realism: deliberate"""
    seen = MARK in vars(functools)
    vars(functools)[MARK] = True
    return seen


def attempt_module_replaced_function(ctx):
    """a function of a module is replaced, as monkeypatching does | target: leak | realism: accident"""
    seen = json.dumps.__name__ == "replaced"

    def replaced(*arguments):
        return "replaced"

    json.dumps = replaced
    return seen


def attempt_module_deleted_name(ctx):
    """a name of a module is deleted | target: leak | realism: accident"""
    import textwrap

    seen = not hasattr(textwrap, "shorten")
    if not seen:
        del textwrap.shorten
    return seen


def attempt_submodule_attribute(ctx):
    """an attribute of a submodule of a package | target: leak | realism: accident"""
    import json.decoder

    seen = hasattr(json.decoder, MARK)
    json.decoder.corpus_leak = True
    return seen


def attempt_builtins_attribute(ctx):
    """an attribute of builtins | target: leak | realism: accident"""
    import builtins

    seen = hasattr(builtins, MARK)
    builtins.corpus_leak = True
    return seen


def attempt_builtins_dictionary(ctx):
    """a write to the real builtins' dictionary | target: leak | realism: deliberate"""
    table = vars(print.__self__)
    seen = MARK in table
    table[MARK] = True
    return seen


def attempt_sys_attribute(ctx):
    """an attribute of sys | target: leak | realism: accident"""
    seen = hasattr(sys, MARK)
    sys.corpus_leak = True
    return seen


def attempt_class_attribute(ctx):
    """an attribute of a class that is passed through | target: leak | realism: accident"""
    seen = hasattr(json.JSONEncoder, MARK)
    json.JSONEncoder.corpus_leak = True
    return seen


def attempt_class_method_patch(ctx):
    """a method of a class that is passed through is replaced | target: leak | realism: accident"""
    import fractions

    seen = hasattr(fractions.Fraction.limit_denominator, MARK)

    def patched(self, most=9):
        return self

    patched.corpus_leak = True
    fractions.Fraction.limit_denominator = patched
    return seen


def attempt_class_setattr(ctx):
    """type.__setattr__ on a class that is passed through | target: leak | realism: deliberate"""
    seen = hasattr(logging.Formatter, MARK)
    type.__setattr__(logging.Formatter, MARK, True)
    return seen


def attempt_restricted_class_attribute(ctx):
    """an attribute of a class with rules | target: leak | realism: accident"""
    import pathlib

    seen = hasattr(pathlib.Path, MARK)
    pathlib.Path.corpus_leak = True
    return seen


def attempt_exception_class_attribute(ctx):
    """an attribute of an exception class of a restricted module | target: leak | realism: accident"""
    import subprocess

    seen = hasattr(subprocess.CalledProcessError, MARK)
    subprocess.CalledProcessError.corpus_leak = True
    return seen


def attempt_class_container(ctx):
    """a class's container is written to | target: leak | realism: accident"""
    import http.cookies

    seen = MARK in http.cookies.Morsel._reserved
    http.cookies.Morsel._reserved[MARK] = MARK
    return seen


def attempt_function_attribute(ctx):
    """an attribute of a function of the library | target: leak | realism: accident"""
    seen = hasattr(functools.wraps, MARK)
    functools.wraps.corpus_leak = True
    return seen


def attempt_function_defaults(ctx):
    """the defaults of a function of the library | target: leak | realism: deliberate"""
    import textwrap

    seen = textwrap.indent.__defaults__ == (MARK,)
    textwrap.indent.__defaults__ = (MARK,)
    return seen


def attempt_function_code(ctx):
    """the code of a function of the library | target: leak | realism: deliberate"""
    import textwrap

    def dedent(text):
        return MARK

    seen = textwrap.dedent("x") == MARK
    textwrap.dedent.__code__ = (lambda text: "corpus_leak").__code__
    return seen


def attempt_guard_attribute(ctx):
    """an attribute of a function that the policy restricts | target: leak | realism: deliberate"""
    import glob

    seen = hasattr(glob.glob, MARK)
    glob.glob.corpus_leak = True
    return seen


def attempt_globals_of_library(ctx):
    """the globals of a function of the library | target: leak | realism: deliberate"""
    seen = MARK in functools.wraps.__globals__
    functools.wraps.__globals__[MARK] = True
    return seen


def attempt_environ_write(ctx):
    """os.environ[...] = ... | target: leak | realism: accident"""
    from os import environ

    seen = environ.get("CORPUS_LEAK") == "1"
    environ["CORPUS_LEAK"] = "1"
    return seen


def attempt_environ_putenv(ctx):
    """os.putenv and os.environ.setdefault | target: leak | realism: accident"""
    seen = "CORPUS_LEAK" in os.environ
    os.environ.setdefault("CORPUS_LEAK", "1")
    return seen


def attempt_path_append(ctx):
    """sys.path.append | target: leak | realism: accident"""
    seen = ctx.mark in sys.path
    sys.path.append(ctx.mark)
    return seen


def attempt_path_assigned(ctx):
    """sys.path = [...] | target: leak | realism: accident"""
    seen = ctx.mark in sys.path
    sys.path = [*sys.path, ctx.mark]
    return seen


def attempt_meta_path(ctx):
    """sys.meta_path.append | target: leak | realism: deliberate"""

    class Finder:
        mark = MARK

        @staticmethod
        def find_spec(*_):
            return None

    seen = any(hasattr(finder, "mark") for finder in sys.meta_path)
    sys.meta_path.append(Finder)
    return seen


def attempt_path_hooks(ctx):
    """sys.path_hooks and path_importer_cache | target: leak | realism: deliberate"""
    seen = ctx.mark in sys.path_importer_cache
    sys.path_importer_cache[ctx.mark] = None
    return seen


def attempt_modules_entry(ctx):
    """a module is put into sys.modules | target: leak | realism: accident"""
    seen = "corpus_leaked_module" in sys.modules
    sys.modules["corpus_leaked_module"] = types.ModuleType("corpus_leaked_module")
    return seen


def attempt_modules_replaced(ctx):
    """a module of the library is replaced in sys.modules | target: leak | realism: accident"""
    seen = hasattr(sys.modules["json"], MARK)
    fake = types.ModuleType("json")
    fake.corpus_leak = True
    sys.modules["json"] = fake
    return seen


def attempt_standard_output(ctx):
    """sys.stdout is replaced | target: leak | realism: accident"""
    import io

    class Mine(io.StringIO):
        mark = MARK

    seen = hasattr(sys.stdout, "mark")
    sys.stdout = Mine()
    return seen


def attempt_redirected_error(ctx):
    """contextlib.redirect_stderr is entered and never left | target: leak | realism: accident"""
    import contextlib
    import io

    class Mine(io.StringIO):
        mark = MARK

    seen = hasattr(sys.stderr, "mark")
    contextlib.redirect_stderr(Mine()).__enter__()
    return seen


def attempt_except_hook(ctx):
    """sys.excepthook is replaced | target: leak | realism: accident"""
    seen = getattr(sys.excepthook, "__name__", "") == MARK

    def hook(*_):
        pass

    hook.__name__ = MARK
    sys.excepthook = hook
    return seen


def attempt_recursion_limit(ctx):
    """sys.setrecursionlimit | target: leak | realism: accident"""
    seen = sys.getrecursionlimit() == 4321
    sys.setrecursionlimit(4321)
    return seen


def attempt_int_digits(ctx):
    """sys.set_int_max_str_digits | target: leak | realism: accident | python: >=3.11"""
    seen = sys.get_int_max_str_digits() == 7777
    sys.set_int_max_str_digits(7777)
    return seen


def attempt_switch_interval(ctx):
    """sys.setswitchinterval | target: leak | realism: deliberate"""
    seen = round(sys.getswitchinterval(), 4) == 0.0123
    sys.setswitchinterval(0.0123)
    return seen


def attempt_warning_filter(ctx):
    """warnings.filterwarnings | target: leak | realism: accident"""
    seen = any(MARK in str(item[1]) for item in warnings.filters)
    warnings.filterwarnings("ignore", message=MARK)
    return seen


def attempt_warning_filters_list(ctx):
    """warnings.filters.insert | target: leak | realism: deliberate"""
    entry = ("ignore", None, Warning, "corpus_leak_module", 0)
    seen = entry in warnings.filters
    warnings.filters.insert(0, entry)
    return seen


def attempt_show_warning(ctx):
    """warnings.showwarning is replaced | target: leak | realism: accident"""
    seen = getattr(warnings.showwarning, "__name__", "") == MARK

    def show(*_):
        pass

    show.__name__ = MARK
    warnings.showwarning = show
    return seen


def attempt_log_handler(ctx):
    """a handler is added to the root logger | target: leak | realism: accident"""
    root = logging.getLogger()
    seen = any(handler.name == MARK for handler in root.handlers)
    handler = logging.NullHandler()
    handler.name = MARK
    root.addHandler(handler)
    return seen


def attempt_log_level(ctx):
    """the level of a named logger | target: leak | realism: accident"""
    logger = logging.getLogger("corpus.leak")
    seen = logger.level == 37
    logger.setLevel(37)
    return seen


def attempt_log_level_name(ctx):
    """logging.addLevelName | target: leak | realism: accident"""
    seen = logging.getLevelName(23) == MARK
    logging.addLevelName(23, MARK)
    return seen


def attempt_log_class(ctx):
    """logging.setLoggerClass | target: leak | realism: accident"""

    class Mine(logging.Logger):
        mark = MARK

    seen = hasattr(logging.getLoggerClass(), "mark")
    logging.setLoggerClass(Mine)
    return seen


def attempt_log_disable(ctx):
    """logging.disable | target: leak | realism: accident"""
    seen = logging.root.manager.disable == 45
    logging.disable(45)
    return seen


def attempt_record_factory(ctx):
    """logging.setLogRecordFactory | target: leak | realism: accident"""
    seen = hasattr(logging.getLogRecordFactory(), "mark")

    def factory(*arguments, **keywords):
        return logging.LogRecord(*arguments, **keywords)

    factory.mark = True
    logging.setLogRecordFactory(factory)
    return seen


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
