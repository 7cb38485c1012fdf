"""Registries and settings of the process that are written through calls into the host.

Those that the host's own code reads back for a sandbox are divided (`_registries`), and what is
registered with functions is kept by the sandbox (`_registrations`); these are the others.

Each has an entry in one of the tables below, which say what becomes of the call: it acts on
something of the run's own, its value is kept for the run, or it is left to the host. The last is a
warning while modules are imported, where a package would not load otherwise, and an error when a
workflow runs.
"""

from __future__ import annotations

import abc
import decimal
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from portcullis import _audit, _flags, _violation
from portcullis._leaks import IGNORED, PRIVATE, STOPPED
from portcullis._logging import RunLogger, RunLogging, is_of_host
from portcullis._registries import divide_dispatch

if TYPE_CHECKING:
    from portcullis._isolation import PrivateState

#: Settings that change no result: the run reads back what it has set, the process keeps its own.
#: By module, the function that sets and the one that reads.
KEPT: dict[str, dict[str, str]] = {
    "sys": {"setswitchinterval": "getswitchinterval"},
    "gc": {"set_debug": "get_debug"},
    "asyncio": {"set_event_loop_policy": "get_event_loop_policy"},
}

#: What does nothing in a sandbox and is missed by nobody.
UNHEARD: dict[str, tuple[str, ...]] = {
    "_elementtree": ("_set_factories",),
    "faulthandler": ("enable", "disable", "register", "unregister", "dump_traceback_later"),
    "gc": ("freeze", "unfreeze"),
    "logging": ("captureWarnings", "shutdown"),
    "logging.config": ("dictConfig", "fileConfig"),
}

#: What is for the host alone to say, since there is one of it and the interpreter itself reads it.
HOST_ONLY: dict[str, tuple[str, ...]] = {
    "locale": ("bindtextdomain", "textdomain"),
    "copyreg": ("add_extension", "remove_extension"),
    "email.charset": ("add_alias", "add_charset", "add_codec"),
    "gettext": ("bindtextdomain", "install", "textdomain"),
    "shutil": (
        *("register_archive_format", "register_unpack_format"),
        *("unregister_archive_format", "unregister_unpack_format"),
    ),
    "sqlite3": ("enable_callback_tracebacks", "register_adapter", "register_converter"),
    "sys": ("addaudithook", "setdlopenflags", "setprofile", "settrace"),
    "threading": ("setprofile", "setprofile_all_threads", "settrace", "settrace_all_threads"),
    "tracemalloc": ("start", "stop"),
    "zoneinfo": ("reset_tzpath",),
}

#: Limits that only the host may raise; to ask for no more than there is does nothing.
LIMITS: dict[str, dict[str, str]] = {
    "sys": {
        "setrecursionlimit": "getrecursionlimit",
        "set_int_max_str_digits": "get_int_max_str_digits",
    },
}

#: Modules that are small and keep their registry to themselves: a call of one of these functions
#: lets the run have the module for its own, executed in the sandbox.
OWN_MODULES: dict[str, tuple[str, ...]] = {
    "calendar": ("setfirstweekday",),
    "csv": ("field_size_limit", "register_dialect", "unregister_dialect"),
    "xml.etree.ElementTree": ("register_namespace",),
}

#: The module in C that such a module keeps its registry in, of which each can have its own.
OWN_PARTS = {"csv": "_csv"}

#: The other names under which a module is found.
ALIASES: dict[str, tuple[str, ...]] = {
    "asyncio": ("asyncio.events",),
    "codecs": ("_codecs",),
    "decimal": ("_decimal",),
    "csv": ("_csv",),
    "locale": ("_locale",),
    "sqlite3": ("sqlite3.dbapi2", "_sqlite3"),
    "zoneinfo": ("zoneinfo._tzpath",),
}

# Where a warning has been issued, so that each run of a workflow does not repeat it.
_WARNED: dict[Any, Any] = {}


class Settings:
    """What one run has set through calls into the host."""

    def __init__(self, private: PrivateState) -> None:
        """Start with nothing."""
        self.private = private
        self.logging = RunLogging(lambda name: private.note("registry", name, PRIVATE))
        self.kept: dict[tuple[str, str], Any] = {}
        self.decimal = DecimalContexts(private)

    def leave_to_host(self, name: str) -> None:
        """Take note of a call that only the host may make.

        It has no effect then, and is recorded in an audit.

        Raises:
            RestrictedWorkflowAccessError: the workflow runs, and not for an audit.
        """
        text = f"`{name}` changes the whole process, so it does nothing in a sandbox"
        step = (
            f"call `{name}` in the worker before it starts, or within"
            " `workflow.unsafe.sandbox_unrestricted()`"
        )
        audit = _audit.of_active_sandbox()
        if audit is not None:
            frame = _violation.caller_frame()
            path = tuple(name.split("."))
            entry = _audit.entry_of("setting", path, "__call__", None, frame)
            audit.record({**entry, "instead": "a call in the worker before it starts"})
            self.private.note("registry", name, IGNORED)
            return
        if not self.private.is_runtime():
            self.private.note("registry", name, IGNORED)
            _violation.warn_at_caller(f"{text}; {step}", RuntimeWarning, registry=_WARNED)
            return
        self.private.note("registry", name, STOPPED)
        refuse(name, f"`{name}` changes the whole process", step)

    # Methods that fill a registry

    def method(self, name: str, owner: Any, value: Any) -> Any:
        """What sandboxed code gets for a method of `_instrument.METHODS`."""
        if _flags.is_unrestricted():
            return value
        if name == "register":
            if isinstance(owner, abc.ABCMeta) or owner is abc.ABCMeta:
                return self._abc_register(owner, value)
            if divide_dispatch(value):
                name = getattr(owner, "__qualname__", type(owner).__qualname__)
                self.private.note("registry", f"{owner.__module__}.{name}.register", PRIVATE)
            return value
        if isinstance(owner, logging.Logger) and _is_host_logger(owner):
            own = self.logging.logger(owner.name)
            self.private.note("registry", f"logging.getLogger({owner.name!r}).{name}", PRIVATE)
            return getattr(own, name)
        if isinstance(owner, RunLogger) and name != "setLevel":
            self.private.note("registry", f"logging.getLogger({owner.name!r}).{name}", PRIVATE)
        if isinstance(owner, logging.Handler):
            return self._handler_method(name, owner, value)
        return value

    def _handler_method(self, name: str, owner: logging.Handler, value: Any) -> Any:
        if is_of_host(owner):
            self.private.note("registry", f"logging.{type(owner).__name__}.{name}", IGNORED)
            return _nothing
        if name == "setLevel":
            return lambda level: value(self.logging.level(level))
        return value

    def _abc_register(self, owner: Any, value: Any) -> Any:
        if owner is abc.ABCMeta:
            return lambda base, subclass: self._register(base, subclass, value)
        if getattr(value, "__func__", None) is not abc.ABCMeta.register:
            return value
        return lambda subclass: self._register(owner, subclass, lambda _, other: value(other))

    def _register(self, base: Any, subclass: Any, register: Callable[[Any, Any], Any]) -> Any:
        """Register a class with an abstract one.

        A class of the run is harmless: the host refers to it weakly, and only who has the class
        can ask. So is one of an extension that says so of itself, which every import would repeat.
        """
        is_shared = (
            isinstance(subclass, type)
            and isinstance(base, abc.ABCMeta)
            and self.private.is_host_class(base)
            and self.private.is_host_class(subclass)
            and not issubclass(subclass, base)
        )
        if is_shared and not _is_said_by_itself(subclass):
            self.leave_to_host(f"{base.__module__}.{base.__qualname__}.register")
            return subclass
        return register(base, subclass)


def refuse(name: str, message: str, step: str) -> NoReturn:
    """Stop sandboxed code that would write what is not its own."""
    from portcullis._errors import RestrictedWorkflowAccessError

    raise RestrictedWorkflowAccessError(
        name, override_message=message, caller=_violation.caller_place(), next_step=step
    )


def _nothing(*_: Any, **__: Any) -> None:
    """Stand in for what does nothing in a sandbox."""


def _is_host_logger(logger: logging.Logger) -> bool:
    found = (
        logging.root
        if logger.name == "root"
        else logging.Logger.manager.loggerDict.get(logger.name)
    )
    return found is logger


def _is_said_by_itself(subclass: type) -> bool:
    """Whether the package of a class registers it."""
    frame = _violation.caller_frame()
    module = frame.f_globals.get("__name__", "") if frame is not None else ""
    return str(module).partition(".")[0] == subclass.__module__.partition(".")[0]


class DecimalContexts:
    """The decimal contexts of one run.

    A thread's context belongs to whoever made it first, mostly the host. The run gets a copy when
    it asks for it, and the thread its own back when the sandbox is left. What modules set while
    they are loaded is kept by `ContextValues`.
    """

    def __init__(self, private: PrivateState) -> None:
        """Start with the host's."""
        self._private = private
        self._own: dict[int, decimal.Context] = {}
        # What the thread had, by the identity of what stands in its place.
        self._before: dict[int, decimal.Context] = {}

    def get(self) -> decimal.Context:
        """``decimal.getcontext``."""
        current = decimal.getcontext()
        return current if id(current) in self._own else self._put(current.copy(), current)

    def set(self, context: decimal.Context) -> None:
        """``decimal.setcontext``."""
        current = decimal.getcontext()
        self._put(context, None if id(current) in self._own else current)

    def _put(self, made: decimal.Context, before: decimal.Context | None) -> decimal.Context:
        replaced = id(decimal.getcontext())
        decimal.setcontext(made)
        made = decimal.getcontext()  # of a template, a copy is set
        self._own[id(made)] = made
        if not self._private.is_runtime():
            return made
        before = before or self._before.pop(replaced, None)
        if before is not None:
            self._before[id(made)] = before
            self._private.watch_leaving()
        return made

    def left(self) -> None:
        """Give the thread its own context back."""
        before = self._before.pop(id(decimal.getcontext()), None)
        if before is not None:
            decimal.setcontext(before)
