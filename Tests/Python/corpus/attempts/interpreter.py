"""Ways through the interpreter itself: modules, frames, the collector, memory."""

import sys
import time


def attempt_modules_table(ctx):
    """sys.modules has the module | target: time | realism: accident"""
    return sys.modules["time"].time()


def attempt_modules_get(ctx):
    """sys.modules.get of a module that was never imported here | target: cwd | realism: deliberate"""
    return sys.modules.get("posix").getcwd()


def attempt_modules_values(ctx):
    """looks through all modules for one with a name | target: time | realism: deliberate"""
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "") == "time":
            return module.time()


def attempt_modules_pop(ctx):
    """takes a module out of sys.modules and imports it again | target: time | realism: deliberate"""
    sys.modules.pop("time", None)
    import time as again

    return again.time()


def attempt_modules_dict_class(ctx):
    """dict.get on sys.modules | target: time | realism: deliberate"""
    return dict.__getitem__(sys.modules, "time").time()


def attempt_modules_copy(ctx):
    """a copy of sys.modules | target: time | realism: deliberate"""
    return dict(sys.modules)["time"].time()


def attempt_import_module(ctx):
    """importlib.import_module | target: time | realism: accident"""
    import importlib

    return importlib.import_module("time").time()


def attempt_importlib_import(ctx):
    """importlib.__import__ | target: time | realism: deliberate"""
    import importlib

    return importlib.__import__("time").time()


def attempt_bootstrap(ctx):
    """importlib._bootstrap imports by itself | target: time | realism: deliberate"""
    import importlib._bootstrap

    return importlib._bootstrap._gcd_import("time").time()


def attempt_bootstrap_frozen(ctx):
    """_frozen_importlib has sys of the host | target: time | realism: deliberate"""
    import _frozen_importlib

    return _frozen_importlib.sys.modules["time"].time()


def attempt_c_import(ctx):
    """_imp makes a builtin module anew | target: time | realism: deliberate"""
    import _imp

    return _imp.create_builtin(time.__spec__).time()


def attempt_spec_of_time(ctx):
    """module_from_spec makes a module anew | target: time | realism: deliberate"""
    import importlib.util

    spec = importlib.util.find_spec("time")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.time()


def attempt_spec_loader(ctx):
    """__spec__.loader of a module loads it | target: time | realism: deliberate"""
    return time.__loader__.load_module("time").time()


def attempt_reload(ctx):
    """importlib.reload gives the module back | target: time | realism: accident"""
    import importlib

    return importlib.reload(time).time()


def attempt_meta_path(ctx):
    """a finder from sys.meta_path loads a module | target: time | realism: deliberate"""
    for finder in sys.meta_path:
        if getattr(finder, "__name__", "") == "BuiltinImporter":
            spec = finder.find_spec("time")
            return spec.loader.create_module(spec).time()


def attempt_resolve_name(ctx):
    """pkgutil.resolve_name imports and walks | target: time | realism: accident"""
    import pkgutil

    return pkgutil.resolve_name("time:time")()


def attempt_pydoc_locate(ctx):
    """pydoc.locate imports and walks | target: time | realism: accident"""
    import pydoc

    return pydoc.locate("time.time")()


def attempt_logging_resolve(ctx):
    """logging.config resolves a dotted name | target: time | realism: deliberate"""
    import logging.config

    return logging.config.BaseConfigurator({}).resolve("time.time")()


def attempt_mock_importer(ctx):
    """unittest.mock imports the target of a patch | target: time | realism: deliberate"""
    import unittest.mock

    return unittest.mock.patch("time.time").getter().time()


def attempt_entry_point(ctx):
    """an entry point of importlib.metadata loads what it names | target: time | realism: deliberate"""
    import importlib.metadata

    return importlib.metadata.EntryPoint("n", "time:time", "g").load()()


def attempt_import_mapped(ctx):
    """map calls __import__ from C | target: time | realism: deliberate"""
    return next(map(__import__, ["time"])).time()


def attempt_frame_back(ctx):
    """the frame of the caller has the host's globals | target: open | realism: deliberate"""
    frame = sys._getframe()
    while frame:
        scene = frame.f_globals.get("Scene")
        if scene is not None:
            return scene.__init__.__globals__["Path"](ctx.file).read_text()
        frame = frame.f_back


def attempt_frame_builtins(ctx):
    """f_builtins of a frame of the host | target: open | realism: deliberate"""
    frame = sys._getframe()
    while frame:
        if frame.f_globals.get("__name__") == "corpus_runs":
            return frame.f_builtins["open"](ctx.file).read()
        frame = frame.f_back


def attempt_traceback_frame(ctx):
    """the frames of an exception lead to the host | target: open | realism: deliberate"""
    try:
        raise KeyError
    except KeyError as error:
        frame = error.__traceback__.tb_frame
    while frame.f_back:
        frame = frame.f_back
    table = frame.f_globals["__builtins__"]
    return (table if isinstance(table, dict) else vars(table))["open"](ctx.file).read()


def attempt_traceback_of_library(ctx):
    """an exception from the standard library carries the globals of its frame | target: time | realism: deliberate"""
    import random

    try:
        random.Random(1).choice([])
    except IndexError as error:
        trace = error.__traceback__
    while trace.tb_next:
        trace = trace.tb_next
    return trace.tb_frame.f_builtins["__import__"]("time").time()


def attempt_generator_frame(ctx):
    """gi_frame of a generator of the standard library | target: cwd | realism: deliberate"""
    import os

    walker = os.walk(ctx.folder)
    return walker.gi_frame.f_globals["getcwd"]()


def attempt_inspect_stack(ctx):
    """inspect.currentframe and getouterframes | target: open | realism: deliberate"""
    import inspect

    for item in inspect.getouterframes(inspect.currentframe(), 0):
        if "Boxes" in item.frame.f_globals or "plain_module" in item.frame.f_globals:
            return item.frame.f_globals["Path"](ctx.file).read_text()


def attempt_current_frames(ctx):
    """sys._current_frames has the frames of all threads | target: open | realism: deliberate"""
    for frame in sys._current_frames().values():
        while frame.f_back:
            frame = frame.f_back
        table = frame.f_globals.get("__builtins__")
        opener = table["open"] if isinstance(table, dict) else table.open
        return opener(ctx.file).read()


def attempt_collector_objects(ctx):
    """gc.get_objects finds the function | target: time | realism: deliberate"""
    import gc

    for thing in gc.get_objects():
        if type(thing) is dict and thing.get("__name__") == "time" and "monotonic" in thing:
            return thing["time"]()


def attempt_collector_referents(ctx):
    """gc.get_referents opens up a wrapper | target: time | realism: deliberate"""
    import gc

    seen, todo = set(), [time.time]
    while todo:
        thing = todo.pop()
        if type(thing) is type(len) and thing.__name__ == "time":
            return thing()
        if id(thing) not in seen and len(seen) < 500:
            seen.add(id(thing))
            todo += gc.get_referents(thing)


def attempt_collector_referrers(ctx):
    """gc.get_referrers of a constant leads to the module's dictionary | target: time | realism: deliberate"""
    import gc

    for thing in gc.get_referrers(time.struct_time):
        if type(thing) is dict and thing.get("__name__") == "time":
            return thing["time"]()


def attempt_ctypes(ctx):
    """ctypes calls the C library | target: time | realism: deliberate"""
    import ctypes

    return ctypes.CDLL(None).time(None)


def attempt_ctypes_python(ctx):
    """ctypes calls the interpreter's own interface | target: time | realism: deliberate"""
    import ctypes

    function = ctypes.pythonapi.PyImport_ImportModule
    function.restype = ctypes.py_object
    return function(b"time").time()


def attempt_unwrap(ctx):
    """__wrapped__, __func__ or __self__ of what stands for a function | target: time | realism: deliberate"""
    for name in ("__wrapped__", "__func__", "__self__", "func"):
        found = getattr(time.time, name, None)
        if callable(found):
            return found()
        if found is not None and hasattr(found, "time"):
            return found.time()


def attempt_call_attribute(ctx):
    """__call__ of a function | target: time | realism: deliberate"""
    return time.time.__call__()


def attempt_call_type(ctx):
    """type(function).__call__ | target: time | realism: deliberate"""
    return type(time.time).__call__(time.time)


def attempt_reduce_guard(ctx):
    """__reduce__ of a function names where it is | target: time | realism: deliberate"""
    reduced = time.time.__reduce_ex__(4)
    module = sys.modules["time"]
    return getattr(module, reduced)() if isinstance(reduced, str) else reduced[0](*reduced[1])()


def attempt_copy_guard(ctx):
    """copy.copy and deepcopy of a function | target: time | realism: deliberate"""
    import copy

    return copy.deepcopy(copy.copy(time.time))()


def attempt_pickle_guard(ctx):
    """a function through pickle | target: time | realism: deliberate"""
    import pickle

    try:
        return pickle.loads(pickle.dumps(time.time))()
    except pickle.PicklingError:
        return None


def attempt_descriptor_get(ctx):
    """a function as a class attribute, found through an instance | target: time | realism: accident"""

    class Clock:
        now = time.time

    return Clock().now()


def attempt_missing(ctx):
    """__missing__ of a dictionary reads a clock | target: time | realism: deliberate"""

    class Missing(dict):
        def __missing__(self, key):
            return time.monotonic()

    return Missing()["x"]


def attempt_operator_call(ctx):
    """operator.call | target: time | realism: deliberate | python: >=3.11"""
    import operator

    return operator.call(time.time)


def attempt_builtins_replaced(ctx):
    """the module's own __builtins__ are replaced by the real ones | target: time | realism: deliberate"""
    globals()["__builtins__"] = print.__self__

    def read():
        return __import__("time").time()

    return read()


def attempt_main_module(ctx):
    """the module __main__ has the host's names | target: open | realism: deliberate"""
    import __main__

    table = vars(__main__).get("__builtins__")
    if table is None:
        return None
    return (table if isinstance(table, dict) else vars(table))["open"](ctx.file).read()


def attempt_site_modules(ctx):
    """a module of the standard library that imported os | target: cwd | realism: deliberate"""
    import inspect

    return inspect.os.getcwd()


def attempt_typing_sys(ctx):
    """typing.sys.modules | target: time | realism: deliberate"""
    import typing

    return typing.sys.modules["time"].time()


def attempt_warnings_module(ctx):
    """warnings' functions have a sys of their own | target: time | realism: deliberate"""
    import warnings

    return warnings.sys.modules["time"].time()


def attempt_portcullis_modules(ctx):
    """the sandbox's own package knows the real table | target: time | realism: deliberate"""
    from portcullis import _sandbox

    return _sandbox._REAL["time"].time()


def attempt_sandbox_flag(ctx):
    """the sandbox's own switch is turned | target: time | realism: deliberate"""
    from portcullis import workflow

    with workflow.unsafe.imports_passed_through():
        return time.time()


def attempt_getattribute_of_sys(ctx):
    """sys through its own table | target: cwd | realism: deliberate"""
    return sys.modules["sys"].modules["os"].getcwd()


def attempt_audit_hook(ctx):
    """a hook of sys reads the clock when the interpreter calls it | target: time | realism: deliberate"""
    seen = []

    def hook(event, arguments):
        if not seen:
            seen.append(None)
            seen[0] = time.time()

    sys.addaudithook(hook)
    compile("1", "<x>", "eval")
    return seen[0]


def attempt_trace_function(ctx):
    """a trace function is called by the interpreter with frames of the library | target: time | realism: deliberate"""
    import textwrap

    seen = []

    def trace(frame, event, argument):
        seen.append(frame.f_builtins)

    sys.setprofile(trace)
    textwrap.dedent("x")
    sys.setprofile(None)
    return seen[0]["__import__"]("time").time()


def attempt_display_hook(ctx):
    """__self__ of a function of sys is sys | target: open | realism: deliberate"""
    return sys.displayhook.__self__.modules["os"].popen(f"cat {ctx.file}").read()


def attempt_code_interact(ctx):
    """code.InteractiveInterpreter compiles and runs text | target: time | realism: deliberate"""
    import code

    names = {"sys": sys}
    code.InteractiveInterpreter(names).runsource("found = __import__('time').time()")
    return names["found"]


def attempt_timeit(ctx):
    """timeit runs text with real builtins | target: open | realism: deliberate"""
    import timeit

    found = []
    timeit.Timer(
        "found.append(open(name).read())", globals={"found": found, "name": ctx.file}
    ).timeit(1)
    return found[0]


def attempt_annotation_text(ctx):
    """typing evaluates an annotation with globals that bring no builtins | target: open | realism: deliberate"""
    import typing

    class Note:
        x: f"open({ctx.file!r}).read()"

    try:
        typing.get_type_hints(Note, {}, {})
    except NameError as error:  # what the file says is evaluated in its turn
        return str(error)


def attempt_doctest(ctx):
    """doctest runs examples in text | target: open | realism: deliberate"""
    import doctest

    found = []
    text = ">>> found.append(open(name).read())\n"
    names = {"found": found, "name": ctx.file}
    test = doctest.DocTestParser().get_doctest(text, names, "t", "f", 0)
    doctest.DocTestRunner().run(test, out=found.append, clear_globs=False)
    return found[0]


def attempt_profile_run(ctx):
    """bdb and profile run text | target: open | realism: deliberate"""
    import bdb

    names = {"name": ctx.file, "found": []}
    bdb.Bdb().runctx("found.append(open(name).read())", names, names)
    return names["found"][0]
