"""The workflow file: reading it, choosing the workflow in it, loading it without a sandbox."""

from __future__ import annotations

import ast
import contextlib
import inspect
import os
import sys
import types
from collections.abc import Iterator
from typing import Any

#: Where ``@workflow.defn`` leaves the definition, in temporalio and in ``portcullis.workflow``.
DEFINITION = "__temporal_workflow_definition"

#: The module name of a file whose own name is no free module name.
FALLBACK_MODULE = "__portcullis_workflow__"


class Fault(Exception):
    """Something outside of the workflow that keeps it from running; `kind` is stable."""

    def __init__(self, kind: str, message: str, *, file: str | None = None, line: int = 0) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.file = file
        self.line = line


class WorkflowFile:
    """A Python file that holds workflows."""

    def __init__(self, path: str) -> None:
        self.path = os.path.abspath(path)
        self.folder = os.path.dirname(self.path)
        self.module_name = module_name(self.path)
        try:
            with open(self.path, "rb") as file:
                self._source = file.read()
        except FileNotFoundError:
            raise Fault("file", f"no such file: `{path}`", file=path) from None
        except OSError as error:
            reason = (error.strerror or "unknown error").lower()
            raise Fault("file", f"`{path}` cannot be read: {reason}", file=path) from None
        try:
            self._code = compile(self._source, self.path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            raise syntax_fault(error, self.path) from None

    def opts_out(self, workflow: str | None) -> bool:
        """Whether the chosen workflow says ``sandboxed=False`` in so many words.

        Read off the source, since executing the file to find out would already need the answer.
        A flag that is computed is found by the definition once the file has been loaded.
        """
        found = dict(_written_definitions(ast.parse(self._source)))
        if workflow is None:
            return len(found) == 1 and not all(found.values())
        return found.get(workflow) is False

    def load_unsandboxed(self) -> types.ModuleType:
        """Executes the file as an ordinary module, from its source and never from a cache."""
        module = types.ModuleType(self.module_name)
        module.__file__ = self.path
        sys.modules[self.module_name] = module
        exec(self._code, module.__dict__)
        return module

    @contextlib.contextmanager
    def on_path(self) -> Iterator[None]:
        """Puts the file's folder first on ``sys.path``, as ``python FILE.py`` does."""
        _forget_other_folder(self.folder)
        before = set(sys.modules)
        sys.path.insert(0, self.folder)
        try:
            yield
        finally:
            with contextlib.suppress(ValueError):
                sys.path.remove(self.folder)
            sys.modules.pop(self.module_name, None)
            _remember(self.folder, before)


def syntax_fault(error: Exception, path: str) -> Fault:
    """The fault for a file that does not parse."""
    file = getattr(error, "filename", None) or path
    line = getattr(error, "lineno", None) or 0
    message = getattr(error, "msg", None) or str(error)
    return Fault("syntax", message, file=file, line=line)


def module_name(path: str) -> str:
    """The name the file gets as a module: its own, where that hides no other module."""
    name = os.path.splitext(os.path.basename(path))[0]
    taken = name in sys.stdlib_module_names or name in ("portcullis", "temporalio", "__main__")
    if taken or not name.isidentifier() or (name in sys.modules and not _ours(name)):
        return FALLBACK_MODULE
    return name


def workflows_in(module: types.ModuleType) -> list[Any]:
    """The workflow definitions of a module: those written in it, or else those it imports."""
    own, imported = [], []
    seen: set[int] = set()
    for value in list(vars(module).values()):
        definition = vars(value).get(DEFINITION) if isinstance(value, type) else None
        if definition is None or definition.cls is not value or id(value) in seen:
            continue
        seen.add(id(value))
        (own if value.__module__ == module.__name__ else imported).append(definition)
    return own + imported


def choose(module: types.ModuleType, workflow: str | None, path: str) -> Any:
    """The definition to run: the one named, or the only one there is."""
    definitions = workflows_in(module)
    file = os.path.basename(path)
    if not definitions:
        raise Fault("workflow", f"`{file}` holds no workflow: no class has `@workflow.defn`")
    names = ", ".join(f"`{label(each)}`" for each in definitions)
    if workflow is not None:
        for matches in (_named(workflow), _of_class(workflow)):
            for definition in definitions:
                if matches(definition):
                    return definition
        raise Fault("workflow", f"`{file}` holds no workflow `{workflow}`; it holds {names}")
    own = [each for each in definitions if each.cls.__module__ == module.__name__]
    candidates = own or definitions
    if len(candidates) > 1:
        names = ", ".join(f"`{label(each)}`" for each in candidates)
        count = len(candidates)
        raise Fault("workflow", f"`{file}` holds {count} workflows, name one of them: {names}")
    return candidates[0]


def label(definition: Any) -> str:
    """What a workflow is called: its name, or its class for a dynamic one."""
    return definition.name or definition.cls.__name__


def check_argument_count(definition: Any, given: int) -> None:
    """Says plainly that the run method wants another number of arguments than there are."""
    if definition.name is None:
        return
    parameters = list(inspect.signature(definition.run_fn).parameters.values())[1:]
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    needed = [p for p in positional if p.default is p.empty]
    variadic = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    if given >= len(needed) and (variadic or given <= len(positional)):
        return
    names = ", ".join(f"`{p.name}`" for p in positional)
    wanted = f"{len(positional)} ({names})" if positional else "none"
    message = f"workflow `{label(definition)}` takes {wanted} as input, {given} given"
    raise Fault("input", message)


def _named(workflow: str) -> Any:
    return lambda definition: definition.name == workflow


def _of_class(workflow: str) -> Any:
    return lambda definition: definition.cls.__name__ == workflow


def _written_definitions(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    """The names (of class and definition) and the literal `sandboxed` of decorated classes."""
    for node in tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        for decorator in node.decorator_list:
            call = decorator.func if isinstance(decorator, ast.Call) else decorator
            if getattr(call, "attr", getattr(call, "id", None)) != "defn":
                continue
            given = decorator.keywords if isinstance(decorator, ast.Call) else []
            words = {
                each.arg: each.value.value
                for each in given
                if each.arg and isinstance(each.value, ast.Constant)
            }
            sandboxed = words.get("sandboxed", True) is not False
            yield node.name, sandboxed
            if isinstance(words.get("name"), str) and words["name"] != node.name:
                yield words["name"], sandboxed


# Modules that workflow files found beside themselves stay loaded for the next run from the same
# folder (that is what passing a module through means), and give way to another folder's.
_neighbours: set[str] = set()
_neighbours_folder: str | None = None


def _ours(name: str) -> bool:
    return name in _neighbours


def _remember(folder: str, before: set[str]) -> None:
    global _neighbours_folder
    _neighbours_folder = folder
    for name in set(sys.modules) - before:
        file = getattr(sys.modules.get(name), "__file__", None)
        if isinstance(file, str) and file.startswith(folder + os.sep):
            _neighbours.add(name)


def _forget_other_folder(folder: str) -> None:
    if _neighbours_folder not in (None, folder):
        for name in _neighbours:
            sys.modules.pop(name, None)
        _neighbours.clear()
