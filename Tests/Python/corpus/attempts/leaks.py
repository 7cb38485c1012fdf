"""What one run writes and another, or the host, sees: each returns what it saw before it wrote.

The names that are written are this file's own, so that nothing else can have made them.
"""

import datetime
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
