"""Logging as one run has it: the host's loggers, with what the run sets on them kept to the run.

A run's logger takes each setting that the run has not made itself from the host's logger of that
name, at the moment it is asked. So records of a run reach the handlers of the host, and what the
host changes later holds for the run too.
"""

from __future__ import annotations

import logging
import types
from collections.abc import Callable
from typing import Any

_DEFAULTS: dict[str, Any] = {"level": logging.NOTSET, "propagate": True, "disabled": False}


_HOST_LOGGERS = logging.Logger.manager.loggerDict


def _host_logger(name: str) -> logging.Logger | None:
    """The host's logger of a name, if it has one."""
    if name == "root":
        return logging.root
    found = _HOST_LOGGERS.get(name)
    return found if isinstance(found, logging.Logger) else None


def _nearest(name: str) -> tuple[int, logging.Logger]:
    """The host's logger of a name or the nearest above, and for how many loggers that holds."""
    size = len(_HOST_LOGGERS)
    while name and name != "root":
        found = _HOST_LOGGERS.get(name)
        if isinstance(found, logging.Logger):
            return size, found
        if found is not None:
            size = -1  # a place holder, which may become a logger
        name = name.rpartition(".")[0]
    return size, logging.root


def is_of_host(handler: logging.Handler) -> bool:
    """Whether a handler is in use by the host."""
    loggers = [logging.root, *_HOST_LOGGERS.values()]
    found = [h for one in loggers for h in getattr(one, "handlers", ())]
    return any(h is handler for h in [*found, logging.lastResort])


def _setting(name: str) -> property:
    """A setting of a logger: the run's own, or the host's."""

    def get(self: RunLogger) -> Any:
        if name in self._own:
            return self._own[name]
        return getattr(_host_logger(self.name), name, _DEFAULTS[name])

    def put(self: RunLogger, value: Any) -> None:
        self._own[name] = value
        self._run.changed(f"logging.getLogger({self.name!r}).{name}")

    return property(get, put)


def _list(name: str) -> property:
    """A list of a logger: a copy of the host's until the run has changed what it was given."""

    def get(self: RunLogger) -> list[Any]:
        if name in self._own:
            return self._own[name]
        lent, was = self._lent.get(name, ([], ()))
        if tuple(lent) != was:
            self._own[name] = lent
            return lent
        lent[:] = getattr(_host_logger(self.name), name, ())
        self._lent[name] = (lent, tuple(lent))
        return lent

    def put(self: RunLogger, value: list[Any]) -> None:
        self._own[name] = value

    return property(get, put)


class RunLogger(logging.Logger):
    """A logger of one run."""

    _own: dict[str, Any]
    _lent: dict[str, Any]
    _run: RunLogging
    # The host's loggers when the nearest was looked up, and that one.
    _near: tuple[int, logging.Logger] = (-1, logging.root)

    def __init__(self, name: str, level: int = logging.NOTSET) -> None:
        """Make a logger that has nothing of its own yet."""
        super().__init__(name, level)
        self._own.clear()

    level = _setting("level")
    propagate = _setting("propagate")
    disabled = _setting("disabled")
    handlers = _list("handlers")
    filters = _list("filters")

    @property
    def parent(self) -> Any:  # type: ignore[override]
        """The nearest logger above that the run or the host has."""
        return self._own["parent"] if "parent" in self._own else self._run.above(self.name)

    @parent.setter
    def parent(self, value: Any) -> None:
        self._own["parent"] = value

    def setLevel(self, level: Any) -> None:  # noqa: N802
        """Set the level, for the run alone."""
        self.level = self._run.level(level)

    def isEnabledFor(self, level: int) -> bool:  # noqa: N802
        """Whether records of a level are made."""
        run = self._run
        if not run.has_levels:
            # The host's logger has a cache, which it empties when the host changes a level.
            size, host = self._near
            if size != len(_HOST_LOGGERS):
                size, host = self._near = _nearest(self.name)
            return host.isEnabledFor(level)
        if self.disabled or run.manager.disable >= level:
            return False
        return level >= run.effective_level(self.name)

    def getEffectiveLevel(self) -> int:  # noqa: N802
        """The level of this logger, or of the nearest above that has one."""
        return self._run.effective_level(self.name)

    def makeRecord(  # noqa: N802
        self,
        name: str,
        level: int,
        fn: str,
        lno: int,
        msg: Any,
        args: Any,
        exc_info: Any,
        func: str | None = None,
        extra: Any = None,
        sinfo: str | None = None,
    ) -> logging.LogRecord:
        """Make a record with the run's factory and names of levels."""
        run = self._run
        if run.record_factory is None:
            record = super().makeRecord(
                name, level, fn, lno, msg, args, exc_info, func, extra, sinfo
            )
        else:
            record = run.record_factory(name, level, fn, lno, msg, args, exc_info, func, sinfo)
            for key, value in (extra or {}).items():
                if key in ("message", "asctime") or key in vars(record):
                    raise KeyError(f"Attempt to overwrite {key!r} in LogRecord")
                vars(record)[key] = value
        if level in run.level_names:
            record.levelname = run.level_names[level]
        return record

    def __reduce__(self) -> Any:
        """A logger is known by its name."""
        return logging.getLogger, (() if self.name == "root" else (self.name,))

    def __copy__(self) -> RunLogger:
        return self

    def __deepcopy__(self, memo: Any) -> RunLogger:
        return self


# What its `repr` and its pickles say.
RunLogger.__name__ = RunLogger.__qualname__ = "Logger"
RunLogger.__module__ = "logging"


class _Manager(logging.Manager):
    """What the loggers of a run have in common."""

    def __init__(self, run: RunLogging) -> None:
        self._run = run
        super().__init__(None)  # type: ignore[arg-type]
        self._own_disable: int | None = None

    @property
    def disable(self) -> int:
        """The level up to which nothing is logged: the run's own, or the host's."""
        return logging.root.manager.disable if self._own_disable is None else self._own_disable

    @disable.setter
    def disable(self, value: Any) -> None:
        self._own_disable = self._run.level(value)
        self._run.has_levels = True

    def getLogger(self, name: str) -> logging.Logger:  # noqa: N802
        """The run's logger of a name."""
        return self._run.logger(name)

    def setLoggerClass(self, klass: type[logging.Logger]) -> None:  # noqa: N802
        """Set the class of loggers to come."""
        self._run.set_logger_class(klass)


class RunLogging:
    """The loggers of one run, and what it has set of the module ``logging``."""

    def __init__(self, note: Callable[[str], None]) -> None:
        """Start with what the host has.

        Args:
            note: told what the run sets, by name.
        """
        self._note = note
        self._is_making = False
        #: Whether it may be the run's own setting that keeps a record from being made.
        self.has_levels = False
        self.level_names: dict[int, str] = {}
        self.record_factory: Callable[..., Any] | None = None
        self.logger_class: type[logging.Logger] | None = None
        self.manager = _Manager(self)
        self._classes: dict[type, type] = {}
        self._namespace: dict[str, Any] | None = None
        self.has_levels = False
        self.root = self.manager.root = self._make("root", RunLogger)

    def logger(self, name: str | None = None) -> logging.Logger:
        """``logging.getLogger``."""
        if not name or name == "root":
            return self.root
        if not isinstance(name, str):
            raise TypeError("A logger name must be a string")
        found = self.manager.loggerDict.get(name)
        if not isinstance(found, logging.Logger):
            made = self.logger_class or self.manager.loggerClass or RunLogger
            found = self.manager.loggerDict[name] = self._make(name, self._mixed(made))
        return found

    def above(self, name: str) -> logging.Logger | None:
        """The nearest logger above one of a name; None for the root."""
        if name == "root":
            return None
        while "." in name:
            name = name.rpartition(".")[0]
            if name in self.manager.loggerDict or _host_logger(name) is not None:
                return self.logger(name)
        return self.root

    def _make(self, name: str, cls: type) -> Any:
        made = cls.__new__(cls)
        made._own, made._lent, made._run = {}, {}, self
        self._is_making = True  # what a new logger is given is no attempt of the run
        try:
            made.__init__(name)
        finally:
            self._is_making = False
        self.has_levels = self.has_levels or bool(made._own)
        made.manager, made.root = self.manager, made if name == "root" else self.root
        return made

    def _mixed(self, cls: type) -> type:
        """A logger class of the run's with what makes it the run's."""
        if issubclass(cls, RunLogger):
            return cls
        if cls not in self._classes:
            members = {"__module__": cls.__module__, "__qualname__": cls.__qualname__}
            self._classes[cls] = type(cls.__name__, (cls, RunLogger), members)
        return self._classes[cls]

    def changed(self, name: str) -> None:
        """Take note of a setting of a logger."""
        if not self._is_making:
            self.has_levels = True
            self._note(name)

    def effective_level(self, name: str) -> int:
        """The level that holds for a logger of a name, from the nearest that has one."""
        while True:
            own = self.root if name == "root" else self.manager.loggerDict.get(name)
            level = own._own.get("level") if isinstance(own, RunLogger) else None
            if level is None:
                host = _host_logger(name)
                level = logging.NOTSET if host is None else host.level
            if level or name == "root":
                return level
            name = name.rpartition(".")[0] or "root"

    # Names of levels

    def level(self, level: Any) -> Any:
        """The number of a level that may be given by its name."""
        for number, name in self.level_names.items():
            if name == level:
                return number
        return logging._checkLevel(level)  # type: ignore[attr-defined]

    def level_name(self, level: Any) -> Any:
        """``logging.getLevelName``."""
        if level in self.level_names:
            return self.level_names[level]
        numbers = [number for number, name in self.level_names.items() if name == level]
        return numbers[0] if numbers else logging.getLevelName(level)

    def level_names_mapping(self) -> dict[str, int]:
        """``logging.getLevelNamesMapping``."""
        own = {name: number for number, name in self.level_names.items()}
        return logging.getLevelNamesMapping() | own  # type: ignore[attr-defined]

    # Functions of the module

    def set_logger_class(self, cls: type[logging.Logger]) -> None:
        """``logging.setLoggerClass``."""
        if not issubclass(cls, logging.Logger):
            raise TypeError(f"logger not derived from logging.Logger: {cls.__name__}")
        self.logger_class = cls

    def basic_config(self, **keywords: Any) -> None:
        """``logging.basicConfig``; handlers of the host are left out, not closed."""
        if keywords.pop("force", False):
            for handler in self.root.handlers[:]:
                self.root.removeHandler(handler)
                if not is_of_host(handler):
                    handler.close()
        self.function("basicConfig")(**keywords)

    def function(self, name: str) -> Callable[..., Any]:
        """A function of ``logging`` that acts on the root logger, on that of the run."""
        if self._namespace is None:
            own = {"root": self.root, "basicConfig": self.basic_config}
            self._namespace = {**vars(logging), **own}
        original = getattr(logging, name)
        made = types.FunctionType(
            original.__code__, self._namespace, name, original.__defaults__, original.__closure__
        )
        made.__kwdefaults__ = original.__kwdefaults__
        return made
