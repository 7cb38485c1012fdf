"""A package with relative imports, `__all__`, and names that are made when asked for."""

import importlib

from .weights import HEAVY, LIGHT

__all__ = ["HEAVY", "LIGHT", "labels"]
_hidden = "not exported"


def __getattr__(name):
    if name == "postage":
        return importlib.import_module(".postage", __name__)
    if name.startswith("rate_"):
        return len(name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return [*__all__, "postage"]
