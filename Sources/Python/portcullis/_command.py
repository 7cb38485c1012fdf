"""The command ``portcullis`` of the wheel, which has the runtime but not the compiler.

It hands over to the compiler where that is installed, and else says how to get it.
"""

from __future__ import annotations

import os
import sys

_HOW = """\
portcullis: the compiler of policies is not part of the Python package.

The package enforces compiled policies (.policybc) and brings these:
{shipped}

To compile policies of your own, build the command line tool from the sources of portcullis
{version} (`make build`, with Swift 6.2 or later) and put it on the search path, or name it in
$PORTCULLIS; this command then runs it.
"""


def compiler() -> str | None:
    """The path of the compiler: ``$PORTCULLIS``, else the program on the search path."""
    named = os.environ.get("PORTCULLIS")
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    candidates = [named] if named else [os.path.join(folder, "portcullis") for folder in folders]
    return next((path for path in candidates if _is_program(path)), None)


def _is_program(path: str) -> bool:
    """Whether a file is a native program, as the compiler is and the script of a wheel is not."""
    try:
        with open(path, "rb") as file:
            return file.read(4) == b"\x7fELF" and os.access(path, os.X_OK)
    except OSError:
        return False


def main() -> int:
    """Run the compiler with the arguments of this process.

    Returns:
        2 if there is none; otherwise the process has become the compiler.
    """
    if program := compiler():
        os.execv(program, [program, *sys.argv[1:]])
    from importlib import metadata

    from portcullis import _shipped

    shipped = "\n".join(f"  {_shipped.path(name)}" for name in _shipped.names())
    sys.stderr.write(_HOW.format(shipped=shipped, version=metadata.version("portcullis")))
    return 2
