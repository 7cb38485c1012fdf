"""Gates the attributes that ``match`` statements load.

The interpreter itself loads what a class pattern names, ``case C(name=x)``. A gated name is loaded
once more, through the gate, in the guard of the case, which puts what the gate gives in the place
of what the pattern caught.
"""

from __future__ import annotations

import ast
import copy
import itertools
from collections.abc import Callable, Iterator

#: Makes the gated load of a name from an expression; None if the name is not gated.
Load = Callable[[str, ast.expr], "ast.expr | None"]

_SUBJECT = "__portcullis_subject_{}__"


def gate_patterns(node: ast.Match, load: Load) -> None:
    """Puts gates into the cases of a ``match`` statement where their patterns need them.

    Args:
        node: the statement, whose patterns have not been visited.
        load: makes gated loads.
    """
    cases: list[ast.match_case] = []
    for case in node.cases:
        if any(True for _ in _gated(case.pattern, load)):
            for pattern in _alternatives(case.pattern, load):
                one = copy.deepcopy(case)
                one.pattern = pattern
                _Loads(load).put(one)
                cases.append(one)
        else:
            cases.append(case)
    node.cases = cases


def _gated(pattern: ast.pattern, load: Load) -> Iterator[ast.pattern]:
    """The parts of a pattern that load a gated name."""
    subject = ast.Name("subject", ast.Load())
    for node in ast.walk(pattern):
        if isinstance(node, ast.MatchClass):
            names = node.kwd_attrs
        elif isinstance(node, ast.MatchValue) and isinstance(node.value, ast.Attribute):
            names = [node.value.attr]
        else:
            continue
        if any(load(name, subject) is not None for name in names):
            yield node


def _alternatives(pattern: ast.pattern, load: Load) -> Iterator[ast.pattern]:
    """A pattern without ``|`` around what is gated: one for each way through it.

    All alternatives of ``|`` must bind the same names, and only some of them need more names.
    """
    choices = [
        node
        for node in ast.walk(pattern)
        if isinstance(node, ast.MatchOr) and any(True for _ in _gated(node, load))
    ]
    if not choices:
        yield pattern
        return
    outermost = choices[0]  # the walk goes by levels
    for chosen in outermost.patterns:
        yield from _alternatives(
            _Replaced(outermost, chosen).visit(_copy(pattern, outermost)), load
        )


def _copy(pattern: ast.pattern, kept: ast.pattern) -> ast.pattern:
    """A deep copy in which one node stays the one that it is."""
    return copy.deepcopy(pattern, {id(kept): kept})


class _Replaced(ast.NodeTransformer):
    def __init__(self, old: ast.pattern, new: ast.pattern) -> None:
        self._old = old
        self._new = new

    def visit(self, node: ast.AST) -> ast.AST:
        return copy.deepcopy(self._new) if node is self._old else super().generic_visit(node)


class _Loads(ast.NodeTransformer):
    """Names the objects whose gated attributes a pattern loads, and loads them in the guard."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._numbers = itertools.count()
        self._checks: list[ast.expr] = []
        self._conditions: list[ast.expr] = []

    def put(self, case: ast.match_case) -> None:
        case.pattern = self.visit(case.pattern)
        parts = list(self._conditions)
        if self._checks:
            # A tuple with something in it is true.
            parts.insert(0, ast.Tuple(self._checks, ast.Load()))
        if not parts:
            return
        if case.guard is not None:
            parts.append(case.guard)
        guard = parts[0] if len(parts) == 1 else ast.BoolOp(ast.And(), parts)
        case.guard = ast.fix_missing_locations(ast.copy_location(guard, case.pattern))

    def _named(self, pattern: ast.pattern | None, near: ast.pattern) -> tuple[ast.pattern, str]:
        name = _SUBJECT.format(next(self._numbers))
        return ast.copy_location(ast.MatchAs(pattern, name), near), name

    def visit_MatchValue(self, node: ast.MatchValue) -> ast.AST:
        value = node.value
        loaded = self._load(value.attr, value.value) if isinstance(value, ast.Attribute) else None
        if loaded is None:
            return node
        made, name = self._named(None, node)
        subject = ast.Name(name, ast.Load())
        self._conditions.append(ast.Compare(subject, [ast.Eq()], [loaded]))
        return made

    def visit_MatchClass(self, node: ast.MatchClass) -> ast.AST:
        subject = _SUBJECT.format(next(self._numbers))
        is_gated = False
        for attribute, pattern in zip(node.kwd_attrs, node.kwd_patterns, strict=True):
            loaded = self._load(attribute, ast.Name(subject, ast.Load()))
            if loaded is None:
                continue
            is_gated = True
            if isinstance(pattern, ast.MatchAs) and pattern.name is not None:
                loaded = ast.NamedExpr(ast.Name(pattern.name, ast.Store()), loaded)
            self._checks.append(loaded)
        node.patterns = [self.visit(pattern) for pattern in node.patterns]
        node.kwd_patterns = [self.visit(pattern) for pattern in node.kwd_patterns]
        return ast.copy_location(ast.MatchAs(node, subject), node) if is_gated else node
