"""Ways around the name of what is restricted."""

import concurrent.futures
import datetime
import functools
import io
import os
import pathlib
import subprocess
import threading
from datetime import datetime as moment

NOTES = []
THREAD = threading.Thread(target=lambda: NOTES[0](), daemon=True)
POOL = concurrent.futures.ThreadPoolExecutor(1)


class Worker(threading.Thread):
    """Made when the module is imported, started later."""

    def __init__(self):
        super().__init__(daemon=True)

    def run(self):
        NOTES[0]()


WORKER = Worker()


def attempt_match_nested(ctx):
    """a nested class pattern catches a method | target: now | realism: deliberate"""
    match [{"when": moment.min}]:
        case [{"when": datetime.datetime(now=method)}]:
            return method().isoformat()


def attempt_match_alternatives(ctx):
    """one alternative of a pattern catches a method | target: now | realism: deliberate"""
    match moment.min:
        case {"now": method} | datetime.date(today=method):
            return method().isoformat()


def attempt_match_whole(ctx):
    """a pattern behind a method's pattern catches it | target: now | realism: deliberate"""
    match moment.min:
        case datetime.datetime(now=object() as method):
            return method().isoformat()


def attempt_match_part(ctx):
    """a class pattern loads the globals of a function | target: cwd | realism: deliberate"""
    match os.walk:
        case object(__globals__=table):
            return table["getcwd"]()


def attempt_match_frame(ctx):
    """a class pattern loads the builtins of a frame | target: open | realism: deliberate"""
    frame = os.walk(ctx.folder).gi_frame
    match frame:
        case object(f_builtins=table):
            return table["open"](ctx.file).read()


def attempt_match_value(ctx):
    """a value pattern hands a method to __eq__ | target: now | realism: deliberate"""
    seen = []

    class Equal:
        def __eq__(self, other):
            seen.append(other)
            return True

    match Equal():
        case moment.now:
            return seen[0]().isoformat()


def attempt_get_attribute_mapped(ctx):
    """map calls type.__getattribute__ from C | target: now | realism: deliberate"""
    return next(map(type.__getattribute__, [moment], ["now"]))().isoformat()


def attempt_getattr_mapped(ctx):
    """map calls getattr from C | target: now | realism: deliberate"""
    return next(map(getattr, [moment], ["now"]))().isoformat()


def attempt_reduce_getattr(ctx):
    """functools.reduce walks names with getattr | target: now | realism: deliberate"""
    return functools.reduce(getattr, ["datetime", "now"], datetime)().isoformat()


def attempt_partial_getattr(ctx):
    """a partial of getattr | target: now | realism: deliberate"""
    return functools.partial(getattr, moment)("now")().isoformat()


def attempt_getattr_static(ctx):
    """inspect.getattr_static gives the descriptor | target: now | realism: deliberate"""
    import inspect

    return inspect.getattr_static(moment, "now").__get__(None, moment)().isoformat()


def attempt_getattr_static_function(ctx):
    """inspect.getattr_static gives a function of a class | target: open | realism: deliberate"""
    import inspect

    return inspect.getattr_static(pathlib.Path, "read_text")(pathlib.Path(ctx.file))


def attempt_getmembers(ctx):
    """inspect.getmembers has each method | target: now | realism: deliberate"""
    import inspect

    return dict(inspect.getmembers(moment))["now"]().isoformat()


def attempt_getmembers_of_module(ctx):
    """inspect.getmembers of a module | target: cwd | realism: deliberate"""
    import inspect

    return dict(inspect.getmembers(os))["getcwd"]()


def attempt_classify(ctx):
    """inspect.classify_class_attrs has each method | target: now | realism: deliberate"""
    import inspect

    for found in inspect.classify_class_attrs(moment):
        if found.name == "now":
            return found.object.__get__(None, moment)().isoformat()


def attempt_getmembers_static(ctx):
    """inspect.getmembers_static has each function | target: open | realism: deliberate | python: >=3.11"""
    import inspect

    return dict(inspect.getmembers_static(pathlib.Path))["read_text"](pathlib.Path(ctx.file))


def attempt_getmodule(ctx):
    """inspect.getmodule of a class gives its module | target: cwd | realism: accident"""
    import inspect

    return inspect.getmodule(os.PathLike).getcwd()


def attempt_getmodule_of_function(ctx):
    """inspect.getmodule of a function | target: time | realism: accident"""
    import inspect
    import time

    return inspect.getmodule(time.gmtime).time()


def attempt_cached_property(ctx):
    """a cached_property calls what it was made of | target: now | realism: accident"""

    class Clock:
        value = functools.cached_property(lambda self: moment.now())

    return Clock().value.isoformat()


def attempt_class_getitem(ctx):
    """__class_getitem__ is a class method of datetime | target: now | realism: deliberate"""

    class Clock:
        __class_getitem__ = moment.now

    return Clock[None].isoformat()


def attempt_method_type(ctx):
    """types.MethodType binds a restricted function | target: open | realism: deliberate"""
    import types

    return types.MethodType(pathlib.Path.read_text, pathlib.Path(ctx.file))()


def attempt_get_of_function(ctx):
    """__get__ of a method of a path | target: open | realism: deliberate"""
    return pathlib.Path.read_text.__get__(pathlib.Path(ctx.file))()


def attempt_get_of_member(ctx):
    """__get__ of a function of a module | target: process | realism: deliberate"""
    return subprocess.check_output.__get__(["cat", ctx.file])().decode()


def attempt_code_of_function(ctx):
    """the code of a restricted function in a function of one's own | target: cwd | realism: deliberate"""
    import types

    code = pathlib.Path.cwd.__func__.__code__
    return str(types.FunctionType(code, {"os": os})(pathlib.Path))


def attempt_alias_called(ctx):
    """a generic alias of a restricted class is called | target: process | realism: accident"""
    process = subprocess.Popen[str](["cat", ctx.file], stdout=subprocess.PIPE, text=True)
    return process.communicate()[0]


def attempt_alias_extended(ctx):
    """a class extends a generic alias of a restricted class | target: process | realism: accident"""

    class Mine(subprocess.Popen[str]):
        pass

    return Mine(["cat", ctx.file], stdout=subprocess.PIPE, text=True).communicate()[0]


def attempt_type_call(ctx):
    """type() makes a subclass of a restricted class | target: thread | realism: deliberate"""
    type("Mine", (threading.Thread,), {"daemon": True})(target=ctx.note).start()


def attempt_new_class(ctx):
    """types.new_class makes a subclass of a restricted class | target: process | realism: deliberate"""
    import types

    made = types.new_class("Mine", (subprocess.Popen,))
    return made(["cat", ctx.file], stdout=subprocess.PIPE, text=True).communicate()[0]


def attempt_subclass_of_subclass(ctx):
    """a subclass of a subclass of a restricted class | target: process | realism: deliberate"""

    class Mine(subprocess.Popen):
        pass

    made = type("More", (Mine,), {})
    return made(["cat", ctx.file], stdout=subprocess.PIPE, text=True).communicate()[0]


def attempt_object_new(ctx):
    """object.__new__ of a subclass, and its inherited __init__ | target: thread | realism: deliberate"""

    class Mine(threading.Thread):
        pass

    made = object.__new__(Mine)
    Mine.__init__(made, target=ctx.note, daemon=True)
    made.start()


def attempt_thread_made_earlier(ctx):
    """a thread that was made at import time is started | target: thread | realism: accident"""
    NOTES.append(ctx.note)
    THREAD.start()


def attempt_worker_made_earlier(ctx):
    """a thread of a class of one's own that was made at import time | target: thread | realism: accident"""
    NOTES.append(ctx.note)
    WORKER.start()


def attempt_pool_made_earlier(ctx):
    """an executor that was made at import time gets work | target: thread | realism: accident"""
    POOL.submit(ctx.note).result(5)


def attempt_pool_map_made_earlier(ctx):
    """map of an executor that was made at import time | target: thread | realism: accident"""
    list(POOL.map(ctx.note, [1]))


def attempt_exec_own_builtins(ctx):
    """exec with a table of builtins of one's own | target: now | realism: deliberate"""
    names = {"__builtins__": {"isinstance": isinstance}, "moment": moment}
    exec("found = moment.now()", names)
    return names["found"].isoformat()


def attempt_plugin_loader(ctx):
    """a file is loaded as a plug-in, as the manual of importlib shows | target: cwd | realism: accident"""
    import importlib.util
    import textwrap

    loader = textwrap.__spec__.loader.__class__("plugin", __file__)
    spec = importlib.util.spec_from_loader("plugin", loader)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.os.getcwd()


def attempt_plugin_member(ctx):
    """a member of a class in a file that is loaded as a plug-in | target: now | realism: accident"""
    import importlib.util

    spec = importlib.util.spec_from_file_location("plugin", __file__)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.attempt_moment(ctx)


def attempt_moment(ctx):
    """a plain call of now | target: now | realism: accident"""
    return moment.now().isoformat()


def attempt_reloaded(ctx):
    """a module of one's own is reloaded, and one of its functions called | target: now | realism: accident"""
    import importlib
    import sys

    return importlib.reload(sys.modules[__name__]).attempt_moment(ctx)


def attempt_format_globals(ctx):
    """str.format walks to the environment | target: env | realism: deliberate"""
    return "{0.__globals__[environ]}".format(os.walk)


def attempt_format_map_globals(ctx):
    """format_map walks to the environment | target: env | realism: deliberate"""
    text = "{walk.__globals__[environ]}"
    return text.format_map({"walk": os.walk})


def attempt_format_module(ctx):
    """str.format walks from a function of the library to os | target: env | realism: deliberate"""
    return "{0.__globals__[os].environ}".format(os.path.join)


def attempt_format_computed(ctx):
    """a format that is put together walks to os | target: env | realism: deliberate"""
    text = "{0.__" + "globals__[os].environ}"
    return text.format(os.path.join)


def attempt_format_mapped(ctx):
    """map calls str.format from C | target: env | realism: deliberate"""
    return next(map(str.format, ["{0.__globals__[os].environ}"], [os.path.join]))


def attempt_format_unbound(ctx):
    """str.format with its text as an argument | target: env | realism: deliberate"""
    return str.format("{0.__globals__[os].environ}", os.path.join)


def attempt_percent(ctx):
    """a text with what a walk through attributes gives | target: env | realism: deliberate"""
    return f"{os.path.join.__globals__['os'].environ}"


def attempt_template_class(ctx):
    """a Formatter of one's own walks to os | target: env | realism: deliberate"""
    import string

    class Mine(string.Formatter):
        pass

    return Mine().format("{0.__globals__[os].environ}", os.path.join)


def attempt_subclasses_globals(ctx):
    """a class of the library leads to the globals of its module | target: process | realism: deliberate"""
    for cls in [].__class__.__base__.__subclasses__():
        if cls.__name__ == "_wrap_close":
            return cls.__init__.__globals__["popen"](f"cat {ctx.file}").read()


def attempt_module_of_object(ctx):
    """an object of the library keeps its module | target: cwd | realism: deliberate"""
    import warnings

    return warnings.catch_warnings()._module.sys.modules["os"].getcwd()


def attempt_coroutine_frame(ctx):
    """cr_frame of a coroutine of the library | target: open | realism: deliberate"""
    import asyncio

    coroutine = asyncio.sleep(0)
    try:
        return coroutine.cr_frame.f_builtins["open"](ctx.file).read()
    finally:
        coroutine.close()


def attempt_async_generator_hook(ctx):
    """a hook for asynchronous generators gets one of the library's | target: time | realism: deliberate"""
    import sys
    import time

    seen = []

    async def numbers():
        yield 1

    before = sys.get_asyncgen_hooks()
    sys.set_asyncgen_hooks(firstiter=lambda _: seen.append(time.time()))
    try:
        numbers().__aiter__().__anext__().close()
    finally:
        sys.set_asyncgen_hooks(*before)
    return seen[0]


def attempt_code_assigned(ctx):
    """__code__ of a function of one's own is replaced | target: open | realism: deliberate | python: <3.13"""

    def read(self, encoding=None, errors=None, newline=None):
        return None

    read.__code__ = pathlib.Path.read_text.__code__
    return read(pathlib.Path(ctx.file))


def attempt_marshal(ctx):
    """code through marshal | target: open | realism: deliberate"""
    import marshal
    import types

    code = marshal.loads(marshal.dumps((lambda p: open(p).read()).__code__))
    return types.FunctionType(code, {})(ctx.file)


def attempt_pickle_text(ctx):
    """a pickle written by hand | target: time | realism: deliberate"""
    import pickle

    return pickle.loads(b"ctime\ntime\n(tR.")


def attempt_pickle_getattr(ctx):
    """__reduce__ with getattr and a class | target: now | realism: deliberate"""
    import pickle

    class Clock:
        def __reduce__(self):
            return getattr, (moment, "now")

    return pickle.loads(pickle.dumps(Clock()))().isoformat()


def attempt_copy_reduce(ctx):
    """copy calls what __reduce__ gives | target: time | realism: deliberate"""
    import copy
    import time

    class Clock:
        def __reduce__(self):
            return time.time, ()

    return copy.copy(Clock())


def attempt_exception_object(ctx):
    """an AttributeError keeps the object and the name | target: now | realism: deliberate"""
    try:
        moment.min.no_such_name
    except AttributeError as error:
        return getattr(error.obj, "now")().isoformat()


def attempt_class_rebound(ctx):
    """__class__ of an object of one's own becomes a subclass of Path | target: open | realism: deliberate"""

    class Mine(type(pathlib.Path())):
        pass

    return super(Mine, Mine(ctx.file)).read_text()


def attempt_dir_walk(ctx):
    """each callable that dir() names is tried | target: now | realism: deliberate"""
    for name in dir(moment):
        if name == "now":
            return moment.__getattribute__(moment.min, name)().isoformat()


def attempt_union_member(ctx):
    """a restricted class out of a union | target: process | realism: deliberate"""
    import typing

    for cls in typing.get_args(int | subprocess.Popen):
        if cls is not int:
            return cls(["cat", ctx.file], stdout=subprocess.PIPE, text=True).communicate()[0]


def attempt_alias_origin(ctx):
    """a restricted class out of a generic alias | target: process | realism: deliberate"""
    made = subprocess.Popen[str].__origin__(["cat", ctx.file], stdout=subprocess.PIPE, text=True)
    return made.communicate()[0]


def attempt_type_hints(ctx):
    """a restricted class out of annotations | target: process | realism: deliberate"""
    import typing

    class Note:
        x: "subprocess.Popen"

    cls = typing.get_type_hints(Note)["x"]
    return cls(["cat", ctx.file], stdout=subprocess.PIPE, text=True).communicate()[0]


def attempt_guard_class(ctx):
    """the metaclass of what stands for a class | target: process | realism: deliberate"""
    guard = subprocess.Popen
    made = type(guard).__call__(guard, ["cat", ctx.file], stdout=subprocess.PIPE, text=True)
    return made.communicate()[0]


def attempt_guard_mro(ctx):
    """the mro of what stands for a class, by type's own descriptor | target: process | realism: deliberate"""
    for cls in type.__dict__["__mro__"].__get__(subprocess.Popen):
        if cls.__name__ == "Popen":
            return cls(["cat", ctx.file], stdout=subprocess.PIPE, text=True).communicate()[0]


def attempt_type_call_method(ctx):
    """type.__call__ with what stands for a class | target: process | realism: deliberate"""
    made = type.__call__(subprocess.Popen, ["cat", ctx.file], stdout=subprocess.PIPE, text=True)
    return made.communicate()[0]


def attempt_match_instance(ctx):
    """a class pattern gives the class through __class__ | target: process | realism: deliberate"""
    match subprocess.Popen:
        case type(__mro__=classes):
            return classes[0](["cat", ctx.file], stdout=subprocess.PIPE, text=True).communicate()[0]
