"""What a run's calls do to registries that no table of `_registries` describes.

Each function takes the run's registries before what it is called with.
"""

from __future__ import annotations

import codecs
import copy
import gc
import locale
import logging
import types
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portcullis._registries import Registries


def _set_threshold(registries: Registries, *thresholds: int) -> None:
    before = registries.kept.get(("gc", "threshold"), gc.get_threshold())
    registries.kept["gc", "threshold"] = (*thresholds, *before[len(thresholds) :])


def _get_threshold(registries: Registries) -> tuple[int, ...]:
    return registries.kept.get(("gc", "threshold"), gc.get_threshold())


def _collecting(is_enabled: bool) -> Callable[[Registries], None]:
    def act(registries: Registries) -> None:
        registries.kept["gc", "enabled"] = is_enabled

    return act


def _is_collecting(registries: Registries) -> bool:
    return registries.kept.get(("gc", "enabled"), gc.isenabled())


def _set_locale(registries: Registries, category: int, setting: Any = None) -> Any:
    now = locale.setlocale(category)
    if setting is None or setting == now:
        return now
    registries.leave_to_host("locale.setlocale")
    return now


def _register_codec(registries: Registries, search: Callable[[str], Any], /) -> None:
    if not callable(search):
        raise TypeError("argument must be callable")
    registries.codecs.append(search)


def _unregister_codec(registries: Registries, search: Callable[[str], Any], /) -> None:
    if search in registries.codecs:
        registries.codecs.remove(search)


def _look_up_codec(registries: Registries, encoding: str, /) -> Any:
    try:
        return codecs.lookup(encoding)
    except LookupError:
        name = encoding.lower().replace(" ", "_").replace("-", "_")
        for search in registries.codecs:
            found = search(name)
            if found is not None:
                return found
        raise


def _encode(
    registries: Registries, obj: Any, encoding: str = "utf-8", errors: str = "strict"
) -> Any:
    return _look_up_codec(registries, encoding).encode(obj, errors)[0]


def _decode(
    registries: Registries, obj: Any, encoding: str = "utf-8", errors: str = "strict"
) -> Any:
    return _look_up_codec(registries, encoding).decode(obj, errors)[0]


def _codec_part(part: str) -> Callable[[Registries, str], Any]:
    def act(registries: Registries, encoding: str) -> Any:
        found = getattr(_look_up_codec(registries, encoding), part)
        if found is None:
            raise LookupError(encoding)
        return found

    return act


def _types_of_run(registries: Registries) -> Any:
    return registries.private.own_module("mimetypes", _copied_types)


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


def _add_type(registries: Registries, *arguments: Any, **keywords: Any) -> Any:
    return _types_of_run(registries).add_type(*arguments, **keywords)


def _init_types(registries: Registries, files: Any = None) -> None:
    if files is not None:
        _types_of_run(registries).init(files)


def _set_record_factory(registries: Registries, factory: Callable[..., Any]) -> None:
    registries.logging.record_factory = factory


def _record_factory(registries: Registries) -> Any:
    return registries.logging.record_factory or logging.getLogRecordFactory()


def _logger_class(registries: Registries) -> type[logging.Logger]:
    return registries.logging.logger_class or logging.getLoggerClass()


def _add_level_name(registries: Registries, level: int, levelName: str) -> None:  # noqa: N803
    registries.logging.level_names[level] = levelName


def _disable(registries: Registries, level: Any = logging.CRITICAL) -> None:
    registries.logging.manager.disable = level


#: Functions of `logging` that write to the root logger.
ROOT_FUNCTIONS = (
    *("critical", "debug", "error", "exception", "fatal", "info", "log", "warn", "warning"),
)

#: Functions that write, by module and name.
WRITERS: dict[str, dict[str, Callable[..., Any]]] = {
    "codecs": {"register": _register_codec, "unregister": _unregister_codec},
    "decimal": {"setcontext": lambda registries, context: registries.decimal.set(context)},
    "gc": {
        "disable": _collecting(False),
        "enable": _collecting(True),
        "set_threshold": _set_threshold,
    },
    "logging": {
        "addLevelName": _add_level_name,
        "basicConfig": lambda registries, **given: registries.logging.basic_config(**given),
        "disable": _disable,
        "setLogRecordFactory": _set_record_factory,
        "setLoggerClass": lambda registries, klass: registries.logging.set_logger_class(klass),
    },
    "mimetypes": {"add_type": _add_type, "init": _init_types},
}

#: Functions that read what the others write.
READERS: dict[str, dict[str, Callable[..., Any]]] = {
    "codecs": {
        "decode": _decode,
        "encode": _encode,
        "getdecoder": _codec_part("decode"),
        "getencoder": _codec_part("encode"),
        "getincrementaldecoder": _codec_part("incrementaldecoder"),
        "getincrementalencoder": _codec_part("incrementalencoder"),
        "getreader": _codec_part("streamreader"),
        "getwriter": _codec_part("streamwriter"),
        "lookup": _look_up_codec,
    },
    "decimal": {"getcontext": lambda registries: registries.decimal.get()},
    "gc": {"get_threshold": _get_threshold, "isenabled": _is_collecting},
    "locale": {"setlocale": _set_locale},
    "logging": {
        "getLevelName": lambda registries, level: registries.logging.level_name(level),
        "getLevelNamesMapping": lambda registries: registries.logging.level_names_mapping(),
        "getLogRecordFactory": _record_factory,
        "getLogger": lambda registries, name=None: registries.logging.logger(name),
        "getLoggerClass": _logger_class,
    },
}
