"""What modules do to themselves and to each other."""

import importlib
import importlib.util
import inspect
import json
import sys
import types

import callable_module
import counted
import parcels
import parcels.sorting as sorting
import replaced
import ring
import scattered.left
from parcels import *
from ring.second import both as both_of_second
from scattered import right

try:
    import failing
except LookupError as error:
    FAILED = str(error)

try:
    import no_such_accelerator as accelerator
except ImportError:
    accelerator = None

_this = sys.modules[__name__]
COUNT = 0


def __getattr__(name):
    if name == "lazy":
        return "made when asked for"
    raise AttributeError(name)


def program_circular_imports():
    """Two modules of a package that import each other."""
    return ring.TOTAL, ring.first.both(), both_of_second(), ring.first.second is ring.second


def program_relative_imports():
    """Relative imports one and two levels up."""
    return sorting.chute(31), sorting.HEAVY, sorting.rules.weights is parcels.weights


def program_namespace_package():
    """A package in two folders without __init__."""
    return scattered.left.LEFT, right.RIGHT, scattered.__name__, len(list(scattered.__path__))


def program_star_import():
    """A star import takes __all__, submodules in it too, and nothing hidden."""
    return HEAVY, labels.label(1), "_hidden" in globals(), "weights" in globals()


def program_module_getattr():
    """A module's __getattr__ and __dir__, a lazy submodule among the names."""
    try:
        parcels.nothing
    except AttributeError as error:
        refusal = str(error)
    return parcels.postage.price(5), parcels.rate_one, refusal, sorted(dir(parcels))


def program_own_module_getattr():
    """The program's own module has __getattr__."""
    return _this.lazy, getattr(_this, "absent", "default"), hasattr(_this, "lazy")


def program_own_module_in_table():
    """sys.modules[__name__] is the module whose globals these are."""
    module = sys.modules[__name__]
    module.COUNT += 5
    return COUNT, vars(module) is globals(), module.__name__ == __name__, _this is module


def program_module_replaced():
    """A module that put an object in its place."""
    return replaced.colour, replaced.anything, type(replaced).__name__


def program_module_class_changed():
    """A module whose class was changed: callable, with a property."""
    return (
        callable_module(6),
        callable_module.doubled,
        isinstance(callable_module, types.ModuleType),
    )


def program_module_state():
    """State at module level begins anew in each run."""
    counted.limits["high"] = 9
    return counted.note("a"), counted.note("b"), list(counted.calls), counted.limits


def program_failed_import():
    """An import that failed leaves no module, and fails again."""
    try:
        importlib.import_module("failing")
    except LookupError as error:
        again = str(error)
    return FAILED, again, "failing" in sys.modules


def program_missing_import():
    """ModuleNotFoundError names what is missing; a fallback is taken."""
    try:
        from parcels import no_such_name
    except ImportError as error:
        first = error.name, "no_such_name" in str(error)
    try:
        import parcels.no_such_module
    except ModuleNotFoundError as error:
        second = error.name
    return accelerator, first, second


def program_import_module():
    """importlib.import_module, absolute and relative."""
    module = importlib.import_module("parcels.weights")
    relative = importlib.import_module(".rules", "parcels.sorting")
    return module is parcels.weights, relative.chute(2), importlib.import_module("json") is json


def program_dunder_import():
    """__import__ gives the top-level package, or the module when there is a list of names."""
    top = __import__("parcels.sorting.rules")
    leaf = __import__("parcels.sorting.rules", fromlist=["chute"])
    return (
        top.__name__,
        leaf.__name__,
        __import__("weights", vars(parcels), None, ["LIGHT"], 1).LIGHT,
    )


def program_module_made_by_hand():
    """A module that is made with types.ModuleType and put into sys.modules."""
    made = types.ModuleType("handmade")
    exec("def twice(x):\n    return x * 2\nNAME = __name__", vars(made))
    sys.modules["handmade"] = made
    import handmade
    from handmade import twice

    result = handmade is made, twice(4), handmade.NAME
    del sys.modules["handmade"]
    try:
        import handmade
    except ModuleNotFoundError:
        return result, "gone"


def program_module_attributes():
    """__spec__, __package__, __file__ and __path__ of packages."""
    return [
        parcels.__spec__.name,
        parcels.sorting.__package__,
        parcels.__spec__.submodule_search_locations == list(parcels.__path__),
        inspect.getmodule(sorting.chute) is sorting.rules,
        importlib.util.find_spec("parcels.weights").name,
    ]


def program_import_in_function():
    """An import in a function binds a local name, the same module."""

    def inner():
        import parcels.weights as w
        from parcels import labels as l

        return w, l

    return inner()[0] is parcels.weights, inner()[1] is labels, "w" in globals()


def program_main_module():
    """The module __main__ exists and __name__ is the module's."""
    import __main__

    return isinstance(__main__, types.ModuleType), __name__ in sys.modules, __name__ == "__main__"
