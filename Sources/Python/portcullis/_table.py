"""The opt-in that shows the modules of sandboxes to C code, such as the pickle module's."""

from __future__ import annotations

import atexit

from portcullis import _gate
from portcullis._sandbox import install


def overlay_interpreter_table() -> None:
    """Let C code of the host find the classes of the sandbox that is active on its thread.

    Sandboxed code pickles without it. It is for code that is passed through and pickles objects of
    workflow code itself. It holds for the process until it ends, or until
    ``restore_interpreter_table()``. An extension that reads the table of modules as a plain
    dictionary, and not by CPython's functions, finds it empty meanwhile.

    Raises:
        RuntimeError: this Python keeps its table elsewhere or reads it in another way; nothing
            has changed then.
    """
    install()
    _gate.overlay_interpreter_table()
    atexit.register(_gate.restore_interpreter_table)


def restore_interpreter_table() -> None:
    """Undo ``overlay_interpreter_table()``; nothing happens if it was not called."""
    _gate.restore_interpreter_table()
    atexit.unregister(_gate.restore_interpreter_table)
