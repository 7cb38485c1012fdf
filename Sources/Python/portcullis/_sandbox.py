"""One sandbox: the modules of one run of a workflow."""

from __future__ import annotations

import builtins
import functools
import gc
import importlib
import sys
import types
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from portcullis import _audit, _flags, _gate, _importer, _violation
from portcullis._context import ContextValues
from portcullis._importer import Found
from portcullis._instrument import PARTS
from portcullis._isolation import PrivateState
from portcullis._leaks import Leak
from portcullis._policy import Policy
from portcullis._registries import HOST_REGISTRIES
from portcullis._standins import EXECUTED
from portcullis._view import OPEN, is_private

_IMPORT, _RUNTIME = 0, 1
_FINDER = _importer.ModuleFinder()
_REAL = _gate.real_modules()


def _missing_member(module: Any, member: str) -> ImportError:
    file = getattr(module, "__file__", None)
    return ImportError(
        f"cannot import name {member!r} from {module.__name__!r} ({file or 'unknown location'})",
        name=module.__name__,
        path=file,
    )


class _Collection:
    """Has the garbage of dropped sandboxes collected before it becomes much.

    A sandbox refers to itself, so it is for the garbage collector to free it. That looks at what
    has lived for a while only when it has grown by a quarter, which is many small sandboxes.
    """

    #: How many sandboxes are made until the collector is asked, if it has not run in between.
    interval = 1000

    def __init__(self) -> None:
        self._made = 0
        self._runs = 0

    def count(self) -> None:
        """Take note of a new sandbox."""
        self._made += 1
        if self._made < self.interval:
            return
        self._made = 0
        runs = gc.get_stats()[-1]["collections"]
        if runs == self._runs and gc.isenabled():
            gc.collect()
            runs += 1
        self._runs = runs


_COLLECTION = _Collection()


class Sandbox:
    """The modules, builtins and phase that one run of a workflow has of its own.

    The workflow's file and what it imports is executed anew in each sandbox; what the policy
    passes through is the host's, seen through shadows where the policy has rules for it.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        workflow_module: str | None = None,
        audit: _audit.Audit | None = None,
        report_leaks: bool = False,
    ) -> None:
        """Make an empty sandbox.

        Args:
            policy: what holds in it.
            workflow_module: the module that defines the workflow, which is reloaded on purpose
                and so never notified about.
            audit: records what the policy denies and lets it go on; None to deny it.
            report_leaks: whether attempts to write on the host are noted, for `leaks()`.
        """
        install()
        _COLLECTION.count()
        self.policy = policy
        self.audit = audit
        self._workflow_module = workflow_module
        self._builtins = policy.builtins()
        self._modules: dict[str, Any] = {
            "sys": policy.view.shown(sys),
            "__main__": types.ModuleType("__main__"),
        }
        self._loaded: dict[str, Any] = {}
        self.native = _gate.Sandbox(
            policy.native, self._builtins, self._modules, self._loaded, self
        )
        self.private = PrivateState(
            policy.view, self._modules, self._loaded, self.native, report=report_leaks
        )
        self._context = ContextValues()

    # Entering

    def importing(self) -> AbstractContextManager[None]:
        """Make the sandbox the active one of the thread, at import time."""
        return self.native.entry(_IMPORT, False)

    def running(self, in_activation: bool = True) -> AbstractContextManager[None]:
        """Make the sandbox the active one of the thread, at run time.

        Args:
            in_activation: whether imports from now on are dynamic.
        """
        entry = self.native.entry(_RUNTIME, in_activation)
        return self._context.added_to(entry) if self._context.values else entry

    def load(self, file: str, name: str) -> types.ModuleType:
        """Execute a file as a module of that name, at import time."""
        found = _importer.found_file(name, file)
        with self.importing():
            return self._context.loading(self._execute, name, found)

    def import_module(self, name: str) -> types.ModuleType:
        """Import a module into the sandbox, at import time."""
        with self.importing():
            return self._context.loading(self._import, name)

    def module(self, name: str) -> types.ModuleType:
        """A module that was executed in the sandbox."""
        return self._loaded[name]

    def executed_modules(self) -> dict[str, Any]:
        """The modules that were executed in the sandbox, by name."""
        return dict(self._loaded)

    def leaks(self) -> list[Leak]:
        """What the run tried to write on the host, by file and line.

        Empty unless the sandbox was made with ``report_leaks``.
        """
        return self.private.leaks.found() if self.private.leaks is not None else []

    def close(self) -> None:
        """Drop all modules; what they have made is of no use afterwards.

        A sandbox that is only let go is freed as well, unless code that is passed through keeps one
        of its objects, as in a registry of its own. Closing it frees its modules for certain.
        """
        self.private.close()
        self._context.values.clear()
        for module in list(self._loaded.values()):
            if isinstance(module, types.ModuleType):
                vars(module).clear()
        self._loaded.clear()
        self._modules.clear()

    def own_builtins_module(self) -> types.ModuleType:
        """What its code imports as ``builtins``, made when it is first asked for."""
        module = self._modules.get("builtins")
        if module is None:
            module = self._modules["builtins"] = types.ModuleType("builtins")
            vars(module).update(self._builtins)
        return module

    def own_builtins(self) -> dict[str, Any]:
        """What its code sees as ``__builtins__``."""
        return self._builtins

    # What the native gate calls

    def import_(
        self,
        name: str,
        globals: dict[str, Any] | None = None,
        locals: Any = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> types.ModuleType:
        """``__import__`` of the sandbox."""
        if not isinstance(name, str):
            raise TypeError(f"module name must be str, not {type(name).__name__}")
        if level < 0 or (level == 0 and not name):
            raise ValueError("level must be >= 0" if level < 0 else "Empty module name")
        full_name = _importer.absolute_name(name, globals, level)
        module = self._import(full_name)
        if fromlist:
            self._import_members(module, fromlist)
            is_statement = globals is not None and type(fromlist) is tuple
            return self._settled(module, fromlist) if is_statement else module
        if level == 0:
            return self._modules[name.partition(".")[0]]
        if not name:
            return module
        cut = len(name) - len(name.partition(".")[0])
        return self._modules[full_name[: len(full_name) - cut]]

    def lazy_module(self, name: str) -> types.ModuleType | None:
        """What ``sys.modules`` shows of the host without an import: what is passed through."""
        if name == "builtins":
            return self.own_builtins_module()
        host = _REAL.get(name)
        if host is None or is_private(name) or not self.policy.lazy_sys_modules_passthrough:
            return None
        if not self.policy.is_passthrough(name) or self._is_executed(name):
            return None
        module = self._modules[name] = self._seen(name, host)
        return module

    def left(self) -> None:
        """Give the thread back what it had."""
        self.private.settings.decimal.left()

    # Importing

    def executed(self, name: str, host: types.ModuleType) -> types.ModuleType:
        """A module of the host executed in the sandbox, for the run's own."""
        with self.importing():
            return self._execute(name, _importer._found(host.__spec__))

    def _import(self, name: str) -> types.ModuleType:
        module = self._modules.get(name)
        if module is not None:
            return module
        if name in self._modules:
            raise ModuleNotFoundError(f"import of {name} halted; None in sys.modules", name=name)
        if name == "builtins":
            return self.own_builtins_module()
        self._refuse_if_invalid(name)
        is_passed = self._is_passed_through(name)
        if is_private(name):
            raise ModuleNotFoundError(f"{name} is no module for workflow code", name=name)
        if not is_passed:
            self._notify(name)
        parent, _, child = name.rpartition(".")
        owner = self._parent(parent, name) if parent else None
        if name in self._modules:  # the parent has imported it
            return self._modules[name]
        if is_passed and not self._is_executed(name):
            return self._pass_through(name, owner, child)
        found = self._find(name, owner)
        if found is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        if is_passed and owner is not None:
            owner = self.private.target(owner)  # the host's package keeps its own member
        if not found.is_source:
            # An extension is loaded once in a process.
            return self._pass_through(name, owner, child)
        return self._execute(name, found, owner, child)

    def _find(self, name: str, owner: types.ModuleType | None) -> Found | None:
        path = owner.__path__ if owner is not None else None
        return _FINDER.find(name, path, self._modules["sys"])

    def _parent(self, parent: str, name: str) -> types.ModuleType:
        owner = self._modules.get(parent)
        if owner is None:
            self._refuse_if_invalid(parent)
            owner = self._import_quietly(parent)
        if not hasattr(owner, "__path__") and not self._is_passed_through(name):
            raise ModuleNotFoundError(
                f"No module named {name!r}; {parent!r} is not a package", name=name
            )
        return owner

    def _import_quietly(self, name: str) -> types.ModuleType:
        """Import a parent package, of which the author's statement does not speak."""
        if self._is_passed_through(name):
            return self._import(name)
        parent, _, child = name.rpartition(".")
        owner = self._parent(parent, name) if parent else None
        if name in self._modules:
            return self._modules[name]
        found = self._find(name, owner)
        if found is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        if not found.is_source:
            return self._pass_through(name, owner, child)
        return self._execute(name, found, owner, child)

    def _import_members(self, module: types.ModuleType, fromlist: Sequence[str]) -> None:
        is_package = hasattr(module, "__path__")
        for member in fromlist:
            if member == "*":
                exported = getattr(module, "__all__", None) if is_package else None
                if exported:
                    self._import_members(module, [name for name in exported if name != "*"])
            elif not hasattr(module, member):
                name = f"{module.__name__}.{member}"
                try:
                    if is_package:
                        self._import(name)
                except ModuleNotFoundError as error:
                    if error.name != name:
                        raise
                if name in _REAL and not hasattr(module, member):
                    # CPython would take it from the host's table.
                    raise _missing_member(module, member)

    def _settled(self, module: Any, names: Sequence[str]) -> types.ModuleType:
        """What a statement takes the members from: a module that has them for certain.

        What computes its members may have one here, and not when it is asked again, and then
        CPython would take it from the host's table.
        """
        is_plain = type(module) is types.ModuleType and "__getattr__" not in vars(module)
        if is_plain or "*" in names or self.policy.view.is_shared(module):
            return module
        made = types.ModuleType(module.__name__)
        for name in names:
            try:
                value = getattr(module, name)
            except AttributeError:
                value = self._modules.get(f"{module.__name__}.{name}")
                if value is None:
                    raise _missing_member(module, name) from None
            vars(made)[name] = value
        vars(made).setdefault("__getattr__", functools.partial(getattr, module))
        return made

    def _execute(
        self,
        name: str,
        found: Found,
        owner: types.ModuleType | None = None,
        child: str = "",
    ) -> types.ModuleType:
        module: Any
        if found.spec is not None:
            code = None
            module = found.loader.create_module(found.spec)
        else:
            is_private = name == self._workflow_module
            code = _importer.code_of(name, found, self.policy.code, private=is_private)
            module = None
        if module is None:
            module = _importer.new_module(name, found, self._builtins)
        self._modules[name] = self._loaded[name] = module
        # Set before it is executed, so that `from . import name` works in a circle of imports:
        # CPython would look the module up in the host's table.
        if owner is not None:
            setattr(owner, child, module)
        try:
            if code is not None:
                exec(code, vars(module))
            elif found.spec is not None:
                found.loader.exec_module(module)
        except BaseException:
            self._modules.pop(name, None)
            self._loaded.pop(name, None)
            if owner is not None and getattr(owner, child, None) is module:
                delattr(owner, child)
            raise
        result = self._modules.get(name, module)
        if owner is not None and result is not module:
            setattr(owner, child, result)
        return result

    def reload(self, module: types.ModuleType) -> types.ModuleType:
        """Execute a module of the sandbox again; one of the host stays as it is."""
        name = module.__spec__.name if module.__spec__ is not None else module.__name__
        if self._modules.get(name) is not module:
            raise ImportError(f"module {name} not in sys.modules", name=name)
        if name in self._loaded and module.__spec__ is not None:
            self.execute(module, module.__spec__.loader)
        return self._modules.get(name, module)

    def execute(self, module: types.ModuleType, loader: Any) -> None:
        """Execute what a loader has as a module of the sandbox."""
        spec = module.__spec__
        if spec is None or self.policy.view.is_shared(module):
            return
        found = _importer._found(spec)._replace(loader=loader)
        code = _importer.code_of(spec.name, found, self.policy.code, private=False)
        vars(module)["__builtins__"] = self._builtins
        if code is not None:
            exec(code, vars(module))

    # Passing through

    def _is_passed_through(self, name: str) -> bool:
        # What the host asks (`_flags`) and what workflow code says must be the same module.
        if name in OPEN:
            return True
        return self.policy.is_passthrough(name) or _flags.is_imports_passed_through()

    def _is_executed(self, name: str) -> bool:
        """Whether a module is executed in the sandbox though the policy passes it through."""
        return (
            name in EXECUTED
            and not _flags.is_imports_passed_through()
            and not self.policy.view.has_rules(tuple(name.split(".")))
        )

    def _pass_through(
        self, name: str, owner: types.ModuleType | None, child: str
    ) -> types.ModuleType:
        host = _REAL.get(name)
        if host is None or _is_being_imported(host):
            with _gate.suspended():
                if self.native.is_runtime() or name in _REAL:
                    host = importlib.import_module(name)
                else:
                    host = self._context.loading_for_host(importlib.import_module, name)
        HOST_REGISTRIES.divide()
        module = self._modules[name] = self._seen(name, host)
        if owner is not None:
            above = self.policy.view.host_of(owner)
            if above is not None:
                self.policy.view.shown(above)  # it has got a member
            elif child not in vars(owner):
                setattr(owner, child, module)
        return module

    def _seen(self, name: str, host: Any) -> Any:
        """A module of the host as the sandbox sees it."""
        if not isinstance(host, types.ModuleType):
            return host
        if self.private.leaks is not None:
            self.private.leaks.watch(host)
        return self.private.of(self.policy.view.shown(host))

    # Rules about modules

    def _refuse_if_invalid(self, name: str) -> None:
        number = self.policy.native.module_rule(name, self.native.is_runtime())
        if not number:
            return
        error = _violation.invalid_module(name, self.policy.rule(number - 1))
        if error is not None:
            raise error

    def _notify(self, name: str) -> None:
        flags = _flags.notification_policy(self.policy.import_notification_policy)
        if name != self._workflow_module:
            if flags & _flags.RAISE_ON_UNINTENTIONAL_PASSTHROUGH and self.audit is not None:
                path, frame = tuple(name.split(".")), _violation.caller_frame()
                self.audit.record(_audit.entry_of("passthrough", path, None, None, frame))
            elif flags & _flags.RAISE_ON_UNINTENTIONAL_PASSTHROUGH:
                from portcullis._errors import UnintentionalPassthroughError

                raise UnintentionalPassthroughError(name)
            if flags & _flags.WARN_ON_UNINTENTIONAL_PASSTHROUGH:
                _violation.warn_at_caller(
                    f"Module {name} was not intentionally passed through to the sandbox.",
                    UserWarning,
                )
        if self.native.in_activation() and flags & _flags.WARN_ON_DYNAMIC_IMPORT:
            _violation.warn_at_caller(
                f"Module {name} was imported after initial workflow load.", UserWarning
            )


def _is_being_imported(host: Any) -> bool:
    """Whether a module of the host is not complete yet, as the import statement asks."""
    return getattr(getattr(host, "__spec__", None), "_initializing", False)


def _compile(
    source: Any,
    filename: Any,
    mode: str,
    flags: int = 0,
    dont_inherit: bool = False,
    optimize: int = -1,
    **keywords: Any,
) -> Any:
    """``compile`` of a sandbox, also for ``eval`` and ``exec`` of text."""
    import ast

    native = _gate.active_sandbox()
    if native is None or flags & ast.PyCF_ONLY_AST or keywords:
        return builtins.compile(source, filename, mode, flags, dont_inherit, optimize, **keywords)
    return native.owner().policy.code.of_text(source, filename, mode, flags, optimize)


def _part(name: str, owner: Any, value: Any) -> Any:
    """A part of an object, as the active sandbox shows it."""
    return _gate.active_sandbox().owner().policy.structure.part(name, owner, value)


def _private(operation: str, owner: Any, name: str | None) -> Any:
    """What sandboxed code acts on when it writes, or reads what it has written."""
    private = _gate.active_sandbox().owner().private
    if operation == "target":
        return private.target(owner, name)
    if operation == "container":
        return private.container(owner, name)
    return private.own(owner) if operation == "own" else private.noted(owner, name)


def _restrict_construction(made: type, guards: tuple[Any, ...]) -> type:
    """Let the construction of a class be a use of the restricted classes that it extends."""
    policy = _gate.active_sandbox().owner().policy.native
    for guard in guards:
        _, path = _gate.guarded(guard)
        verdict = policy.verdict(path)
        if any(verdict[4:]):
            made.__new__ = _restricted_new(  # type: ignore[method-assign,assignment]
                made.__new__, lambda count, p=path, v=verdict: _gate.check(policy, p, *v[4:], count)
            )
    return made


def _restricted_new(new: Any, check: Any) -> Any:
    """A ``__new__`` that makes an instance if the class may be called."""

    def __new__(cls: type, *arguments: Any, **keywords: Any) -> Any:  # noqa: N807
        check(len(arguments) + len(keywords))
        if new is object.__new__:
            return object.__new__(cls)  # it takes arguments only where it is not overridden
        return new(cls, *arguments, **keywords)

    return staticmethod(__new__)


def install() -> None:
    """Put the module table in its place; safe to call often."""
    if not isinstance(sys.modules, _gate.ModuleTable):
        _gate.set_hooks(
            _violation.restricted, _compile, _part, _restrict_construction, PARTS, _private
        )
        sys.modules = _gate.ModuleTable()
        importlib._bootstrap._find_and_load = _gate.find_and_load  # type: ignore[attr-defined]
    HOST_REGISTRIES.divide()
