"""Compiles sandboxed source so that members of classes which stay real are gated.

Only loads of attribute names that occur in class rules of the policy are routed through the gate;
everything else is compiled as it stands.
"""

from __future__ import annotations

import ast
import builtins
import types
from typing import Any

from portcullis._patterns import gate_patterns

_CALL = "__portcullis_call__"
_LOAD = "__portcullis_attr__"
_PART = "__portcullis_part__"
_TARGET = "__portcullis_target__"
_CONTAINER = "__portcullis_container__"
_OWN = "__portcullis_own__"
_NOTED = "__portcullis_noted__"
_REAL = "__portcullis_real__"
_TEXT = "__portcullis_text__"
_POSITIONS = "__portcullis_positions__"
_FUTURE_ANNOTATIONS = 0x1000000

_BUILTIN_CLASSES = frozenset(n for n, v in vars(builtins).items() if isinstance(v, type))

#: Methods that register something with an object of the host; `_settings` says what is shown.
REGISTERING = frozenset(
    {"register", "setLevel", "addHandler", "removeHandler", "addFilter", "removeFilter"}
    | {"setFormatter"}
)

# Attributes that lead from an object to what it is made of, and those that make it refer to others;
# `_structure` says what is shown.
PARTS = REGISTERING | frozenset(
    {"__globals__", "__dict__", "__builtins__", "__self__", "__closure__", "__wrapped__"}
    | {"__subclasses__", "__mro__", "__bases__", "__base__", "mro", "__getattribute__"}
    | {"f_globals", "f_builtins", "f_locals", "__setattr__", "__delattr__"}
    | {"create_module", "exec_module", "load_module", "load"}
)

# Methods that change the container they are called on.
MUTATORS = frozenset(
    {"append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "update"}
    | {"setdefault", "popitem", "add", "discard", "difference_update", "intersection_update"}
    | {"symmetric_difference_update", "__setitem__", "__delitem__"}
)


class _Names(ast.NodeVisitor):
    """Finds the attribute names that a file stores or whose containers it changes, and the names
    that it imports from modules.
    """

    def __init__(self) -> None:
        self.stored: set[str] = set()
        self.imported: set[str] = set()

    def visit_Attribute(self, node: ast.Attribute) -> None:
        is_own = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
        if not isinstance(node.ctx, ast.Load) and not is_own:
            self.stored.add(node.attr)
        if node.attr in MUTATORS:
            self._changed(node.value)
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if not isinstance(node.ctx, ast.Load):
            self._changed(node.value)
        self.generic_visit(node)

    def _changed(self, container: ast.expr) -> None:
        if isinstance(container, ast.Attribute):
            self.stored.add(container.attr)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.imported.update(name.asname or name.name for name in node.names)


def _argument_count(call: ast.Call) -> int:
    """How many arguments a call has; 0 if the source does not tell."""
    is_open = any(isinstance(argument, ast.Starred) for argument in call.args)
    if is_open or any(keyword.arg is None for keyword in call.keywords):
        return 0
    return len(call.args) + len(call.keywords)


def _is_class_of(node: ast.expr) -> bool:
    """Whether an expression is ``type(x)`` or ``x.__class__``."""
    if isinstance(node, ast.Attribute):
        return node.attr == "__class__"
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "type"
        and len(node.args) == 1
        and not node.keywords
    )


def _may_be_guard(node: ast.expr) -> bool:
    """Whether an expression may name a class of the host."""
    if isinstance(node, ast.Name):
        return node.id not in _BUILTIN_CLASSES
    return isinstance(node, ast.Attribute) and not _is_class_of(node)


def _may_format(node: ast.Attribute) -> bool:
    """Whether a method may be ``str.format`` with a text whose fields load parts of objects."""
    if node.attr not in ("format", "format_map") or not isinstance(node.ctx, ast.Load):
        return False
    text = node.value
    if not isinstance(text, ast.Constant):
        return True
    return isinstance(text.value, str) and ("__" in text.value or ".f_" in text.value)


def _sets_positions(statement: ast.stmt) -> bool:
    """Whether a statement of a class says what patterns load by position."""
    targets = statement.targets if isinstance(statement, ast.Assign) else ()
    if isinstance(statement, ast.AnnAssign):
        targets = (statement.target,)
    return any(isinstance(t, ast.Name) and t.id == "__match_args__" for t in targets)


class _Gates(ast.NodeTransformer):
    """Replaces ``x.name(...)`` and loads of ``x.name`` for the gated names, and what is stored to.

    A method's first parameter is the method's own object, which needs no question on a store.
    """

    def __init__(self, names: frozenset[str] | None, parts: frozenset[str], found: _Names) -> None:
        self._names = names
        self._parts = parts
        self._stored = found.stored
        self._imported = found.imported
        self._postponed = False
        self._in_class = False
        self._class = ""
        self._own: tuple[str, ...] = ()

    def _is_gated(self, name: str) -> bool:
        return self._names is None or name in self._names

    def _gate(self, function: str, node: ast.Attribute) -> tuple[ast.Name, ast.Constant]:
        return (
            ast.copy_location(ast.Name(function, ast.Load()), node),
            ast.copy_location(ast.Constant(self._mangled(node.attr)), node),
        )

    def _mangled(self, name: str) -> str:
        """A private name as the compiler spells it inside a class."""
        owner = self._class.lstrip("_")
        is_private = name.startswith("__") and not name.endswith("__")
        return f"_{owner}{name}" if is_private and owner else name

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
        if node.module == "__future__" and any(n.name == "annotations" for n in node.names):
            self._postponed = True
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        target = node.func
        if not isinstance(target, ast.Attribute):
            return self.generic_visit(node)
        owner: ast.expr | None = None
        if _may_format(target):
            owner = self._formatted(target)
        elif target.attr in MUTATORS:
            owner = self._container(target.value)
        is_gated = self._is_gated(target.attr) and target.attr not in self._parts
        if owner is None and not is_gated:
            return self.generic_visit(node)
        if owner is None:
            owner = self.visit(target.value)
        if is_gated:
            # The gate gives the object back, so that the call itself stays as fast as it is.
            function, name = self._gate(_CALL, target)
            count = ast.copy_location(ast.Constant(_argument_count(node)), target)
            checked = ast.Call(function, [name, owner, count], [])
            owner = ast.copy_location(checked, target.value)
        target.value = owner
        node.args = [*map(self.visit, node.args)]
        node.keywords = [self.visit(keyword) for keyword in node.keywords]
        return node

    def _formatted(self, node: ast.Attribute) -> ast.expr:
        function = ast.copy_location(ast.Name(_TEXT, ast.Load()), node)
        call = ast.Call(function, [self.visit(node.value)], [])
        return ast.copy_location(call, node.value)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id == "str" and _may_format(node):
            node.value = self._formatted(node)
            return node
        if self._is_own(node.value):
            is_stored = False
        elif not isinstance(node.ctx, ast.Load):
            function, name = self._gate(_TARGET, node)
            target = ast.Call(function, [name, self.visit(node.value)], [])
            node.value = ast.copy_location(target, node.value)
            return node
        else:
            is_stored = node.attr in self._stored
        is_part = node.attr in self._parts
        if not isinstance(node.ctx, ast.Load) or not (
            is_part or is_stored or self._is_gated(node.attr)
        ):
            return self.generic_visit(node)
        kind = _PART if is_part else _LOAD if self._is_gated(node.attr) else _NOTED
        function, name = self._gate(kind, node)
        call = ast.Call(function, [name, self.visit(node.value)], [])
        return ast.copy_location(call, node)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        # The class of an object is never a guard, and what it is compared with may be one.
        compares = [isinstance(operator, (ast.Is, ast.IsNot)) for operator in node.ops]
        operands = [node.left, *node.comparators]
        asked = [*map(_is_class_of, operands)]
        self.generic_visit(node)
        made = [node.left, *node.comparators]
        for index, operand in enumerate(operands):
            before = index > 0 and compares[index - 1] and asked[index - 1]
            after = index < len(compares) and compares[index] and asked[index + 1]
            if (before or after) and _may_be_guard(operand):
                function = ast.copy_location(ast.Name(_REAL, ast.Load()), operand)
                made[index] = ast.copy_location(ast.Call(function, [made[index]], []), operand)
        node.left, node.comparators = made[0], made[1:]
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        changed = None if isinstance(node.ctx, ast.Load) else self._container(node.value)
        if changed is None:
            return self.generic_visit(node)
        node.value = changed
        node.slice = self.visit(node.slice)
        return node

    def visit_Match(self, node: ast.Match) -> ast.AST:
        gate_patterns(node, self._load)
        node.subject = self.visit(node.subject)
        for case in node.cases:  # a pattern itself holds no calls
            if case.guard is not None:
                case.guard = self.visit(case.guard)
            case.body = [self.visit(statement) for statement in case.body]
        return node

    def _load(self, name: str, owner: ast.expr) -> ast.expr | None:
        """The gated load of a name, None if the name is not gated."""
        is_part = name in self._parts
        if not is_part and not self._is_gated(name):
            return None
        kind = ast.Name(_PART if is_part else _LOAD, ast.Load())
        return ast.Call(kind, [ast.Constant(self._mangled(name)), owner], [])

    def _is_own(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id in self._own

    def _container(self, node: ast.expr) -> ast.expr | None:
        """What to change in place of a container that may be the host's."""
        if isinstance(node, ast.Name) and node.id in self._imported:
            function = ast.copy_location(ast.Name(_OWN, ast.Load()), node)
            return ast.copy_location(ast.Call(function, [node], []), node)
        if not isinstance(node, ast.Attribute) or self._is_own(node.value):
            return None
        if node.attr in self._parts or self._is_gated(node.attr):
            return None
        function, name = self._gate(_CONTAINER, node)
        return ast.copy_location(ast.Call(function, [name, self.visit(node.value)], []), node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        # Bases, keywords and decorators belong to what is around the class.
        node.bases = [self.visit(base) for base in node.bases]
        node.keywords = [self.visit(keyword) for keyword in node.keywords]
        node.decorator_list = [self.visit(decorator) for decorator in node.decorator_list]
        before = self._in_class, self._class
        self._in_class, self._class = True, node.name
        node.body = [self.visit(statement) for statement in node.body]
        self._in_class, self._class = before
        if any(map(_sets_positions, node.body)):
            check = ast.copy_location(ast.Name(_POSITIONS, ast.Load()), node)
            node.decorator_list.append(check)
        return node

    # Postponed annotations become text, which must be the author's.

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.target = self.visit(node.target)
        if not self._postponed:
            node.annotation = self.visit(node.annotation)
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return node if self._postponed else self.generic_visit(node)

    def _function(self, node: Any) -> ast.AST:
        returns, own, in_class = node.returns, self._own, self._in_class
        parameters = [*node.args.posonlyargs, *node.args.args]
        if in_class and parameters:
            self._own = (parameters[0].arg,)
        self._in_class = False
        if self._postponed:
            node.returns = None
        self.generic_visit(node)
        if self._postponed:
            node.returns = returns
        self._own, self._in_class = own, in_class
        return node

    visit_FunctionDef = _function
    visit_AsyncFunctionDef = _function


def compile_gated(
    source: str | bytes | ast.AST,
    filename: str,
    mode: str,
    names: frozenset[str] | None,
    flags: int = 0,
    optimize: int = -1,
    *,
    parts: frozenset[str] = PARTS,
) -> types.CodeType:
    """Compile with the gates in place.

    Args:
        source: text, or a tree of the ``ast`` module, which is changed.
        filename: as for ``compile``.
        mode: as for ``compile``.
        names: the gated names, None for all.
        parts: the names of parts of objects.
        flags: as for ``compile``; those of this module are not inherited.
        optimize: as for ``compile``.
    """
    if isinstance(source, ast.AST):
        tree = source
    else:
        tree = compile(source, filename, mode, flags | ast.PyCF_ONLY_AST, True, optimize)
    found = _Names()
    found.visit(tree)
    gates = _Gates(names, parts, found)
    gates._postponed = bool(flags & _FUTURE_ANNOTATIONS)
    tree = gates.visit(tree)
    return compile(tree, filename, mode, flags, dont_inherit=True, optimize=optimize)
