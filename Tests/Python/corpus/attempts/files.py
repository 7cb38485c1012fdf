"""Ways to the disk."""

import builtins
import functools
import io
import os
import pathlib

OPENED = open
READ = pathlib.Path.read_text
HANDLERS = {"read": open, "folder": os.getcwd}


class Reader:
    """Captured the builtin when the module was imported."""

    opener = staticmethod(open)

    def __init__(self, opener=open):
        self.own = opener


def attempt_captured_open(ctx):
    """a global got open at import time | target: open | realism: accident"""
    return OPENED(ctx.file).read()


def attempt_captured_attribute(ctx):
    """a class attribute got open at import time | target: open | realism: accident"""
    return Reader.opener(ctx.file).read()


def attempt_captured_default(ctx):
    """a default argument got open at import time | target: open | realism: accident"""
    return Reader().own(ctx.file).read()


def attempt_captured_method(ctx):
    """Path.read_text was read at import time | target: open | realism: accident"""
    return READ(pathlib.Path(ctx.file))


def attempt_captured_getcwd(ctx):
    """os.getcwd in a table made at import time | target: cwd | realism: accident"""
    return HANDLERS["folder"]()


def attempt_write_mode(ctx):
    """open to write | target: open | realism: accident"""
    with open(ctx.out, "w") as file:
        file.write("x")


def attempt_io_open(ctx):
    """io.open is open | target: open | realism: accident"""
    return io.open(ctx.file).read()


def attempt_io_fileio(ctx):
    """io.FileIO opens a file itself | target: open | realism: deliberate"""
    return io.FileIO(ctx.file).readall().decode()


def attempt_io_open_code(ctx):
    """io.open_code | target: open | realism: deliberate"""
    return io.open_code(ctx.file).read().decode()


def attempt_c_io(ctx):
    """_io.open is open | target: open | realism: deliberate"""
    import _io

    return _io.open(ctx.file).read()


def attempt_python_io(ctx):
    """_pyio.open in pure Python | target: open | realism: deliberate"""
    import _pyio

    return _pyio.open(ctx.file).read()


def attempt_posix_open(ctx):
    """posix.open and posix.read | target: open | realism: deliberate"""
    import posix

    return posix.read(posix.open(ctx.file, 0), 99).decode()


def attempt_posix_getcwd(ctx):
    """posix.getcwd | target: cwd | realism: deliberate"""
    import posix

    return posix.getcwd()


def attempt_os_open(ctx):
    """os.open and os.fdopen | target: open | realism: accident"""
    return os.fdopen(os.open(ctx.file, os.O_RDONLY)).read()


def attempt_os_getcwd(ctx):
    """os.getcwd | target: cwd | realism: accident"""
    return os.getcwd()


def attempt_os_listdir(ctx):
    """os.listdir in map, and a file is read with what it says | target: open | realism: accident"""
    names = next(map(os.listdir, [ctx.folder]))
    return pathlib.Path(ctx.folder, [n for n in names if n == "f.txt"][0]).read_text()


def attempt_os_globals(ctx):
    """os functions' __globals__ have the module's own names | target: cwd | realism: deliberate"""
    return os.walk.__globals__["getcwd"]()


def attempt_abspath(ctx):
    """os.path.abspath joins the current folder | target: cwd | realism: accident"""
    return os.path.abspath("")


def attempt_posixpath_realpath(ctx):
    """posixpath.realpath by its own name | target: cwd | realism: accident"""
    import posixpath

    return posixpath.realpath(".")


def attempt_genericpath(ctx):
    """genericpath.os is os | target: cwd | realism: deliberate"""
    import genericpath

    return genericpath.os.getcwd()


def attempt_path_read(ctx):
    """Path.read_text | target: open | realism: accident"""
    return pathlib.Path(ctx.file).read_text()


def attempt_path_concrete(ctx):
    """the concrete class of a path reads | target: open | realism: accident"""
    return type(pathlib.Path())(ctx.file).read_bytes().decode()


def attempt_path_of_join(ctx):
    """the result of a join opens | target: open | realism: accident"""
    return (pathlib.Path(ctx.folder) / "f.txt").open().read()


def attempt_path_of_parent(ctx):
    """a path made from parent and with_name reads | target: open | realism: accident"""
    return pathlib.Path(ctx.out).with_name("f.txt").read_text()


def attempt_path_subclass(ctx):
    """an inherited read_text of a subclass of a path | target: open | realism: accident"""

    class Mine(type(pathlib.Path())):
        pass

    return Mine(ctx.file).read_text()


def attempt_path_glob(ctx):
    """Path.iterdir and what it yields | target: open | realism: accident"""
    return [path for path in pathlib.Path(ctx.folder).iterdir() if path.name == "f.txt"][
        0
    ].read_text()


def attempt_path_absolute(ctx):
    """Path.absolute joins the current folder | target: cwd | realism: accident"""
    return str(pathlib.Path("").absolute())


def attempt_path_cwd(ctx):
    """Path.cwd through the concrete class | target: cwd | realism: accident"""
    return str(type(pathlib.Path("x")).cwd())


def attempt_path_write(ctx):
    """Path.write_text through getattr with a made-up name | target: open | realism: deliberate"""
    getattr(pathlib.Path(ctx.out), "write" + "_" + "text")("x")


def attempt_path_touch(ctx):
    """Path.touch through a partial | target: open | realism: accident"""
    functools.partial(pathlib.Path.touch, pathlib.Path(ctx.out))()


def attempt_path_map(ctx):
    """map calls an unbound Path.read_text from C | target: open | realism: deliberate"""
    return next(map(pathlib.Path.read_text, [pathlib.Path(ctx.file)]))


def attempt_path_dictionary(ctx):
    """read_text out of the class's dictionary | target: open | realism: deliberate"""
    for cls in type(pathlib.Path()).__mro__:
        if "read_text" in vars(cls):
            return cls.__dict__["read_text"](pathlib.Path(ctx.file))


def attempt_path_accessor(ctx):
    """pathlib's own io and os modules | target: open | realism: deliberate | python: <3.13"""
    return pathlib.io.open(ctx.file).read()


def attempt_path_method_globals(ctx):
    """__globals__ of a method of PurePath | target: cwd | realism: deliberate"""
    return pathlib.PurePath.with_name.__globals__["os"].getcwd()


def attempt_path_walk(ctx):
    """Path.walk finds files | target: open | realism: accident | python: >=3.12"""
    for folder, _, names in pathlib.Path(ctx.folder).walk():
        return io.open(folder / names[names.index("f.txt")]).read()


def attempt_path_readlink(ctx):
    """Path.readlink, of which the policy has a misspelling | target: open | realism: accident"""
    import posix

    link = f"{ctx.folder}/link{len(posix.listdir(ctx.folder))}"
    posix.symlink(ctx.file, link)
    return io.open(pathlib.Path(link).readlink()).read()


def attempt_builtins_module(ctx):
    """builtins.open | target: open | realism: accident"""
    return builtins.open(ctx.file).read()


def attempt_builtins_getattr(ctx):
    """getattr of the builtins module | target: open | realism: deliberate"""
    return getattr(builtins, "open")(ctx.file).read()


def attempt_builtins_dictionary(ctx):
    """__builtins__ as it stands in the globals | target: open | realism: deliberate"""
    table = globals()["__builtins__"]
    return (table if isinstance(table, dict) else vars(table))["open"](ctx.file).read()


def attempt_builtin_self(ctx):
    """print.__self__ is the builtins module | target: open | realism: deliberate"""
    return print.__self__.open(ctx.file).read()


def attempt_function_builtins(ctx):
    """__builtins__ of a function of the standard library | target: open | realism: deliberate"""
    return functools.wraps.__builtins__["open"](ctx.file).read()


def attempt_globals_builtins(ctx):
    """the globals of a function of the standard library | target: open | realism: deliberate"""
    import textwrap

    return textwrap.wrap.__globals__["__builtins__"]["open"](ctx.file).read()


def attempt_globals_of_note(ctx):
    """the globals of a callable that the host passed in | target: open | realism: deliberate"""
    return ctx.note.__globals__["Path"](ctx.file).read_text()


def attempt_init_globals(ctx):
    """the globals of __init__ of a class of the standard library | target: open | realism: deliberate"""
    import contextlib

    return (
        contextlib.ExitStack.__init__.__globals__["sys"]
        .modules["os"]
        .popen(f"cat {ctx.file}")
        .read()
    )


def attempt_eval(ctx):
    """eval of text | target: open | realism: accident"""
    return eval(f"open({ctx.file!r}).read()")


def attempt_eval_own_globals(ctx):
    """eval with globals that bring no builtins | target: open | realism: deliberate"""
    return eval("open(name).read()", {"name": ctx.file})


def attempt_eval_real_builtins(ctx):
    """eval with __builtins__ given by hand | target: open | realism: deliberate"""
    return eval("open(name).read()", {"name": ctx.file, "__builtins__": print.__self__})


def attempt_exec(ctx):
    """exec of a function with fresh globals | target: open | realism: deliberate"""
    names = {}
    exec("def read(name):\n    return open(name).read()", names)
    return names["read"](ctx.file)


def attempt_compile(ctx):
    """compile and exec of a code object with a gated name | target: open | realism: deliberate"""
    code = compile("found = pathlib.Path(name).read_text()", "<made>", "exec")
    names = {"pathlib": pathlib, "name": ctx.file}
    exec(code, names)
    return names["found"]


def attempt_compile_tree(ctx):
    """a tree of ast is compiled | target: open | realism: deliberate"""
    import ast

    tree = ast.parse("pathlib.Path(name).read_text()", mode="eval")
    return eval(compile(tree, "<tree>", "eval"), {"pathlib": pathlib, "name": ctx.file})


def attempt_function_type(ctx):
    """types.FunctionType with globals of its own | target: open | realism: deliberate"""
    import types

    def read(name):
        return open(name).read()

    return types.FunctionType(read.__code__, {})(ctx.file)


def attempt_function_real_globals(ctx):
    """types.FunctionType with the globals of a module of the host | target: open | realism: deliberate"""
    import types

    def read(name):
        return open(name).read()

    return types.FunctionType(read.__code__, vars(functools))(ctx.file)


def attempt_code_replace(ctx):
    """the names of a code object are replaced | target: open | realism: deliberate"""
    import types

    def read(path):
        return path.absolute()

    code = read.__code__.replace(co_names=("read_text",))
    return types.FunctionType(code, {})(pathlib.Path(ctx.file))


def attempt_shadowed_name(ctx):
    """a module-level name that hides a builtin is deleted again | target: open | realism: deliberate"""
    names = {"open": None, "name": ctx.file}
    exec("del open\nfound = open(name).read()", names)
    return names["found"]


def attempt_linecache(ctx):
    """linecache.getline | target: open | realism: accident"""
    import linecache

    return linecache.getline(ctx.file, 1)


def attempt_tokenize(ctx):
    """tokenize.open | target: open | realism: accident"""
    import tokenize

    return tokenize.open(ctx.file).read()


def attempt_codecs(ctx):
    """codecs.open | target: open | realism: accident"""
    import codecs

    return codecs.open(ctx.file, encoding="utf-8").read()


def attempt_zip_file(ctx):
    """ZipFile reads an archive on disk | target: open | realism: accident"""
    import zipfile

    return zipfile.ZipFile(ctx.zip).read("t").decode()


def attempt_zip_subclass(ctx):
    """an inherited extractall of a subclass of ZipFile | target: open | realism: accident"""
    import zipfile

    class Mine(zipfile.ZipFile):
        pass

    Mine(ctx.zip).extractall(ctx.folder + "/new")
    return io.open(ctx.folder + "/new/t").read()


def attempt_tar_open(ctx):
    """tarfile.TarFile.open writes an archive | target: open | realism: accident"""
    import tarfile

    tarfile.TarFile.open(ctx.out, "w").close()


def attempt_gzip_open(ctx):
    """gzip.GzipFile opens a file by its name | target: open | realism: accident"""
    import gzip

    gzip.GzipFile(ctx.out, "wb").close()


def attempt_bz2_file(ctx):
    """bz2.BZ2File opens a file by its name | target: open | realism: accident"""
    import bz2

    bz2.BZ2File(ctx.out, "wb").close()


def attempt_sqlite(ctx):
    """sqlite3 on disk | target: open | realism: accident"""
    import sqlite3

    return sqlite3.connect(ctx.db).execute("select token from t").fetchone()[0]


def attempt_configparser(ctx):
    """ConfigParser.read | target: open | realism: accident"""
    import configparser

    parser = configparser.ConfigParser()
    parser.read(ctx.ini)
    return parser["corpus"]["token"]


def attempt_fileinput(ctx):
    """fileinput.input | target: open | realism: accident"""
    import fileinput

    return fileinput.FileInput([ctx.file]).readline()


def attempt_tempfile(ctx):
    """tempfile.mkstemp in a folder that is given | target: open | realism: accident"""
    import tempfile

    handle, name = tempfile.mkstemp(dir=ctx.folder)
    pathlib.PurePath(name)
    return io.open(ctx.file).read() if handle else None


def attempt_temporary_file(ctx):
    """a temporary file with a name | target: open | realism: accident"""
    import tempfile

    with tempfile.NamedTemporaryFile("w", dir=ctx.folder) as file:
        return io.open(ctx.file).read() if file.name else None


def attempt_shutil(ctx):
    """shutil.copy | target: open | realism: accident"""
    import shutil

    shutil.copy(ctx.file, ctx.out)


def attempt_shutil_os(ctx):
    """shutil.os is os | target: cwd | realism: deliberate"""
    import shutil

    return shutil.os.getcwd()


def attempt_glob(ctx):
    """glob.glob | target: cwd | realism: accident"""
    import glob
    import posixpath

    found = glob.glob(posixpath.join(glob.escape(ctx.folder), "f.t*"))
    return posixpath.dirname(found[0])


def attempt_file_handler(ctx):
    """logging.FileHandler opens its file | target: open | realism: accident"""
    import logging

    logging.FileHandler(ctx.out).close()


def attempt_runpy(ctx):
    """runpy.run_path executes a file with real builtins | target: open | realism: deliberate"""
    import runpy

    return runpy.run_path(ctx.py)["TOKEN"]


def attempt_loader_data(ctx):
    """the loader of a module reads any file | target: open | realism: deliberate"""
    return __loader__.get_data(ctx.file).decode()


def attempt_spec_loader(ctx):
    """the loader of a module of the standard library reads any file | target: open | realism: deliberate"""
    return functools.__spec__.loader.get_data(ctx.file).decode()


def attempt_source_file_loader(ctx):
    """a loader from importlib.machinery executes a file | target: open | realism: deliberate"""
    import importlib.machinery

    return importlib.machinery.SourceFileLoader("made", ctx.py).load_module().TOKEN


def attempt_pkgutil(ctx):
    """pkgutil.get_data reads beside a package | target: open | realism: accident"""
    import pkgutil

    data = pkgutil.get_data("json", "decoder.py")
    return io.open(ctx.file).read() if data else None


def attempt_print_file(ctx):
    """print to a file opened through its opener | target: open | realism: accident"""
    import contextlib

    with contextlib.ExitStack() as stack:
        file = stack.enter_context(open(ctx.out, "w"))
        print("x", file=file)


def attempt_xml_parse(ctx):
    """ElementTree writes a file | target: open | realism: accident"""
    import xml.etree.ElementTree as ET

    ET.ElementTree(ET.Element("a")).write(ctx.out)


def attempt_mailbox(ctx):
    """mailbox.mbox makes a file | target: open | realism: accident"""
    import mailbox

    mailbox.mbox(ctx.out).close()


def attempt_wave(ctx):
    """wave.open writes a file | target: open | realism: accident"""
    import wave

    with wave.open(ctx.out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)


def attempt_pickle_reduce(ctx):
    """pickle loads what reads a file when it is rebuilt | target: open | realism: deliberate"""
    import pickle

    class Reads:
        def __reduce__(self):
            return io.open, (ctx.file,)

    return pickle.loads(pickle.dumps(Reads())).read()


def attempt_pickle_text(ctx):
    """a pickle names builtins.open and applies it | target: open | realism: deliberate"""
    import pickle

    return pickle.loads(b"cbuiltins\nopen\n(V" + ctx.file.encode() + b"\ntR.").read()


def attempt_pickle_posix(ctx):
    """a pickle names posix.getcwd | target: cwd | realism: deliberate"""
    import pickle

    return pickle.loads(b"cposix\ngetcwd\n(tR.")


def attempt_pickle_python(ctx):
    """the unpickler in Python finds os.getcwd | target: cwd | realism: deliberate"""
    import pickle

    return pickle._loads(b"cos\ngetcwd\n(tR.")


def attempt_find_class(ctx):
    """Unpickler.find_class resolves a name | target: cwd | realism: deliberate"""
    import pickle

    return pickle.Unpickler(io.BytesIO()).find_class("os", "getcwd")()


def attempt_copyreg(ctx):
    """copy calls what __reduce__ returns | target: open | realism: deliberate"""
    import copy

    class Reads:
        def __reduce__(self):
            return open, (ctx.file,)

    return copy.copy(Reads()).read()
