"""Registries of the library that programs fill: what they register works for them."""

import atexit
import calendar
import codecs
import collections.abc
import csv
import decimal
import functools
import gc
import io
import mimetypes
import numbers
import pkgutil
import sys
import types
import xml.etree.ElementTree as ET
from csv import DictReader, reader
from decimal import getcontext
from mimetypes import guess_type

decimal.getcontext().rounding = decimal.ROUND_UP


def program_csv_dialect():
    """a dialect of one's own, by name, and through names imported before"""
    csv.register_dialect("corpus", delimiter=";", quotechar="'")
    rows = list(csv.reader(io.StringIO("a;'b;c'\n"), "corpus"))
    rows += reader(io.StringIO("d;e\n"), dialect="corpus")
    rows += DictReader(io.StringIO("x;y\n1;2\n"), dialect="corpus")
    known = "corpus" in csv.list_dialects(), csv.get_dialect("corpus").delimiter
    csv.unregister_dialect("corpus")
    return rows, known, "corpus" in csv.list_dialects()


def program_csv_limit():
    """the limit of a field"""
    before = csv.field_size_limit(10)
    try:
        list(csv.reader(["a" * 20]))
        found = "read"
    except csv.Error as error:
        found = str(error)
    return before, csv.field_size_limit(), found


def program_calendar():
    """the first day of a week"""
    calendar.setfirstweekday(calendar.SUNDAY)
    return calendar.firstweekday(), calendar.monthcalendar(2024, 2)[0]


def program_mime_types():
    """a type of one's own, through a name imported before"""
    mimetypes.add_type("application/x-corpus", ".corpus")
    return (
        mimetypes.guess_type("a.corpus"),
        guess_type("b.corpus"),
        mimetypes.guess_extension("application/x-corpus"),
        mimetypes.guess_type("a.html"),
        ".corpus" in mimetypes.types_map,
    )


def program_xml_namespace():
    """the prefix of a namespace"""
    ET.register_namespace("corpus", "urn:corpus:programs")
    element = ET.fromstring('<x:a xmlns:x="urn:corpus:programs"><x:b/></x:a>')
    ET.SubElement(element, "{urn:corpus:programs}c").text = "t"
    return ET.tostring(element)


def program_decimal():
    """a precision of one's own; what was set at import holds"""
    rounding = decimal.getcontext().rounding
    getcontext().prec = 5
    third = decimal.Decimal(1) / 3
    with decimal.localcontext() as context:
        context.prec = 3
        inner = +third
    own = decimal.Context(prec=7)
    decimal.setcontext(own)
    return rounding, third, inner, decimal.getcontext() is own, decimal.Decimal(2) / 3


def program_codec():
    """a codec of one's own"""

    def search(name):
        if name != "corpus_rot":
            return None
        info = codecs.lookup("rot13")
        return codecs.CodecInfo(info.encode, info.decode, name="corpus_rot")

    codecs.register(search)
    try:
        codecs.lookup("corpus_none")
        missing = "found"
    except LookupError as error:
        missing = str(error)
    return (
        codecs.encode("abc", "corpus_rot"),
        codecs.decode("nop", "corpus-rot"),
        codecs.lookup("corpus_rot").name,
        codecs.getencoder("corpus_rot")("x"),
        missing,
        codecs.encode("ä", "latin-1"),
    )


def program_abstract_classes():
    """classes of one's own registered with abstract ones of the library"""

    class Mine:
        pass

    @collections.abc.Mapping.register
    class Other:
        pass

    numbers.Number.register(Mine)
    return (
        isinstance(Mine(), numbers.Number),
        isinstance(Other(), collections.abc.Mapping),
        isinstance(Mine(), collections.abc.Mapping),
        collections.abc.Sequence.register(list) is list,
        isinstance(collections.abc.Sized.register(Mine), type),
    )


def program_abstract_class_of_one_s_own():
    """a class of the library registered with an abstract class of one's own"""

    class Shape(metaclass=__import__("abc").ABCMeta):
        pass

    Shape.register(complex)
    return isinstance(1j, Shape), isinstance(1, Shape)


def program_registers():
    """methods of that name which are something else"""

    class Registry(dict):
        def register(self, name):
            return lambda function: self.setdefault(name, function)

    registry = Registry()

    @registry.register("a")
    def a():
        return 1

    @functools.singledispatch
    def kind(value):
        return "object"

    @kind.register
    def _(value: int):
        return "int"

    kind.register(str, lambda value: "str")
    return registry["a"] is a, kind(1), kind("x"), kind(None), sorted(Registry.__dict__)[-1]


def program_dispatcher_of_the_library():
    """a function registered with a singledispatch function of the library"""

    class Importer:
        pass

    @pkgutil.iter_importer_modules.register(Importer)
    def _(importer, prefix=""):
        return [(prefix + "corpus", False)]

    return list(pkgutil.iter_importer_modules(Importer(), "x."))


def program_settings():
    """settings that are read back"""
    gc.set_threshold(500, 5)
    gc.disable()
    sys.setswitchinterval(0.01)
    found = gc.get_threshold()[:2], gc.isenabled(), sys.getswitchinterval()
    gc.enable()
    sys.setrecursionlimit(sys.getrecursionlimit())
    return found, gc.isenabled()


def program_at_exit():
    """atexit.register as a decorator"""

    @atexit.register
    def over():
        pass

    return isinstance(over, types.FunctionType), atexit.unregister(over)


def program_dictionary_of_a_module():
    """vars(module) is a dictionary that can be written to"""
    vars(functools)["corpus_program"] = 1
    types.__dict__["corpus_program"] = 2
    found = functools.corpus_program, types.corpus_program, type(vars(functools)).__name__
    del functools.corpus_program, types.corpus_program
    return found, hasattr(functools, "corpus_program"), callable(functools.partial(int))
