"""What a run's calls do to settings that no table of `_settings` describes.

Each function takes the run's settings before what it is called with.
"""

from __future__ import annotations

import copy
import gc
import locale
import logging
import types
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from portcullis._registrations import lookup_codec

if TYPE_CHECKING:
    from portcullis._settings import Settings


def _set_threshold(settings: Settings, *thresholds: int) -> None:
    before = settings.kept.get(("gc", "threshold"), gc.get_threshold())
    settings.kept["gc", "threshold"] = (*thresholds, *before[len(thresholds) :])


def _get_threshold(settings: Settings) -> tuple[int, ...]:
    return settings.kept.get(("gc", "threshold"), gc.get_threshold())


def _collecting(is_enabled: bool) -> Callable[[Settings], None]:
    def act(settings: Settings) -> None:
        settings.kept["gc", "enabled"] = is_enabled

    return act


def _is_collecting(settings: Settings) -> bool:
    return settings.kept.get(("gc", "enabled"), gc.isenabled())


def _set_locale(settings: Settings, category: int, setting: Any = None) -> Any:
    now = locale.setlocale(category)
    if setting is None or setting == now:
        return now
    settings.leave_to_host("locale.setlocale")
    return now


def _codec_part(part: str) -> Callable[[Settings, str], Any]:
    def act(settings: Settings, encoding: str) -> Any:
        found = getattr(lookup_codec(encoding), part)
        if found is None:
            raise LookupError(encoding)
        return found

    return act


def _types_of_run(settings: Settings) -> Any:
    return settings.private.own_module("mimetypes", _copied_types)


def _copied_types(host: Any, shown: Any) -> types.ModuleType:
    """`mimetypes` with a data base of its own; executed anew it would read files."""
    if not host.inited:
        host.init()
    namespace = {**vars(host), "_db": copy.deepcopy(host._db)}
    for name, value in vars(host).items():
        if isinstance(value, types.FunctionType) and value.__globals__ is vars(host):
            namespace[name] = types.FunctionType(
                value.__code__, namespace, name, value.__defaults__, value.__closure__
            )
    data = namespace["_db"]
    tables = {"encodings_map": data.encodings_map, "suffix_map": data.suffix_map}
    tables |= {"types_map": data.types_map[True], "common_types": data.types_map[False]}
    namespace |= tables
    made = types.ModuleType(host.__name__)
    for name, value in vars(shown).items():
        # What the policy restricts stays a guard.
        is_free = vars(host).get(name) is value or name in ("add_type", "init", *tables)
        vars(made)[name] = namespace[name] if is_free else value
    return made


def _add_type(settings: Settings, *arguments: Any, **keywords: Any) -> Any:
    return _types_of_run(settings).add_type(*arguments, **keywords)


def _init_types(settings: Settings, files: Any = None) -> None:
    if files is not None:
        _types_of_run(settings).init(files)


def _set_record_factory(settings: Settings, factory: Callable[..., Any]) -> None:
    settings.logging.record_factory = factory


def _record_factory(settings: Settings) -> Any:
    return settings.logging.record_factory or logging.getLogRecordFactory()


def _logger_class(settings: Settings) -> type[logging.Logger]:
    return settings.logging.logger_class or logging.getLoggerClass()


def _add_level_name(settings: Settings, level: int, levelName: str) -> None:  # noqa: N803
    settings.logging.level_names[level] = levelName


def _disable(settings: Settings, level: Any = logging.CRITICAL) -> None:
    settings.logging.manager.disable = level


#: Functions of `logging` that write to the root logger.
ROOT_FUNCTIONS = (
    *("critical", "debug", "error", "exception", "fatal", "info", "log", "warn", "warning"),
)

#: Functions that write, by module and name.
WRITERS: dict[str, dict[str, Callable[..., Any]]] = {
    "decimal": {"setcontext": lambda settings, context: settings.decimal.set(context)},
    "gc": {
        "disable": _collecting(False),
        "enable": _collecting(True),
        "set_threshold": _set_threshold,
    },
    "logging": {
        "addLevelName": _add_level_name,
        "basicConfig": lambda settings, **given: settings.logging.basic_config(**given),
        "disable": _disable,
        "setLogRecordFactory": _set_record_factory,
        "setLoggerClass": lambda settings, klass: settings.logging.set_logger_class(klass),
    },
    "mimetypes": {"add_type": _add_type, "init": _init_types},
}

#: Functions that read what the others write.
READERS: dict[str, dict[str, Callable[..., Any]]] = {
    "codecs": {
        "getdecoder": _codec_part("decode"),
        "getencoder": _codec_part("encode"),
        "getincrementaldecoder": _codec_part("incrementaldecoder"),
        "getincrementalencoder": _codec_part("incrementalencoder"),
        "getreader": _codec_part("streamreader"),
        "getwriter": _codec_part("streamwriter"),
    },
    "decimal": {"getcontext": lambda settings: settings.decimal.get()},
    "gc": {"get_threshold": _get_threshold, "isenabled": _is_collecting},
    "locale": {"setlocale": _set_locale},
    "logging": {
        "getLevelName": lambda settings, level: settings.logging.level_name(level),
        "getLevelNamesMapping": lambda settings: settings.logging.level_names_mapping(),
        "getLogRecordFactory": _record_factory,
        "getLogger": lambda settings, name=None: settings.logging.logger(name),
        "getLoggerClass": _logger_class,
    },
}
