"""Says which of the dotted paths on its standard input this Python has: a JSON list of booleans.

A path may start with any number of modules, which are imported, and goes on with members.
"""

import importlib
import json
import os
import sys
import warnings


def has(path: str) -> bool:
    names = path.split(".")
    if names[0] == "__builtins__":
        names[0] = "builtins"
    if len(names) == 2 and names[0] == "os" and names[1].startswith("_"):
        names[0] = os.name  # what `os` takes from its native module leaves these behind
    try:
        value = importlib.import_module(names[0])
    except ImportError:
        return False
    for count, name in enumerate(names[1:], 2):
        try:
            value = getattr(value, name)
        except AttributeError:
            try:
                value = importlib.import_module(".".join(names[:count]))
            except ImportError:
                return False
    return True


def main() -> None:
    warnings.simplefilter("ignore")
    json.dump([has(path) for path in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
