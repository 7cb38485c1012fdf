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
